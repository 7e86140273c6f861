"""What people have been told, and whether it is so."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations

from sqlalchemy import select

from core.enums import BookingStatus
from core.hours import availability
from core.people import people
from core.pure.booking_states import LIVE
from core.startup import open_core
from core.work import Work
from db.models.booking import Booking
from db.models.person import Person
from db.settings import DatabaseSettings

ASKED, AGREED, GONE = range(3)
STAGES = {BookingStatus.PENDING: ASKED, BookingStatus.CONFIRMED: AGREED}

Lesson = tuple[int, datetime]


@dataclass
class Ledger:
    """
    Written when somebody was told; people by their Telegram ids. What is being changed is taken out until its answer is
    seen. A lesson may have gone further than was told: the answer was still on its way.
    """

    languages: dict[int, str] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    weeks: dict[int, int] = field(default_factory=dict)
    lessons: dict[Lesson, int] = field(default_factory=dict)
    reasons: dict[Lesson, str] = field(default_factory=dict)

    async def missing(self, database: str) -> list[str]:
        """Return what was told and is not in the database, and what is in it and must not be."""
        core = open_core(DatabaseSettings(url=database), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
        try:
            async with core.read() as work:
                return [
                    *[each for person_id in self._people() for each in await self._missing_of(work, person_id)],
                    *await self._wrong_lessons(work),
                ]
        finally:
            await core.close()

    def _people(self) -> set[int]:
        return self.languages.keys() | self.zones.keys() | self.weeks.keys()

    async def _missing_of(self, work: Work, telegram_id: int) -> list[str]:
        person = await people.find(work, telegram_id)
        if person is None:
            return [f"{telegram_id} is not known"]
        found = []
        if person.language != self.languages.get(telegram_id, person.language):
            found.append(f"{telegram_id} speaks {person.language}")
        if person.timezone != self.zones.get(telegram_id, person.timezone):
            found.append(f"{telegram_id} lives in {person.timezone}")
        if hour := self.weeks.get(telegram_id):
            windows = (await availability.card(work, tutor_id=person.id)).windows
            if [window.closes.hour for _, window in windows] != [hour] * 7:
                found.append(f"{telegram_id} teaches at {windows}")
        return found

    async def _wrong_lessons(self, work: Work) -> list[str]:
        rows = (
            await work.session.execute(
                select(Person.telegram_id, Booking.starts_at, Booking.ends_at, Booking.status, Booking.cancel_reason)
                .join(Person, Person.id == Booking.student_id)
                .order_by(Booking.id)
            )
        ).all()
        stages = {(row.telegram_id, row.starts_at): STAGES.get(row.status, GONE) for row in rows}
        reasons = {(row.telegram_id, row.starts_at): row.cancel_reason for row in rows}
        live = [row for row in rows if row.status in LIVE]
        return [
            *[f"lesson {key}" for key, stage in self.lessons.items() if stages.get(key, -1) < stage],
            *[f"reason of {key}" for key, reason in self.reasons.items() if reasons.get(key) != reason],
            *[
                f"double booking: {one} and {other}"
                for one, other in combinations(live, 2)
                if one.starts_at < other.ends_at and other.starts_at < one.ends_at
            ],
        ]
