"""Logging: one line per record, `key=value`; tokens are removed."""

import json
import logging
import sys
import time
from typing import Final

from bot.edge.http_client import TokenFilter

QUIET: Final = (
    "aiohttp",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpx",
    "sqlalchemy",
    "telegram",
    "uvicorn",
)
STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/+")


class KeyValue(logging.Formatter):
    """Format a record: its message, then all its `extra` fields."""

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03dZ"
    default_time_format = "%Y-%m-%dT%H:%M:%S"

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        fields |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if traceback := self._traceback(record):
            fields["traceback"] = traceback
        return " ".join(f"{name}={_value(value)}" for name, value in fields.items())

    def _traceback(self, record: logging.LogRecord) -> str | None:
        if record.exc_text:
            return record.exc_text
        return self.formatException(record.exc_info) if record.exc_info else None


def _value(value: object) -> str:
    text = str(value)
    return text if text and BARE.issuperset(text) else json.dumps(text, ensure_ascii=False)


def set_up(level: str, *, token: str = "") -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValue())
    handler.addFilter(TokenFilter(token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
