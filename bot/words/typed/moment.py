"""
A day and a time as people type them: "tomorrow 17:30", "26.11 о 17:30", "Fri 18", and on a known day just "17:30".
"""

import re
from datetime import date, time, timedelta

from bot.words.typed.week_words import MIDNIGHT, NOON, Half, Kind, NotUnderstood, Words

LONGEST = 60
ONE_DAY = timedelta(days=1)
DAYS_BY_NAME = {
    "today": 0,
    "сьогодні": 0,
    "tomorrow": 1,
    "завтра": 1,
    "післязавтра": 2,
    "yesterday": -1,
    "вчора": -1,
    "учора": -1,
}
_DOTTED = re.compile(r"(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})(?:[./](?P<year>[0-9]{4}))?\.?,?(?=\s)")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?=\s)")
_NAME = re.compile(r"[^\W\d_]+(?:['’ʼ`‘][^\W\d_]+)*")


def parse(text: str, *, today: date, earliest: date, on: date | None = None) -> tuple[date, time] | None:
    """
    Return date and clock time, or None for anything else.

    - without a year the first such date from `earliest` on is meant; a weekday is the next one, today included
    - a time alone is on the date `on`
    """
    text = text.strip()[:LONGEST]
    day, rest = leading_day(text, today=today, earliest=earliest)
    clock = _clock(rest) if day else None
    if day and clock:
        return day, clock
    alone = _clock(text) if on else None
    return (on, alone) if on and alone is not None else None


def leading_day(text: str, *, today: date, earliest: date) -> tuple[date | None, str]:
    """Return the day that the text begins with, and what follows it."""
    numbers = _DOTTED.match(text) or _ISO.match(text)
    if numbers:
        return _dated(numbers, earliest), text[numbers.end() :]
    name = _NAME.match(text)
    if name is None:
        return None, text
    return _named(name[0], today), text[name.end() :]


def _dated(numbers: re.Match[str], earliest: date) -> date | None:
    years = [int(numbers["year"])] if numbers["year"] else range(earliest.year, earliest.year + 5)
    for year in years:
        try:
            on = date(year, int(numbers["month"]), int(numbers["day"]))
        except ValueError:
            continue
        if numbers["year"] or on >= earliest:
            return on
    return None


def _named(name: str, today: date) -> date | None:
    ahead = DAYS_BY_NAME.get(name.lower())
    if ahead is not None:
        return today + ahead * ONE_DAY
    try:
        word = Words(name).take()
    except NotUnderstood:
        return None
    if word.kind is not Kind.DAYS or len(word.days) != 1:
        return None
    return today + (word.days[0] - today.weekday()) % 7 * ONE_DAY


def _clock(text: str) -> time | None:
    try:
        words = Words(text)
    except NotUnderstood:
        return None
    words.skip(Kind.SEPARATOR)
    word = words.take()
    if word.kind is not Kind.TIME or not words.sees(Kind.END):
        return None
    minutes = _in_half(word.minutes, word.half)
    return time(*divmod(minutes, 60)) if minutes < MIDNIGHT else None


def _in_half(minutes: int, half: Half) -> int:
    if half is Half.PM and minutes < NOON:
        return minutes + NOON
    return minutes - NOON if half is Half.AM and minutes >= NOON else minutes
