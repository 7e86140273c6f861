"""People and lessons for tests, made with the core's own use cases."""

from collections.abc import Sequence
from datetime import time
from itertools import count

from core.enums import Language
from core.hours import availability
from core.hours.availability import WeeklyWindow
from core.lessons import bookings
from core.lessons.lessons import LessonCard
from core.people import people, tutors
from core.people.people import Actor, Profile
from core.startup import Core

TELEGRAM_IDS = count(1001)
EVERY_DAY_9_TO_17 = tuple(WeeklyWindow(weekday, time(9), time(17)) for weekday in range(7))


async def person(core: Core, name: str = "Іра", *, timezone: str = "Europe/Kyiv", language: str = "uk") -> Actor:
    profile = Profile(next(TELEGRAM_IDS), name, None, None)
    async with core.begin() as work:
        actor = await people.arrive(work, profile, language=Language(language))
        await people.choose_timezone(work, person_id=actor.id, timezone=timezone)
        known = await people.find(work, profile.telegram_id)
    assert known
    return known


async def tutor(
    core: Core,
    name: str = "Олена",
    *,
    timezone: str = "Europe/Kyiv",
    windows: Sequence[WeeklyWindow] = EVERY_DAY_9_TO_17,
) -> Actor:
    actor = await person(core, name, timezone=timezone)
    async with core.begin() as work:
        await tutors.become(work, person_id=actor.id)
        await availability.set_week(work, tutor_id=actor.id, windows=windows)
    return actor


async def request(core: Core, tutor: Actor, student: Actor, starts_at) -> LessonCard:
    async with core.begin() as work:
        return await bookings.request(work, tutor_id=tutor.id, student_id=student.id, starts_at=starts_at)


async def confirm(core: Core, lesson: LessonCard) -> LessonCard:
    async with core.begin() as work:
        return await bookings.confirm(work, booking_id=lesson.id, tutor_id=lesson.tutor_id)
