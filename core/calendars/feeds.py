"""
Calendars that tutors keep elsewhere: their events block the tutor's times.

    add -> an address is followed, a file is stored     claim -> read outside of any transaction -> store | keep | fail

- a new reading replaces all busy times of the old one; if reading fails, the old ones stay
- a lesson that overlaps a new busy time stays: the tutor is notified, and decides
- students can't book busy times; the tutor can still confirm, move and write down lessons there
- our own lessons block nothing if they come back through another calendar
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, update

from core.calendars.feed_reading.busy_times import Reading
from core.errors import (
    AddressForbidden,
    AddressRefuses,
    AddressSilent,
    BadAddress,
    CalendarTooLarge,
    CalendarTooSlow,
    FeedFollowed,
    FeedRefused,
    NotACalendar,
    NotFound,
    TooManyEvents,
    TooManyFeeds,
)
from core.lessons import lessons
from core.lessons.lessons import LessonCard
from core.people import tutors
from core.pure.booking_states import LIVE
from core.pure.planning.values import Span
from core.work import Work
from db.base import AnyRow, table
from db.enums import Event
from db.models.booking import Booking
from db.models.busy_time import BusyTime
from db.models.external_calendar import ExternalCalendar

# How a refusal is stored: its code and its numbers. A code stays when a class is renamed
REFUSALS: Mapping[str, type[FeedRefused]] = {
    "NotACalendar": NotACalendar,
    "CalendarTooLarge": CalendarTooLarge,
    "TooManyEvents": TooManyEvents,
    "CalendarTooSlow": CalendarTooSlow,
    "BadAddress": BadAddress,
    "AddressForbidden": AddressForbidden,
    "AddressSilent": AddressSilent,
    "AddressRefuses": AddressRefuses,
}
CODES = {kind: code for code, kind in REFUSALS.items()}
MOST = 5
EVERY = timedelta(minutes=15)
FILE_EVERY = timedelta(days=1)  # only to expand recurring events
LONGEST_WAIT = timedelta(days=1)
LEASE = timedelta(minutes=5)
TELL_AFTER = timedelta(days=1)
MOST_TOLD = 10  # notices of conflicts at once; the list shows all conflicts
BACK = timedelta(days=1)
MARGIN = timedelta(days=30)  # beyond what can be booked: a limit may be lifted between two readings
MAX_NAME = 120
MAX_ADDRESS = 2000
MAX_ETAG = 200
MAX_DATE = 100

FEED, BUSY = table(ExternalCalendar).c, table(BusyTime).c
COLUMNS = [column for column in FEED if column.name != "content"]
IN_THE_WAY = and_(BUSY.tutor_id == Booking.tutor_id, BUSY.starts_at < Booking.ends_at, BUSY.ends_at > Booking.starts_at)
AHEAD = and_(Booking.tutor_id == bindparam("tutor_id"), Booking.status.in_(LIVE), Booking.starts_at > bindparam("now"))
CLASHING = lessons.CARDS.where(AHEAD, exists().where(IN_THE_WAY)).order_by(Booking.starts_at)
CLASH = (
    select(FEED.name, BUSY.title, BUSY.starts_at, BUSY.ends_at)
    .join(table(ExternalCalendar), FEED.id == BUSY.calendar_id)
    .join(Booking, IN_THE_WAY)
    .where(Booking.id == bindparam("booking_id"), BUSY.tutor_id == bindparam("tutor_id"))
    .order_by(BUSY.starts_at)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class FeedCard:
    """
    `host` is the only part of an address that is shown; a file has none. `busy` counts the busy times from now on.
    """

    id: int
    name: str
    host: str | None
    busy: int
    synced_at: datetime | None
    fault: FeedRefused | None
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Horizon:
    """The span in which to read a calendar, and the tutor's zone for times without one."""

    timezone: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """
    A feed to read again. `content` is the stored copy if it has to be expanded anew even when nothing has changed.
    """

    id: int
    horizon: Horizon
    address: str | None
    etag: str | None
    last_modified: str | None
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Found:
    """The result of reading an address or a file."""

    reading: Reading
    content: bytes
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """The busy time that a lesson overlaps: the calendar's name and the title of its event."""

    calendar: str
    title: str | None
    starts_at: datetime
    ends_at: datetime


