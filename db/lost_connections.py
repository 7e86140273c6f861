"""
Replace PostgreSQL connections that died in the pool before somebody gets one.

If the server closes a connection, the driver knows it at once, and asking the driver costs nothing. Only a firewall
drops a connection silently, after minutes without traffic; so a connection that was idle for long is tested over the
network. SQLAlchemy's `pool_pre_ping` tests every time, which adds a transaction before each transaction.
"""

from time import monotonic
from typing import Any, Final

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError

SILENT_SECONDS: Final = 60
LEFT_AT: Final = "left_at"


def replace(engine: Engine) -> None:
    """Check each connection that leaves the pool, and empty the pool if one is dead."""

    def leave(_: Any, record: Any) -> None:
        record.info[LEFT_AT] = monotonic()

    def look(connection: Any, record: Any, _: Any) -> None:
        if not _is_alive(engine.dialect, connection, left_at=record.info.get(LEFT_AT, monotonic())):
            raise InvalidatePoolError

    event.listen(engine, "checkin", leave)
    event.listen(engine, "checkout", look)


def _is_alive(dialect: Dialect, connection: Any, *, left_at: float) -> bool:
    if connection.driver_connection.is_closed():
        return False
    return monotonic() - left_at < SILENT_SECONDS or _answers(dialect, connection)


def _answers(dialect: Dialect, connection: Any) -> bool:
    try:
        return bool(dialect.do_ping(connection))
    except dialect.loaded_dbapi.Error:
        return False
