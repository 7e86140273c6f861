from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from core.enums import BookingStatus
from core.errors import AlreadySettled
from core.pure import booking_states
from core.pure.booking_states import Step

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)

PENDING, CONFIRMED = BookingStatus.PENDING, BookingStatus.CONFIRMED
BY_STUDENT, BY_TUTOR = BookingStatus.CANCELLED_STUDENT, BookingStatus.CANCELLED_TUTOR

ALLOWED = {
    (PENDING, Step.CONFIRM): CONFIRMED,
    (PENDING, Step.DECLINE): BY_TUTOR,
    (PENDING, Step.CANCEL_BY_STUDENT): BY_STUDENT,
    (PENDING, Step.CANCEL_BY_TUTOR): BY_TUTOR,
    (PENDING, Step.EXPIRE): BookingStatus.EXPIRED,
    (CONFIRMED, Step.CANCEL_BY_STUDENT): BY_STUDENT,
    (CONFIRMED, Step.CANCEL_BY_TUTOR): BY_TUTOR,
    (PENDING, Step.MOVE): BookingStatus.RESCHEDULED,
    (CONFIRMED, Step.MOVE): BookingStatus.RESCHEDULED,
    (PENDING, Step.REFUSE): BY_STUDENT,
    (CONFIRMED, Step.REFUSE): BY_STUDENT,
    (CONFIRMED, Step.COMPLETE): BookingStatus.COMPLETED,
    (CONFIRMED, Step.NO_SHOW): BookingStatus.NO_SHOW,
    (BookingStatus.COMPLETED, Step.UNDO): CONFIRMED,
    (BookingStatus.NO_SHOW, Step.UNDO): CONFIRMED,
}
DONE = {
    (CONFIRMED, Step.CONFIRM),
    (BY_TUTOR, Step.DECLINE),
    (BY_TUTOR, Step.CANCEL_BY_TUTOR),
    (BY_STUDENT, Step.CANCEL_BY_STUDENT),
    (BookingStatus.EXPIRED, Step.EXPIRE),
    (BookingStatus.RESCHEDULED, Step.MOVE),
    (BY_STUDENT, Step.REFUSE),
    (BookingStatus.COMPLETED, Step.COMPLETE),
    (BookingStatus.NO_SHOW, Step.NO_SHOW),
    (CONFIRMED, Step.UNDO),
}


@pytest.mark.parametrize(("status", "step"), list(product(BookingStatus, Step)))
def test_a_step_leads_where_the_table_says_or_nowhere(status, step):
    assert booking_states.is_done(status, step) is ((status, step) in DONE)
    if (status, step) in ALLOWED:
        assert booking_states.after(status, step) is ALLOWED[status, step]
        return
    with pytest.raises(AlreadySettled) as refusal:
        booking_states.after(status, step)
    assert refusal.value.status is status
