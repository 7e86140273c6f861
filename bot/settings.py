"""
The settings of the bot, from the environment or a file `.env`.

TELEGRAM_BOT_TOKEN matters most: without it the bot talks to a sandbox. All others begin with TUTORBOT_.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as Unreadable

from core.errors import BadEmail
from core.people import emails
from core.settings import DatabaseSettings, Policies

PREFIX = "TUTORBOT_"
FOR_TESTS = "TUTORBOT_TEST_"
TOKEN_VARIABLE = "TELEGRAM_BOT_TOKEN"
NESTED = "__"
ENV_FILE = ".env"
TELEGRAM = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting is wrong; the text is for the operator."""


class FeedSettings(BaseModel):
    """`allow_private`: feeds may also be fetched from this machine and its private network."""

    model_config = ConfigDict(frozen=True)

    allow_private: bool = False


class SmtpSettings(BaseModel):
    """A mail server; without a host nothing is mailed."""

    model_config = ConfigDict(frozen=True)

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    user: str | None = None
    password: SecretStr | None = None
    sender: str = ""
    security: Literal["starttls", "tls", "none"] = "starttls"

    @field_validator("sender", mode="after")
    @classmethod
    def _an_address(cls, sender: str) -> str:
        try:
            if sender:
                emails.checked(parseaddr(sender)[1])
        except BadEmail:
            raise ValueError("should look like desk@example.org or Desk <desk@example.org>") from None
        if not sender.isprintable():
            raise ValueError("should be one line")
        return sender

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("host needs sender")
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password need each other")
        return self


class Settings(BaseSettings):
    """`rate` is in messages a second. The sandbox and a real bot never share a database."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = Field(default=None, validation_alias=TOKEN_VARIABLE)
    api_url: str = TELEGRAM
    data_folder: Path = Path("data")
    database: DatabaseSettings = Field(default=DatabaseSettings(), validate_default=True)
    policies: Policies = Policies()
    feeds: FeedSettings = FeedSettings()
    smtp: SmtpSettings = SmtpSettings()
    sandbox_host: str = "127.0.0.1"
    sandbox_port: int = Field(default=8080, ge=0, le=65535)
    web_host: str = "127.0.0.1"
    web_port: int | None = Field(default=None, ge=0, le=65535)
    web_address: str | None = None
    rate: float = Field(default=28, gt=0, le=1000)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("token", mode="after")
    @classmethod
    def _empty_is_none(cls, token: SecretStr | None) -> SecretStr | None:
        stripped = token.get_secret_value().strip() if token else ""
        return SecretStr(stripped) if stripped else None

    @field_validator("api_url", "web_address", mode="after")
    @classmethod
    def _an_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"should look like {TELEGRAM}")
        return url.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("database", mode="after")
    @classmethod
    def _in_data_folder(cls, database: DatabaseSettings, info: ValidationInfo) -> DatabaseSettings:
        if "url" in database.model_fields_set or "data_folder" not in info.data:
            return database
        name = "tutorbot.sqlite3" if info.data.get("token") else "sandbox.sqlite3"
        return database.model_copy(update={"url": f"sqlite+aiosqlite:///{info.data['data_folder'] / name}"})

    @property
    def is_sandboxed(self) -> bool:
        return self.token is None

    @property
    def sandbox_journal(self) -> Path:
        return self.data_folder / "sandbox.jsonl"

    @classmethod
    def load(cls) -> Self:
        """Read the environment; raises SettingsError, which names the variable and what is wrong."""
        try:
            _refuse_unknown(_given_names())
            return cls()
        except ValidationError as error:
            raise SettingsError("; ".join(_told(each) for each in error.errors(include_url=False))) from None
        except Unreadable as error:
            raise SettingsError(f"{_unreadable(str(error))}: should be JSON") from None
        except UnicodeDecodeError:
            raise SettingsError(f"{ENV_FILE} is not a text in UTF-8") from None


def _given_names() -> Iterator[str]:
    in_file = dotenv_values(ENV_FILE, encoding="utf-8") if Path(ENV_FILE).is_file() else {}
    for name in {*os.environ, *in_file}:
        if name.upper().startswith(PREFIX) and not name.upper().startswith(FOR_TESTS):
            yield name.upper()


def _refuse_unknown(names: Iterable[str]) -> None:
    known = set(known_names())
    for name in sorted(set(names) - known):
        meant = difflib.get_close_matches(name, known, n=1)
        raise SettingsError(f"{name} is not a setting" + (f"; did you mean {meant[0]}?" if meant else ""))


def known_names() -> Iterator[str]:
    """Yield the name of every variable, including nested settings."""
    for name, field in Settings.model_fields.items():
        if field.validation_alias is not None:
            continue
        yield f"{PREFIX}{name}".upper()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"{PREFIX}{name}{NESTED}{inner}".upper() for inner in field.annotation.model_fields)


def _told(error: Any) -> str:
    first, *inner = [str(part) for part in error["loc"]]
    name = first if first == TOKEN_VARIABLE else PREFIX + NESTED.join([first, *inner]).upper()
    fault = error["msg"].removeprefix("Value error, ")
    return f"{name}: {fault[:1].lower()}{fault[1:]}"


def _unreadable(told: str) -> str:
    """Return the variables that may be wrong: pydantic names only the outermost field."""
    field = re.search(r'field "(\w+)"', told)
    begin = f"{PREFIX}{field[1]}".upper() if field else PREFIX
    return " or ".join(sorted(name for name in _given_names() if name.startswith(begin)))
