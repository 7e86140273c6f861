"""
Read calendar files that other programs wrote: `python -m bench.feeds folder [--children]`.

Each file is looked at in a time that fits it: from the day before its first event, for half a year. `--children` reads
each as the bot does, in a process of its own; without it this process checks the limits.
"""

import argparse
import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from core.calendars.feed_reading import busy_times
from core.calendars.feed_reading.expand import MOST_TIMES, Expander
from core.errors import FeedRefused

ZONE = "Europe/Kyiv"
HALF_A_YEAR = timedelta(days=183)
LIMIT = 2.0
STARTS = re.compile(rb"BEGIN:VEVENT.*?DTSTART[^\r\n]*:(\d{8})", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    name: str
    refusal: str | None
    events: int
    skipped: int
    times: int
    seconds: float


def read(path: Path, *, children: bool = False) -> Line:
    content, began = path.read_bytes(), process_time()
    try:
        found = expanded(content) if children else here(content)
    except FeedRefused as refusal:
        return Line(path.stem, type(refusal).__name__, 0, 0, 0, process_time() - began)
    return Line(path.stem, None, found.events, found.skipped, len(found.times), process_time() - began)


def here(content: bytes) -> busy_times.Reading:
    since = first_day(content)
    return busy_times.read(content, timezone=ZONE, since=since, until=since + HALF_A_YEAR, most=MOST_TIMES)


def expanded(content: bytes) -> busy_times.Reading:
    since = first_day(content)
    return asyncio.run(Expander().read(content, timezone=ZONE, since=since, until=since + HALF_A_YEAR))


def first_day(content: bytes) -> datetime:
    years = [found for found in STARTS.findall(content) if b"1970" <= found[:4] < b"2100"]
    first = min(years, default=b"20260101").decode()
    try:
        return datetime.strptime(first, "%Y%m%d").replace(tzinfo=UTC) - timedelta(days=1)
    except ValueError:
        return datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--children", action="store_true")
    asked = parser.parse_args()
    lines = [read(path, children=asked.children) for path in sorted(asked.folder.glob("*.ics"))]
    print(f"{'file':66} {'events':>6} {'unread':>6} {'times':>6} {'CPU s':>6}")
    for line in lines:
        told = f"refused: {line.refusal}" if line.refusal else f"{line.events:6} {line.skipped:6} {line.times:6}"
        print(f"{line.name[:66]:66} {told:20} {line.seconds:6.2f}")
    summary(lines)


def summary(lines: list[Line]) -> None:
    imported = [line for line in lines if line.refusal is None]
    unread = sum(line.skipped for line in imported)
    print(f"\n{len(lines)} files: {len(imported)} imported, {len(lines) - len(imported)} refused with a reason")
    print(f"{sum(line.events for line in imported)} events, {unread} of them unreadable and counted")
    print(f"{sum(line.times for line in imported)} busy times in the half year from each file's first event")
    slowest = max(lines, key=lambda line: line.seconds)
    print(f"slowest {slowest.seconds:.2f} s of CPU ({slowest.name}), all {sum(line.seconds for line in lines):.1f} s")
    assert slowest.seconds < LIMIT, "too slow"


if __name__ == "__main__":
    main()
