"""the student's way: holds, own names, own reminders, the directory"""

import sqlalchemy as sa
from alembic import op

import db.base
from db.migrations import closed_sets

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACTIONS = (
    "requested", "confirmed", "declined", "cancelled", "expired", "moved", "move_asked", "move_declined", "completed",
    "no_show", "undone", "charge_waived", "noted", "written_down",
)
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PERSON = ("has_own_name", "reminders_before", "quiet_from", "quiet_until", "left_at")


def upgrade() -> None:
    op.add_column("person", sa.Column("has_own_name", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("reminders_before", sa.JSON(), nullable=True))
    op.add_column("person", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("person", sa.Column("quiet_until", sa.Time(), nullable=True))
    op.add_column("person", sa.Column("left_at", db.base.UtcDateTime(timezone=True), nullable=True))
    op.add_column("tutor_settings", sa.Column("is_listed", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("tutor_settings", sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "slot_hold",
        sa.Column("student_id", Id, autoincrement=False, nullable=False),
        sa.Column("tutor_id", Id, nullable=False),
        sa.Column("starts_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("buffer_before", db.base.Minutes(), nullable=False),
        sa.Column("buffer_after", db.base.Minutes(), nullable=False),
        sa.Column("held_at", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("held_until", db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slot_hold_ends_after_start")),
        sa.ForeignKeyConstraint(["student_id"], ["person.id"], name=op.f("fk_slot_hold_student_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tutor_id"], ["person.id"], name=op.f("fk_slot_hold_tutor_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_slot_hold")),
    )
    op.create_index("ix_slot_hold_tutor_id_starts_at", "slot_hold", ["tutor_id", "starts_at"])
    closed_sets.allow("booking_history", "action", (*ACTIONS, "attending"))


def downgrade() -> None:
    closed_sets.allow("booking_history", "action", ACTIONS)
    op.drop_table("slot_hold")
    op.drop_column("tutor_settings", "languages")
    op.drop_column("tutor_settings", "is_listed")
    for column in reversed(PERSON):
        op.drop_column("person", column)
