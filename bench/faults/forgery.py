"""Taps that no button carries, made by hypothesis for every kind there is."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageDraw
from sqlalchemy import select

from bench.faults import neighbours
from bench.faults.neighbours import Forger, Street
from bench.faults.table import Row
from bot.conversations.settings.zone.taps import ChooseZone
from bot.talk.taps import TYPES, Tap, pack, unpack
from core.startup import Core, open_core
from db.base import Base
from db.models.booking import Booking
from db.models.date_exception import DateException
from db.models.external_calendar import ExternalCalendar
from db.models.lesson_package import LessonPackage
from db.models.person import Person
from db.models.time_slot import TimeSlot
from db.models.tutor_availability import TutorAvailability
from db.settings import DatabaseSettings
from tests.bot.talk.test_taps import FIELDS
from tests.bot.test_bad_input import KINDS
from tests.conftest import MONDAY, FrozenClock
from tests.core import tables
from tests.stage import Stage

# Fields that are numbers of rows
NUMBERED: dict[str, type[Base]] = {
    "booking_id": Booking,
    "exception_id": DateException,
    "feed_id": ExternalCalendar,
    "package_id": LessonPackage,
    "person_id": Person,
    "slot_id": TimeSlot,
    "student_id": Person,
    "tutor_id": Person,
    "window_id": TutorAvailability,
}
GREETED = 10  # somebody without a zone is greeted whatever they tap: a tenth of it will do
PEOPLE = ("tutor_id", "student_id", "person_id", "recipient_id")
RANK = ("telegram_id", "is_tutor", "is_operator")
SEALED = {"job_run", "tutor_application", "tutor_student"}  # nobody's by a tap: who meets whom goes by a link
Near = dict[str | type, st.SearchStrategy[Any]]
Drawn = dict[type[Tap], list[Tap]]
Snapshot = dict[str, list[dict[str, Any]]]


async def forged(fresh: Callable[[], DatabaseSettings], *, each: int) -> Row:
    """
    People of every role forge taps of every kind, often with other people's ids; no data of others changes or shows.
    """
    row, drawn = Row("forged taps"), Drawn()
    done: Counter[str] = Counter()
    for role in neighbours.ROLES:
        done += await _forged_by(row, role, fresh(), drawn, each)
    row.figures = {"kinds": len(KINDS), "forgers": len(neighbours.ROLES), **done, "against it": len(row.against)}
    return row


async def _forged_by(row: Row, role: str, database: DatabaseSettings, drawn: Drawn, each: int) -> Counter[str]:
    """Run one role. Each forger gets a new street (people and lessons), equal to the others, and the same taps."""
    clock = FrozenClock(MONDAY)
    core = open_core(database.model_copy(update={"sqlite_synchronous": "OFF"}), clock=clock)
    await core.migrate()
    try:
        async with Stage(core, clock) as stage:
            street = await neighbours.settle(stage)
            forger = street.forgers[role]
            ear = Ear(stage, forger.phone.id, await street.forbidden(forger))
            if not drawn:
                drawn |= await draw(street, each)
            done = await Forgery(row, street, role, ear).play(drawn)
            row.demand(f"every tap of {role} is answered", stage.unanswered == 0)
            return done
    finally:
        await core.close()


class Ear:
    """Collects everything that one chat receives: texts, labels, alerts, files, and text in pictures."""

    def __init__(self, stage: Stage, chat_id: int, forbidden: Sequence[str]) -> None:
        self._stage, self._chat_id = stage, chat_id
        self._forbidden = re.compile("|".join(map(re.escape, sorted(forbidden))))
        self._came: list[str] = []
        self.files = 0
        stage.sandbox.listeners.append(self._hear)

    def leaks(self) -> set[str]:
        """Return the forbidden words that came in since the last time."""
        found = set(self._forbidden.findall("\n".join(self._came)))
        self._came.clear()
        return found

    def draws(self, words: object) -> None:
        self._came.append(str(words))

    def _hear(self, change: dict[str, Any]) -> None:
        if change.get("chat_id") != self._chat_id:
            return
        self._came.append(json.dumps(change, ensure_ascii=False))
        if document := change.get("message", {}).get("document"):
            content = self._stage.sandbox.files.get(document["file_unique_id"]) or b""
            self._came.append(content.decode().replace("\r\n ", ""))  # a calendar's long lines are folded
            self.files += 1


class Forgery:
    """One forger at work."""

    def __init__(self, row: Row, street: Street, role: str, ear: Ear) -> None:
        self._row, self._stage, self._role, self._ear = row, street.stage, role, ear
        self._forger = street.forgers[role]
        self._taps = self._bites = 0
        self._left: Snapshot = {}

    async def play(self, drawn: Drawn) -> Counter[str]:
        self._left = await others(self._stage.core, self._forger)
        with _drawing(self._ear):
            for kind, taps in drawn.items():
                if self._forger.has_zone:
                    await self._of_kind(kind, taps)
                elif kind is not ChooseZone:
                    await self._of_kind(kind, taps[::GREETED])
        return Counter({"taps": self._taps, "led to a screen": self._bites, "files read": self._ear.files})

    async def _of_kind(self, kind: type[Tap], taps: Sequence[Tap]) -> None:
        for tap in taps:
            await self._forge(tap)
        await self._stage.deliver()
        self._look(f"after {kind.__name__}")
        before, self._left = self._left, await others(self._stage.core, self._forger)
        changed = [name for name in before if before[name] != self._left[name]]
        self._row.demand(f"{kind.__name__} of {self._role} changes {', '.join(changed)}", not changed)

    async def _forge(self, tap: Tap) -> None:
        phone = self._forger.phone
        phone.toast, shown = "", phone.screen
        self._stage.sandbox.forge(phone.id, pack(tap), shown.get("message_id"))
        await self._stage.handle()
        self._taps += 1
        self._bites += phone.screen is not shown
        self._look(str(tap))

    def _look(self, what: str) -> None:
        if leaks := self._ear.leaks():
            self._row.against.append(f"{what} of {self._role} shows {leaks}")
        if alarms := self._stage.alarms.heard:
            self._row.against.append(f"{what} of {self._role}: {alarms[0].splitlines()[-1]}")
            alarms.clear()


@contextmanager
def _drawing(ear: Ear) -> Iterator[None]:
    """Also collect the text that is drawn in pictures."""
    write = ImageDraw.ImageDraw.text

    def heard(pen: ImageDraw.ImageDraw, at: Any, text: Any, *how: Any, **more: Any) -> None:
        ear.draws(text)
        write(pen, at, text, *how, **more)

    with patch.object(ImageDraw.ImageDraw, "text", heard):
        yield


async def others(core: Core, forger: Forger) -> Snapshot:
    """Return every row that the forger must not change; of their own row only the columns that nobody may set."""
    rows, met = await _dump(core), await neighbours.circle(core, forger.id)
    lessons = {row["id"]: row for row in rows["booking"] if _is_of(row, forger, met)}
    slots = {row["slot_id"] for row in lessons.values()}

    def is_own(name: str, row: dict[str, Any]) -> bool:
        if name not in forger.owns or name in SEALED:
            return False
        if name != "booking" and row.get("booking_id") is not None:
            return row["booking_id"] in lessons
        if name == "notification":
            return row["recipient_id"] in met
        return (name == "time_slot" and row["id"] in slots) or _is_of(row, forger, met)

    kept = {name: [row for row in found if not is_own(name, row)] for name, found in rows.items()}
    own = [{name: row[name] for name in RANK} for row in rows["person"] if row["id"] == forger.id]
    return kept | {"rank": own}


def _is_of(row: dict[str, Any], forger: Forger, met: frozenset[int]) -> bool:
    """Whether the row belongs to the forger, and to no person that they have not met."""
    named = {row[name] for name in PEOPLE if name in row} or {row.get("id")}
    return forger.id in named and named <= met


async def _dump(core: Core) -> Snapshot:
    async with core.read() as work:
        return {
            one.name: [
                dict(row) for row in (await work.session.execute(select(one).order_by(*one.primary_key))).mappings()
            ]
            for one in Base.metadata.sorted_tables
        }


# Near what is there


async def draw(street: Street, each: int) -> Drawn:
    """Draw `each` taps of every kind: copies of others' taps, taps with existing ids and times, and random ones."""
    near = await _near(street)
    carried = [unpack(data) for data in street.buttons]
    return {kind: _drawn(kind, each, near, [tap for tap in carried if type(tap) is kind]) for kind in KINDS}


