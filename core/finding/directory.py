"""
Finding a tutor: by subject, by free text, by when they are free.

Subjects are what tutors have typed. Spellings that differ only in case, spaces, accents or apostrophes are one subject,
shown in its most frequent spelling.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b

from core.enums import DayPart
from core.errors import NotFound
from core.people import tutors
from core.people.tutors import TutorCard
from core.pure import day_parts
from core.pure.planning.values import Span
from core.times import offers
from core.work import Work
from db.base import AnyRow

LONGEST_SEARCH = 60
LONGEST_ENDING = 2
MOST_NAMESAKES = 100  # planning more is wasted work: the student types another letter instead
SHORTEST_STEM = 3
APOSTROPHES = frozenset("'’ʼ`‘´\"")
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject. `key` identifies it in a button, in all its spellings; `tutors` is the number of listed tutors."""

    key: int
    name: str
    tutors: int


@dataclass(frozen=True, slots=True)
class FreeTutor:
    """
    A tutor with the next free time, or with the first times within the period asked for. `times` is empty if there are
    none.
    """

    card: TutorCard
    times: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The tutors of a subject, at most `limit` of them."""

    subject: Subject
    tutors: tuple[FreeTutor, ...]


@dataclass(frozen=True, slots=True)
class Found:
    subjects: tuple[Subject, ...]
    tutors: tuple[FreeTutor, ...]


async def subjects(work: Work, *, viewer_id: int, limit: int, offset: int = 0) -> list[Subject]:
    """Return the subjects of the listed tutors, the most frequent first."""
    shelves = _shelves(await tutors.listed_rows(work, viewer_id=viewer_id))
    return _ordered(shelves)[offset : offset + limit]


async def of_subject(work: Work, *, subject: int, viewer_id: int, limit: int, offset: int = 0) -> Shelf:
    """Return the tutors of a subject, soonest free first, then by name; raises NotFound if there are none."""
    about, rows = await _shelf(work, subject, viewer_id)
    return Shelf(about, tuple(await _with_next(work, rows))[offset : offset + limit])


async def free(
    work: Work, *, subject: int, viewer_id: int, on: date, part: DayPart, timezone: str, limit: int, offset: int = 0
) -> Shelf:
    """
    Return the tutors of a subject who are free in that part of the reader's date, with all their times then.

    - soonest free first, then by name
    - raises NotFound if there are no tutors of the subject
    """
    about, rows = await _shelf(work, subject, viewer_id)
    since, until = day_parts.bounds(part, on, timezone=timezone)
    times = await offers.free_between(work, rows, since=since, until=until)
    found = _by_time([FreeTutor(tutors.card_of(row), tuple(times[row.id])) for row in rows if row.id in times])
    return Shelf(about, tuple(found[offset : offset + limit]))


async def find(work: Work, *, words: str, viewer_id: int, limit: int) -> Found:
    """
    Return the subjects and tutors whose names contain all these words, or words beginning with them.

    If nothing is found, word endings are dropped: "математику" finds "Математика".
    """
    rows = await tutors.listed_rows(work, viewer_id=viewer_id)
    shelves = _ordered(_shelves(rows))
    wanted = folded(words[:LONGEST_SEARCH]).split()
    for typed in (wanted, [_stem(word) for word in wanted]):
        taught = [one for one in shelves if _holds(one.name, typed)]
        named = [row for row in rows if _holds(_name(row), typed)]
        if taught or named:
            named = sorted(named, key=lambda row: folded(_name(row)))[:MOST_NAMESAKES]
            return Found(tuple(taught[:limit]), tuple(await _with_next(work, named))[:limit])
    return Found((), ())


async def met(work: Work, *, student_id: int, limit: int, offset: int = 0) -> list[FreeTutor]:
    """Return the tutors this student has met, the latest first, with their next free times."""
    rows = await tutors.met_rows(work, student_id, limit=limit, offset=offset)
    times = await offers.next_free_times(work, rows)
    return [_free_next(row, times) for row in rows]


def folded(text: str) -> str:
    """Return the text without differences in case, spaces, accents and apostrophes."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in letters if not unicodedata.combining(letter) and letter not in APOSTROPHES)
    return " ".join("".join(kept).split())


@lru_cache(maxsize=1 << 14)
def key_of(subject: str) -> int:
    return int.from_bytes(blake2b(folded(subject).encode(), digest_size=6).digest(), "big")


def _shelves(rows: Iterable[AnyRow]) -> dict[int, Counter[str]]:
    """Count the spellings of each subject; a tutor who typed it twice counts once."""
    shelves: dict[int, Counter[str]] = {}
    for row in rows:
        for key, name in {key_of(name): name for name in row.subjects}.items():
            shelves.setdefault(key, Counter())[name] += 1
    return shelves


def _subject(key: int, spellings: Counter[str]) -> Subject:
    name = min(spellings, key=lambda name: (-spellings[name], name))
    return Subject(key, name, spellings.total())


def _ordered(shelves: dict[int, Counter[str]]) -> list[Subject]:
    named = [_subject(key, spellings) for key, spellings in shelves.items()]
    return sorted(named, key=lambda subject: (-subject.tutors, folded(subject.name)))


async def _shelf(work: Work, subject: int, viewer_id: int) -> tuple[Subject, Sequence[AnyRow]]:
    listed = await tutors.listed_rows(work, viewer_id=viewer_id)
    rows = [row for row in listed if any(key_of(name) == subject for name in row.subjects)]
    if not rows:
        raise NotFound
    return _subject(subject, _shelves(rows)[subject]), rows


async def _with_next(work: Work, rows: Sequence[AnyRow]) -> list[FreeTutor]:
    times = await offers.next_free_times(work, rows)
    return _by_time([_free_next(row, times) for row in rows])


def _free_next(row: AnyRow, times: dict[int, Span]) -> FreeTutor:
    return FreeTutor(tutors.card_of(row), (times[row.id],) if row.id in times else ())


def _by_time(found: Iterable[FreeTutor]) -> list[FreeTutor]:
    def key(one: FreeTutor) -> tuple[datetime, str, int]:
        return one.times[0].starts_at if one.times else NEVER, folded(one.card.name), one.card.id

    return sorted(found, key=key)


def _name(row: AnyRow) -> str:
    return tutors.card_of(row).name


def _holds(name: str, words: Sequence[str]) -> bool:
    return bool(words) and all(word in folded(name) for word in words)


def _stem(word: str) -> str:
    return word[: max(SHORTEST_STEM, len(word) - LONGEST_ENDING)]
