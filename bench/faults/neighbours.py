"""The other people in the forgery test: lessons in every state, and private texts."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import update

from core.enums import ExceptionType
from core.hours import exceptions, tutor_settings
from core.hours.exceptions import ExceptionDates
from core.lessons import bookings, lessons, moves
from core.people import people
from core.startup import Core
from db.enums import SlotStatus
from db.models.booking import Booking
from db.models.busy_time import BusyTime
from db.models.date_exception import DateException
from db.models.external_calendar import ExternalCalendar
from db.models.person import Person
from db.models.time_slot import TimeSlot
from db.models.tutor_application import TutorApplication
from db.models.tutor_settings import TutorSettings
from db.models.tutor_student import TutorStudent
from tests.core import tables
from tests.stage import Player, Stage

DAY_OFF = date(2026, 11, 27)
HOUR = timedelta(hours=1)
KYIV = timedelta(hours=2)

ROLES = "a student who knows nobody", "a tutor", "the tutor's former student", "a newcomer"

PERSONAL = frozenset({"person", "talk"})
OF_LESSONS = frozenset(
    {"booking", "booking_history", "lesson_message", "notification", "reminder", "slot_hold", "time_slot"}
)
OF_TUTORS = frozenset(
    {"busy_time", "date_exception", "external_calendar", "lesson_package", "tutor_availability", "tutor_settings"}
)

# Columns of words, and who may read them
NAMES = "first_name", "last_name"
OWN = (
    (Person, "id", ("username", "email", "calendar_code")),
    (Booking, "tutor_id", ("tutor_notes",)),
    (DateException, "tutor_id", ("reason",)),
    (ExternalCalendar, "tutor_id", ("name", "address")),
    (BusyTime, "tutor_id", ("title",)),
)
TOLD_STUDENTS = ("share_code", "about", "room_url")
OF_BOTH = ("student_notes", "cancel_reason", "classroom_id")


@dataclass(frozen=True)
class Forger:
    """A person who forges taps. `owns` names the tables in which their own rows may change."""

    phone: Player
    id: int
    owns: frozenset[str]
    has_zone: bool = True


@dataclass
class Street:
    """All people of a test, and the taps that their buttons carried; `forgers` by role."""

    stage: Stage
    forgers: dict[str, Forger] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stage.sandbox.listeners.append(self._look)

    def _look(self, change: dict[str, Any]) -> None:
        rows = change.get("message", {}).get("reply_markup", {}).get("inline_keyboard", [])
        self.buttons += [button["callback_data"] for row in rows for button in row if "callback_data" in button]

    async def forbidden(self, reader: Forger) -> list[str]:
        """Return all stored words that this person must not read."""
        core = self.stage.core
        met = await circle(core, reader.id)
        found = [getattr(row, each) for row in await tables.rows(core, Person) if row.id not in met for each in NAMES]
        for model, owner, columns in OWN:
            of_others = [row for row in await tables.rows(core, model) if getattr(row, owner) != reader.id]
            found += [getattr(row, each) for row in of_others for each in columns]
        unmet = [row for row in await tables.rows(core, TutorSettings) if row.tutor_id not in met]
        found += [getattr(row, each) for row in unmet for each in TOLD_STUDENTS]
        elsewhere = [row for row in await tables.rows(core, Booking) if reader.id not in (row.tutor_id, row.student_id)]
        found += [getattr(row, each) for row in elsewhere for each in OF_BOTH]
        return [each for each in found if each]

    async def arrives(self, name: str, *ways: str) -> Player:
        newcomer = self.stage.person(name)
        await newcomer.says("/start")
        await newcomer.taps(*ways)
        return newcomer

    async def moves_in(self, phone: Player, name: str) -> int:
        """Give a person more to hide than a first name."""
        self.stage.sandbox.change_person(phone.id, last_name=name.capitalize(), username=f"{name}_at_home")
        await phone.says("/help")
        own = {"email": f"{name}@posta.example", "calendar_code": f"codeof{name}"}
        async with self.stage.core.begin() as work:
            await work.session.execute(update(Person).where(Person.telegram_id == phone.id).values(**own))
            actor = await people.find(work, phone.id)
        assert actor
        return actor.id


async def settle(stage: Stage) -> Street:
    """A tutor and a student with lessons, and one forger of each role with their own place beside these two."""
    street = Street(stage)
    olena, trevor = await stage.tutor("Олександра"), await stage.tutor("Тревор")
    ira, ihor = await stage.student("Ірина", of=olena), await stage.student("Ігор", of=olena)
    maks = await stage.student("Макс", of=trevor)
    mallory, eve = await street.arrives("Меллорі", "Я навчаюся", "Київ"), await street.arrives("Єва")
    named = {"Kovalchuk": olena, "Danylenko": trevor, "Bondarenko": ira, "Hnatiuk": ihor, "Levchenko": maks}
    ids = {phone: await street.moves_in(phone, name) for name, phone in named.items()}
    ids |= {mallory: await street.moves_in(mallory, "Panchenko"), eve: await street.moves_in(eve, "Radchenko")}
    await _teach(stage, ids[olena], "Навчаю з душею", "Латина")
    await _teach(stage, ids[trevor], "Гачу греблі", "Греблі")
    await _learn(stage, olena, ira, ihor)
    await _books(maks, "27", "11:00", of=trevor)
    await _write_lives(stage, ids[olena], ids[ira])
    await _close_times(stage, ids[olena], "Карпати")
    await _close_times(stage, ids[trevor], "Весілля")
    await stage.deliver()
    whose = (
        (mallory, PERSONAL),
        (trevor, PERSONAL | OF_LESSONS | OF_TUTORS),
        (ihor, PERSONAL | OF_LESSONS),
        (eve, PERSONAL),
    )
    for role, (phone, owns) in zip(ROLES, whose, strict=True):
        street.forgers[role] = Forger(phone, ids[phone], owns, has_zone=phone is not eve)
    return street


async def circle(core: Core, person_id: int) -> frozenset[int]:
    """Return the ids of this person and of the people they have met."""
    pairs = [{row.tutor_id, row.student_id} for row in await tables.rows(core, TutorStudent)]
    return frozenset({person_id}.union(*(pair for pair in pairs if person_id in pair)))


async def _teach(stage: Stage, tutor_id: int, about: str, subject: str) -> None:
    """Make a tutor who is not in the directory, since everybody may read the directory."""
    room = f"https://meet.example/{tutor_id}-room"
    async with stage.core.begin() as work:
        await tutor_settings.change(
            work, tutor_id=tutor_id, is_listed=False, about=about, subjects=[subject], room_url=room
        )


async def _learn(stage: Stage, olena: Player, ira: Player, ihor: Player) -> None:
    """
    Make lessons in every state: past, confirmed, requested, with a move request, cancelled; the last on a package.
    """
    for student, hour in ((ira, "12:00"), (ihor, "14:00")):
        await _books(student, "24", hour, of=olena)
    await stage.passes(days=2)
    for day in ("27", "29", "30"):
        await _books(ira, day, "12:00", of=olena)
    await olena.says("/students")
    await olena.taps("Ірина", "🎁 Додати пакет", "8", "Без ціни", "Латина", "✅ Додати")
    await _books(ira, "28", "12:00")


async def _books(student: Player, day: str, hour: str, *, of: Player | None = None) -> None:
    await student.says("/book")
    await student.taps(day, hour, "Надіслати запит")
    if of is not None:
        await of.taps("Підтвердити")


async def _write_lives(stage: Stage, olena: int, ira: int) -> None:
    """Store private texts of the two people, and other data about them."""
    _, _, _, moved, called_off, *_ = (row.id for row in await tables.rows(stage.core, Booking))
    async with stage.core.begin() as work:
        starts_at = (await lessons.card(work, booking_id=moved, viewer_id=ira)).starts_at
        await moves.move(work, booking_id=moved, actor_id=ira, starts_at=starts_at + 2 * HOUR)
        await bookings.cancel(work, booking_id=called_off, actor_id=olena, reason="Ювілей")
        written = update(Booking)
        await work.session.execute(written.where(Booking.student_id == ira).values(student_notes="До мультитесту"))
        await work.session.execute(written.where(Booking.tutor_id == olena).values(tutor_notes="Плутає відмінки"))
    now, later = stage.clock.now, stage.clock.now + timedelta(days=5)
    read = {"created_at": now, "synced_at": now, "next_sync_at": later, "address": "https://calendar.example/home.ics"}
    busy = {"calendar_id": 1, "starts_at": later, "ends_at": later + HOUR, "title": "Стоматолог"}
    await tables.write(stage.core, ExternalCalendar, tutor_id=olena, name="Родинне", **read)
    await tables.write(stage.core, BusyTime, tutor_id=olena, **busy)
    await tables.write(stage.core, TutorApplication, person_id=ira, asked_at=now, is_approved=None)


async def _close_times(stage: Stage, tutor_id: int, words: str) -> None:
    """Make a day off with conflicting lessons, a blocked slot and an extra slot."""
    async with stage.core.begin() as work:
        exception = ExceptionDates(ExceptionType.VACATION, DAY_OFF, DAY_OFF, words=words)
        await exceptions.add(work, tutor_id=tutor_id, exception=exception)
    for status, hour in ((SlotStatus.BLOCKED, 10), (SlotStatus.AVAILABLE, 18)):
        opens, closes = time(hour), time(hour + 1)
        starts_at = datetime.combine(DAY_OFF, opens, stage.clock.now.tzinfo) - KYIV
        at = {"date": DAY_OFF, "start_time": opens, "end_time": closes}
        at |= {"start_datetime": starts_at, "end_datetime": starts_at + HOUR}
        no_pause = {"buffer_before": timedelta(), "buffer_after": timedelta()}
        await tables.write(stage.core, TimeSlot, tutor_id=tutor_id, status=status, **at, **no_pause)
