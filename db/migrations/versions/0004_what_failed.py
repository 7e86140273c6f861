"""letters that failed are found without reading those that were sent"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FAILED = sa.text("status = 'failed'")


def upgrade() -> None:
    for table in ("reminder", "notification"):
        op.create_index(
            f"ix_{table}_failed", table, ["scheduled_for"], postgresql_where=FAILED, sqlite_where=FAILED
        )


def downgrade() -> None:
    for table in ("reminder", "notification"):
        op.drop_index(f"ix_{table}_failed", table_name=table)
