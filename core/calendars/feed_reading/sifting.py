"""
Select the lines of a calendar that tell busy times.

Only these reach a parser, so broken pictures, alarms or addresses do no harm.
"""

import re
from dataclasses import dataclass, field

from core.errors import NotACalendar

BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
DEEPEST = 50
LONGEST_LINE = 100_000  # of one property; a list of excluded dates can be long
LONGEST_NAME = 120

FOLD = re.compile(r"\r?\n[ \t]")
LINE_END = re.compile(r"\r\n|\n|\r")

TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
KEPT = TIMES | {"UID", "SEQUENCE", "STATUS", "TRANSP", "SUMMARY", "X-MICROSOFT-CDO-BUSYSTATUS"}
OF_CALENDAR = frozenset({"METHOD", "X-WR-CALNAME", "X-WR-TIMEZONE"})

Lines = dict[str, list[str]]


@dataclass(slots=True)
class Sifted:
    """
    `facts` are properties of the calendar. An event is its unfolded lines by name, without those of nested components.
    """

    facts: dict[str, str] = field(default_factory=dict)
    events: list[Lines] = field(default_factory=list)
    zones: list[list[str]] = field(default_factory=list)

    @property
    def name(self) -> str | None:
        """The calendar's name, on one line."""
        told = re.sub(r"\\([,;\\])", r"\1", self.facts.get("X-WR-CALNAME", ""))
        return " ".join(printable(told).split())[:LONGEST_NAME] or None


def sift(content: bytes) -> Sifted:
    """Return the relevant lines; raises NotACalendar."""
    found, open_ = Sifted(), list[str]()
    for line in LINE_END.split(FOLD.sub("", decoded(content))):
        name = name_of(line)
        if name == "BEGIN":
            _begin(found, open_, value_of(line).upper())
        elif name == "END":
            _end(found, open_, value_of(line).upper())
        elif open_:
            _keep(found, open_, name, line[:LONGEST_LINE])
    if not found.facts:
        raise NotACalendar
    return found


def decoded(content: bytes) -> str:
    """Decode UTF-8, UTF-16 with a byte order mark, or else Windows-1251."""
    for mark, encoding in BOMS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1251", "replace")


def printable(text: str) -> str:
    """Remove characters that a database or a chat can't store."""
    return "".join(letter for letter in text if letter.isprintable() or letter.isspace())


def name_of(line: str) -> str:
    return line.partition(":")[0].partition(";")[0].strip().upper()


def value_of(line: str) -> str:
    """Return the value of a line. Correct for times and names only: free text may contain colons."""
    return line.rpartition(":")[2].strip()


def _begin(found: Sifted, open_: list[str], kind: str) -> None:
    if kind in ("VEVENT", "VTIMEZONE", "VCALENDAR"):
        _close_unclosed(open_, kind)
    open_.append(kind)
    if len(open_) > DEEPEST:
        raise NotACalendar
    if kind == "VCALENDAR":
        found.facts.setdefault("BEGIN", kind)
    elif kind == "VEVENT":
        found.events.append({})
    elif kind == "VTIMEZONE":
        found.zones.append([])
    if "VTIMEZONE" in open_:
        found.zones[-1].append(f"BEGIN:{kind}")


def _close_unclosed(open_: list[str], kind: str) -> None:
    """Components of this kind can't nest: if one begins inside another, close the first."""
    if kind in open_:
        del open_[open_.index(kind) :]


def _end(found: Sifted, open_: list[str], kind: str) -> None:
    if kind not in open_:
        return
    if "VTIMEZONE" in open_:
        found.zones[-1].append(f"END:{kind}")
    del open_[len(open_) - 1 - open_[::-1].index(kind) :]


def _keep(found: Sifted, open_: list[str], name: str, line: str) -> None:
    if open_[-1] == "VEVENT":
        if name in KEPT:
            found.events[-1].setdefault(name, []).append(line)
    elif "VTIMEZONE" in open_:
        found.zones[-1].append(line)
    elif name in OF_CALENDAR and open_ == ["VCALENDAR"]:
        found.facts.setdefault(name, line.partition(":")[2].strip())