async def of_tutor(work: Work, *, tutor_id: int) -> list[FeedCard]:
    """Return the tutor's feeds, the oldest first; raises NotATutor."""
    await tutors.settings_of(work, tutor_id)
    rows = await work.session.execute(_cards(work).where(FEED.tutor_id == tutor_id).order_by(FEED.id))
    return [_card(row) for row in rows]


async def card(work: Work, *, tutor_id: int, feed_id: int) -> FeedCard:
    """Return a feed of this tutor; raises NotFound."""
    rows = await work.session.execute(_cards(work).where(FEED.id == feed_id, FEED.tutor_id == tutor_id))
    row = rows.one_or_none()
    if row is None:
        raise NotFound
    return _card(row)


async def clashing(work: Work, *, tutor_id: int) -> list[LessonCard]:
    """Return the tutor's lessons and requests ahead that overlap a busy time, by their start."""
    rows = await work.session.execute(CLASHING, {"tutor_id": tutor_id, "now": work.now})
    return [lessons.card_of(work, row, tutor_id) for row in rows]


async def clash(work: Work, *, tutor_id: int, booking_id: int) -> Clash | None:
    """Return the busy time that this lesson of the tutor overlaps, or None."""
    row = (await work.session.execute(CLASH, {"tutor_id": tutor_id, "booking_id": booking_id})).one_or_none()
    return Clash(*row) if row else None


async def horizon(work: Work, *, tutor_id: int, address: str | None = None, name: str | None = None) -> Horizon:
    """
    Return the span in which to read one more calendar, if the tutor may add one.

    - a file with the `name` of a stored file will replace that file
    - raises NotATutor, TooManyFeeds, FeedFollowed
    """
    settings = await tutors.settings_of(work, tutor_id)
    kept = (await work.session.execute(select(*COLUMNS).where(FEED.tutor_id == tutor_id))).all()
    if address is not None and address in [row.address for row in kept]:
        raise FeedFollowed
    if len(kept) >= MOST and _same_file(kept, address, name) is None:
        raise TooManyFeeds(MOST)
    return _horizon(work, settings)


async def add(work: Work, *, tutor_id: int, name: str, found: Found, address: str | None = None) -> FeedCard:
    """
    Block the busy times that were read; follow the `address`, or store the file.

    - see `horizon` for what it replaces and raises
    - sends no notices: the tutor who adds it sees the conflicts on the screen
    """
    await tutors.lock(work, tutor_id)
    name = name[:MAX_NAME]
    await horizon(work, tutor_id=tutor_id, address=address, name=name)
    kept = (await work.session.execute(select(*COLUMNS).where(FEED.tutor_id == tutor_id))).all()
    same = _same_file(kept, address, name)
    row = {"tutor_id": tutor_id, "name": name, "address": address, "created_at": work.now, "next_sync_at": work.now}
    inserted = insert(table(ExternalCalendar)).values(**row, events=0, failures=0).returning(FEED.id)
    feed_id: int = same.id if same else (await work.session.execute(inserted)).scalar_one()
    await _write(work, tutor_id, feed_id, found, is_file=address is None)
    return await card(work, tutor_id=tutor_id, feed_id=feed_id)


async def remove(work: Work, *, tutor_id: int, feed_id: int) -> None:
    """Delete this feed and its busy times, so that they are offered again; a no-op if it is gone."""
    await tutors.lock(work, tutor_id)
    mine = FEED.id == feed_id, FEED.tutor_id == tutor_id
    await work.session.execute(delete(table(ExternalCalendar)).where(*mine))


async def source(work: Work, *, tutor_id: int, feed_id: int) -> Source:
    """Return the feed to read again now; raises NotFound."""
    row = (await work.session.execute(select(*FEED).where(FEED.id == feed_id, FEED.tutor_id == tutor_id))).one_or_none()
    if row is None:
        raise NotFound
    return await _source(work, row)


