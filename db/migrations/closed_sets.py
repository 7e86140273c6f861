"""
Change which values a closed set allows.

A CHECK can be replaced on PostgreSQL; SQLite needs the table copied. It must not be one that others refer to: dropping
the old one would take their rows along.
"""

from collections.abc import Sequence

from alembic import op


def allow(table: str, column: str, values: Sequence[str]) -> None:
    """Let the column of this closed set hold these values and no others; rows with others go."""
    listed, name = _listed(values), op.f(f"ck_{table}_{column}")
    op.execute(f"DELETE FROM {table} WHERE {column} NOT IN ({listed})")
    with op.batch_alter_table(table) as copied:
        copied.drop_constraint(name, type_="check")
        copied.create_check_constraint(name, f"{column} IN ({listed})")


def close(table: str, column: str, values: Sequence[str]) -> None:
    """Make a closed set of a column that has been added."""
    with op.batch_alter_table(table) as copied:
        copied.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({_listed(values)})")


def remove(table: str, column: str) -> None:
    """Remove the column with its closed set."""
    with op.batch_alter_table(table) as copied:
        copied.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
        copied.drop_column(column)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
