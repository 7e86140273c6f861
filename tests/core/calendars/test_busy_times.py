"""When somebody is busy, by what their calendar says: in every way that calendars say it."""

from datetime import UTC, datetime

import pytest

from core.calendars.feed_reading import busy_times
from core.errors import NotACalendar, TooManyEvents

SINCE, UNTIL = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
WINTER = "DTSTART:20270115T100000Z"
OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:Somewhere
BEGIN:STANDARD
DTSTART:19701025T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0500
TZOFFSETTO:+0400
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0400
TZOFFSETTO:+0500
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events: str, before: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\nSUMMARY:Busy\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(content: bytes, *, timezone: str = "Europe/Kyiv", most: int = 5000) -> busy_times.Reading:
    return busy_times.read(content, timezone=timezone, since=SINCE, until=UNTIL, most=most)


def spans(content: bytes) -> list[str]:
    """Each as the day and the hours in UTC: 15.01 10:00-11:00."""
    return [f"{one.starts_at:%d.%m %H:%M}-{one.ends_at:%H:%M}" for one in read(content).times]


@pytest.mark.parametrize(
    ("event", "expected"),
    {
        "in UTC": (f"{WINTER}\nDTEND:20270115T110000Z", ["15.01 10:00-11:00"]),
        "a duration": (f"{WINTER}\nDURATION:PT90M", ["15.01 10:00-11:30"]),
        "a zone of IANA's, winter": ("DTSTART;TZID=Europe/Kiev:20270115T100000\nDURATION:PT1H", ["15.01 08:00-09:00"]),
        "a zone of IANA's, summer": ("DTSTART;TZID=Europe/Kyiv:20270715T100000\nDURATION:PT1H", ["15.07 07:00-08:00"]),
        "a zone at the end of a longer name": (
            "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20270115T100000\nDURATION:PT1H",
            ["15.01 09:00-10:00"],
        ),
        "a zone of Windows": ("DTSTART;TZID=FLE Standard Time:20270715T100000\nDURATION:PT1H", ["15.07 07:00-08:00"]),
        "what Outlook's menu shows": (
            'DTSTART;TZID="(UTC+02:00) Helsinki, Kyiv, Riga, Sofia":20270715T100000\nDURATION:PT1H',
            ["15.07 07:00-08:00"],
        ),
        "what it shows of America": (
            'DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20270715T100000\nDURATION:PT1H',
            ["15.07 14:00-15:00"],
        ),
        "an offset for a zone": ("DTSTART;TZID=GMT+0300:20270715T100000\nDURATION:PT1H", ["15.07 07:00-08:00"]),
        "a zone that nobody knows is the reader's clock": (
            "DTSTART;TZID=Narnia:20270715T100000\nDURATION:PT1H",
            ["15.07 07:00-08:00"],
        ),
        "without a zone, by the reader's clock": ("DTSTART:20270115T100000\nDURATION:PT1H", ["15.01 08:00-09:00"]),
        "in the hour that the reader's clock leaves out": (
            "DTSTART:20270328T033000\nDURATION:PT1H",
            ["28.03 01:30-02:30"],
        ),
        "a date is the reader's": ("DTSTART;VALUE=DATE:20270115", ["14.01 22:00-22:00"]),
        "dates end before the last": (
            "DTSTART;VALUE=DATE:20270115\nDTEND;VALUE=DATE:20270117",
            ["14.01 22:00-22:00"],
        ),
        "a date that ends on itself is one day": (
            "DTSTART;VALUE=DATE:20270115\nDTEND;VALUE=DATE:20270115",
            ["14.01 22:00-22:00"],
        ),
        "a day without its 24th hour": ("DTSTART;VALUE=DATE:20270328", ["27.03 22:00-21:00"]),
        "every week, over the change of clocks": (
            "DTSTART;TZID=Europe/Kyiv:20270322T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2",
            ["22.03 08:00-09:00", "29.03 07:00-08:00"],
        ),
        "until, in local time though it should be UTC": (
            "DTSTART;TZID=Europe/Kyiv:20270115T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20270116T100000",
            ["15.01 08:00-09:00", "16.01 08:00-09:00"],
        ),
        "but for one day": (
            f"{WINTER}\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20270116T100000Z",
            ["15.01 10:00-11:00", "17.01 10:00-11:00"],
        ),
        "and one day more": (
            f"{WINTER}\nDURATION:PT1H\nRDATE:20270118T120000Z",
            ["15.01 10:00-11:00", "18.01 12:00-13:00"],
        ),
        "one that began years ago": (
            "DTSTART:20200106T100000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY",
            ["06.01 10:00-11:00"],
        ),
        "one that reaches into the time": ("DTSTART:20261231T230000Z\nDURATION:PT2H", ["31.12 23:00-01:00"]),
        "one that is over": ("DTSTART:20261231T220000Z\nDURATION:PT2H", []),
        "tentative": (f"{WINTER}\nDURATION:PT1H\nSTATUS:TENTATIVE", ["15.01 10:00-11:00"]),
        "transparent": (f"{WINTER}\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        "free, as Outlook says it": (f"{WINTER}\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        "cancelled": (f"{WINTER}\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        "without a length": (WINTER, []),
    }.values(),
)
def test_an_event_blocks_its_times(event: str, expected: list[str]) -> None:
    assert spans(calendar(event)) == expected
    assert read(calendar(event)).skipped == 0


def test_a_changed_occurrence_takes_the_place_of_the_one_it_changes() -> None:
    every_day = f"UID:1\n{WINTER}\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "UID:1\nRECURRENCE-ID:20270116T100000Z\nDTSTART:20270116T150000Z\nDURATION:PT1H"
    off = "UID:1\nRECURRENCE-ID:20270117T100000Z\nDTSTART:20270117T100000Z\nDURATION:PT1H\nSTATUS:CANCELLED"
    assert spans(calendar(every_day, moved, off)) == ["15.01 10:00-11:00", "16.01 15:00-16:00"]


def test_an_occurrence_moved_out_of_the_time_leaves_no_trace() -> None:
    every_day = f"UID:1\n{WINTER}\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "UID:1\nRECURRENCE-ID:20270116T100000Z\nDTSTART:20290116T150000Z\nDURATION:PT1H"
    assert spans(calendar(every_day, moved)) == ["15.01 10:00-11:00"]


def test_of_one_event_the_newest_counts_and_of_two_with_one_name_both() -> None:
    old = f"UID:1\nSEQUENCE:1\n{WINTER}\nDURATION:PT1H"
    assert spans(calendar(old, "UID:1\nSEQUENCE:2\nDTSTART:20270115T120000Z\nDURATION:PT1H")) == ["15.01 12:00-13:00"]
    odd = calendar(old.replace("SEQUENCE:1", "SEQUENCE:1\nSEQUENCE:2"), old.replace("SEQUENCE:1", "SEQUENCE:new"))
    assert spans(odd) == ["15.01 10:00-11:00"]
    both = calendar(f"UID:1\n{WINTER}\nDURATION:PT1H", "UID:1\nDTSTART:20270115T120000Z\nDURATION:PT1H")
    assert spans(both) == ["15.01 10:00-11:00", "15.01 12:00-13:00"]


def test_a_zone_that_the_calendar_describes_itself() -> None:
    summer = "DTSTART;TZID=Somewhere:20270715T100000\nDURATION:PT1H"
    assert spans(calendar(summer, before=OWN_ZONE)) == ["15.07 05:00-06:00"]
    broken = OWN_ZONE.replace("TZOFFSETTO:+0500", "TZOFFSETTO:often")
    assert spans(calendar(summer, before=broken)) == ["15.07 07:00-08:00"]
    assert spans(calendar(summer)) == ["15.07 07:00-08:00"], "nothing is kept of another calendar's zone"


@pytest.mark.parametrize(
    "broken",
    [
        "DTSTART:yesterday\nDURATION:PT1H",
        "DURATION:PT1H",
        f"{WINTER}\nDTEND:20270115T090000Z",
        f"{WINTER}\nDURATION:-PT1H",
        f"{WINTER}\nDTEND:soon",
        f"{WINTER}\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES",
        f"{WINTER}\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0",
        f"{WINTER}\nDURATION:PT1H\nRRULE:FREQ=SECONDLY",
    ],
)
def test_an_event_that_cant_be_read_is_counted_and_loses_no_other(broken: str) -> None:
    found = read(calendar(f"UID:1\n{WINTER}\nDURATION:PT1H", f"UID:2\n{broken}"))
    assert (found.events, found.skipped, len(found.times)) == (2, 1, 1)


def test_what_says_nothing_of_times_does_no_harm_however_broken() -> None:
    noise = 'ATTENDEE;CN="\n:::\nDESCRIPTION\nX;;=:\nBEGIN:VALARM\nTRIGGER:never\nDTSTART:never\nEND:VALARM'
    assert spans(calendar(f"{noise}\n{WINTER}\nDURATION:PT1H")) == ["15.01 10:00-11:00"]
    unclosed = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270115T100000Z\nDURATION:PT1H\nBEGIN:VEVENT\nDTSTART:2027"
    assert spans(unclosed) == ["15.01 10:00-11:00"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_letters_in_whatever_encoding(encoding: str) -> None:
    told = calendar(f"{WINTER}\nDURATION:PT1H", before="X-WR-CALNAME:Олені робота\\, дім\n").decode()
    found = read(told.replace("Busy", "Зубний\x00 лікар").encode(encoding))
    assert found.name == "Олені робота, дім"
    assert [one.title for one in found.times] == ["Зубний лікар"]


@pytest.mark.parametrize(
    "content", [b"", b"<!doctype html><html></html>", b"BEGIN:VCARD\r\nEND:VCARD", b"/etc/passwd", b"\xff\xfe\x00"]
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(NotACalendar):
        read(content)


def test_there_may_be_only_so_many() -> None:
    daily = calendar(f"{WINTER}\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=10")
    assert len(read(daily, most=10).times) == 10
    with pytest.raises(TooManyEvents):
        read(daily, most=9)


def test_a_letter_about_an_event_is_no_calendar_to_follow() -> None:
    assert spans(calendar(f"{WINTER}\nDURATION:PT1H", before="METHOD:CANCEL\n")) == []
