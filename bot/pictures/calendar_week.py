"""
A person's week as a picture for a phone: seven columns, and only the hours that are used.

    open hours are tinted, days off hatched
    lessons show their time and name; requests are hatched, past lessons pale
    blocked slots and events of other calendars are grey
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from PIL import Image, ImageDraw

from bot.pictures.paper import (
    FAINT,
    INK,
    WHITE,
    Box,
    fill_round,
    fitted,
    folded,
    font,
    hatching,
    png,
    shortened,
    written,
)
from bot.words.voice import Voice
from core.calendars.calendar import Week
from core.calendars.layout import LESSONS, DayView, Entry, Kind, Piece, columns

WIDTH, MARGIN, GUTTER = 1080, 16, 60
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) // 7
HEAD, TOP, FOOT = 124, 222, 34
LEGEND_LINE, LEGEND_FONT = 42, 25
TALLEST, TALLEST_HOUR = 960, 104
LEAST_HOURS, USUAL = 8, (9, 17)
LEAST_HEIGHT = 22
CLOCK_LINE, NAME_LINE = 23, 27
NAME_FACES = (24, True), (22, True), (20, True), (20, False)
HOUR = timedelta(hours=1)

PAPER, CLOSED, OPEN, RULE = WHITE, "#f1f3f6", "#e3f4e8", "#d5dbe3"
OFF, OFF_LINE = "#faf6ee", "#f1e7d6"
TODAY = "#d6336c"

DRAWING = Lock()  # threads must not use the fonts and cached pieces at the same time


@dataclass(frozen=True, slots=True)
class Ink:
    """How a kind of time looks."""

    ground: str
    letters: str
    edge: str
    line: str | None = None


LESSON = Ink("#1c64b4", WHITE, "#1c64b4")
LEARNED = Ink("#0f7267", WHITE, "#0f7267")
INKS = {
    Kind.ASKED: Ink("#fff6df", "#5f4200", "#d99a1c", line="#ffe6ad"),
    Kind.OVER: Ink("#cfe0f3", "#23405f", "#cfe0f3"),
    Kind.MISSED: Ink("#fbdcdc", "#8a1f2b", "#e9a5aa"),
    Kind.BLOCKED: Ink("#c9d0d9", "#3e4a58", "#c9d0d9"),
    Kind.ELSEWHERE: Ink("#dfe3e9", "#3e4a58", "#b8c1cc"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The image, and which hours it shows at which height: from `first` to `last`."""

    image: Image.Image
    pen: ImageDraw.ImageDraw
    first: int
    last: int

    @property
    def hour(self) -> int:
        return _hour_height(self.last - self.first)

    @property
    def bottom(self) -> int:
        return TOP + (self.last - self.first) * self.hour

    def y(self, at: timedelta) -> int:
        within = min(max(at, self.first * HOUR), self.last * HOUR) - self.first * HOUR
        return TOP + round(within / HOUR * self.hour)


def draw(voice: Voice, week: Week) -> bytes:
    """Return the week as a PNG, about 1080 by 1200; uses about 100 ms of CPU, so don't call it on the event loop."""
    with DRAWING:
        legend = _legend(voice, week)
        sheet = _sheet(week, len(legend))
        _heading(sheet, voice, week)
        for number, view in enumerate(week.days):
            _ground(sheet, number, view)
        _rules(sheet)
        for number in range(len(week.days)):
            _day_head(sheet, voice, week, number)
            _entries(sheet, voice, week, number)
        _explain(sheet, legend)
        return png(sheet.image)


def _sheet(week: Week, legend: int) -> Sheet:
    """Return an empty sheet, with room for this many lines of the legend."""
    first, last = _hours(week.days)
    height = TOP + (last - first) * _hour_height(last - first) + FOOT + legend * LEGEND_LINE
    image = Image.new("RGB", (WIDTH, height), PAPER)
    return Sheet(image, ImageDraw.Draw(image), first, last)


