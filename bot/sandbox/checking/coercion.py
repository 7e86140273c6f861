"""Values of a call in their published types; strings are read as Telegram reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.jsons import decode

Convert = Callable[[Any], Any]

TRUE: Final = {"true", "yes", "1"}
FALSE: Final = {"false", "no", "0", ""}


class MismatchError(ValueError):
    """A value isn't of its published type; the message names what was expected and where."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of a file in a call."""

    name: str
    content: bytes
    mime: str


def decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return decode(value)
    except ValueError as error:
        raise MismatchError("it isn't JSON") from error


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise MismatchError("Integer expected")
    try:
        return int(value)
    except ValueError as error:
        raise MismatchError("Integer expected") from error


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise MismatchError("Float expected")
    try:
        return float(value)
    except ValueError as error:
        raise MismatchError("Float expected") from error


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word not in TRUE | FALSE:
        raise MismatchError("Boolean expected")
    return word in TRUE


def _string(value: Any) -> str:
    if isinstance(value, bool | list | dict | Upload):
        raise MismatchError("String expected")
    text = str(value)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise MismatchError("strings must be encoded in UTF-8") from error
    return text


def integer_or_string(value: Any) -> int | str:
    text = _string(value)
    return int(text) if text.removeprefix("-").isdecimal() else text


def file(value: Any) -> Upload | str:
    return value if isinstance(value, Upload) else _string(value)


SIMPLE: Final[dict[str, Convert]] = {
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "True": _boolean,
    "String": _string,
    "InputFile": file,
}
