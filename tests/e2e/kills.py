"""
The whole path of a tutor and two students, while the bot is killed with -9 at moments drawn by a seed.

A kill falls before somebody does something, shortly after, or right after the answer was seen. At each kill and at the
end, what people were told is looked up in the database; afterwards the bot is started again and the path goes on: what
was said to a dead bot, and the notices and reminders that it owes, have to come.
"""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

import aiohttp

from tests.e2e.chats import Chats, Person, Seen, open_chats
from tests.e2e.ledger import AGREED, ASKED, GONE, Ledger
from tests.e2e.processes import Tutorbot, free_port, kill

KYIV: Final = ZoneInfo("Europe/Kyiv")
LESSON_HOUR: Final = 12  # of those that are reminded of
MONDAY: Final = datetime(2026, 11, 2, 8, tzinfo=UTC)
LEASE_IS_OVER: Final = timedelta(seconds=125)
# As if Telegram were far away: what lies between a commit and its answer lasts long enough to be hit
LAG: Final = 0.04
SLOW: Final = [{"kind": "latency", "method": f"{verb}*", "seconds": LAG} for verb in ("send", "edit", "answer")]
SOON: Final = 2 * LAG
REMINDED_BEFORE: Final = (timedelta(hours=24), timedelta(hours=1), timedelta(minutes=15))
NOTICES: Final = ("📥 New request", "✅ Your lesson", "❌ Your request", "❌ Your student", "⏰")
# What was done before the kill and comes again after it, since nobody had acknowledged it, is answered by where one is
HOME: Final = "time zone: Kyiv"


class Moment(Enum):
    BEFORE = "before somebody does something"
    SHORTLY_AFTER = "shortly after it"
    ANSWERED = "right after the answer"


@dataclass(frozen=True)
class Move:
    """What somebody does, and the words one of which they then see."""

    who: Person
    does: str
    words: str
    sees: tuple[str, ...]

    async def make(self) -> None:
        await (self.who.taps(self.words) if self.does == "taps" else self.who.says(self.words))


@dataclass
class Report:
    kills: dict[Moment, int] = field(default_factory=lambda: defaultdict(int))
    answers: int = 0
    notices: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: int = 0
    doubled_without_a_kill: list[str] = field(default_factory=list)


class Desk:
    """The processes: `apart` the sandbox outlives the bot, else both are one and die together."""

    def __init__(self, tutorbot: Tutorbot, *, apart: bool) -> None:
        self.tutorbot = tutorbot
        self.apart = apart
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        if self.apart:
            await self.tutorbot.is_up("sandbox", TUTORBOT_SANDBOX_PORT=str(self.port))
        await self.revive()

    async def revive(self) -> None:
        if self.apart:
            self._bot, _ = await self.tutorbot.is_up("run", TUTORBOT_API_URL=self.address)
        else:
            self._bot, _ = await self.tutorbot.is_up("start", TUTORBOT_SANDBOX_PORT=str(self.port))

    async def kill(self) -> None:
        await kill(self._bot)


