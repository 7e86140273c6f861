"""Everybody who writes to the bot, tutor or student or both."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, UtcDateTime, choice
from db.enums import Language


class Person(Base):
    """`telegram_id` is empty for a student whom a tutor wrote down by name; `timezone` until it has been chosen."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    first_name: Mapped[str] = mapped_column(String(128))
    last_name: Mapped[str | None] = mapped_column(String(128))
    username: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[Language] = mapped_column(choice(Language, "language"))
    timezone: Mapped[str | None] = mapped_column(String(64))
    is_tutor: Mapped[bool] = mapped_column(default=False)
    is_operator: Mapped[bool] = mapped_column(default=False)
    heard_update_id: Mapped[int | None] = mapped_column(BigInteger)
    unreachable_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
