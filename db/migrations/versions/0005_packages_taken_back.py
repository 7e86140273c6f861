"""what a tutor takes back of a package"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lesson_package", sa.Column("taken_back", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("lesson_package", "taken_back")
