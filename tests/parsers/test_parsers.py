"""Our calendar files mean the same to parsers that nobody here wrote: icalendar, vobject, ical.js and node-ical."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import vobject
from icalendar import Calendar

from core.calendars import ical
from core.calendars.ical import Told
from core.enums import BookingStatus, LessonType
from core.lessons.lessons import LessonCard, LessonTerms, Room

HERE = Path(__file__).parent
START = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG = "Українська мова та література: підготовка до ЗНО; «кома, крапка з комою» \\ зворотна риска 👩🏽‍🏫 " * 2 + "."

Event = dict[str, Any]


def lesson(number: int, **facts: Any) -> LessonCard:
    usual: dict[str, Any] = {
        "id": number,
        "uid": UUID(int=number),
        "version": None,
        "viewer_is_tutor": False,
        "status": BookingStatus.CONFIRMED,
        "starts_at": START + number * HOUR,
        "ends_at": START + (number + 1) * HOUR,
        "tutor_id": 1,
        "tutor_name": "Олена",
        "tutor_timezone": "Europe/Kyiv",
        "student_id": 2,
        "student_name": "Іра",
        "student_timezone": "Europe/Kyiv",
        "lesson_type": LessonType.REGULAR,
        "subject": None,
        "terms": LessonTerms(Decimal(400), "UAH", START),
        "expires_at": None,
        "created_at": START - HOUR,
        "room": Room(address=f"https://meet.jit.si/room-{number}?a=1,2;b=3"),
    }
    return LessonCard(**(usual | facts))


NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # Kyiv's clock shows it twice
TOLD = [
    Told(lesson(1), "Lesson with Olena", "To move it: https://t.me/desk_bot", START),
    Told(lesson(2, status=BookingStatus.PENDING), LONG, "раз\nдва, три; чотири", START, alarm=HOUR / 4),
    Told(lesson(3, sequence=4), "Заняття: Олена", "…", START, alarm=timedelta()),
    Told(lesson(4, status=BookingStatus.CANCELLED_TUTOR, sequence=1), "שיעור עם אולנה", "درس", START),
    Told(lesson(5, starts_at=NIGHT, ends_at=NIGHT + HOUR), "3:30", "3:30", START),
]
FILES = [*(ical.lesson_file(told) for told in TOLD), ical.calendar_file(TOLD, name="Заняття")]
MEANT = [*([told] for told in TOLD), TOLD]
STATUS = {BookingStatus.PENDING: "TENTATIVE", BookingStatus.CANCELLED_TUTOR: "CANCELLED"}


def meant(told: Told) -> Event:
    status = STATUS.get(told.lesson.status, "CONFIRMED")
    return {
        "uid": str(told.lesson.uid),
        "sequence": told.lesson.sequence + (status == "CANCELLED"),
        "status": status,
        "start": told.lesson.starts_at,
        "end": told.lesson.ends_at,
        "summary": told.summary,
        "description": told.description,
        "alarm": None if told.alarm is None else -told.alarm.total_seconds(),
    }


def by_icalendar(content: bytes) -> list[Event]:
    return [
        {
            "uid": str(event["uid"]),
            "sequence": int(event["sequence"]),
            "status": str(event["status"]),
            "start": event.start,
            "end": event.end,
            "summary": str(event["summary"]),
            "description": str(event["description"]),
            "alarm": next((alarm["trigger"].dt.total_seconds() for alarm in event.walk("VALARM")), None),
        }
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]


def by_vobject(content: bytes) -> list[Event]:
    return [
        {
            "uid": event.uid.value,
            "sequence": int(event.sequence.value),
            "status": event.status.value,
            "start": event.dtstart.value,
            "end": event.dtend.value,
            "summary": event.summary.value,
            "description": event.description.value,
            "alarm": event.valarm.trigger.value.total_seconds() if hasattr(event, "valarm") else None,
        }
        for event in vobject.readOne(content.decode()).vevent_list
    ]


@pytest.mark.parametrize("parse", [by_icalendar, by_vobject])
def test_python_parsers_read_what_was_meant(parse: Callable[[bytes], list[Event]]) -> None:
    assert [parse(content) for content in FILES] == [[meant(told) for told in each] for each in MEANT]


def test_npm_parsers_read_what_was_meant(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        pytest.skip("ical.js and node-ical are not installed: npm install --no-package-lock in tests/parsers")
    paths = [tmp_path / f"{number}.ics" for number, _ in enumerate(FILES)]
    for path, content in zip(paths, FILES, strict=True):
        path.write_bytes(content)
    told = subprocess.run([node, str(HERE / "read.js"), *map(str, paths)], capture_output=True, text=True, check=True)
    for parser, files in json.loads(told.stdout).items():
        for events, each in zip(files, MEANT, strict=True):
            assert sorted((read(event) for event in events), key=uid) == [
                {name: fact for name, fact in meant(told).items() if name in events[0]} for told in each
            ], parser


def read(event: Event) -> Event:
    return event | {side: datetime.fromisoformat(event[side]) for side in ("start", "end")}


def uid(event: Event) -> str:
    return str(event["uid"])


@pytest.mark.parametrize("content", FILES)
def test_lines_end_and_fold_as_rfc_5545_says(content: bytes) -> None:
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    content.decode()
    assert all(line.decode() is not None for line in lines), "no letter is cut in two"
