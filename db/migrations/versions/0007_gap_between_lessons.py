"""the smallest gap between two lessons of one day"""

import sqlalchemy as sa
from alembic import op

import db.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHECK = "ck_tutor_settings_gap_not_negative"


def upgrade() -> None:
    with op.batch_alter_table("tutor_settings") as copied:
        copied.add_column(sa.Column("min_gap", db.base.Minutes(), nullable=False, server_default="0"))
        copied.create_check_constraint(op.f(CHECK), "min_gap >= 0")


def downgrade() -> None:
    with op.batch_alter_table("tutor_settings") as copied:
        copied.drop_constraint(op.f(CHECK), type_="check")
        copied.drop_column("min_gap")
