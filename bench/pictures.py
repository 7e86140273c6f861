"""
Measure how long drawing a picture takes: `python -m bench.pictures [runs]`, seconds.

The processor's time alone, since pictures are drawn beside the loop; `encoded only` is the same picture written as a
PNG and nothing else. The first picture of a process reads the fonts; the words for dates were read before, for the
message from which a picture is asked for.
"""

import sys
from collections.abc import Callable
from datetime import date, time, timedelta
from io import BytesIO
from statistics import median
from time import process_time

from PIL import Image

from bot.conversations.calendar import screens as calendar_views
from bot.pictures import calendar_week, paper
from bot.words.voice import Voice
from core.calendars.calendar import Week
from core.calendars.layout import Entry, Kind, Time, week_view
from core.pure.planning.local_time import local_instant
from core.pure.planning.values import Span

GOAL_MS = 150
ZONE, MONDAY = "Europe/Kyiv", date(2026, 11, 23)
VOICE = Voice("uk", ZONE)
NAMES = ("Іра", "Max Mustermann", "Олександра Коваленко-Шевчук", "Настя 🌸", "Bartholomew Featherstonehaugh", "Ян")


def main(runs: int) -> None:
    weeks = {"empty": week_of(0), "usual": week_of(3), "crowded": week_of(12)}
    calendar_views.week(VOICE, weeks["usual"])
    first = cpu_ms(lambda: calendar_week.draw(VOICE, weeks["usual"]))
    print(f"{'medians of ' + str(runs):24}{'drawn':>10}{'encoded only':>14}{'kB':>6}")
    worst = first
    for name, week in weeks.items():
        picture = calendar_week.draw(VOICE, week)
        image = Image.open(BytesIO(picture)).convert("RGB")
        taken = middle(runs, lambda week=week: calendar_week.draw(VOICE, week))
        encoded = middle(runs, lambda image=image: paper.png(image))
        worst = max(worst, taken)
        print(f"{name:24}{taken:7.0f} ms{encoded:11.0f} ms{len(picture) // 1000:6}")
    print(f"{'usual, the first one':24}{first:7.0f} ms")
    print(f"goal: {GOAL_MS} ms at most: {'met' if worst <= GOAL_MS else 'missed'} ({worst:.0f})")


def week_of(lessons: int) -> Week:
    """Return a week with this many lessons a day, of every kind, with a day off and open hours."""
    each = [entry(day, 8 + number, number) for day in range(7) for number in range(lessons)]
    opens = [local_instant(ZONE, MONDAY + timedelta(days=day), time(8)) for day in range(6)]
    hours = tuple(Span(at, at + timedelta(hours=12)) for at in opens)
    shown = Time(ZONE, tuple(each), hours, frozenset({MONDAY + timedelta(days=6)}))
    return Week(MONDAY + timedelta(days=2), True, week_view(MONDAY, shown))


def entry(day: int, hour: int, number: int) -> Entry:
    at = local_instant(ZONE, MONDAY + timedelta(days=day), time(hour))
    kind = list(Kind)[(day + number) % len(Kind)]
    return Entry(Span(at, at + timedelta(minutes=50)), kind, NAMES[(day * 5 + number) % len(NAMES)], booking_id=number)


def middle(runs: int, deed: Callable[[], object]) -> float:
    return median(cpu_ms(deed) for _ in range(runs))


def cpu_ms(deed: Callable[[], object]) -> float:
    begun = process_time()
    deed()
    return (process_time() - begun) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 31)
