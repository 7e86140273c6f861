"""Where the data lies."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class DatabaseSettings(BaseModel):
    """`url` as SQLAlchemy writes it: sqlite+aiosqlite:///path or postgresql+asyncpg://user:password@host/name."""

    model_config = ConfigDict(frozen=True)

    url: str = "sqlite+aiosqlite:///data/tutorbot.sqlite3"
    pool_size: int = 10
    sqlite_synchronous: Literal["FULL", "NORMAL", "OFF"] = "FULL"
