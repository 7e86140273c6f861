"""What every table shares: the naming convention and the column types that refuse wrong values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias, cast

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, Numeric, Row, Select, Table
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

Id = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware, stored and returned in UTC. A naive value raises an error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime is not an instant: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Minutes(TypeDecorator[timedelta]):
    """A length in whole minutes."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        minutes, rest = divmod(value, timedelta(minutes=1))
        if rest:
            raise ValueError(f"not a whole number of minutes: {value!r}")
        return minutes

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(minutes=value)


class Money(TypeDecorator[Decimal]):
    """An exact amount with at most two places: NUMERIC; in SQLite, which has only floats, whole cents."""

    impl = Numeric(10, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(10, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        if value * 100 % 1:
            raise ValueError(f"not a whole number of cents: {value!r}")
        return int(value * 100) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-2) if dialect.name == "sqlite" else Decimal(value)


def table(model: type[Base]) -> Table:
    """Return the bare table, for statements that are built once and bypass the ORM."""
    return cast("Table", model.__table__)


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Return a column type for a closed set: a short string with a CHECK constraint of this name."""

    def values(members: Any) -> list[str]:
        return [member.value for member in members]

    return Enum(kind, name=name, native_enum=False, create_constraint=True, length=24, values_callable=values)
