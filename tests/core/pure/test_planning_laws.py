"""What holds for every schedule: a slow plan, made quarter by quarter, says the same."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pure.planning.busy import as_lesson, overlaps
from core.pure.planning.free_times import free_times, why_not
from core.pure.planning.opening import opening_spans
from core.pure.planning.reach import busy_reach, reach
from core.pure.planning.values import Busy, BusyKind, DateException, Rules, Schedule, Span, Window

LAW = settings(max_examples=50, derandomize=True, deadline=None, database=None)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHANGES = [
    ("Europe/Kyiv", date(2026, 3, 28)),
    ("Europe/Kyiv", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("America/Santiago", date(2026, 4, 4)),
    ("America/Santiago", date(2026, 9, 5)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("Pacific/Kiritimati", date(2026, 6, 1)),
    ("Etc/GMT+12", date(2026, 6, 1)),
]

quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
gaps = st.sampled_from([0, 0, 1, 2]).map(lambda n: n * QUARTER)


@st.composite
def plans(draw):
    """A schedule about a change of the clock, the dates asked for, and the present."""
    timezone, middle = draw(st.sampled_from(CHANGES))
    near = st.integers(-4, 8).map(lambda days: middle + timedelta(days=days))
    instants = st.integers(-2 * 96, 8 * 96).map(lambda n: datetime.combine(middle, time(), UTC) + n * QUARTER)
    limits = st.sampled_from([None, None, None, 0, 1, 2])
    min_gap = st.sampled_from([0, 0, 1, 3, 6]).map(lambda n: n * QUARTER)
    rules = Rules(
        timezone,
        length=draw(st.sampled_from([2, 3, 4, 6, 100])) * QUARTER,
        step=draw(st.sampled_from([None, QUARTER, 3 * QUARTER, 4 * QUARTER])),
        buffer_before=draw(gaps),
        buffer_after=draw(gaps),
        min_gap=draw(min_gap),
        min_notice=draw(st.sampled_from([0, 1, 4, 100])) * QUARTER,
        max_advance=draw(st.integers(0, 9)),
        max_per_day=draw(limits),
        max_per_week=draw(limits),
    )
    spans = st.builds(lambda start, n: Span(start, start + n * QUARTER), instants, st.integers(1, 12))
    busy = st.builds(lambda span, *rest: Busy(*span, *rest), spans, gaps, gaps, st.sampled_from(BusyKind))
    schedule = Schedule(
        rules,
        windows=tuple(draw(weeks(near))),
        exceptions=tuple(draw(st.lists(exceptions(near), max_size=4))),
        extra=tuple(draw(st.lists(spans, max_size=2))),
        busy=tuple(draw(st.lists(busy, max_size=8))),
    )
    first_on = draw(near)
    now = draw(instants) + draw(st.sampled_from([timedelta(), timedelta(microseconds=1), timedelta(seconds=59)]))
    return schedule, {"first_on": first_on, "last_on": first_on + draw(st.integers(0, 5)) * DAY, "now": now - 2 * DAY}


def weeks(near):
    window = st.builds(
        Window,
        st.integers(0, 6),
        quarters,
        quarters,
        st.none() | near,
        st.none() | near,
        st.sampled_from([True] * 5 + [False]),
    )
    always = st.just([Window(day, time(0), time(0)) for day in range(7)])
    days = st.just([Window(day, time(9), time(19)) for day in range(7)])
    return st.lists(window, max_size=8) | always | days


def exceptions(near):
    lasting = st.integers(0, 2).map(timedelta)
    hours = st.just((None, None)) | st.tuples(quarters, quarters)
    return st.builds(
        lambda on, days, hours, is_working: DateException(on, on + days, *hours, is_working),
        near, lasting, hours, st.booleans(),
    )  # fmt: skip


@LAW
@given(plans())
def test_the_plan_is_what_a_slow_plan_finds(plan):
    schedule, asked = plan
    assert free_times(schedule, **asked) == slow_plan(schedule, **asked)


@LAW
@given(plans())
def test_what_is_listed_can_be_booked_and_nothing_else(plan):
    schedule, asked = plan
    listed = {offer.starts_at for offer in free_times(schedule, **asked)}
    for starts_at in every_quarter(schedule.rules.timezone, asked["first_on"], asked["last_on"]):
        can_be_booked = why_not(schedule, starts_at, now=asked["now"]) is None
        assert can_be_booked is (starts_at in listed), starts_at


@LAW
@given(plans(), st.data())
def test_a_booked_time_is_gone_and_brings_no_other(plan, data):
    schedule, asked = plan
    offers = free_times(schedule, **asked)
    if offers:
        lesson = data.draw(st.sampled_from(offers))
        booked = replace(schedule, busy=(*schedule.busy, as_lesson(schedule.rules, lesson)))
        left = free_times(booked, **asked)
        assert set(left) <= set(offers) - {lesson}


@LAW
@given(plans())
def test_an_offer_keeps_clear_of_what_is_taken_and_lies_in_open_hours(plan):
    schedule, asked = plan
    opened = opening_spans(schedule, first_on=asked["first_on"], last_on=asked["last_on"])
    for offer in free_times(schedule, **asked):
        lesson = as_lesson(schedule.rules, offer)
        assert not any(overlaps(lesson, one) or overlaps(one, lesson) for one in schedule.busy)
        is_open = any(span.starts_at <= offer.starts_at and offer.ends_at <= span.ends_at for span in opened)
        assert is_open or offer in schedule.extra


@LAW
@given(plans(), st.integers(1, 6), st.data())
def test_no_two_lessons_of_a_date_are_nearer_than_the_gap(plan, quarters_apart, data):
    """Whatever is booked one after another, out of what is offered each time."""
    schedule, asked = plan
    schedule = replace(schedule, rules=replace(schedule.rules, min_gap=quarters_apart * QUARTER), busy=())
    for _ in range(4):
        if offers := free_times(schedule, **asked):
            lesson = as_lesson(schedule.rules, data.draw(st.sampled_from(offers)))
            schedule = replace(schedule, busy=(*schedule.busy, lesson))
    zone = same_data(schedule.rules.timezone)
    lessons = sorted(schedule.busy, key=lambda one: one.starts_at)
    for first, second in pairwise(lessons):
        if first.starts_at.astimezone(zone).date() == second.starts_at.astimezone(zone).date():
            buffers = first.buffer_after + second.buffer_before
            assert second.starts_at - first.ends_at >= max(schedule.rules.min_gap, buffers)


@LAW
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_means_nothing(plan, random):
    schedule, asked = plan
    shuffled = replace(
        schedule,
        **{name: tuple(random.sample(getattr(schedule, name), k=len(getattr(schedule, name)))) for name in
           ("windows", "exceptions", "extra", "busy")},
    )  # fmt: skip
    assert free_times(shuffled, **asked) == free_times(schedule, **asked)


@LAW
@given(plans())
def test_a_range_is_planned_as_its_single_dates_are(plan):
    schedule, asked = plan
    first_on, last_on = asked["first_on"], asked["last_on"]
    dates = [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
    single = [free_times(schedule, first_on=on, last_on=on, now=asked["now"]) for on in dates]
    assert [offer for offers in single for offer in offers] == free_times(schedule, **asked)


@LAW
@given(plans())
def test_what_is_loaded_for_the_dates_plans_as_everything_does(plan):
    schedule, asked = plan
    assert free_times(loaded(schedule, asked), **asked) == free_times(schedule, **asked)


@LAW
@given(plans(), st.integers(1, 6), st.sampled_from(["max_per_day", "max_per_week"]))
def test_lessons_far_from_the_dates_are_counted_where_a_rule_counts_them(plan, limit, rule):
    """A lesson on each date around, so that every limit is met by lessons beyond the dates asked for."""
    schedule, asked = plan
    around = dates(asked["first_on"] - 9 * DAY, asked["last_on"] + 9 * DAY)
    lessons = tuple(Busy(at, at + QUARTER) for at in (midnight(schedule.rules.timezone, on) for on in around))
    rules = replace(schedule.rules, max_advance=60, **{"max_per_day": None, "max_per_week": None, rule: limit})
    full = replace(schedule, rules=rules, windows=ALWAYS, exceptions=(), busy=lessons)
    assert free_times(loaded(full, asked), **asked) == free_times(full, **asked)


ALWAYS = tuple(Window(day, time(0), time(0)) for day in range(7))


def loaded(schedule: Schedule, asked: dict) -> Schedule:
    """The part of a schedule that core.times.schedules loads for these dates."""
    first, last = reach(schedule.rules, asked["first_on"], asked["last_on"])
    first_busy, last_busy = busy_reach(schedule.rules, asked["first_on"], asked["last_on"])
    since, until = midnight(schedule.rules.timezone, first_busy), midnight(schedule.rules.timezone, last_busy + DAY)
    return replace(
        schedule,
        exceptions=tuple(one for one in schedule.exceptions if one.last_on >= first and one.first_on <= last),
        extra=tuple(one for one in schedule.extra if one.ends_at > since and one.starts_at < until),
        busy=tuple(one for one in schedule.busy if one.ends_at > since and one.starts_at < until),
    )


def slow_plan(schedule: Schedule, *, first_on: date, last_on: date, now: datetime) -> list[Span]:
    rules, extra = schedule.rules, {}
    for slot in schedule.extra:
        extra[slot.starts_at] = max(slot, extra.get(slot.starts_at, slot))
    on_grid = slow_grid(schedule, first_on, last_on)
    offers = []
    for start in every_quarter(rules.timezone, first_on, last_on):
        lesson = extra.get(start) or (Span(start, start + rules.length) if start in on_grid else None)
        if (
            lesson
            and in_time(rules, start, now)
            and is_clear(rules, lesson, schedule.busy)
            and has_room(schedule, start)
            and is_apart(schedule, lesson)
        ):
            offers.append(lesson)
    return offers


def slow_grid(schedule: Schedule, first_on: date, last_on: date) -> set[datetime]:
    rules = schedule.rules
    opened, starts, anchor = slow_opening(schedule, first_on - 21 * DAY, last_on + 4 * DAY), set(), EPOCH
    mondays = {midnight(rules.timezone, on): midnight(rules.timezone, on - 7 * DAY)
               for on in dates(first_on - 14 * DAY, last_on + DAY) if on.weekday() == 0}  # fmt: skip
    for quarter in sorted(opened):
        if quarter - QUARTER not in opened or (quarter in mondays and opened >= steps(mondays[quarter], quarter)):
            anchor = quarter
        if (quarter - anchor) % (rules.step or rules.length) == timedelta():
            starts |= {quarter} if opened >= steps(quarter, quarter + rules.length) else set()
    return starts


def slow_opening(schedule: Schedule, first_on: date, last_on: date) -> set[datetime]:
    timezone, opened, closed = schedule.rules.timezone, set(), set()
    for on in dates(first_on, last_on):
        today = [one for one in schedule.exceptions if one.first_on <= on <= one.last_on]
        working = [one for one in today if one.is_working]
        if not working or any(not one.is_working and one.opens is None for one in today):
            working = [one for one in schedule.windows if opens_on(one, on)]
        for one in working:
            opened |= clock_quarters(timezone, on, one)
        for one in today:
            closed |= set() if one.is_working else clock_quarters(timezone, on, one)
    return opened - closed


def opens_on(window: Window, on: date) -> bool:
    in_force = (window.valid_from or on) <= on <= (window.valid_until or on)
    return window.is_active and in_force and window.weekday == on.weekday()


def clock_quarters(timezone: str, on: date, hours: Window | DateException) -> set[datetime]:
    opens, closes = hours.opens or time(0), hours.closes or time(0)
    ends_on = on if closes > opens else on + DAY
    return steps(at(timezone, on, opens), at(timezone, ends_on, closes))


def in_time(rules: Rules, start: datetime, now: datetime) -> bool:
    zone = same_data(rules.timezone)
    horizon = now.astimezone(zone).date() + timedelta(days=rules.max_advance)
    return start > now and start >= now + rules.min_notice and start.astimezone(zone).date() <= horizon


def is_clear(rules: Rules, new: Span, busy: tuple[Busy, ...]) -> bool:
    for one in busy:
        own = one.kind is BusyKind.OWN
        before = one.buffer_before if own else timedelta()
        after = one.buffer_after if own else timedelta()
        follows = new.starts_at >= one.ends_at + after + rules.buffer_before
        precedes = new.ends_at + rules.buffer_after + before <= one.starts_at
        if not (follows or precedes):
            return False
    return True


def has_room(schedule: Schedule, start: datetime) -> bool:
    rules, zone = schedule.rules, same_data(schedule.rules.timezone)
    held = [one.starts_at.astimezone(zone).date() for one in schedule.busy if one.kind is BusyKind.OWN]
    on = start.astimezone(zone).date()
    per_day, per_week = Counter(held), Counter(day.isocalendar()[:2] for day in held)
    day_is_full = rules.max_per_day is not None and per_day[on] >= rules.max_per_day
    week_is_full = rules.max_per_week is not None and per_week[on.isocalendar()[:2]] >= rules.max_per_week
    return not (day_is_full or week_is_full)


def is_apart(schedule: Schedule, new: Span) -> bool:
    rules, zone = schedule.rules, same_data(schedule.rules.timezone)
    on = new.starts_at.astimezone(zone).date()
    of_the_date = [
        one for one in schedule.busy if one.kind is BusyKind.OWN and one.starts_at.astimezone(zone).date() == on
    ]
    return all(
        not rules.min_gap
        or new.starts_at - one.ends_at >= rules.min_gap
        or one.starts_at - new.ends_at >= rules.min_gap
        for one in of_the_date
    )


def every_quarter(timezone: str, first_on: date, last_on: date) -> list[datetime]:
    return sorted(steps(midnight(timezone, first_on), midnight(timezone, last_on + DAY)))


def dates(first_on: date, last_on: date) -> list[date]:
    return [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]


def steps(start: datetime, end: datetime) -> set[datetime]:
    return {start + n * QUARTER for n in range((end - start) // QUARTER)}


def midnight(timezone: str, on: date) -> datetime:
    return at(timezone, on, time(0))


def at(timezone: str, on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, same_data(timezone)).astimezone(UTC)


@lru_cache
def same_data(timezone: str) -> ZoneInfo:
    with pytz.open_resource(timezone) as file:
        return ZoneInfo.from_file(file)
