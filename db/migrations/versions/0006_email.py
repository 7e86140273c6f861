"""an e-mail address proved by a code, and one that does not work any more"""

from db.migrations import closed_sets

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EVENTS = (
    "booking.created", "booking.confirmed", "booking.declined", "booking.cancelled", "booking.expired",
    "booking.rescheduled", "booking.no_show", "booking.changed", "charge.waived", "move.asked", "move.declined",
    "move.wanted", "tutor.asked", "tutor.approved", "tutor.refused", "package.granted", "person.unreachable",
    "booking.nudge", "operator.alarm", "feed.conflict", "feed.failed",
)
NEW_EVENTS = ("email.code", "email.failed")


def upgrade() -> None:
    closed_sets.allow("notification", "event", (*EVENTS, *NEW_EVENTS))


def downgrade() -> None:
    closed_sets.allow("notification", "event", EVENTS)
