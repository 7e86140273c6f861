"""The house rules that hold for everybody, whoever the tutor is."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from db.settings import DatabaseSettings

__all__ = ["DatabaseSettings", "Policies"]


class Policies(BaseModel):
    """Lengths are written in ISO 8601 (PT24H) or seconds where they come from the environment."""

    model_config = ConfigDict(frozen=True)

    reminders_before: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1), timedelta(minutes=15))
    request_expires_after: timedelta = timedelta(hours=24)
    request_expires_before_start: timedelta = timedelta(hours=1)
    max_active_lessons: int = Field(default=30, ge=1)
    max_windows: int = Field(default=200, ge=7)
    delivery_lease: timedelta = timedelta(minutes=2)
    delivery_attempts: int = Field(default=40, ge=1)
