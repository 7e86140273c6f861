"""A part of a day as people type it: "Tuesday evening", "завтра вранці", "26.11 увечері", and for any time "Fri"."""

import re
from datetime import date

from bot.words.typed import moment
from core.enums import DayPart

LONGEST = 60
PARTS = {
    DayPart.MORNING: "morning mornings ранок ранку ранком вранці уранці зранку",
    DayPart.DAY: "afternoon afternoons day daytime noon день дня днем вдень удень обід обіді",
    DayPart.EVENING: "evening evenings night tonight вечір вечора вечором ввечері увечері",
    DayPart.ANY: "anytime any будь-коли",
}
BY_WORD = {word: part for part, words in PARTS.items() for word in words.split()}
TODAY = frozenset({"tonight"})
NOISE = frozenset(("on", "in", "at", "the", "this", "в", "у", "о", "на", "цей", "цю", "ця", "цього"))
_WORD = re.compile(r"[^\s,;]+")


def parse(text: str, *, today: date, on: date | None = None) -> tuple[date, DayPart] | None:
    """Return the date and the part, without a part the whole day; a part alone is on the date `on`, or today."""
    words = _WORD.findall(text.casefold()[:LONGEST])
    parts = [BY_WORD[word] for word in words if word in BY_WORD]
    days = [word for word in words if word not in BY_WORD and word not in NOISE]
    if len(parts) > 1 or not (parts or days):
        return None
    part = parts[0] if parts else DayPart.ANY
    if not days:
        return (today if TODAY.intersection(words) or on is None else on), part
    day, rest = moment.leading_day(" ".join(days) + " ", today=today, earliest=today)
    return (day, part) if day and day >= today and not rest.strip() else None
