"""Limits and lengths that an operator sets for all tutors."""

import re
from datetime import timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from core.pure import video_rooms
from db.settings import *  # noqa: F403  db needs them and cannot import core; bot may not import db


class Policies(BaseModel):
    """The operator's limits and lengths. In the environment, write a length in ISO 8601 (PT24H) or in seconds."""

    model_config = ConfigDict(frozen=True)

    reminders_before: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1), timedelta(minutes=15))
    request_expires_after: timedelta = timedelta(hours=24)
    request_expires_before_start: timedelta = timedelta(hours=1)
    hold_for: timedelta = timedelta(minutes=5)
    max_active_lessons: int = Field(default=30, ge=1)
    max_windows: int = Field(default=200, ge=7)
    delivery_lease: timedelta = timedelta(minutes=2)
    delivery_attempts: int = Field(default=40, ge=1)
    tutors: Literal["open", "invitation", "approval"] = "open"
    tutor_invitation: SecretStr | None = None
    operators: tuple[int, ...] = ()
    keep_for: timedelta = Field(default=timedelta(days=90), ge=timedelta(days=7))
    room_template: str = "https://meet.jit.si/{room}"

    @field_validator("tutor_invitation", mode="after")
    @classmethod
    def _fits_a_link(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch("[A-Za-z0-9_-]{8,58}", secret.get_secret_value()):
            raise ValueError("should be 8 to 58 of A-Z a-z 0-9 _ -")
        return secret

    @field_validator("room_template", mode="after")
    @classmethod
    def _a_room_each(cls, template: str) -> str:
        if not video_rooms.is_address(template.replace("{room}", "x")) or template.count("{room}") != 1:
            raise ValueError("should look like https://meet.jit.si/{room}")
        return template

    @model_validator(mode="after")
    def _somebody_can_come_in(self) -> Self:
        if self.tutors == "invitation" and self.tutor_invitation is None:
            raise ValueError("tutors=invitation needs tutor_invitation")
        if self.tutors == "approval" and not self.operators:
            raise ValueError("tutors=approval needs operators")
        return self
