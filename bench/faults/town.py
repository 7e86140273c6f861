"""
People who book, each on a phone of the sandbox, and a record of what they were told.

They do what people do: tap, wait, and tap again when nothing happens.
"""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from sqlalchemy import func, select, update

from bot.conversations.booking.taps import AskForLesson
from bot.sandbox.sandbox import Sandbox
from bot.talk.taps import unpack
from core.delivery import queue
from core.enums import BookingStatus, DeliveryStatus, Event, Language
from core.hours import availability
from core.hours.availability import WeeklyWindow
from core.people import people, tutors
from core.people.people import Profile
from core.pure import reminder_plan
from core.startup import Core
from core.work import Work
from db.base import AnyRow, table
from db.models.booking import Booking
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from db.models.tutor_settings import TutorSettings
from tests.core import tables

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONE = "Europe/Kyiv"
EVERY_DAY = [WeeklyWindow(weekday, clock_time(9), clock_time(17)) for weekday in range(7)]
NOTICES = ("📥", "📗", "⏳ A request", "✅ Your lesson", "❌ Your", "❌ A request", "⏰", "⚠️ I can't reach")
TOLD = "=✅ Booked|⏳ Asked"
DAY, HOUR, ASK, CONFIRM = r"^\d+$", r"^\d\d:\d\d$", r"^✅ (Book|Ask for it)$", "^✅ Confirm$"
DETAILS, CANCEL, SURELY = "^📄", "Cancel the lesson", "^Yes, cancel|^Cancel it"
OUR_FAULT = "Something went wrong on my side"
TRIES = 4


@dataclass(frozen=True)
class Heard:
    """A notice or reminder as it came into a chat; `at` by the bench's own clock."""

    chat_id: int
    message_id: int
    text: str
    at: float


class Phone:
    """
    A person's phone. `screen` is the bot's last message that is not a notice; edits of older messages are ignored.
    `tapped` is the callback data of the button tapped last.
    """

    def __init__(self, town: "Town", id_: int) -> None:
        self.town, self.id = town, id_
        self.screen: dict[str, Any] = {}
        self.tapped = ""
        self.requests: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    def hear(self, message: dict[str, Any]) -> None:
        if message["message_id"] >= self.screen.get("message_id", 0):
            self.screen = message
            self._news.set()

    async def says(self, text: str, *, sees: str) -> bool:
        """Send a text and wait for a new answer to it."""
        said = self.town.sandbox.say(self.id, text)
        return await self.until(lambda: self.screen.get("message_id", 0) > said["message_id"] and self._sees(sees))

    async def taps(self, label: str, *, sees: str = "", first: int | None = None) -> bool:
        """
        Tap one of the buttons with such a label, drawn among the `first` ones; again when nothing comes of it.

        Return whether the expected thing `sees` is then shown: a button, or (with "=" before it) a text.
        """
        for _ in range(TRIES):
            await asyncio.sleep(self.town.chance.uniform(0, 2 * self.town.thinks))
            places = list(_places(self.screen, label))[:first]
            if not places:
                return False
            shown = self.screen
            row, column, self.tapped = self.town.chance.choice(places)
            self.town.sandbox.tap(self.id, shown["message_id"], row, column)
            if await self.until(lambda: self.screen is not shown and self._sees(sees)):  # noqa: B023
                return True
            if self.screen is not shown:
                return False
        return False

    async def books(self) -> bool:
        """Book a lesson, starting with /book; return whether the bot said that it is booked."""
        if not await self.says("/book", sees=DAY):
            return False
        if not await self.taps(DAY, sees=HOUR, first=self.town.days) or not await self.taps(HOUR, sees=ASK):
            return False
        if not await self.taps(ASK, sees=TOLD):
            return False
        asked = unpack(self.tapped)
        assert isinstance(asked, AskForLesson)
        self.town.told.add((self.id, asked.starts_at))
        return True

    async def cancels(self) -> None:
        """Cancel what was just booked."""
        for label in (DETAILS, CANCEL, SURELY):
            if not await self.taps(label):
                return

    async def confirms(self) -> None:
        """Say yes to one request after the other, for ever."""
        while True:
            await asyncio.sleep(0.05)
            for message in list(self.requests):
                shown = self.town.sandbox.state.chats[self.id].messages[message["message_id"]]
                places = list(_places(shown, CONFIRM))
                if not places:
                    self.requests.remove(message)
                    continue
                self.town.sandbox.tap(self.id, message["message_id"], *places[0][:2])
                await asyncio.sleep(self.town.patience / 2)

    def _sees(self, what: str) -> bool:
        if what.startswith("="):
            return _words(self.screen).startswith(tuple(what[1:].split("|")))
        return not what or bool(_places(self.screen, what))

    async def until(self, seen: Callable[[], bool]) -> bool:
        """Wait for `seen`, as long as people would."""
        try:
            async with asyncio.timeout(self.town.patience):
                while not seen():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True


