"""The settings of the database."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class DatabaseSettings(BaseModel):
    """`url` in SQLAlchemy's form: sqlite+aiosqlite:///path or postgresql+asyncpg://user:password@host/name."""

    model_config = ConfigDict(frozen=True)

    url: str = "sqlite+aiosqlite:///data/tutorbot.sqlite3"
    pool_size: int = 10
    sqlite_synchronous: Literal["FULL", "NORMAL", "OFF"] = "FULL"

    @field_validator("url", mode="after")
    @classmethod
    def _can_be_read(cls, url: str) -> str:
        try:
            make_url(url)
        except (ArgumentError, ValueError):  # "from None": their words may hold a part of the password
            form = "postgresql+asyncpg://user:password@host/name"
            raise ValueError(f"should look like {form}, with %40 %3A %2F for @ : / in the password") from None
        return url
