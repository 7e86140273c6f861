"""The history of a lesson, as its tutor or its student may read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from core.lessons.lessons import card
from core.people.people import full_name
from core.work import Work
from db.base import AnyRow
from db.enums import BookingAction, BookingStatus
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.person import Person

MOST_LINES = 30

Meant = aliased(Booking)
LINEAGE = (
    select(
        BookingHistory.action,
        BookingHistory.performed_by,
        BookingHistory.details,
        BookingHistory.created_at,
        Booking.tutor_id,
        Booking.starts_at,
        Booking.cancel_reason,
        Person.first_name,
        Person.last_name,
    )
    .join(Booking, Booking.id == BookingHistory.booking_id)
    .join(Meant, Meant.lineage_id == Booking.lineage_id)
    .outerjoin(Person, Person.id == BookingHistory.performed_by)
    .where(Meant.id == bindparam("booking_id"))
    .order_by(BookingHistory.id.desc())
    .limit(MOST_LINES)
)


@dataclass(frozen=True, slots=True)
class Deed:
    """
    One action. `name` is the person who did it, None if it happened automatically. `starts_at` is the time of the
    lesson, `before_at` its time before a move, `before` its status before the action.
    """

    action: BookingAction
    at: datetime
    name: str | None
    by_viewer: bool
    starts_at: datetime
    before_at: datetime | None
    before: BookingStatus | None = None


async def deeds(work: Work, *, booking_id: int, viewer_id: int) -> list[Deed]:
    """Return the history of this lesson across its moves, the latest last; raises NotFound."""
    await card(work, booking_id=booking_id, viewer_id=viewer_id)
    rows = (await work.session.execute(LINEAGE, {"booking_id": booking_id})).all()
    return [_deed(row, viewer_id) for row in reversed(rows) if _is_told(row, viewer_id)]


def _is_told(row: AnyRow, viewer_id: int) -> bool:
    """Whether the viewer sees the action: the tutor's notes only the tutor; a move once, on the new booking."""
    if row.action == BookingAction.NOTED:
        return bool(row.performed_by != row.tutor_id or viewer_id == row.tutor_id)
    return bool(row.details.get("status") != BookingStatus.RESCHEDULED)


def _deed(row: AnyRow, viewer_id: int) -> Deed:
    before_at, before = row.details.get("before_at"), row.details.get("before")
    return Deed(
        action=row.action,
        at=row.created_at,
        name=full_name(row.first_name, row.last_name) if row.first_name else None,
        by_viewer=row.performed_by == viewer_id,
        starts_at=row.starts_at,
        before_at=datetime.fromisoformat(before_at) if before_at else None,
        before=BookingStatus(before) if before else None,
    )