class Trial:
    """Makes moves and kills; `chance` decides on everything that is not a rule."""

    def __init__(self, desk: Desk, chats: Chats, *, kills: int, share: float, chance: random.Random) -> None:
        self.desk = desk
        self.chats = chats
        self.kills_left = kills
        self.share = share
        self.chance = chance
        self.ledger = Ledger()
        self.report = Report()

    async def connect(self) -> None:
        """To a sandbox that has just been started."""
        await self.chats.connect()
        await self.chats.post("/sandbox/faults", {"rules": SLOW})

    async def step(self, who: Person, does: str, words: str, *sees: str) -> Seen:
        [seen] = await self.together(Move(who, does, words, sees))
        return seen

    async def together(self, *moves: Move) -> list[Seen]:
        """Let people do something at the same time; return what each saw."""
        marks = [len(move.who.seen) for move in moves]
        below = [max(move.who.messages, default=0) for move in moves]
        moment = self._draw()
        if moment is Moment.BEFORE:
            await self._kill(moment)
        moving = asyncio.gather(*(move.make() for move in moves), return_exceptions=True)
        if moment is Moment.SHORTLY_AFTER:
            await asyncio.sleep(self.chance.uniform(0, SOON))
            await self._kill(moment)
        made = await moving
        if moment in (Moment.BEFORE, Moment.SHORTLY_AFTER):
            await self._revive()
        for move, result, last in zip(moves, made, below, strict=True):
            await self._make_again(move, result, last)
        seen = [await self._answer(move, mark) for move, mark in zip(moves, marks, strict=True)]
        if moment is Moment.ANSWERED:
            await self._kill(moment)
            await self._revive()
        return seen

    async def hears(self, who: Person, words: str, *, since: int) -> None:
        """Wait for a notice: it comes by itself."""
        await self.chats.until(lambda: who.saw(words, since=since), f"{who.name}: {words}")

    async def clock_comes_to(self, instant: datetime) -> None:
        moment = self._draw()
        if moment is Moment.BEFORE:
            await self._kill(moment)
        moving = asyncio.gather(self.chats.set_clock(instant), return_exceptions=True)
        if moment in (Moment.SHORTLY_AFTER, Moment.ANSWERED):
            await asyncio.sleep(self.chance.uniform(0, SOON))
            await self._kill(moment)
        await moving
        if moment:
            await self._revive()
        if self.chats.now < instant:
            await self.chats.set_clock(instant)

    async def audit(self) -> None:
        missing = await self.ledger.missing(self.desk.tutorbot.database)
        self.report.lost += [each for each in missing if each not in self.report.lost]

    def count_notices(self) -> None:
        """The same notice once more is excused only by a kill between the two."""
        for person in self.chats.people.values():
            heard: defaultdict[str, list[int]] = defaultdict(list)
            for seen in person.seen:
                if seen.is_new and seen.text.startswith(NOTICES):
                    heard[_notice(seen)].append(seen.life)
            self.report.notices += len(heard)
            for notice, lives in heard.items():
                self.report.doubled += len(lives) - 1
                if len(set(lives)) < len(lives):
                    self.report.doubled_without_a_kill.append(f"{person.name}: {notice}")

    def _draw(self) -> Moment | None:
        if not self.kills_left or self.chance.random() > self.share:
            return None
        self.kills_left -= 1
        # Nobody can do anything while the sandbox is dead
        return self.chance.choice([each for each in Moment if self.desk.apart or each is not Moment.BEFORE])

    async def _kill(self, moment: Moment) -> None:
        await self.desk.kill()
        await asyncio.sleep(SOON)  # its last words are still on their way
        self.chats.life += 1
        self.report.kills[moment] += 1
        await self.audit()

    async def _revive(self) -> None:
        """What the dead bot had claimed for delivery is free once its lease is over."""
        await self.desk.revive()
        if not self.desk.apart:
            await self.connect()
        await self.chats.advance(LEASE_IS_OVER)

    async def _make_again(self, move: Move, result: BaseException | None, last: int) -> None:
        """Who could not reach the dead sandbox tries again, unless it has got through."""
        if result is None:
            return
        if not isinstance(result, aiohttp.ClientError):
            raise result
        if move.does == "taps" or not move.who.has_said(move.words, after=last):
            await move.make()

    async def _answer(self, move: Move, mark: int) -> Seen:
        what = f"{move.who.name} {move.does} {move.words!r}: {move.sees}"
        seen = await self.chats.until(lambda: move.who.saw(*move.sees, since=mark), what)
        self.report.answers += 1
        return seen


