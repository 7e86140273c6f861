"""Lessons as the tutor or the student sees them."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import aliased

from core.errors import NotFound
from core.lessons.lesson_messages import LAST_CHANGE, LessonVersion
from core.people.people import full_name
from core.pure import deadlines, video_rooms
from core.pure.booking_states import CALLED_OFF, LIVE
from core.work import Work
from db.base import AnyRow, AnySelect, table
from db.enums import BookingAction, BookingStatus, Event, LessonType
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from db.models.person import Person
from db.models.tutor_settings import TutorSettings

Tutor, Student = aliased(Person), aliased(Person)
Before, Next, Held = aliased(Booking), aliased(Booking), aliased(Booking)

LESSONS_HELD = (
    select(func.count())
    .where(
        Held.tutor_id == Booking.tutor_id,
        Held.student_id == Booking.student_id,
        Held.status == BookingStatus.COMPLETED,
        Held.starts_at < Booking.starts_at,
    )
    .correlate(Booking)
    .scalar_subquery()
)


def _done(action: BookingAction, *by: ColumnElement[Any]) -> Exists:
    """Whether the booking's history has this action, done by `by`."""
    done = select(BookingHistory.id).where(
        BookingHistory.booking_id == Booking.id,
        BookingHistory.action == action,
        *(BookingHistory.performed_by == person for person in by),
    )
    return done.correlate(Booking).exists()


MOVED_BY_TUTOR = _done(BookingAction.MOVED, table(Booking).c.tutor_id)
WRITTEN_BY_TUTOR = _done(BookingAction.WRITTEN_DOWN, table(Booking).c.tutor_id)
ACCEPTED = _done(BookingAction.CONFIRMED, table(Booking).c.student_id)
PROPOSED = and_(Booking.status == BookingStatus.PENDING, MOVED_BY_TUTOR)
MOVE_WANTED = (
    select(Notification.id)
    .where(Notification.booking_id == Booking.id, Notification.event == Event.MOVE_WANTED)
    .correlate(Booking)
    .exists()
)
IS_ATTENDING = _done(BookingAction.ATTENDING)
WAS_DECLINED = _done(BookingAction.DECLINED)
# A move request that was not accepted: the lesson kept its time
DROPPED_MOVE_REQUEST = and_(
    Booking.status.in_(CALLED_OFF), Before.status.is_not(None), Before.status != BookingStatus.RESCHEDULED
)

CARDS = (
    select(
        *table(Booking).c,
        Tutor.first_name.label("tutor_first_name"),
        Tutor.last_name.label("tutor_last_name"),
        Student.first_name.label("student_first_name"),
        Student.last_name.label("student_last_name"),
        Student.timezone.label("student_timezone"),
        TutorSettings.timezone.label("tutor_timezone"),
        TutorSettings.room_url.label("tutors_room"),
        Before.starts_at.label("before_at"),
        Before.status.label("before_status"),
        Next.id.label("next_id"),
        Next.starts_at.label("next_at"),
        LESSONS_HELD.label("lessons_held"),
        MOVED_BY_TUTOR.label("moved_by_tutor"),
        WRITTEN_BY_TUTOR.label("written_by_tutor"),
        ACCEPTED.label("is_accepted"),
        WAS_DECLINED.label("was_declined"),
        MOVE_WANTED.label("move_wanted"),
        IS_ATTENDING.label("is_attending"),
        LAST_CHANGE,
    )
    .join(Tutor, Tutor.id == Booking.tutor_id)
    .join(Student, Student.id == Booking.student_id)
    .join(TutorSettings, TutorSettings.tutor_id == Booking.tutor_id)
    .outerjoin(Before, Before.id == Booking.replaces_id)
    .outerjoin(Next, and_(Next.replaces_id == Booking.id, Next.status.not_in(CALLED_OFF)))
)
CARD = CARDS.where(
    Booking.id == bindparam("booking_id"),
    or_(Booking.student_id == bindparam("viewer_id"), Booking.tutor_id == bindparam("viewer_id")),
)


@dataclass(frozen=True, slots=True)
class LessonTerms:
    """`free_until` is the last instant at which the student cancels without paying."""

    price: Decimal | None
    currency: str
    free_until: datetime
    is_charged: bool = False
    is_waived: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """
    The bookings before and after this one, if the lesson was moved. `before_at` is the time of the earlier booking,
    `next_at` that of the later one. If the earlier booking is still live, the later one is a move request.
    """

    before_at: datetime | None = None
    before_stands: bool = False
    next_id: int | None = None
    next_at: datetime | None = None

    @property
    def is_request(self) -> bool:
        """
        Whether this is a move request: the student asked for this time, and the lesson still has its earlier time.
        """
        return self.before_at is not None and self.before_stands


