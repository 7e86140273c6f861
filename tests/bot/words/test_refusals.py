"""Every refusal of the core has words of its own, short enough for a toast, in both languages."""

import dataclasses
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, get_type_hints

import pytest

from bot.words import refusals
from bot.words.voice import LANGUAGES, Voice
from core import errors
from core.errors import CoreError

LONGEST_TOAST = 200
AT = datetime(2026, 9, 30, 20, 59, tzinfo=UTC)
FACTS: dict[type, list[Any]] = {
    datetime: [AT],
    timedelta: [timedelta(minutes=30), timedelta(hours=2), timedelta(days=30, hours=23, minutes=59)],
    int: [1, 2, 5, 21, 365],
    str: ["America/Argentina/ComodRivadavia"],
}


def leaves(kind: type[CoreError]) -> Iterator[type[CoreError]]:
    below = [each for each in kind.__subclasses__() if each.__module__ == errors.__name__]
    if not below:
        yield kind
    for each in below:
        yield from leaves(each)


def refused(kind: type[CoreError]) -> list[CoreError]:
    """The error with each fact that it may carry."""
    facts = get_type_hints(kind).values() if dataclasses.is_dataclass(kind) else ()
    return [kind(*values) for values in itertools.product(*map(some, facts))]


def some(fact: type) -> list[Any]:
    return list(fact) if issubclass(fact, Enum) else FACTS[fact]


EVERY_KIND = pytest.mark.parametrize("kind", list(leaves(CoreError)), ids=lambda kind: kind.__name__)


@EVERY_KIND
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words_that_fit_a_toast(kind: type[CoreError], language: str) -> None:
    for refusal in refused(kind):
        said = refusals.words(Voice(language, "America/Argentina/ComodRivadavia"), refusal)
        assert 0 < len(said) <= LONGEST_TOAST
        assert kind.__name__ not in said
        assert "{" not in said
        assert "<" not in said


@EVERY_KIND
def test_both_languages_have_words_of_their_own(kind: type[CoreError]) -> None:
    for refusal in refused(kind):
        english, ukrainian = (refusals.words(Voice(language, "Europe/Kyiv"), refusal) for language in ("en", "uk"))
        assert english != ukrainian


def test_each_kind_is_told_apart() -> None:
    said = {kind: refusals.words(Voice("en", "UTC"), refused(kind)[0]) for kind in leaves(CoreError)}
    same = {(errors.DayFull, errors.WeekFull)}
    for one in said:
        for other in said:
            assert one is other or said[one] != said[other] or {one, other} in map(set, same)


@pytest.mark.parametrize("say", [refusals.stale, refusals.our_fault])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_nobodys_refusal_fits_a_toast_too(say: Any, language: str) -> None:
    assert 0 < len(say(Voice(language, "UTC"))) <= LONGEST_TOAST


def test_an_error_without_words_is_noticed() -> None:
    class NobodyThoughtOfThis(errors.BookingRefused):
        pass

    with pytest.raises(AssertionError, match="NobodyThoughtOfThis has no words"):
        refusals.words(Voice("en", "UTC"), NobodyThoughtOfThis())
