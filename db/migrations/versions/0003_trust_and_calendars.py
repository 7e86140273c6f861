"""delivery by several channels, jobs that can be watched, calendars kept elsewhere"""

import sqlalchemy as sa
from alembic import op

import db.base
from db.migrations import closed_sets

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EVENTS = (
    "booking.created", "booking.confirmed", "booking.declined", "booking.cancelled", "booking.expired",
    "booking.rescheduled", "booking.no_show", "booking.changed", "charge.waived", "move.asked", "move.declined",
    "move.wanted", "tutor.asked", "tutor.approved", "tutor.refused", "package.granted", "person.unreachable",
)
NEW_EVENTS = ("booking.nudge", "operator.alarm", "feed.conflict", "feed.failed")
CHANNELS = ("email", "push", "sms")
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("person", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("person", sa.Column("calendar_code", sa.String(length=32), nullable=True))
    op.create_index("uq_person_calendar_code", "person", ["calendar_code"], unique=True)
    op.add_column("notification", sa.Column("channel", sa.String(length=24), nullable=False, server_default="push"))
    closed_sets.close("notification", "channel", CHANNELS)
    closed_sets.allow("notification", "event", (*EVENTS, *NEW_EVENTS))
    _jobs()
    _calendars()


def _jobs() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ran_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed_at", db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )


def _calendars() -> None:
    op.create_table(
        "external_calendar",
        sa.Column("id", Id, nullable=False),
        sa.Column("tutor_id", Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=True),
        sa.Column("etag", sa.String(length=200), nullable=True),
        sa.Column("last_modified", sa.String(length=100), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("synced_at", db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_sync_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("created_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tutor_id"], ["person.id"], name=op.f("fk_external_calendar_tutor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_calendar")),
    )
    op.create_index("ix_external_calendar_next_sync_at", "external_calendar", ["next_sync_at"])
    op.create_index(op.f("ix_external_calendar_tutor_id"), "external_calendar", ["tutor_id"])
    op.create_table(
        "busy_time",
        sa.Column("id", Id, nullable=False),
        sa.Column("calendar_id", Id, nullable=False),
        sa.Column("tutor_id", Id, nullable=False),
        sa.Column("starts_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_time_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["external_calendar.id"], name=op.f("fk_busy_time_calendar_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tutor_id"], ["person.id"], name=op.f("fk_busy_time_tutor_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_tutor_id_ends_at", "busy_time", ["tutor_id", "ends_at"])
    op.create_index(op.f("ix_busy_time_calendar_id"), "busy_time", ["calendar_id"])


def downgrade() -> None:
    op.drop_table("busy_time")
    op.drop_table("external_calendar")
    op.drop_table("job_run")
    closed_sets.allow("notification", "event", EVENTS)
    closed_sets.remove("notification", "channel")
    op.drop_index("uq_person_calendar_code", "person")
    op.drop_column("person", "calendar_code")
    op.drop_column("person", "email")