@dataclass(frozen=True, slots=True)
class Answers:
    """
    The answers of tutor and student. `moved_by_tutor`, `written_by_tutor`: the tutor did so without asking the student;
    `is_accepted`: the student has said yes to it. `was_declined`: the tutor has said no. `move_wanted`: the tutor has
    asked for another time, so nothing is charged. `is_attending`: the student has said that they will be there.
    """

    moved_by_tutor: bool = False
    written_by_tutor: bool = False
    is_accepted: bool = False
    was_declined: bool = False
    move_wanted: bool = False
    is_attending: bool = False

    @property
    def settled_by_tutor(self) -> bool:
        return self.moved_by_tutor or self.written_by_tutor


@dataclass(frozen=True, slots=True)
class Room:
    """
    The video room. `join_url` is set from 15 minutes before the start until the end, `address` for a confirmed lesson.
    """

    join_url: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class LessonCard:
    """
    One lesson as the viewer (its tutor or its student) sees it; only the tutor gets `tutor_notes`. `lessons_held` is
    how many lessons these two have held until this one. Calendars identify the lesson by `uid` and `sequence`: a move
    keeps `uid` and raises `sequence`.
    """

    id: int
    uid: UUID
    version: LessonVersion | None
    viewer_is_tutor: bool
    status: BookingStatus
    starts_at: datetime
    ends_at: datetime
    tutor_id: int
    tutor_name: str
    tutor_timezone: str
    student_id: int
    student_name: str
    student_timezone: str | None
    lesson_type: LessonType
    subject: str | None
    terms: LessonTerms
    expires_at: datetime | None
    created_at: datetime
    cancel_reason: str | None = None
    student_notes: str | None = None
    tutor_notes: str | None = None
    lessons_held: int = 0
    move: Move = Move()
    answers: Answers = Answers()
    room: Room = Room()
    sequence: int = 0

    @property
    def viewer_id(self) -> int:
        return self.tutor_id if self.viewer_is_tutor else self.student_id

    @property
    def is_proposal(self) -> bool:
        """Whether the tutor proposed this time instead of the requested one, and nobody has agreed to it."""
        return self.answers.moved_by_tutor and self.status in (BookingStatus.PENDING, BookingStatus.EXPIRED)

    @property
    def awaits_tutor(self) -> bool:
        """Whether it is a request or a move request that the tutor has not answered."""
        return self.status == BookingStatus.PENDING and not self.answers.moved_by_tutor

    @property
    def awaits_viewer(self) -> bool:
        """Whether the lesson waits for the viewer's yes or no."""
        return self.awaits_tutor if self.viewer_is_tutor else self.awaits_student

    @property
    def awaits_student(self) -> bool:
        """Whether the tutor settled it alone and the student has not said yes yet; until then refusing is free."""
        is_live = self.status in LIVE
        return is_live and self.answers.settled_by_tutor and not self.answers.is_accepted

    def is_refusable_at(self, now: datetime) -> bool:
        """Whether the viewer may say yes or no to what the tutor settled."""
        return self.awaits_student and not self.viewer_is_tutor and self.starts_at > now

    def is_charged_at(self, now: datetime) -> bool:
        """Whether the student would pay for cancelling at this instant."""
        return self.is_chargeable and deadlines.is_late(now=now, free_until=self.terms.free_until)

    @property
    def is_chargeable(self) -> bool:
        """Whether the student can be charged for it: for cancelling late, or for not coming."""
        return deadlines.is_chargeable(
            status=self.status,
            lesson_type=self.lesson_type,
            move_wanted=self.answers.move_wanted,
            awaits_student=self.awaits_student,
        )

    @property
    def other_name(self) -> str:
        return self.student_name if self.viewer_is_tutor else self.tutor_name


@dataclass(frozen=True, slots=True)
class Summary:
    """What a person has to do next: `pending` counts the requests that wait for their answer."""

    pending: int
    next_lesson: LessonCard | None


async def card(work: Work, *, booking_id: int, viewer_id: int) -> LessonCard:
    """Return the lesson as this person sees it; raises NotFound unless they are its tutor or its student."""
    row = (await work.session.execute(CARD, {"booking_id": booking_id, "viewer_id": viewer_id})).one_or_none()
    if row is None:
        raise NotFound
    return card_of(work, row, viewer_id)


async def upcoming(work: Work, *, person_id: int, limit: int, offset: int = 0) -> list[LessonCard]:
    """Return this person's lessons that are not over, as tutor and as student, the next one first."""
    ahead = CARDS.where(
        or_(Booking.student_id == person_id, Booking.tutor_id == person_id),
        Booking.status.in_(LIVE),
        Booking.ends_at > work.now,
    )
    return await _page(work, ahead, person_id, limit=limit, offset=offset)