def _notice(seen: Seen) -> str:
    """Two copies of one notice are equal; a reminder that comes late counts its minutes anew."""
    if not seen.text.startswith("⏰"):
        return seen.text
    at = datetime.fromtimestamp(seen.message["date"], KYIV)
    lesson_at = at.replace(hour=LESSON_HOUR, minute=0, second=0)
    lesson_at += timedelta(days=lesson_at <= at)
    return f"⏰ {lesson_at:%d %B} {min(REMINDED_BEFORE, key=lambda before: abs(lesson_at - at - before))}"


class Path:
    """What a tutor and two students do, from the first word to the reminders."""

    def __init__(self, trial: Trial, olena: Person, ira: Person, max_: Person) -> None:
        self.trial = trial
        self.ledger = trial.ledger
        self.olena, self.ira, self.max = olena, ira, max_
        self.hour = 17

    async def come_in(self) -> None:
        step = self.trial.step
        await step(self.olena, "says", "/start", "What brings you here?")
        await step(self.olena, "taps", "I teach", "Where are you?")
        await step(self.olena, "taps", "Kyiv", "No hours yet", HOME)
        self.ledger.zones[self.olena.id] = "Europe/Kyiv"
        await self._types_the_week()
        link = await step(self.olena, "taps", "My link", "https://t.me/")
        code = link.text.partition("?start=")[2].split()[0]
        for student in (self.ira, self.max):
            await step(student, "says", f"/start {code}", "invites you")
            await step(student, "taps", "Kyiv", "A lesson is", HOME)
            self.ledger.zones[student.id] = "Europe/Kyiv"

    async def live_two_days(self) -> None:
        """All that can happen to a lesson, then the reminders of the one that stands."""
        noon = self.trial.chats.now.astimezone(KYIV).replace(hour=LESSON_HOUR, minute=0, second=0, microsecond=0)
        noon += timedelta(days=2)
        first, second = await self._both_want(noon)
        await self._agree(first, noon)
        await self._decline(second, noon + timedelta(hours=1))
        await self._cancel(second, noon + timedelta(hours=2))
        await self._speak_otherwise()
        self.hour = 35 - self.hour
        await self._types_the_week()
        await self._remind(first, noon)

    async def _types_the_week(self) -> None:
        await self.trial.step(self.olena, "says", "/availability", "Weekly hours")
        typed = f"Mon-Sun 9-{self.hour}"
        self.ledger.weeks.pop(self.olena.id, None)
        await self.trial.step(self.olena, "says", typed, "Saved")
        self.ledger.weeks[self.olena.id] = self.hour

    async def _both_want(self, starts_at: datetime) -> tuple[Person, Person]:
        """Two students pick the same time at once: it is kept for one, the other is sent back to the free times."""
        since = len(self.olena.seen)
        students = (self.ira, self.max)
        for student in students:
            await self._find_day(student, starts_at)
        sees = ("Ask for this lesson?", "Tap a time")
        seen = await self.trial.together(*(Move(each, "taps", f"{starts_at:%H:%M}", sees) for each in students))
        kept = ["Ask for this lesson?" in each.text for each in seen]
        if kept.count(True) != 1:
            self.trial.report.lost.append(f"{kept.count(True)} of two were told that {starts_at} is theirs")
        first, second = (self.ira, self.max) if kept[0] else (self.max, self.ira)
        await self.trial.step(first, "taps", "Ask for it", "Asked")
        self.ledger.lessons[first.id, starts_at] = ASKED
        await self.trial.hears(self.olena, "New request", since=since)
        return first, second

    async def _find(self, student: Person, starts_at: datetime) -> None:
        await self._find_day(student, starts_at)
        await self.trial.step(student, "taps", f"{starts_at:%H:%M}", "Ask for this lesson?")

    async def _find_day(self, student: Person, starts_at: datetime) -> None:
        step = self.trial.step
        month = await step(student, "says", "/book", "Tap a day", "No free times in this month")
        if starts_at.month != self.trial.chats.now.astimezone(KYIV).month and f"{starts_at:%B}" not in _title(month):
            await step(student, "taps", "›", "Tap a day")
        await step(student, "taps", str(starts_at.day), "Tap a time")

    async def _ask(self, student: Person, starts_at: datetime) -> None:
        since = len(self.olena.seen)
        await self._find(student, starts_at)
        await self.trial.step(student, "taps", "Ask for it", "Asked")
        self.ledger.lessons[student.id, starts_at] = ASKED
        await self.trial.hears(self.olena, "New request", since=since)

    async def _agree(self, student: Person, starts_at: datetime) -> None:
        since = len(student.seen)
        await self.trial.step(self.olena, "taps", "✅ Confirm", "✅ Confirmed")
        self.ledger.lessons[student.id, starts_at] = AGREED
        await self.trial.hears(student, "is confirmed", since=since)

    async def _decline(self, student: Person, starts_at: datetime) -> None:
        """The words that come after a restart answer the question that was asked before it."""
        await self._ask(student, starts_at)
        since = len(student.seen)
        await self.trial.step(self.olena, "taps", "❌ Decline", "Why not?")
        reason = f"Ill on day {starts_at:%d}"
        await self.trial.step(self.olena, "says", reason, "You declined it", HOME)
        self.ledger.lessons[student.id, starts_at] = GONE
        self.ledger.reasons[student.id, starts_at] = reason
        await self.trial.hears(student, reason, since=since)

    async def _cancel(self, student: Person, starts_at: datetime) -> None:
        await self._ask(student, starts_at)
        await self._agree(student, starts_at)
        since = len(self.olena.seen)
        await self.trial.step(student, "taps", "The lesson", "✅ Confirmed")
        await self.trial.step(student, "taps", "Cancel the lesson", "Cancel this lesson?")
        await self.trial.step(student, "taps", "Yes, cancel", "You cancelled it")
        self.ledger.lessons[student.id, starts_at] = GONE
        await self.trial.hears(self.olena, "cancelled the lesson", since=since)

    async def _speak_otherwise(self) -> None:
        for settings, languages, button, language, words in (
            ("Settings", "🌐 Language", "Українська", "uk", "Мова:"),
            ("Налаштування", "🌐 Мова", "English", "en", "Language:"),
        ):
            await self.trial.step(self.olena, "says", "/settings", settings)
            await self.trial.step(self.olena, "taps", "🙋", "🙋")
            await self.trial.step(self.olena, "taps", languages, "🌐")
            self.ledger.languages.pop(self.olena.id, None)
            await self.trial.step(self.olena, "taps", button, words)
            self.ledger.languages[self.olena.id] = language

    async def _remind(self, student: Person, starts_at: datetime) -> None:
        for before in REMINDED_BEFORE:
            marks = {person.id: len(person.seen) for person in (self.olena, student)}
            await self.trial.clock_comes_to(starts_at - before)
            for person in (self.olena, student):
                await self.trial.hears(person, "⏰", since=marks[person.id])
        await self.trial.clock_comes_to(starts_at + timedelta(hours=3))


def _title(month: Seen) -> str:
    keyboard = month.message["reply_markup"]["inline_keyboard"]
    return " ".join(button["text"] for row in keyboard[:2] for button in row)


async def killed_on_the_way(tutorbot: Tutorbot, *, apart: bool, kills: int, seed: int, share: float = 0.3) -> Report:
    """Walk the path until so many kills have fallen, and to its end."""
    desk = Desk(tutorbot, apart=apart)
    await desk.open()
    async with open_chats(desk.address) as chats:
        trial = Trial(desk, chats, kills=kills, share=share, chance=random.Random(seed))
        await trial.connect()
        await chats.set_clock(MONDAY)
        olena = chats.named("Olena")
        await chats.speaks(olena, "en")
        path = Path(trial, olena, chats.named("Ira"), await chats.add_person("Max", language="en"))
        await path.come_in()
        await path.live_two_days()
        while trial.kills_left:
            await path.live_two_days()
        await trial.audit()
        trial.count_notices()
        return trial.report
