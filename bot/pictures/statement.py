"""A tutor's month as a chart: one bar for each day, with the lessons held and above them the missed ones."""

from PIL import Image, ImageDraw

from bot.pictures.calendar_week import DRAWING
from bot.pictures.paper import FAINT, INK, WHITE, fill_round, fitted, font, png, written
from bot.words.voice import Voice
from core.calendars.statements import Statement

WIDTH, HEIGHT, MARGIN, GUTTER = 1080, 720, 40, 50
TOP, BOTTOM, FOOT = 170, 600, 644
HELD, MISSED, RULE, WEEKEND = "#1c64b4", "#e58a92", "#d5dbe3", "#f1f3f6"
FEWEST = 4  # the scale goes at least up to this many lessons


def draw(voice: Voice, statement: Statement) -> bytes:
    """Return a PNG of 1080 by 720; uses about 50 ms of CPU, so don't call it on the event loop."""
    with DRAWING:
        image = Image.new("RGB", (WIDTH, HEIGHT), WHITE)
        pen = ImageDraw.Draw(image)
        _heading(pen, voice, statement)
        most = max(FEWEST, *(day.held + day.missed for day in statement.days))
        _weekends(pen, statement)
        _rules(pen, most)
        for number in range(len(statement.days)):
            _bar(image, pen, statement, number, most)
        _legend(image, pen, voice, statement)
        return png(image)


def _heading(pen: ImageDraw.ImageDraw, voice: Voice, statement: Statement) -> None:
    pen.text((MARGIN, 26), voice.month(statement.month).capitalize(), INK, font(46, bold=True))
    counted = voice.count_label("{n} lesson", "{n} lessons", statement.held)
    said = f"{counted} · {voice.span(statement.taught)}" if statement.held else counted
    pen.text((WIDTH - MARGIN, 88), said, INK, font(30, bold=True), anchor="ra")
    room = WIDTH - 3 * MARGIN - round(font(30, bold=True).getlength(said))
    pen.text((MARGIN, 90), fitted(written(voice.zone()), font(28), room), FAINT, font(28))


def _left(number: int, days: int) -> int:
    return MARGIN + GUTTER + number * (WIDTH - 2 * MARGIN - GUTTER) // days


def _weekends(pen: ImageDraw.ImageDraw, statement: Statement) -> None:
    days = len(statement.days)
    for number, day in enumerate(statement.days):
        if day.on.weekday() >= 5:
            pen.rectangle((_left(number, days), TOP, _left(number + 1, days) - 1, BOTTOM), WEEKEND)


def _rules(pen: ImageDraw.ImageDraw, most: int) -> None:
    step = max(1, -(-most // 6))
    for lessons in range(0, most + 1, step):
        y = _y(lessons, most)
        pen.line((MARGIN + GUTTER, y, WIDTH - MARGIN, y), RULE)
        pen.text((MARGIN + GUTTER - 12, y), f"{lessons}", FAINT, font(26), anchor="rm")


def _y(lessons: int, most: int) -> int:
    return BOTTOM - lessons * (BOTTOM - TOP) // most


def _bar(image: Image.Image, pen: ImageDraw.ImageDraw, statement: Statement, number: int, most: int) -> None:
    day, days = statement.days[number], len(statement.days)
    left, right = _left(number, days) + 3, _left(number + 1, days) - 3
    top, held = _y(day.held + day.missed, most), _y(day.held, most)
    if top < held:
        fill_round(image, (left, top, right, BOTTOM), MISSED, radius=6)
    if held < BOTTOM:
        fill_round(image, (left, held, right, BOTTOM), HELD, radius=6)
    is_today = day.on == statement.today
    if day.on.day % 5 == 0 or day.on.day == 1 or is_today:
        letters = font(26, bold=is_today)
        pen.text(((left + right) // 2, BOTTOM + 8), f"{day.on.day}", INK if is_today else FAINT, letters, anchor="ma")


def _legend(image: Image.Image, pen: ImageDraw.ImageDraw, voice: Voice, statement: Statement) -> None:
    told = [(HELD, voice.label("held"))] + [(MISSED, voice.label("missed"))] * bool(statement.no_shows)
    x = MARGIN
    for paint, said in told:
        fill_round(image, (x, FOOT + 18, x + 26, FOOT + 44), paint, radius=7)
        pen.text((x + 36, FOOT + 31), said, INK, font(26), anchor="lm")
        x += 66 + round(font(26).getlength(said))
