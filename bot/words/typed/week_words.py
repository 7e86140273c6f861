"""The words of a typed week, in both languages: days, times, separators and ranges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto

LONGEST_WORD = 40
NOON, MIDNIGHT = 12 * 60, 24 * 60


class Reason(StrEnum):
    UNKNOWN_WORD = "unknown_word"
    BAD_TIME = "bad_time"
    EMPTY_WINDOW = "empty_window"
    HOURS_WITHOUT_DAY = "hours_without_day"
    DAY_WITHOUT_HOURS = "day_without_hours"
    TOO_LONG = "too_long"
    EMPTY = "empty"


class NotUnderstood(Exception):
    """The text can't be read: `word`, at `position` of the typed text, is the first word that does not fit."""

    def __init__(self, word: str, position: int, reason: Reason) -> None:
        super().__init__(f"{reason}: {word[:LONGEST_WORD]!r} at {position}")
        self.word, self.position, self.reason = word[:LONGEST_WORD], position, reason


class Kind(Enum):
    DAYS = auto()
    TIME = auto()
    HALF = auto()
    RANGE = auto()
    SEPARATOR = auto()
    BREAK = auto()
    CLOSED = auto()
    NOISE = auto()
    END = auto()


class Half(Enum):
    AM = auto()
    PM = auto()
    UNSAID = auto()
    NAMED = auto()  # noon and midnight need none


@dataclass(frozen=True, slots=True)
class Word:
    kind: Kind
    text: str = ""
    position: int = 0
    days: tuple[int, ...] = ()
    minutes: int = 0
    half: Half = Half.UNSAID

    def refused(self, reason: Reason) -> NotUnderstood:
        return NotUnderstood(self.text, self.position, reason)


class Words:
    """The known words of a text, read one after another."""

    def __init__(self, text: str) -> None:
        self._words = [*_with_halves(text), Word(Kind.END, position=len(text))]
        self._next = 0

    def look(self) -> Word:
        return self._words[self._next]

    def take(self) -> Word:
        word = self.look()
        self._next += word.kind is not Kind.END
        return word

    def sees(self, *kinds: Kind) -> bool:
        ahead = self._words[self._next : self._next + len(kinds)]
        return [word.kind for word in ahead] == list(kinds)

    def skip(self, *kinds: Kind) -> set[Kind]:
        skipped = set()
        while self.look().kind in kinds:
            skipped.add(self.take().kind)
        return skipped


def _with_halves(text: str) -> Iterator[Word]:
    """Yield the words; a time gets the am or pm that follows it."""
    time: Word | None = None
    for word in _read(text):
        if word.kind is Kind.HALF:
            if not time:
                raise word.refused(Reason.UNKNOWN_WORD)
            time = replace(time, half=word.half)
        elif word.kind is not Kind.NOISE:
            if time:
                yield time
            time = word if word.kind is Kind.TIME else None
            if not time:
                yield word
    if time:
        yield time


# No repetition has optional parts, so that the expression never reads a part of the text twice.
_TOKEN = re.compile(
    r"(?P<time>[0-9]+(?:[:.][0-9]{2}(?![0-9]))?)"
    r"|(?P<daily>\b(?:every|each|кожен|кожний|кожного)[ ](?:day|день|дня)\b)"
    r"|[ap]\.m\b"
    r"|[^\W\d_]+(?:['’ʼ`‘][^\W\d_]+)*"
    r"|(?P<gap>[^\S\n]+)"
    r"|.|\n",
    re.IGNORECASE,
)
_APOSTROPHES = str.maketrans("", "", "'’ʼ`‘")


def _read(text: str) -> Iterator[Word]:
    for match in _TOKEN.finditer(text):
        if match["gap"]:
            continue
        key = "daily" if match["daily"] else match[0].lower().translate(_APOSTROPHES)
        meaning = _time(match[0], match.start()) if match["time"] else _MEANINGS.get(key)
        if meaning is None:
            raise NotUnderstood(match[0], match.start(), Reason.UNKNOWN_WORD)
        yield replace(meaning, text=match[0], position=match.start())


def _time(text: str, position: int) -> Word:
    """Read 9, 9:30, 9.30, 0930 or 24."""
    hours, _, minutes = text.replace(".", ":").partition(":")
    if not minutes and len(hours) == 4:
        hours, minutes = hours[:2], hours[2:]
    total = int(hours) * 60 + int(minutes or 0) if len(hours) <= 2 else MIDNIGHT + 1
    if total > MIDNIGHT or int(minutes or 0) > 59:
        raise NotUnderstood(text, position, Reason.BAD_TIME)
    return Word(Kind.TIME, minutes=total)


_VOCABULARY = (
    (Word(Kind.DAYS, days=(0,)), "mon monday mondays mo пн пон понеділ+ок,ка,ку,ком,ки,кам,ках,ків"),
    (Word(Kind.DAYS, days=(1,)), "tue tues tuesday tuesdays tu вт вів вівтор+ок,ка,ку,ком,ки,кам,ках,ків"),
    (Word(Kind.DAYS, days=(2,)), "wed weds wednesday wednesdays we ср сер серед+а,и,і,у,ою,ам,ах"),
    (Word(Kind.DAYS, days=(3,)), "thu thur thurs thursday thursdays th чт чет четвер+,га,гу,гом,ги,гам,гах,гів"),
    (Word(Kind.DAYS, days=(4,)), "fri friday fridays fr пт пят пятниц+я,і,ю,ею,ям,ях,ь"),
    (Word(Kind.DAYS, days=(5,)), "sat saturday saturdays sa сб суб субот+а,и,і,у,ою,ам,ах"),
    (Word(Kind.DAYS, days=(6,)), "sun sunday sundays su нд нед неділ+я,і,ю,ею,ям,ях,ь"),
    (Word(Kind.DAYS, days=(0, 1, 2, 3, 4)), "weekday weekdays workday workdays буд+ні,нях,ням,ень,ня робочі"),
    (Word(Kind.DAYS, days=(5, 6)), "weekend weekends вихідн+і,их,им"),
    (Word(Kind.DAYS, days=tuple(range(7))), "daily everyday щодня щоденно щодень"),
    (Word(Kind.TIME, minutes=NOON, half=Half.NAMED), "noon опівдні полудня"),
    (Word(Kind.TIME, minutes=MIDNIGHT, half=Half.NAMED), "midnight опівночі півночі"),
    (Word(Kind.HALF, half=Half.AM), "am a.m ранку ночі"),
    (Word(Kind.HALF, half=Half.PM), "pm p.m дня вечора"),
    (Word(Kind.RANGE), "- – — ‑ − ‒ to till til until through до по"),
    (Word(Kind.SEPARATOR), ", & + / and та і й"),
    (Word(Kind.BREAK), "; \\n"),
    (Word(Kind.CLOSED), "closed off вихідний зачинено закрито"),
    (Word(Kind.NOISE), ". : ( ) from on at in every each з із зі від о об в у кожен кожний кожного кожної щотижня"),
    (Word(Kind.NOISE), "day days день дні днів h hr hrs hour hours oclock год година години годину годин"),
)


def _spelled(entry: str) -> Iterator[str]:
    """Spell out an entry: the stem before the plus takes each ending; Ukrainian weekdays also the "every" of що-."""
    stem, plus, endings = entry.partition("+")
    for ending in endings.split(","):
        yield stem + ending
        if plus:
            yield "що" + stem + ending


_MEANINGS = {
    spelled.replace("\\n", "\n"): meaning
    for meaning, entries in _VOCABULARY
    for entry in entries.split()
    for spelled in (_spelled(entry) if len(entry) > 1 else [entry])
}
