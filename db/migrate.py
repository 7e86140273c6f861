"""Migrate a database to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db.engine import Database, migrating

MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(database: Database, revision: str = "head") -> None:
    """Run the missing migrations in one transaction. Processes that do this at the same time wait for each other."""
    async with migrating(database) as connection:
        await connection.run_sync(_upgrade, revision)


async def downgrade(database: Database, revision: str) -> None:
    async with migrating(database) as connection:
        await connection.run_sync(_downgrade, revision)


async def current(database: Database) -> str | None:
    async with database.reader.connect() as connection:
        return await connection.run_sync(lambda plain: MigrationContext.configure(plain).get_current_revision())


def revisions() -> list[str]:
    """Return all revisions, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]


def config(connection: Connection | None = None) -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    alembic.attributes["connection"] = connection
    return alembic


def _upgrade(connection: Connection, revision: str) -> None:
    _take_turn(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    if revision != "head" or current != ScriptDirectory.from_config(config()).get_current_head():
        command.upgrade(config(connection), revision)


def _downgrade(connection: Connection, revision: str) -> None:
    _take_turn(connection)
    command.downgrade(config(connection), revision)


def _take_turn(connection: Connection) -> None:
    """Take a lock for migrations on PostgreSQL; on SQLite the transaction already has the write lock."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(746172)")
