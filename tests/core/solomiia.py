"""Somebody with something in every table: she learns from Olena, teaches Ira and somebody whom she wrote down."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from core.enums import ExceptionType, Language
from core.hours import availability, exceptions, tutor_slots
from core.hours.exceptions import ExceptionDates
from core.lessons import bookings, lesson_messages, lessons, moves, outcomes, packages, writing_down
from core.lessons.lessons import LessonCard
from core.people import people, talks, tutors
from core.people.people import Actor, Profile
from core.pure.planning.values import Span
from core.startup import Core
from db.base import table
from db.models.busy_time import BusyTime
from db.models.external_calendar import ExternalCalendar
from db.models.person import Person
from db.models.slot_hold import SlotHold
from db.models.tutor_application import TutorApplication
from tests import builders
from tests.core import tables

TOMORROW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TELEGRAM_ID = 777000777
WORD = "Слово"  # in everything that she or somebody about her has typed
PACKAGE = packages.NewPackage(4, WORD, None, "UAH")


@dataclass(frozen=True)
class World:
    """`late` can be cancelled by her only for a charge; `move_request` is to move `taught`, `past` was called off."""

    who: Actor
    olena: Actor
    ira: Actor
    late: LessonCard
    asked: LessonCard
    taught: LessonCard
    move_request: LessonCard
    past: LessonCard


async def world(core: Core) -> World:
    olena, ira = await builders.tutor(core), await builders.person(core)
    who = await arrives(core)
    return await _lessons(core, who, olena, ira)


async def arrives(core: Core) -> Actor:
    profile = Profile(TELEGRAM_ID, "Соломія", "Крушельницька", "solomiia_k")
    async with core.begin() as work:
        who = await people.arrive(work, profile, language=Language.UKRAINIAN)
        await people.choose_timezone(work, person_id=who.id, timezone="Europe/Warsaw")
        await tutors.become(work, person_id=who.id)
        await availability.set_week(work, tutor_id=who.id, windows=builders.EVERY_DAY_9_TO_17)
        off = ExceptionDates(ExceptionType.DAY_OFF, *[TOMORROW.date() + 20 * DAY] * 2, words=WORD)
        await exceptions.add(work, tutor_id=who.id, exception=off)
        await tutor_slots.block(work, tutor_id=who.id, meant=Span(TOMORROW + 9 * DAY, TOMORROW + 9 * DAY + HOUR))
        await tutor_slots.add_extra(work, tutor_id=who.id, meant=Span(TOMORROW + 8 * DAY, TOMORROW + 8 * DAY + HOUR))
        await talks.ask(work, person_id=who.id, question="note", draft={"words": WORD})
        asked = {"person_id": who.id, "asked_at": work.now, "is_approved": None}
        await work.session.execute(insert(table(TutorApplication)).values(**asked))
        mailed = update(table(Person)).where(table(Person).c.id == who.id)
        await work.session.execute(mailed.values(email="solomiia_k@example.org"))
    await _calendar(core, who)
    settings = {"about": WORD, "subjects": [WORD], "room_url": f"https://{WORD}/", "languages": ["uk"]}
    await tables.arrange(core, who, **settings)
    return who


async def _calendar(core: Core, who: Actor) -> None:
    async with core.begin() as work:
        kept = {"tutor_id": who.id, "name": WORD, "address": f"https://{WORD}/", "content": WORD.encode()}
        times = {"next_sync_at": work.now, "created_at": work.now, "events": 1, "failures": 0}
        row = insert(table(ExternalCalendar)).values(**kept, **times).returning(table(ExternalCalendar).c.id)
        calendar_id = (await work.session.execute(row)).scalar_one()
        busy = {"starts_at": TOMORROW + 9 * DAY, "ends_at": TOMORROW + 9 * DAY + HOUR, "title": WORD}
        await work.session.execute(insert(table(BusyTime)).values(calendar_id=calendar_id, tutor_id=who.id, **busy))
        row = update(table(Person)).where(table(Person).c.id == who.id)
        await work.session.execute(row.values(email=f"{WORD}@example.org", calendar_code=WORD))


async def _lessons(core: Core, who: Actor, olena: Actor, ira: Actor) -> World:
    late = await builders.confirm(core, await builders.request(core, olena, who, TOMORROW - HOUR))
    asked = await builders.request(core, olena, who, TOMORROW + DAY)
    taught = await builders.confirm(core, await builders.request(core, who, ira, TOMORROW + 3 * DAY))
    past = await builders.confirm(core, await builders.request(core, who, ira, TOMORROW + 4 * DAY))
    async with core.begin() as work:
        await outcomes.note(work, booking_id=late.id, actor_id=who.id, text=WORD)
        await outcomes.note(work, booking_id=late.id, actor_id=olena.id, text=f"Її {WORD}")
        await outcomes.note(work, booking_id=taught.id, actor_id=who.id, text=WORD)
        await bookings.cancel(work, booking_id=past.id, actor_id=who.id, reason=WORD)
        move_request = await moves.move(work, booking_id=taught.id, actor_id=ira.id, starts_at=TOMORROW + 5 * DAY)
        await packages.grant(work, tutor_id=who.id, student_id=ira.id, package=PACKAGE, after=0)
        chemistry = replace(PACKAGE, subject="Хімія")
        await packages.grant(work, tutor_id=olena.id, student_id=who.id, package=chemistry, after=0)
        await writing_down.write_down(work, tutor_id=who.id, name="Мавка", starts_at=TOMORROW + 6 * DAY)
        shown = (await lessons.card(work, booking_id=late.id, viewer_id=who.id)).version
        assert shown
        await lesson_messages.remember(work, person_id=who.id, message_id=7, shown=shown)
        await work.session.execute(insert(table(SlotHold)).values(**_hold(work.now, who, olena)))
    return World(who, olena, ira, late, asked, taught, move_request, past)


def _hold(now: datetime, who: Actor, olena: Actor) -> dict[str, Any]:
    held = {"starts_at": TOMORROW + 2 * DAY, "ends_at": TOMORROW + 2 * DAY + HOUR, "held_at": now}
    no_buffers = {"buffer_before": timedelta(0), "buffer_after": timedelta(0)}
    return {"student_id": who.id, "tutor_id": olena.id, "held_until": now + HOUR, **held, **no_buffers}