@dataclass
class Town:
    """Everybody with a phone, and what they have been told."""

    sandbox: Sandbox
    seed: int
    apologies: int = 0
    days: int = 5  # of those offered; fewer make more people want the same
    patience: float = 3.0
    thinks: float = 0.0  # seconds before a tap, on average
    told: set[tuple[int, datetime]] = field(default_factory=set)
    heard: list[Heard] = field(default_factory=list)
    phones: dict[int, Phone] = field(default_factory=dict)
    tutors: list[int] = field(default_factory=list)
    students: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.sandbox.listeners.append(self._hear)

    async def settle(self, core: Core, *, tutors: int, students: int) -> None:
        """Tutors with hours every day, every second of whom accepts at once, and students who know one each."""
        self.tutors = [await self._arrive(core, f"Tutor {n}") for n in range(tutors)]
        self.students = [await self._arrive(core, f"Student {n}") for n in range(students)]
        for number, id_ in enumerate(self.tutors):
            await _teach(core, id_, auto_accept=number % 2 == 0)
        for number, id_ in enumerate(self.students):
            await _meet(core, self.tutors[number % tutors], id_)
        self.sandbox.commit()

    async def _arrive(self, core: Core, name: str) -> int:
        person = self.sandbox.add_person(name)
        self.sandbox.record_person(person, started=True)
        self.phones[person.id] = Phone(self, person.id)
        async with core.begin() as work:
            actor = await people.arrive(work, Profile(person.id, name, None, None), language=Language.ENGLISH)
            await people.choose_timezone(work, person_id=actor.id, timezone=ZONE)
        return person.id

    def _hear(self, change: dict[str, Any]) -> None:
        phone = self.phones.get(change.get("chat_id", 0))
        self.apologies += str(change.get("text", "")).startswith(OUR_FAULT)
        if phone is None or change["kind"] not in ("message", "edited") or not change["message"]["from"]["is_bot"]:
            return
        message = change["message"]
        self.apologies += _words(message).startswith(OUR_FAULT)
        if not _words(message).startswith(NOTICES):
            phone.hear(message)
        elif change["kind"] == "message":
            self.heard.append(Heard(phone.id, message["message_id"], _words(message), time.monotonic()))
            if list(_places(message, CONFIRM)):
                phone.requests.append(message)


@dataclass
class Books:
    """Compares the database with what people were told."""

    bookings: int = 0
    sent: int = 0
    skipped: int = 0
    doubled: int = 0
    settled: set[tuple[int, int]] = field(default_factory=set)  # chats and messages
    wrong: list[str] = field(default_factory=list)


async def balance(core: Core, town: Town) -> Books:
    """Compare: every answered booking is there, every notice has arrived, none twice, none is left."""
    found = Books()
    async with core.read() as work:
        await _count_bookings(work, town, found)
        await _count_deliveries(work, town, found)
    if overlaps := await tables.collisions(core):
        found.wrong.append(f"{overlaps} overlapping lessons")
    return found


async def _count_bookings(work: Work, town: Town, found: Books) -> None:
    lessons = (
        await work.session.execute(
            select(Person.telegram_id, Booking.starts_at).join(Person, Person.id == Booking.student_id)
        )
    ).all()
    found.bookings = len(lessons)
    missing = town.told - {(row.telegram_id, row.starts_at) for row in lessons}
    found.wrong += [f"answered, but not there: {who} at {starts_at}" for who, starts_at in missing]


