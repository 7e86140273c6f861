"""
Change the values that a closed set allows.

PostgreSQL can replace a CHECK; for SQLite the table is copied. No other table may refer to it: dropping the old table
would delete their rows, too.
"""

from collections.abc import Sequence

from alembic import op


def allow(table: str, column: str, values: Sequence[str]) -> None:
    """Allow only these values in a column with a closed set; rows with other values are deleted."""
    listed, name = _listed(values), op.f(f"ck_{table}_{column}")
    op.execute(f"DELETE FROM {table} WHERE {column} NOT IN ({listed})")
    with op.batch_alter_table(table) as copied:
        copied.drop_constraint(name, type_="check")
        copied.create_check_constraint(name, f"{column} IN ({listed})")


def close(table: str, column: str, values: Sequence[str]) -> None:
    """Allow only these values in a column that has just been added."""
    with op.batch_alter_table(table) as copied:
        copied.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({_listed(values)})")


def remove(table: str, column: str) -> None:
    """Remove a column and its closed set."""
    with op.batch_alter_table(table) as copied:
        copied.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
        copied.drop_column(column)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