async def claim(work: Work, *, limit: int) -> list[Source]:
    """Claim up to `limit` feeds that are due; no other process gets them until the lease is over."""
    due = select(FEED.id).where(FEED.next_sync_at <= work.now).order_by(FEED.next_sync_at).limit(limit)
    ids = (await work.session.scalars(due.with_for_update(skip_locked=True))).all()
    taken = update(table(ExternalCalendar)).where(FEED.id.in_(ids)).values(next_sync_at=work.now + LEASE)
    await work.session.execute(taken)
    rows = await work.session.execute(select(*FEED).where(FEED.id.in_(ids)).order_by(FEED.id))
    return [await _source(work, row) for row in rows.all()]


async def store(work: Work, *, feed_id: int, found: Found) -> bool:
    """
    Replace the busy times by those just read; return False if the feed was removed meanwhile.

    - the tutor is notified of lessons ahead that overlap a new busy time
    """
    row = await _locked(work, feed_id)
    if row is None:
        return False
    new = await _write(work, row.tutor_id, feed_id, found, is_file=row.address is None)
    if new:
        await _tell(work, row.tutor_id, feed_id, new)
    return True


async def keep(work: Work, *, feed_id: int) -> None:
    """Record that the feed has not changed."""
    row = await _locked(work, feed_id)
    if row is not None:
        await _note(work, feed_id, synced_at=work.now, failures=0, last_error=None, next_sync_at=_next(work, feed_id))


async def fail(work: Work, *, feed_id: int, refusal: FeedRefused) -> None:
    """
    Record that the feed can't be read now; the last good copy stays in use. After a day the tutor is notified, once.
    """
    row = await _locked(work, feed_id)
    if row is None:
        return
    failures, next_at = row.failures + 1, _next(work, feed_id, row.failures + 1)
    await _note(work, feed_id, failures=failures, last_error=_written(refusal), next_sync_at=next_at)
    since = row.synced_at or row.created_at
    if work.now - since >= TELL_AFTER:
        work.announce(Event.FEED_FAILED, to=row.tutor_id, once=f"{feed_id}:{since.isoformat()}", feed_id=feed_id)


async def count_due(work: Work) -> int:
    return await work.session.scalar(select(func.count()).where(FEED.next_sync_at <= work.now)) or 0


async def next_due(work: Work) -> datetime | None:
    at: datetime | None = await work.session.scalar(select(func.min(FEED.next_sync_at)))
    return at


def _cards(work: Work) -> Any:
    busy = select(func.count()).where(BUSY.calendar_id == FEED.id, BUSY.ends_at > work.now).scalar_subquery()
    return select(*COLUMNS, busy.label("busy"))


def _card(row: AnyRow) -> FeedCard:
    host = urlsplit(row.address).hostname if row.address else None
    fault = _read(row.last_error) if row.last_error else None
    failing_since = (row.synced_at or row.created_at) if fault else None
    return FeedCard(row.id, row.name, host, row.busy, row.synced_at, fault, failing_since)


def _horizon(work: Work, settings: AnyRow) -> Horizon:
    ahead = timedelta(days=settings.max_booking_advance) + MARGIN
    return Horizon(settings.timezone, work.now - BACK, work.now + ahead)


def _same_file(kept: Iterable[AnyRow], address: str | None, name: str | None) -> AnyRow | None:
    if address is not None:
        return None
    return next((row for row in kept if row.address is None and row.name == name), None)


async def _source(work: Work, row: AnyRow) -> Source:
    """Return the feed to read. Once a day, and for a file always, its stored copy is expanded anew as time goes on."""
    settings = await tutors.settings_of(work, row.tutor_id)
    is_old = row.address is None or row.synced_at is None or row.synced_at.date() != work.now.date()
    content = zlib.decompress(row.content) if is_old and row.content else None
    return Source(row.id, _horizon(work, settings), row.address, row.etag, row.last_modified, content)


