"""Find out which constraint was violated: PostgreSQL's error has its name, SQLite's its columns."""

from sqlalchemy import Index
from sqlalchemy.exc import IntegrityError


def violates(error: IntegrityError, index: Index) -> bool:
    """Whether the error says that a row violates this unique index."""
    told = str(error.orig)
    return f'"{index.name}"' in told or told.endswith(f": {_columns(index)}")


def _columns(index: Index) -> str:
    return ", ".join(f"{column.table.name}.{column.name}" for column in index.columns)