async def _near(street: Street) -> Near:
    core = street.stage.core
    lessons, slots = await tables.rows(core, Booking), await tables.rows(core, TimeSlot)
    starts = {row.starts_at for row in lessons} | {row.start_datetime for row in slots}
    ends = {row.ends_at for row in lessons} | {row.end_datetime for row in slots}
    known: dict[str | type, set[Any]] = {
        datetime: starts | ends,
        date: {at.date() for at in starts},
        time: {time(hour) for hour in (9, 10, 11, 12, 17)},
    }
    for name, model in NUMBERED.items():
        known[name] = {row.id for row in await tables.rows(core, model)}
    for tap in {unpack(data) for data in street.buttons}:
        for one in fields(tap):  # type: ignore[arg-type]
            known.setdefault(one.name, set()).add(getattr(tap, one.name))
    return {name: st.sampled_from(sorted(values)) for name, values in known.items()}


def _drawn(kind: type[Tap], count: int, near: Near, carried: Sequence[Tap]) -> list[Tap]:
    made: list[Tap] = []
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    forged = st.builds(kind, *(_field(name, type_, near) for name, type_ in zip(names, TYPES[kind], strict=True)))

    @settings(max_examples=count, database=None, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
    @given(st.one_of(forged, forged, st.sampled_from(carried)) if carried else forged)
    def draw(tap: Tap) -> None:
        made.append(tap)

    draw()
    return made


def _field(name: str, type_: type, near: Near) -> st.SearchStrategy[Any]:
    """Return a strategy for one field: one value in three is random."""
    if issubclass(type_, Enum):
        return st.sampled_from(type_)
    close = near.get(name, near.get(type_, FIELDS[type_]))
    if type_ is int:
        close |= st.integers(0, 9)
    return st.one_of(close, close, FIELDS[type_])
