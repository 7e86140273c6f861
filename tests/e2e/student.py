"""
A student in a process of their own, who asks for one time of a day after the other.

    python -m tests.e2e.student <database> <tutor> <student> <now> <a time> ...

Says "ready", waits for a line, and tells of each time how it went and what is free then.
"""

import asyncio
import json
import sys
from datetime import datetime

from bot.words import refusals
from bot.words.voice import Voice
from core.errors import TimeTaken
from core.lessons import bookings
from core.startup import Core, open_core
from core.times import offers
from db.settings import DatabaseSettings

KYIV = "Europe/Kyiv"


async def main(database: str, tutor_id: int, student_id: int, now: datetime, starts: list[datetime]) -> None:
    core = open_core(DatabaseSettings(url=database), clock=lambda: now)
    async with core.read():
        print("ready", flush=True)  # connected
    sys.stdin.readline()
    told = [await _ask(core, tutor_id, student_id, at) for at in starts]
    await core.close()
    print(json.dumps(told))


async def _ask(core: Core, tutor_id: int, student_id: int, starts_at: datetime) -> dict[str, object]:
    asked = {"tutor_id": tutor_id, "student_id": student_id, "starts_at": starts_at}
    try:
        async with core.begin() as work:
            await bookings.request(work, **asked)
    except TimeTaken as refusal:
        async with core.read() as work:
            offer = await offers.day(work, tutor_id=tutor_id, on=starts_at.date(), timezone=KYIV, reader_id=student_id)
        free = [time.starts_at.isoformat() for time in offer.times]
        return {"why": refusals.words(Voice("en", KYIV), refusal), "free": free}
    return {"why": None, "free": []}


if __name__ == "__main__":
    url, tutor, student, at, *times = sys.argv[1:]
    now, *starts = map(datetime.fromisoformat, (at, *times))
    asyncio.run(main(url, int(tutor), int(student), now, starts))
