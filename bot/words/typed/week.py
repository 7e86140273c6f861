"""
A tutor's week as people type it, and back.

    Mon-Fri 9-13, 15-19            the same hours on several days
    пн, ср 9:30–12; сб 10-14       days and hours in turn, in either language
    from Monday to Friday 9am-1pm
    щодня з 22 до 02               overnight: closes before it opens
    пн 9-5                         until five in the afternoon; 9:00-5:00 is until the next morning
    нд вихідний                    no hours

    week  = (days hours)*
    days  = day ((range | separator)? day)*
    hours = window (separator? window)* | closed
    window = time range time
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from itertools import groupby

from bot.words.typed.week_words import MIDNIGHT, NOON, Half, Kind, NotUnderstood, Reason, Word, Words
from bot.words.voice import Voice, wall_clock
from core.hours.availability import WeeklyWindow

LONGEST_TEXT = 2_000
ANY_DAY = "Mon "

_BETWEEN = (Kind.SEPARATOR, Kind.BREAK, Kind.RANGE)  # also the dash of a list's line and the "по" of "по середах"


@dataclass(frozen=True, slots=True)
class Merged:
    """`joined` are the windows that several typed ones were merged into."""

    windows: tuple[WeeklyWindow, ...]
    joined: tuple[WeeklyWindow, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """`days` are the named weekdays, also those without hours; `windows` are sorted by day and hour."""

    days: frozenset[int]
    windows: list[WeeklyWindow]


def parse(text: str) -> list[WeeklyWindow]:
    """Read the windows of a week, overlapping ones as they were typed (see `merged`); raises NotUnderstood."""
    return week_of(text).windows


def week_of(text: str) -> Typed:
    """Read a week or some days of it; raises NotUnderstood pointing at the word that stopped the reading."""
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(text[LONGEST_TEXT:], LONGEST_TEXT, Reason.TOO_LONG)
    words = Words(text)
    words.skip(*_BETWEEN)
    if words.sees(Kind.END):
        raise NotUnderstood("", 0, Reason.EMPTY)
    days: set[int] = set()
    windows: list[WeeklyWindow] = []
    for named, hours in _parts(words):
        days |= named
        windows += [WeeklyWindow(day, _clock(start), _clock(end)) for day in named for start, end in hours]
    return Typed(frozenset(days), sorted(windows))


def parse_hours(text: str, weekday: int) -> list[WeeklyWindow]:
    """Read hours without a day, "9-13, 15-19", as those of this one; raises NotUnderstood."""
    try:
        typed = parse(ANY_DAY + text)
    except NotUnderstood as error:
        raise NotUnderstood(error.word, max(0, error.position - len(ANY_DAY)), error.reason) from None
    return [WeeklyWindow(weekday, window.opens, window.closes) for window in typed]


def merged(windows: Iterable[WeeklyWindow]) -> Merged:
    """Join windows of a day that overlap or touch, if the result is still a possible window."""
    kept: list[tuple[int, int, int, int]] = []
    for weekday, start, end in sorted(map(_minutes, windows)):
        day, first, last, count = kept[-1] if kept else (-1, 0, 0, 0)
        if day == weekday and start <= last and _is_one_window(first, max(last, end)):
            kept[-1] = (weekday, first, max(last, end), count + 1)
        else:
            kept.append((weekday, start, end, 1))
    counted = [(WeeklyWindow(day, _clock(start), _clock(end)), count) for day, start, end, count in kept]
    return Merged(tuple(window for window, _ in counted), tuple(window for window, count in counted if count > 1))


def show(
    windows: Iterable[WeeklyWindow], voice: Voice, *, say: Callable[[WeeklyWindow], str] | None = None
) -> list[str]:
    """Say a week in plain lines that `parse` reads back: Mon–Fri 09:00–13:00, 15:00–19:00 (or hours as `say` does)."""
    days_of: dict[str, list[int]] = {}
    for weekday, of_day in groupby(merged(windows).windows, key=lambda window: window.weekday):
        hours = ", ".join((say or show_window)(window) for window in of_day)
        days_of.setdefault(hours, []).append(weekday)
    return [f"{_day_names(days, voice)} {hours}" for hours, days in days_of.items()]


def show_window(window: WeeklyWindow) -> str:
    return show_hours(window.opens, window.closes)


def show_hours(opens: time, closes: time) -> str:
    """Say 9:00–13:00; hours that end with the day end at 24:00."""
    return f"{wall_clock(opens)}–{'24:00' if closes == time() else wall_clock(closes)}"


def _day_names(days: list[int], voice: Voice) -> str:
    if len(days) == 7:
        return voice.label("Every day")
    names = ", ".join(_run_name(run, voice) for run in _runs(days))
    return names[0].upper() + names[1:]


def _run_name(run: list[int], voice: Voice) -> str:
    if len(run) < 3:
        return ", ".join(voice.weekday_short(day) for day in run)
    return f"{voice.weekday_short(run[0])}–{voice.weekday_short(run[-1])}"


def _runs(days: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _minutes(window: WeeklyWindow) -> tuple[int, int, int]:
    start = window.opens.hour * 60 + window.opens.minute
    end = window.closes.hour * 60 + window.closes.minute
    return window.weekday, start, end if end > start else end + MIDNIGHT


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _is_one_window(start: int, end: int) -> bool:
    return end - start < MIDNIGHT or (start, end) == (0, MIDNIGHT)


def _parts(words: Words) -> Iterator[tuple[set[int], list[tuple[int, int]]]]:
    while not words.sees(Kind.END):
        yield _days(words), _hours(words)
        words.skip(*_BETWEEN)


def _days(words: Words) -> set[int]:
    """Read the days before their hours; a dash may separate the two."""
    first = words.look()
    if first.kind is not Kind.DAYS:
        raise first.refused(Reason.HOURS_WITHOUT_DAY if first.kind is Kind.TIME else Reason.UNKNOWN_WORD)
    days: set[int] = set()
    while words.sees(Kind.DAYS):
        days |= _day_range(words)
        between = words.skip(Kind.SEPARATOR, Kind.BREAK)
        if words.sees(Kind.END) or (Kind.BREAK in between and words.sees(Kind.DAYS)):
            raise first.refused(Reason.DAY_WITHOUT_HOURS)
        if between and words.sees(Kind.RANGE, Kind.DAYS):
            words.take()
    if words.skip(Kind.RANGE) and words.sees(Kind.END):
        raise first.refused(Reason.DAY_WITHOUT_HOURS)
    return days


def _day_range(words: Words) -> set[int]:
    days = words.take().days
    found = set(days)
    while words.sees(Kind.RANGE, Kind.DAYS):
        words.take()
        since, days = days[-1], words.take().days
        found.update(days, ((since + i) % 7 for i in range((days[0] - since) % 7)))
    return found


def _hours(words: Words) -> list[tuple[int, int]]:
    if words.sees(Kind.CLOSED):
        words.take()
        return []
    if not words.sees(Kind.TIME):
        raise words.look().refused(Reason.UNKNOWN_WORD)
    hours = []
    while words.sees(Kind.TIME):
        hours.append(_hour_range(words))
        if Kind.BREAK in words.skip(Kind.SEPARATOR, Kind.BREAK):
            words.skip(Kind.RANGE)
    return hours


def _hour_range(words: Words) -> tuple[int, int]:
    opens = words.take()
    if not words.sees(Kind.RANGE, Kind.TIME):
        raise opens.refused(Reason.BAD_TIME)
    words.take()
    closes = words.take()
    start, end = _on_the_clock(opens, closes)
    if start == end:
        raise closes.refused(Reason.EMPTY_WINDOW)
    if words.sees(Kind.RANGE):
        raise words.look().refused(Reason.BAD_TIME)
    return start, end


def _on_the_clock(opens: Word, closes: Word) -> tuple[int, int]:
    """Apply am or pm that was typed only once: 1-5pm is 13-17, 9-1pm is 9-13, 9am-5 is 9-17, 10pm-2 is 22-02."""
    start, end = _opening(opens), _in_half(closes)
    if opens.half is Half.UNSAID and closes.half is Half.PM and start < NOON and start + NOON < end:
        return start + NOON, end
    if opens.half in {Half.AM, Half.PM} and closes.half is Half.UNSAID and end <= start < end + NOON <= MIDNIGHT:
        return start, end + NOON
    if _is_meant_by_day(opens, closes) and 0 < end < start < end + NOON <= MIDNIGHT:
        return start, end + NOON
    return start, end


def _is_meant_by_day(opens: Word, closes: Word) -> bool:
    """Whether 9-5 means 9 to 17: hours without minutes never mean a night of over twelve hours, 9:00-5:00 does."""
    is_unsaid = opens.half not in {Half.AM, Half.PM} and closes.half is Half.UNSAID
    return is_unsaid and (_is_bare(opens) or _is_bare(closes))


def _is_bare(word: Word) -> bool:
    return len(word.text) <= 2


def _opening(opens: Word) -> int:
    start = _in_half(opens)
    if start < MIDNIGHT:
        return start
    if opens.half is not Half.NAMED:
        raise opens.refused(Reason.BAD_TIME)
    return 0


def _in_half(word: Word) -> int:
    if word.half not in {Half.AM, Half.PM}:
        return word.minutes
    if not 1 <= word.minutes // 60 <= 12:
        raise word.refused(Reason.BAD_TIME)
    return word.minutes % NOON + (NOON if word.half is Half.PM else 0)
