"""What a tutor offers: a month, a day, the next free times. core.pure.planning has all the rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from core.people import tutors
from core.pure.planning.free_times import free_times
from core.pure.planning.local_time import local_date
from core.pure.planning.values import Span
from core.times import schedules
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow
from db.enums import LessonType

# How far to look for the next free time of many tutors: most have one within the first of these days
LOOKED_AHEAD = (2, 14, 365)


class Moved(NamedTuple):
    """A lesson to be moved: it keeps its length, and its own slot counts as free."""

    length: timedelta
    slot_id: int | None
    starts_at: datetime | None = None
    kind: LessonType = LessonType.REGULAR


@dataclass(frozen=True, slots=True)
class MonthOffer:
    """`month` is its first day; `today` and `free_days` are dates of the reader; `has_before`, `has_after`: page on."""

    month: date
    today: date
    free_days: frozenset[date]
    next_free: Span | None
    has_before: bool
    has_after: bool


@dataclass(frozen=True, slots=True)
class DayOffer:
    """The free times of a date in the reader's zone, and the nearest dates with free times before and after it."""

    on: date
    times: tuple[Span, ...]
    before: date | None
    after: date | None


async def month(
    work: Work,
    *,
    tutor_id: int,
    month: date | None,
    timezone: str,
    moved: Moved | None = None,
    kind: LessonType = LessonType.REGULAR,
    reader_id: int | None = None,
) -> MonthOffer:
    """
    Return what a reader in `timezone` can book in this month, by default the month of the next free time.

    A time held for another student is taken; for the tutor, holds don't count.
    """
    settings = await tutors.settings_of(work, tutor_id)
    offers = await _horizon(work, settings, moved, kind=kind, reader_id=reader_id)
    free = {local_date(timezone, offer.starts_at) for offer in offers}
    today = local_date(timezone, work.now)
    shown = (month or min(free, default=today)).replace(day=1)
    last = max({today + timedelta(days=settings.max_booking_advance), *free})  # the tutor's last date may end later
    return MonthOffer(
        month=shown,
        today=today,
        free_days=frozenset(on for on in free if on.replace(day=1) == shown),
        next_free=offers[0] if offers else None,
        has_before=shown > today.replace(day=1),
        has_after=shown < last.replace(day=1),
    )


async def day(
    work: Work,
    *,
    tutor_id: int,
    on: date,
    timezone: str,
    moved: Moved | None = None,
    kind: LessonType = LessonType.REGULAR,
    reader_id: int | None = None,
) -> DayOffer:
    """Return what a reader in `timezone` can book on this date, and the nearest dates with free times around it."""
    settings = await tutors.settings_of(work, tutor_id)
    offers = await _horizon(work, settings, moved, kind=kind, reader_id=reader_id)
    by_date: dict[date, list[Span]] = {}
    for offer in offers:
        by_date.setdefault(local_date(timezone, offer.starts_at), []).append(offer)
    before = max((free for free in by_date if free < on), default=None)
    after = min((free for free in by_date if free > on), default=None)
    return DayOffer(on, tuple(by_date.get(on, ())), before, after)


async def next_free_time(work: Work, *, tutor_id: int) -> Span | None:
    """Return the first time that can be booked."""
    offers = await _horizon(work, await tutors.settings_of(work, tutor_id))
    return offers[0] if offers else None


async def next_free_times(work: Work, asked: Sequence[AnyRow]) -> dict[int, Span]:
    """Return the first free time of each tutor that has one, by the tutor's id; `asked` are rows of `settings_of`."""
    found: dict[int, Span] = {}
    looked = 0
    for days in LOOKED_AHEAD:
        waiting = [one for one in asked if one.tutor_id not in found and one.max_booking_advance > looked]
        today = {one.timezone: local_date(one.timezone, work.now) for one in waiting}
        ahead = {zone: (on, on + timedelta(days=days)) for zone, on in today.items()}
        free = await _free_of_each(work, waiting, ahead) if waiting else {}
        found |= {tutor_id: times[0] for tutor_id, times in free.items() if times}
        looked = days
    return found


async def free_between(
    work: Work, asked: Sequence[AnyRow], *, since: datetime, until: datetime
) -> dict[int, list[Span]]:
    """Return the times that start within [since, until), by the tutor's id; tutors without one are left out."""
    if not asked:
        return {}
    zones = {one.timezone for one in asked}
    dates = {zone: (local_date(zone, since), local_date(zone, until)) for zone in zones}
    free = await _free_of_each(work, asked, dates)
    within = {tutor_id: [one for one in times if since <= one.starts_at < until] for tutor_id, times in free.items()}
    return {tutor_id: times for tutor_id, times in within.items() if times}


async def count_free(work: Work, *, tutor_id: int, days: int) -> int:
    """Return how many times are free in the next `days` days."""
    until = work.now + timedelta(days=days)
    offers = await _horizon(work, await tutors.settings_of(work, tutor_id), reader_id=tutor_id)
    return sum(offer.starts_at < until for offer in offers)


async def free_for_tutor(work: Work, settings: AnyRow, *, on: date) -> list[Span]:
    """Return the times on the tutor's date that are free for the tutor: notice and limits do not apply."""
    asker, length = Asker(settings.tutor_id), settings.default_lesson_duration
    schedule = await schedules.of_asker(work, settings, asker, first_on=on, last_on=on, length=length)
    ahead = (on - local_date(settings.timezone, work.now)).days
    own = replace(schedule, rules=schedule.rules.for_tutor(days_ahead=ahead))
    return free_times(own, first_on=on, last_on=on, now=work.now)


async def _horizon(
    work: Work,
    settings: AnyRow,
    moved: Moved | None = None,
    *,
    kind: LessonType = LessonType.REGULAR,
    reader_id: int | None = None,
) -> list[Span]:
    """Return all times that can be booked, from now as far ahead as the tutor allows."""
    today = local_date(settings.timezone, work.now)
    last_on = today + timedelta(days=settings.max_booking_advance)
    length, leaving, own_start, kind = moved or Moved(schedules.length_of(settings, kind), None, kind=kind)
    asker = Asker(reader_id, kind=kind, leaving=leaving)
    schedule = await schedules.of_asker(work, settings, asker, first_on=today, last_on=last_on, length=length)
    offers = free_times(schedule, first_on=today, last_on=last_on, now=work.now)
    return [offer for offer in offers if offer.starts_at != own_start]


async def _free_of_each(work: Work, asked: Sequence[AnyRow], dates: schedules.Dates) -> dict[int, list[Span]]:
    """Plan for all these tutors with one statement of each kind; `dates` are by zone."""
    length = max(settings.default_lesson_duration for settings in asked)
    loaded, free = await schedules.load(work, asked, dates, length=length), {}
    for settings in asked:
        rules = schedules.rules(settings, settings.default_lesson_duration, buffers=settings)
        first_on, last_on = dates[settings.timezone]
        schedule = schedules.plan_of(rules, *loaded[settings.tutor_id])
        free[settings.tutor_id] = free_times(schedule, first_on=first_on, last_on=last_on, now=work.now)
    return free
