"""
Alembic's entry point. db.migrate passes the connection; on the command line the URL is read from
TUTORBOT_DATABASE__URL.
"""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection

import db.models
from db.base import Base
from db.engine import Database
from db.settings import DatabaseSettings

assert db.models, "imported for the tables it registers"


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def migrate_from_command_line() -> None:
    url = os.environ.get("TUTORBOT_DATABASE__URL")
    database = Database.open(DatabaseSettings(url=url) if url else DatabaseSettings())
    async with database.writer.begin() as connection:
        await connection.run_sync(migrate)
    await database.close()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_from_command_line())
