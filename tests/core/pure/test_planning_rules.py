"""Every rule of what is offered, one at a time: a tutor in Kyiv, lessons of an hour."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.pure.planning.busy import lessons_in_conflict, overlaps
from core.pure.planning.free_times import free_times, lesson_at, why_not
from core.pure.planning.local_time import local_instant
from core.pure.planning.opening import opening_hours, opening_spans
from core.pure.planning.values import Busy, BusyKind, DateException, Refusal, Rules, Schedule, Span, Window

MONDAY = date(2026, 6, 1)
TUESDAY = date(2026, 6, 2)
NOW = datetime(2026, 5, 31, 9, tzinfo=UTC)
MORNING = Window(0, time(9), time(12))


def hm(clock: str) -> time:
    return time.fromisoformat(clock)


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


def at(clock: str, on: date = MONDAY) -> datetime:
    return local_instant("Europe/Kyiv", on, hm(clock))


def lesson(starts: str, ends: str, on: date = MONDAY, **more) -> Busy:
    return Busy(at(starts, on), at(ends, on), **more)


def plan(*windows: Window, exceptions=(), extra=(), busy=(), **rules) -> Schedule:
    rules = {"length": minutes(60), **rules}
    return Schedule(Rules("Europe/Kyiv", **rules), windows, tuple(exceptions), tuple(extra), tuple(busy))


def free(schedule: Schedule, first_on: date = MONDAY, last_on: date | None = None, **more) -> list[str]:
    offers = free_times(schedule, first_on=first_on, last_on=last_on or first_on, **{"now": NOW, **more})
    return [f"{shown(offer.starts_at)}-{shown(offer.ends_at)}" for offer in offers]


def starts(schedule: Schedule, first_on: date = MONDAY, last_on: date | None = None, **more) -> str:
    return " ".join(offer.partition("-")[0] for offer in free(schedule, first_on, last_on, **more))


def shown(instant: datetime) -> str:
    return (instant + timedelta(hours=3)).strftime("%H:%M")  # Kyiv in summer


def test_a_lesson_ends_inside_its_window():
    assert free(plan(Window(0, hm("09:00"), hm("11:30")))) == ["09:00-10:00", "10:00-11:00"]


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([MORNING, Window(0, hm("11:30"), hm("13:30"))], "09:00 10:00 11:00 12:00"),  # overlapping
        ([MORNING, Window(0, hm("12:00"), hm("13:00"))], "09:00 10:00 11:00 12:00"),  # touching
        ([MORNING, Window(0, hm("12:30"), hm("13:30"))], "09:00 10:00 11:00 12:30"),  # apart
        ([MORNING, Window(0, hm("09:30"), hm("10:30"))], "09:00 10:00 11:00"),  # one within the other
        ([Window(0, hm("22:30"), hm("00:00"))], "22:30"),  # until 24:00
        ([Window(0, hm("22:30"), hm("01:00")), Window(1, hm("00:30"), hm("02:00"))], "22:30 23:30 00:30"),
        ([Window(0, hm("22:30"), hm("00:00")), Window(1, hm("00:00"), hm("02:00"))], "22:30 23:30 00:30"),
        ([Window(6, hm("23:30"), hm("02:00"))], "00:30"),  # Sunday's night reaches into Monday
        ([Window(0, hm("22:00"), hm("22:00"))], "22:00 23:00 00:00 01:00 02:00 03:00 04:00 05:00 06:00 07:00 "
         "08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 17:00 18:00 19:00 20:00 21:00"),
        ([Window(0, hm("09:00"), hm("12:00"), is_active=False)], ""),
        ([Window(0, hm("09:00"), hm("12:00"), valid_from=MONDAY, valid_until=MONDAY)], "09:00 10:00 11:00"),
        ([Window(0, hm("09:00"), hm("12:00"), valid_from=TUESDAY)], ""),
        ([Window(0, hm("09:00"), hm("12:00"), valid_until=MONDAY - timedelta(days=1))], ""),
        ([Window(0, hm("22:00"), hm("02:00"), valid_until=MONDAY)], "22:00 23:00 00:00 01:00"),  # by the date it opens
    ],
)  # fmt: skip
def test_windows_unite(windows, expected):
    assert starts(plan(*windows), MONDAY, TUESDAY) == expected


def test_a_span_that_never_closes_counts_its_grid_from_each_monday():
    around_the_clock = plan(*(Window(day, time(), time()) for day in range(7)), length=minutes(50))
    sunday = MONDAY + timedelta(days=6)
    assert starts(around_the_clock).startswith("00:00 00:50 01:40")
    assert starts(around_the_clock, sunday, sunday + timedelta(days=1)).count("00:00") == 1
    assert starts(around_the_clock, sunday) in starts(around_the_clock, MONDAY, sunday + timedelta(days=1))


@pytest.mark.parametrize(("opens", "expected"), [("00:00", "00:00 00:50 01:40"), ("00:10", "00:30 01:20")])
def test_the_grid_starts_anew_after_a_whole_week_only(opens, expected):
    next_monday = MONDAY + timedelta(days=7)
    week = [Window(day, time(), time(), valid_from=TUESDAY, valid_until=MONDAY + timedelta(days=6)) for day in range(7)]
    first = Window(0, hm(opens), time(), valid_until=MONDAY)
    last = Window(0, time(), hm("02:30"), valid_from=next_monday, valid_until=next_monday)
    assert starts(plan(first, *week, last, length=minutes(50)), next_monday) == expected


@pytest.mark.parametrize(
    ("step", "busy", "expected"),
    [
        (None, [], "09:00 10:00 11:00"),
        (30, [], "09:00 09:30 10:00 10:30 11:00"),
        (90, [], "09:00 10:30"),
        (45, [("09:00", "09:20")], "09:45 10:30"),  # the grid does not start anew after a booking
        (30, [("10:00", "11:00")], "09:00 11:00"),  # touching is free
        (30, [("10:01", "10:59")], "09:00 11:00"),
    ],
)
def test_starts_lie_a_step_apart(step, busy, expected):
    rules = {"step": step and minutes(step)}
    assert starts(plan(MORNING, busy=[lesson(*one) for one in busy], **rules)) == expected


@pytest.mark.parametrize(
    ("rules", "busy", "expected"),
    [
        ({"min_gap": 60}, [], "09:00 10:00 11:00 12:00 13:00 14:00"),  # none to keep clear of
        ({"min_gap": 60}, [("11:00", "12:00")], "09:00 13:00 14:00"),  # exactly the gap is enough
        ({"min_gap": 61}, [("11:00", "12:00")], "14:00"),
        ({"min_gap": 60, "buffer_after": 30}, [("11:00", "12:00")], "09:00 13:00 14:00"),  # the larger one counts,
        ({"min_gap": 30, "buffer_after": 61}, [("11:00", "12:00")], "13:00 14:00"),  # not the sum
        ({"min_gap": 30, "buffer_before": 61}, [("11:00", "12:00")], "09:00 14:00"),
    ],
)
def test_a_gap_lies_between_two_lessons_of_one_date(rules, busy, expected):
    window, rules = Window(0, hm("09:00"), hm("15:00")), {name: minutes(n) for name, n in rules.items()}
    assert starts(plan(window, busy=[lesson(*one) for one in busy], **rules)) == expected


def test_a_gap_is_kept_from_lessons_that_start_on_the_same_date_only():
    around_midnight = plan(
        Window(0, hm("21:00"), hm("02:00")), busy=[lesson("22:00", "23:00")], step=minutes(30), min_gap=minutes(60)
    )
    assert starts(around_midnight, MONDAY, TUESDAY) == "00:00 00:30 01:00"
    closed = [lesson("22:00", "23:00", kind=BusyKind.CLOSED)]
    assert starts(plan(Window(0, hm("21:00"), hm("00:00")), busy=closed, min_gap=minutes(60))) == "21:00 23:00"


def test_a_time_within_the_gap_is_taken_for_students_and_not_for_the_tutor():
    schedule = plan(MORNING, busy=[lesson("09:00", "10:00")], min_gap=minutes(30))
    assert why_not(schedule, at("10:00"), now=NOW) is Refusal.TAKEN
    assert why_not(schedule, at("10:00"), now=NOW, by_tutor=True) is None


def test_a_kind_of_lesson_brings_its_own_length():
    assert starts(plan(MORNING), length=minutes(90)) == "09:00 10:30"
    assert why_not(plan(MORNING), at("10:30"), now=NOW, length=minutes(90)) is None
    assert why_not(plan(MORNING), at("10:30"), now=NOW) is Refusal.OUTSIDE_HOURS


def test_a_lesson_may_last_for_days():
    sunday = MONDAY - timedelta(days=1)
    always = [Window(day, time(), time()) for day in (0, 1)]
    windows = [Window(6, hm("22:00"), time()), *always, Window(2, time(), hm("10:00"))]
    assert starts(plan(*windows, length=timedelta(hours=60)), sunday) == "22:00"


BUFFERED = {"buffer_before": minutes(5), "buffer_after": minutes(10)}


@pytest.mark.parametrize(
    ("kind", "rules", "expected"),
    [
        (BusyKind.OWN, {}, "09:00 09:05 09:10 09:15 11:40 11:45 11:50 11:55 12:00"),  # 15 min before it, 20 after
        (BusyKind.OWN, BUFFERED, "09:00 09:05 11:45 11:50 11:55 12:00"),  # and ours: 10 and 5
        (BusyKind.CLOSED, BUFFERED, "09:00 09:05 09:10 09:15 09:20 11:25 11:30 11:35 11:40 11:45 11:50 11:55 12:00"),
    ],
)
def test_buffers_add_up_between_own_lessons_only(kind, rules, expected):
    taken = lesson("10:30", "11:20", buffer_before=minutes(15), buffer_after=minutes(20), kind=kind)
    window = Window(0, hm("09:00"), hm("13:00"))
    assert starts(plan(window, busy=[taken], step=minutes(5), **rules)) == expected


OWN = {"buffer_before": minutes(5), "buffer_after": minutes(10)}
CLOSED = {**OWN, "kind": BusyKind.CLOSED}


@pytest.mark.parametrize(
    ("earlier", "later", "apart"),
    [(OWN, OWN, 15), (OWN, CLOSED, 10), (CLOSED, OWN, 5), (CLOSED, CLOSED, 0)],
)
def test_two_times_overlap_until_their_buffers_lie_between_them(earlier, later, apart):
    first = lesson("09:00", "10:00", **earlier)
    begins = at("10:00") + minutes(apart)
    just_right = Busy(begins, begins + minutes(60), **later)
    too_close = Busy(begins - minutes(1), begins + minutes(59), **later)
    assert not overlaps(first, just_right)
    assert not overlaps(just_right, first)
    assert overlaps(first, too_close)
    assert overlaps(too_close, first)


def test_a_time_without_length_overlaps_nothing():
    assert not overlaps(lesson("09:00", "10:00", **OWN), lesson("09:30", "09:30", **OWN))
    assert not overlaps(lesson("09:30", "09:30", **OWN), lesson("09:00", "10:00", **OWN))


def test_no_buffer_lies_at_the_edge_of_a_window_or_of_a_day_off():
    lunch = DateException(MONDAY, MONDAY, hm("10:00"), hm("11:00"))
    assert starts(plan(MORNING, exceptions=[lunch], **BUFFERED)) == "09:00 11:00"


def test_a_busy_time_without_length_takes_nothing():
    assert starts(plan(MORNING, busy=[lesson("10:30", "10:30", **BUFFERED)])) == "09:00 10:00 11:00"


@pytest.mark.parametrize(
    ("now", "notice", "expected"),
    [
        ("09:00", 0, "10:00 11:00"),  # a lesson starts later than now
        ("08:59", 0, "09:00 10:00 11:00"),
        ("08:00", 60, "09:00 10:00 11:00"),  # notice exactly kept
        ("08:01", 60, "10:00 11:00"),
    ],
)
def test_notice_is_kept(now, notice, expected):
    assert starts(plan(MORNING, min_notice=minutes(notice)), now=at(now)) == expected


def test_notice_counts_fractions_of_a_second():
    assert starts(plan(MORNING, min_notice=minutes(60)), now=at("08:00") + timedelta(microseconds=1)) == "10:00 11:00"


@pytest.mark.parametrize(("advance", "expected"), [(0, ""), (1, "09:00 23:00"), (2, "09:00 23:00 01:00")])
def test_the_horizon_is_a_whole_local_date(advance, expected):
    windows = [
        Window(0, hm("09:00"), hm("10:00")),
        Window(0, hm("23:00"), hm("00:00")),
        Window(1, hm("01:00"), hm("02:00")),
    ]
    assert starts(plan(*windows, max_advance=advance), MONDAY, TUESDAY) == expected
    assert starts(plan(*windows, max_advance=advance), date.min, date.max) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, "10:00 11:00 09:00 10:00 11:00"),
        ({"max_per_day": 2}, "10:00 11:00 09:00 10:00 11:00"),
        ({"max_per_day": 1}, "09:00 10:00 11:00"),
        ({"max_per_week": 2}, "10:00 11:00 09:00 10:00 11:00"),
        ({"max_per_week": 1}, ""),
    ],
)
def test_a_full_date_or_week_offers_nothing(limits, expected):
    tuesday = Window(1, hm("09:00"), hm("12:00"))
    busy = [lesson("09:00", "10:00"), lesson("18:00", "19:00", kind=BusyKind.CLOSED)]
    schedule = plan(MORNING, tuesday, busy=busy, **limits)
    assert starts(schedule, MONDAY, TUESDAY) == expected


@pytest.mark.parametrize(
    ("on", "expected"), [("2026-06-07", ""), ("2026-06-08", "09:00 10:00 11:00"), ("2026-05-31", "")]
)
def test_a_week_is_counted_from_monday_to_sunday(on, expected):
    on = date.fromisoformat(on)
    sundays_and_mondays = [Window(6, hm("09:00"), hm("12:00")), MORNING]
    busy = [lesson("20:00", "21:00", date(2026, 6, 4)), lesson("20:00", "21:00", date(2026, 5, 30))]
    early = NOW - timedelta(days=1)
    assert starts(plan(*sundays_and_mondays, busy=busy, max_per_week=1), on, now=early) == expected


EVENING = Window(0, hm("20:00"), hm("02:00"))


@pytest.mark.parametrize(
    ("windows", "exceptions", "expected"),
    [
        ([MORNING], [DateException(MONDAY, MONDAY)], ""),
        ([MORNING], [DateException(date(2026, 5, 20), date(2026, 6, 10))], ""),
        ([EVENING], [DateException(TUESDAY, TUESDAY)], "20:00 21:00 22:00 23:00"),  # the tail of the night is Tuesday's
        ([EVENING], [DateException(MONDAY, MONDAY)], "00:00 01:00"),
        ([MORNING], [DateException(MONDAY, MONDAY, hm("10:00"), hm("10:20"))], "09:00 10:20"),  # the grid starts anew
        ([EVENING], [DateException(MONDAY, MONDAY, hm("23:00"), hm("01:00"))], "20:00 21:00 22:00 01:00"),
        ([MORNING], [DateException(MONDAY, MONDAY, None, hm("10:30"))], "10:30"),
        ([MORNING], [DateException(MONDAY, MONDAY, hm("10:30"), None)], "09:00"),
        ([MORNING], [DateException(MONDAY, MONDAY, hm("15:00"), hm("17:00"), True)], "15:00 16:00"),  # replaces
        ([EVENING], [DateException(TUESDAY, TUESDAY, hm("01:00"), hm("04:00"), True)],
         "20:00 21:00 22:00 23:00 00:00 01:00 02:00 03:00"),  # but not what opened the day before
        ([MORNING], [DateException(MONDAY, MONDAY, hm("15:00"), hm("17:00"), True), DateException(MONDAY, MONDAY)], ""),
        ([MORNING], [DateException(MONDAY, MONDAY, hm("22:00"), hm("02:00"), True), DateException(MONDAY, MONDAY)], ""),
        ([MORNING], [DateException(MONDAY, MONDAY, hm("15:00"), hm("17:00"), True),
                     DateException(MONDAY, MONDAY, hm("15:00"), hm("16:00"))], "16:00"),
        ([MORNING], [DateException(MONDAY, MONDAY, hm("15:00"), hm("17:00"), True),
                     DateException(MONDAY, MONDAY, hm("16:00"), None)], "15:00"),
        ([MORNING], [DateException(MONDAY, MONDAY, hm("15:00"), hm("17:00"), True),
                     DateException(MONDAY, MONDAY, None, hm("16:00"))], "16:00"),
        ([], [DateException(TUESDAY, TUESDAY, hm("22:00"), hm("00:00"), True)], "22:00 23:00"),
    ],
)  # fmt: skip
def test_exceptions_belong_to_their_date(windows, exceptions, expected):
    assert starts(plan(*windows, exceptions=exceptions), MONDAY, TUESDAY) == expected


def test_an_extra_slot_is_offered_as_it_is():
    slots = [Span(at("18:10"), at("18:55")), Span(at("10:00"), at("10:30"))]
    day_off = DateException(TUESDAY, TUESDAY)
    at_night = Span(at("03:00", TUESDAY), at("04:30", TUESDAY))
    schedule = plan(MORNING, extra=[*slots, at_night], exceptions=[day_off])
    offered = ["09:00-10:00", "10:00-10:30", "11:00-12:00", "18:10-18:55", "03:00-04:30"]
    assert free(schedule, MONDAY, TUESDAY) == offered
    assert lesson_at(schedule, at("10:00")) == slots[1]


def test_of_two_extra_slots_that_start_together_the_longer_is_offered():
    slots = [Span(at("18:00"), at("19:30")), Span(at("18:00"), at("18:30"))]
    assert free(plan(extra=slots)) == free(plan(extra=slots[::-1])) == ["18:00-19:30"]
    assert free(plan(extra=slots, busy=[lesson("19:00", "20:00")])) == []


@pytest.mark.parametrize(
    ("more", "now"),
    [
        ({"busy": [lesson("18:30", "19:00")]}, "08:00"),
        ({"min_notice": minutes(11)}, "18:00"),
        ({"max_advance": 0}, None),
        ({"max_per_day": 0}, "08:00"),
    ],
)
def test_an_extra_slot_keeps_every_rule_but_the_hours(more, now):
    slot = Span(at("18:10"), at("18:55"))
    now = at(now) if now else NOW
    assert free(plan(extra=[slot]), now=now) == ["18:10-18:55"]
    assert free(plan(extra=[slot], **more), now=now) == []


REFUSED = [
    ("08:00", "08:00", {}, Refusal.IN_PAST),
    ("09:00", "08:30", {"min_notice": minutes(31)}, Refusal.TOO_SOON),
    ("09:00", "08:30", {"min_notice": minutes(30)}, None),
    ("09:00", "08:30", {"max_advance": -1}, Refusal.TOO_FAR),
    ("08:30", "08:00", {}, Refusal.OUTSIDE_HOURS),
    ("11:30", "08:00", {}, Refusal.OUTSIDE_HOURS),
    ("09:10", "08:00", {}, Refusal.OUTSIDE_HOURS),  # between two steps
    ("09:00", "08:00", {"exceptions": [DateException(MONDAY, MONDAY, hm("09:30"), hm("09:40"))]}, Refusal.DAY_OFF),
    ("09:00", "08:00", {"exceptions": [DateException(MONDAY, MONDAY)]}, Refusal.DAY_OFF),
    ("09:00", "08:00", {"busy": [lesson("09:59", "10:30")], "max_per_day": 1}, Refusal.TAKEN),
    ("18:00", "08:00", {"busy": [lesson("18:00", "19:00")]}, Refusal.TAKEN),  # an extra slot until it was booked
    ("11:00", "08:00", {"busy": [lesson("09:00", "10:00")], "max_per_day": 1, "max_per_week": 1}, Refusal.DAY_FULL),
    ("11:00", "08:00", {"busy": [lesson("09:00", "10:00", date(2026, 6, 7))], "max_per_week": 1}, Refusal.WEEK_FULL),
    ("11:00", "08:00", {"busy": [lesson("09:00", "10:00")]}, None),
]


@pytest.mark.parametrize(("clock", "now", "more", "refusal"), REFUSED)
def test_a_refusal_names_its_reason(clock, now, more, refusal):
    assert why_not(plan(MORNING, **more), at(clock), now=at(now)) is refusal


def test_the_first_midnight_beyond_the_horizon_is_too_far():
    midnight = at("00:00", TUESDAY)
    schedule = plan(extra=[Span(midnight, midnight + minutes(60))], max_advance=0)
    assert why_not(schedule, midnight, now=at("09:00")) is Refusal.TOO_FAR
    assert why_not(schedule, midnight, now=at("00:00", TUESDAY) - minutes(1)) is Refusal.TOO_FAR
    assert why_not(schedule, midnight, now=at("00:00", TUESDAY)) is Refusal.IN_PAST


@pytest.mark.parametrize(("clock", "now", "more", "refusal"), REFUSED)
def test_the_tutor_is_bound_by_what_is_taken_only(clock, now, more, refusal):
    expected = refusal if refusal is Refusal.TAKEN else None
    assert why_not(plan(MORNING, **more), at(clock), now=at(now), by_tutor=True) is expected


@pytest.mark.parametrize("year", [1, 9999])
def test_a_start_at_the_end_of_time_is_refused_like_any_other(year):
    refusal = why_not(plan(MORNING), datetime(year, 12, 31, 23, 59, tzinfo=UTC), now=NOW)
    assert refusal is (Refusal.IN_PAST if year == 1 else Refusal.TOO_FAR)


def test_lessons_in_the_way_of_an_exception_are_listed():
    early, late = lesson("09:00", "10:00", buffer_after=minutes(60)), lesson("15:00", "16:00")
    blocked = lesson("10:00", "11:00", kind=BusyKind.CLOSED)
    night = Busy(at("23:30", MONDAY - timedelta(days=1)), at("00:30"))

    def conflicts(*hours) -> list[Busy]:
        return lessons_in_conflict("Europe/Kyiv", DateException(MONDAY, MONDAY, *hours), [late, blocked, early, night])

    assert conflicts() == [night, early, late]
    assert conflicts(hm("10:00"), hm("15:00")) == []
    assert conflicts(hm("09:30"), hm("15:10")) == [early, late]
    assert conflicts(hm("09:30"), hm("15:30"), True) == [early, late]
    assert conflicts(hm("09:00"), hm("16:00"), True) == []
    assert lessons_in_conflict("Europe/Kyiv", DateException(MONDAY, date.max), [night, late]) == [night, late]
    assert lessons_in_conflict("Europe/Kyiv", DateException(MONDAY, MONDAY), []) == []


def test_open_hours_are_told_whole_and_by_date():
    schedule = plan(EVENING, MORNING, busy=[lesson("09:00", "10:00")])
    night = Span(at("20:00"), at("02:00", TUESDAY))
    assert opening_spans(schedule, first_on=TUESDAY, last_on=TUESDAY) == [night]
    tuesday = plan(Window(1, time(), hm("02:00")))
    assert opening_spans(tuesday, first_on=MONDAY, last_on=MONDAY) == []
    until_midnight = plan(Window(0, hm("22:00"), time()))
    assert opening_spans(until_midnight, first_on=TUESDAY, last_on=TUESDAY) == []
    assert opening_hours(schedule, first_on=MONDAY, last_on=date(2026, 6, 3)) == {
        MONDAY: [Span(at("09:00"), at("12:00")), Span(at("20:00"), at("00:00", TUESDAY))],
        TUESDAY: [Span(at("00:00", TUESDAY), at("02:00", TUESDAY))],
        date(2026, 6, 3): [],
    }


@pytest.mark.parametrize("wrong", [{"length": minutes(0)}, {"step": minutes(0)}, {"step": minutes(-5)}])
def test_rules_that_take_no_time_are_refused(wrong):
    with pytest.raises(ValueError):
        plan(**wrong)