def _hours(days: Sequence[DayView]) -> tuple[int, int]:
    """Return the first and last hour to draw: open hours and lessons count, blocked and busy times don't."""
    used = [piece for view in days for piece in (*view.open, *view.entries) if _counts(piece)]
    if not used:
        return USUAL
    first = min(piece.begins for piece in used) // HOUR
    last = -(-max(piece.until for piece in used) // HOUR)
    while last - first < LEAST_HOURS:
        first, last = max(0, first - 1), min(24, last + 1)
    return first, last


def _counts(piece: Piece) -> bool:
    return piece.entry is None or piece.entry.kind in LESSONS


def _hour_height(hours: int) -> int:
    return min(TALLEST_HOUR, TALLEST // hours)


def _heading(sheet: Sheet, voice: Voice, week: Week) -> None:
    first, last = week.days[0].on, week.days[-1].on
    sheet.pen.text((MARGIN + 8, 22), voice.days(first, last), INK, font(46, bold=True))
    counted = ", ".join(_counted(voice, week))
    sheet.pen.text((WIDTH - MARGIN - 8, 82), counted, INK, font(28, bold=True), anchor="ra")
    room = WIDTH - 4 * MARGIN - round(font(28, bold=True).getlength(counted))
    sheet.pen.text((MARGIN + 8, 82), fitted(written(voice.zone()), font(28), room), FAINT, font(28))


def _counted(voice: Voice, week: Week) -> Iterator[str]:
    kinds = [entry.kind for entry in _all(week) if entry.kind in LESSONS]
    asked = kinds.count(Kind.ASKED)
    if len(kinds) > asked:
        yield written(voice.count_label("📗 {n} lesson", "📗 {n} lessons", len(kinds) - asked))
    if asked:
        yield written(voice.count_label("⏳ {n} request", "⏳ {n} requests", asked))
    if not kinds:
        yield voice.label("No lessons.").rstrip(".")


def _all(week: Week) -> set[Entry]:
    return {piece.entry for view in week.days for piece in view.entries if piece.entry is not None}


def _left(number: int) -> int:
    return MARGIN + GUTTER + number * COLUMN


def _ground(sheet: Sheet, number: int, view: DayView) -> None:
    left, right = _left(number) + 2, _left(number) + COLUMN - 2
    box = (left, TOP, right, sheet.bottom)
    if view.is_day_off:
        pattern = hatching((COLUMN, TALLEST + TALLEST_HOUR), ground=OFF, line=OFF_LINE, step=9)
        fill_round(sheet.image, box, pattern, radius=8)
        return
    fill_round(sheet.image, box, CLOSED, radius=8)
    for piece in view.open:
        top, bottom = sheet.y(piece.begins), sheet.y(piece.until)
        if bottom > top:
            fill_round(sheet.image, (left, top, right, bottom), OPEN, radius=8)


def _rules(sheet: Sheet) -> None:
    """Draw a line for each hour, with the hour beside it."""
    for hour in range(sheet.first, sheet.last + 1):
        y = sheet.y(hour * HOUR)
        if sheet.first < hour < sheet.last:
            sheet.pen.line((_left(0), y, _left(7), y), RULE)
        sheet.pen.text((MARGIN + GUTTER - 10, y), f"{hour:02}", FAINT, font(26), anchor="rm")


def _day_head(sheet: Sheet, voice: Voice, week: Week, number: int) -> None:
    on = week.days[number].on
    left, middle = _left(number), _left(number) + COLUMN // 2
    is_today = on == week.today
    if is_today:
        fill_round(sheet.image, (left + 6, HEAD + 4, left + COLUMN - 6, TOP - 8), TODAY, radius=14)
    weekday = written(voice.weekday_short(number)).capitalize()
    sheet.pen.text((middle, HEAD + 10), weekday, WHITE if is_today else FAINT, font(27), anchor="ma")
    sheet.pen.text((middle, HEAD + 42), f"{on.day}", WHITE if is_today else INK, font(38, bold=True), anchor="ma")


def _entries(sheet: Sheet, voice: Voice, week: Week, number: int) -> None:
    pieces = week.days[number].entries
    for piece, (column, count) in zip(pieces, columns(pieces), strict=True):
        width = (COLUMN - 6) // count
        left = _left(number) + 3 + column * width
        top, bottom = sheet.y(piece.begins), sheet.y(piece.until)
        if bottom > top or _is_within(sheet, piece):
            bottom = max(bottom, top + LEAST_HEIGHT)
            box = left, top + 1, left + width - 1, bottom - 1
            _block(sheet, voice, piece, box, teaches=week.teaches)


def _is_within(sheet: Sheet, piece: Piece) -> bool:
    return sheet.first * HOUR <= piece.begins < sheet.last * HOUR


def _block(sheet: Sheet, voice: Voice, piece: Piece, box: Box, *, teaches: bool) -> None:
    assert piece.entry is not None, "hours are no entries"
    ink = _ink(piece.entry, teaches=teaches)
    left, top, right, bottom = box
    _fill(sheet, box, ink)
    inner = (left + 6, top + 3, right - 4, bottom - 3)
    _words(sheet, inner, ink, _clock(piece.begins), _name(voice, piece.entry))


def _ink(entry: Entry, *, teaches: bool) -> Ink:
    """Return the ink for an entry. Lessons in which a tutor is the student have their own."""
    if entry.kind is Kind.LESSON:
        return LEARNED if teaches and not entry.is_taught else LESSON
    return INKS[entry.kind]


def _fill(sheet: Sheet, box: Box, ink: Ink) -> None:
    left, top, right, bottom = box
    fill_round(sheet.image, box, ink.edge, radius=9)
    if ink.edge == ink.ground:
        return
    inner = (left + 2, top + 2, right - 2, bottom - 2)
    pattern = hatching((COLUMN, TALLEST), ground=ink.ground, line=ink.line, step=8) if ink.line else ink.ground
    fill_round(sheet.image, inner, pattern, radius=7)


def _words(sheet: Sheet, box: Box, ink: Ink, clock: str, name: str) -> None:
    """Write the time above the name, or both in one line if the lesson is short."""
    left, top, right, bottom = box
    lines = min((bottom - top - CLOCK_LINE) // NAME_LINE, 3)
    if lines < 1:
        _one_line(sheet, box, ink, clock, name)
        return
    sheet.pen.text((left, top - 1), fitted(clock, font(22), right - left), ink.letters, font(22))
    letters, told = folded(name, NAME_FACES, right - left, lines)
    for number, line in enumerate(told):
        sheet.pen.text((left, top + CLOCK_LINE + NAME_LINE * number), line, ink.letters, letters)


def _one_line(sheet: Sheet, box: Box, ink: Ink, clock: str, name: str) -> None:
    """Write the name in one line, after the time if there is room for both."""
    left, top, right, bottom = box
    letters = font(min(21, max(14, bottom - top)), bold=True)
    room = right - left - round(letters.getlength(f"{clock} "))
    told = shortened(name, letters, room)
    line = f"{clock} {told}" if told and "…" not in told else shortened(name, letters, right - left)
    sheet.pen.text((left, (top + bottom) // 2), line, ink.letters, letters, anchor="lm")


def _name(voice: Voice, entry: Entry) -> str:
    """Return the text for an entry; if the font can't write the name, the subject or a general word."""
    if entry.kind is Kind.BLOCKED:
        return voice.label("blocked")
    known = written(voice.name(entry.title or ""))
    if known or entry.kind is Kind.ELSEWHERE:
        return known or voice.label("busy")
    return written(entry.subject or "") or voice.label("lesson")


def _clock(at: timedelta) -> str:
    hours, minutes = divmod(at // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"


def _legend(voice: Voice, week: Week) -> list[list[tuple[int, Ink, str]]]:
    """Return the legend of the colours in use, line by line; each part has its x, its ink and its text."""
    lines: list[list[tuple[int, Ink, str]]] = []
    x = WIDTH
    for ink, said in _kinds(voice, week):
        width = 34 + round(font(LEGEND_FONT).getlength(said))
        if x + width > WIDTH - MARGIN:
            x = MARGIN + 8
            lines.append([])
        lines[-1].append((x, ink, said))
        x += width + 26
    return lines


def _explain(sheet: Sheet, legend: list[list[tuple[int, Ink, str]]]) -> None:
    for number, line in enumerate(legend):
        y = sheet.bottom + 24 + number * LEGEND_LINE
        for x, ink, said in line:
            _fill(sheet, (x, y, x + 26, y + 26), ink)
            sheet.pen.text((x + 34, y + 13), said, INK, font(LEGEND_FONT), anchor="lm")


def _kinds(voice: Voice, week: Week) -> Iterator[tuple[Ink, str]]:
    there = _all(week)
    kinds = {entry.kind for entry in there}
    inks = {_ink(entry, teaches=week.teaches) for entry in there}
    if LESSON in inks:
        yield LESSON, voice.label("lesson")
    if LEARNED in inks:
        yield LEARNED, voice.label("I learn")
    words = {
        Kind.ASKED: voice.label("request"),
        Kind.OVER: voice.label("held"),
        Kind.MISSED: voice.label("missed"),
        Kind.BLOCKED: voice.label("blocked"),
        Kind.ELSEWHERE: voice.label("busy"),
    }
    yield from ((INKS[kind], said) for kind, said in words.items() if kind in kinds)
    if any(view.open and not view.is_day_off for view in week.days):
        yield Ink(OPEN, INK, "#a9d8b7"), voice.label("hours")
    if any(view.is_day_off for view in week.days):
        yield Ink(OFF, INK, "#d9c9ae", line=OFF_LINE), voice.label("day off")