async def past(work: Work, *, person_id: int, limit: int, offset: int = 0) -> list[LessonCard]:
    """Return this person's lessons that are over or cancelled, as tutor and as student, the latest first."""
    behind = CARDS.where(
        or_(Booking.student_id == person_id, Booking.tutor_id == person_id),
        or_(Booking.ends_at <= work.now, Booking.status.not_in(LIVE)),
        Booking.status != BookingStatus.RESCHEDULED,
        not_(DROPPED_MOVE_REQUEST),
    )
    latest_first = (Booking.starts_at.desc(), Booking.id.desc())
    return await _page(work, behind, person_id, limit=limit, offset=offset, order=latest_first)


async def between(work: Work, *, person_id: int, since: datetime, until: datetime, limit: int) -> list[LessonCard]:
    """Return this person's lessons that begin in [since, until), without cancelled ones and move requests."""
    standing = CARDS.where(
        or_(Booking.student_id == person_id, Booking.tutor_id == person_id),
        Booking.starts_at >= since,
        Booking.starts_at < until,
        Booking.status.not_in({*CALLED_OFF, BookingStatus.RESCHEDULED}),
        or_(Before.status.is_(None), Before.status == BookingStatus.RESCHEDULED),
    )
    return await _page(work, standing, person_id, limit=limit, offset=0)


async def summary(work: Work, *, person_id: int) -> Summary:
    """Return how many requests wait for this person, and their next lesson."""
    waiting = select(func.count()).select_from(Booking).where(*_waiting(work, person_id))
    ahead = await upcoming(work, person_id=person_id, limit=1)
    return Summary(await work.session.scalar(waiting) or 0, ahead[0] if ahead else None)


async def pending(work: Work, *, tutor_id: int, limit: int, offset: int = 0) -> list[LessonCard]:
    """Return the requests that wait for this tutor's answer, the nearest lesson first."""
    return await _page(work, CARDS.where(*_waiting(work, tutor_id)), tutor_id, limit=limit, offset=offset)


def _waiting(work: Work, tutor_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Booking.tutor_id == tutor_id,
        Booking.status == BookingStatus.PENDING,
        Booking.starts_at > work.now,
        not_(PROPOSED),
    )


async def _page(
    work: Work,
    cards: AnySelect,
    viewer_id: int,
    *,
    limit: int,
    offset: int,
    order: tuple[Any, ...] = (Booking.starts_at, Booking.id),
) -> list[LessonCard]:
    ordered = cards.order_by(*order).limit(limit).offset(offset)
    return [card_of(work, row, viewer_id) for row in await work.session.execute(ordered)]


def _version(row: AnyRow) -> LessonVersion | None:
    return None if row.status == BookingStatus.RESCHEDULED else LessonVersion(row.id, row.change_id)


def free_until(booking: AnyRow) -> datetime:
    return deadlines.free_until(
        starts_at=booking.starts_at, made_at=booking.created_at, free_cancellation=booking.free_cancellation
    )


def card_of(work: Work, row: AnyRow, viewer_id: int) -> LessonCard:
    return LessonCard(
        id=row.id,
        uid=row.lineage_id,
        version=_version(row),
        viewer_is_tutor=row.tutor_id == viewer_id,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        tutor_id=row.tutor_id,
        tutor_name=full_name(row.tutor_first_name, row.tutor_last_name),
        tutor_timezone=row.tutor_timezone,
        student_id=row.student_id,
        student_name=full_name(row.student_first_name, row.student_last_name),
        student_timezone=row.student_timezone,
        lesson_type=row.lesson_type,
        subject=row.subject,
        terms=LessonTerms(row.price, row.currency, free_until(row), row.is_charged, row.is_waived),
        expires_at=row.expires_at,
        created_at=row.created_at,
        cancel_reason=row.cancel_reason,
        student_notes=row.student_notes,
        tutor_notes=row.tutor_notes if row.tutor_id == viewer_id else None,
        lessons_held=row.lessons_held,
        move=_move(row),
        answers=Answers(**{each.name: getattr(row, each.name) for each in fields(Answers)}),
        room=_room(work, row),
        sequence=row.sequence,
    )


def _move(row: AnyRow) -> Move:
    before_stands = row.before_status not in (None, BookingStatus.RESCHEDULED)
    return Move(row.before_at, before_stands, row.next_id, row.next_at)


def _room(work: Work, row: AnyRow) -> Room:
    """Return the video room; the link to join only from 15 minutes before the start."""
    if row.status != BookingStatus.CONFIRMED:
        return Room()
    template = work.policies.room_template
    address = video_rooms.url(classroom_id=row.classroom_id, template=template, fixed=row.tutors_room)
    is_open = video_rooms.is_open(starts_at=row.starts_at, ends_at=row.ends_at, now=work.now)
    return Room(address if is_open else None, address)