async def _count_deliveries(work: Work, town: Town, found: Books) -> None:
    arrived = Counter((heard.chat_id, heard.message_id) for heard in town.heard)
    for row in await deliveries(work):
        match row.status:
            case DeliveryStatus.SENT:
                found.sent += 1
                found.settled.add((row.telegram_id, row.message_id))
                if not arrived[row.telegram_id, row.message_id]:
                    found.wrong.append(f"sent, but not in the chat: {_named(row)}")
            case DeliveryStatus.CANCELLED:
                found.skipped += 1
                if _was_skipped_too_soon(work, row):
                    found.wrong.append(f"skipped in time: {_named(row)}")
            case _ if row.scheduled_for <= town.sandbox.clock.now() or row.status == DeliveryStatus.FAILED:
                found.wrong.append(f"{row.status}: {_named(row)}: {row.last_error}")
    found.doubled = len(town.heard) - found.sent


async def deliveries(work: Work) -> Sequence[AnyRow]:
    """Return the rows that the queue delivers as separate messages."""
    rows: list[AnyRow] = []
    for model, kind in ((Notification, Notification.event), (Reminder, Reminder.minutes_before)):
        asked = (
            select(Person.telegram_id, kind.label("kind"), *_columns(model), Booking.status.label("lesson_status"))
            .join(Person, Person.id == model.recipient_id)
            .outerjoin(Booking, Booking.id == model.booking_id)
        )
        rows += [row for row in await work.session.execute(asked) if row.kind != Event.BOOKING_CHANGED]
    return rows


def _columns(model: type[Notification] | type[Reminder]) -> tuple[Any, ...]:
    return (
        model.id,
        model.status,
        model.message_id,
        model.scheduled_for,
        model.next_try_at,
        model.last_error,
        model.booking_id,
    )


def _was_skipped_too_soon(work: Work, row: AnyRow) -> bool:
    """Whether a reminder of a live lesson was skipped although it was still within its grace."""
    if isinstance(row.kind, Event) or row.lesson_status != BookingStatus.CONFIRMED:
        return False
    claimed_at = row.next_try_at - work.policies.delivery_lease
    return not reminder_plan.is_too_late(now=claimed_at, due_at=row.scheduled_for, minutes_before=row.kind)


def _named(row: AnyRow) -> str:
    return f"{row.kind} of lesson {row.booking_id} to {row.telegram_id}"


async def waiting(core: Core, *, until: datetime) -> int:
    """Return how many messages due by `until` are not sent yet."""
    async with core.read() as work:
        counts = [
            await work.session.scalar(
                select(func.count()).where(model.status == DeliveryStatus.PENDING, model.scheduled_for <= until)
            )
            for model in (Notification, Reminder)
        ]
    return sum(count or 0 for count in counts)


async def next_try(core: Core) -> datetime | None:
    """Return when the queue tries again; after faults this may be minutes ahead."""
    async with core.read() as work:
        return await queue.next_due(work)


async def confirmed_starts(core: Core) -> list[datetime]:
    async with core.read() as work:
        asked = select(Booking.starts_at).where(Booking.status == BookingStatus.CONFIRMED).distinct()
        return sorted(await work.session.scalars(asked))


async def _teach(core: Core, telegram_id: int, *, auto_accept: bool) -> None:
    async with core.begin() as work:
        person = await people.find(work, telegram_id)
        assert person
        await tutors.become(work, person_id=person.id)
        await availability.set_week(work, tutor_id=person.id, windows=EVERY_DAY)
        settings = table(TutorSettings)
        await work.session.execute(
            update(settings).where(settings.c.tutor_id == person.id).values(auto_accept=auto_accept)
        )


async def _meet(core: Core, tutor: int, student: int) -> None:
    async with core.begin() as work:
        known = [await people.find(work, id_) for id_ in (tutor, student)]
        assert known[0]
        assert known[1]
        await tutors.meet(work, tutor_id=known[0].id, student_id=known[1].id)


def _places(message: dict[str, Any], label: str) -> Sequence[tuple[int, int, str]]:
    return [
        (row, column, button["callback_data"])
        for row, buttons in enumerate(message.get("reply_markup", {}).get("inline_keyboard", []))
        for column, button in enumerate(buttons)
        if "callback_data" in button and re.search(label, button["text"])
    ]


def _words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption", ""))


LATER = timedelta(seconds=125)  # a lease is over