async def _locked(work: Work, feed_id: int) -> AnyRow | None:
    """Lock the feed's tutor, then return the feed; None if it is gone."""
    tutor_id = await work.session.scalar(select(FEED.tutor_id).where(FEED.id == feed_id))
    if tutor_id is None:
        return None
    await tutors.lock(work, tutor_id)
    return (await work.session.execute(select(*COLUMNS).where(FEED.id == feed_id))).one_or_none()


async def _write(work: Work, tutor_id: int, feed_id: int, found: Found, *, is_file: bool) -> list[Span]:
    """Store the feed and its busy times; return the busy times that are new."""
    times = await _without_own_lessons(work, tutor_id, found.reading)
    held = (await work.session.execute(select(BUSY.starts_at, BUSY.ends_at, BUSY.title).where(_of(feed_id)))).all()
    before = {tuple(row) for row in held}
    if before != times:
        await work.session.execute(delete(table(BusyTime)).where(_of(feed_id)))
        owner = {"calendar_id": feed_id, "tutor_id": tutor_id}
        rows = [{**owner, "starts_at": at, "ends_at": end, "title": title} for at, end, title in sorted(times, key=str)]
        if rows:
            await work.session.execute(insert(table(BusyTime)), rows)
    await _note(
        work,
        feed_id,
        content=zlib.compress(found.content),
        etag=_fitting(found.etag, MAX_ETAG),
        last_modified=_fitting(found.last_modified, MAX_DATE),
        events=len(times),
        synced_at=work.now,
        failures=0,
        last_error=None,
        next_sync_at=work.now + FILE_EVERY if is_file else _next(work, feed_id),
    )
    spans = {(at, end) for at, end, _ in before}
    return [Span(at, end) for at, end, _ in times if (at, end) not in spans]


def _of(feed_id: int) -> Any:
    return BUSY.calendar_id == feed_id


async def _without_own_lessons(
    work: Work, tutor_id: int, reading: Reading
) -> set[tuple[datetime, datetime, str | None]]:
    named = {uid for one in reading.times if (uid := _uuid(one.uid))}
    ours: set[UUID] = set()
    if named:
        own = select(Booking.lineage_id).where(or_(Booking.tutor_id == tutor_id, Booking.student_id == tutor_id))
        ours = named & set(await work.session.scalars(own))
    return {(one.starts_at, one.ends_at, one.title) for one in reading.times if _uuid(one.uid) not in ours}


def _uuid(uid: str) -> UUID | None:
    try:
        return UUID(uid)
    except ValueError:
        return None


async def _tell(work: Work, tutor_id: int, feed_id: int, new: Sequence[Span]) -> None:
    ahead = select(Booking.id, Booking.starts_at, Booking.ends_at).where(AHEAD).order_by(Booking.starts_at)
    rows = (await work.session.execute(ahead, {"tutor_id": tutor_id, "now": work.now})).all()
    met = [row for row in rows if any(at < row.ends_at and row.starts_at < end for at, end in new)]
    for row in met[:MOST_TOLD]:
        once = f"{feed_id}:{row.id}:{row.starts_at.isoformat()}"
        work.announce(Event.FEED_CONFLICT, to=tutor_id, booking_id=row.id, once=once)


async def _note(work: Work, feed_id: int, **values: Any) -> None:
    await work.session.execute(update(table(ExternalCalendar)).where(FEED.id == feed_id).values(**values))


def _next(work: Work, feed_id: int, failures: int = 0) -> datetime:
    """Wait longer after each failure; spread the feeds a little, so that not all are due at once."""
    wait: timedelta = min(EVERY * 2 ** min(failures, 10), LONGEST_WAIT)
    return work.now + wait + timedelta(seconds=feed_id * 37 % 120)


def _fitting(told: str | None, longest: int) -> str | None:
    """Return the header, or None if it is too long: cut off, it would never match."""
    return told if told and len(told) <= longest else None


def _written(refusal: FeedRefused) -> str:
    facts = ":".join(str(fact) for fact in vars(refusal).values() if isinstance(fact, int))
    return f"{CODES[type(refusal)]}:{facts}"


def _read(written: str) -> FeedRefused:
    code, _, facts = written.partition(":")
    return REFUSALS[code](*(int(fact) for fact in facts.split(":") if fact))
