"""A person who writes to the bot: tutor, student or both."""

from datetime import datetime, time

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, UtcDateTime, choice
from db.enums import Language


class Person(Base):
    """
    - `telegram_id` is empty for a student whom a tutor wrote down by name, and for somebody who deleted their account
    - `timezone` is empty until it has been chosen
    - with `has_own_name` the names do not follow Telegram
    - `reminders_before`, in minutes, is empty for the default ones
    - `quiet_from` and `quiet_until` are clock times of the person's zone, both or neither
    - `email` has been confirmed
    - `calendar_code` is the secret part of the address at which calendar apps follow the person's lessons
    """

    __tablename__ = "person"
    __table_args__ = (Index("uq_person_calendar_code", "calendar_code", unique=True),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    first_name: Mapped[str] = mapped_column(String(128))
    last_name: Mapped[str | None] = mapped_column(String(128))
    username: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[Language] = mapped_column(choice(Language, "language"))
    timezone: Mapped[str | None] = mapped_column(String(64))
    is_tutor: Mapped[bool] = mapped_column(default=False)
    is_operator: Mapped[bool] = mapped_column(default=False)
    has_own_name: Mapped[bool] = mapped_column(default=False)
    reminders_before: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    email: Mapped[str | None] = mapped_column(String(254))
    calendar_code: Mapped[str | None] = mapped_column(String(32))
    heard_update_id: Mapped[int | None] = mapped_column(BigInteger)
    unreachable_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
