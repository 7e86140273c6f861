"""
Checks a call against the published Bot API: names, types, what is required, lengths.

Strings are converted as Telegram does, since a form has only strings. An unknown name, which Telegram would ignore, is
refused here, so that typing errors are found early.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.sandbox.checking.coercion import SIMPLE, Convert, MismatchError, decoded, file, integer_or_string
from bot.sandbox.jsons import Json, decode
from bot.sandbox.refusals import Refused, bad_request

API: Final[Json] = decode((Path(__file__).parent / "bot-api-10.0.json").read_text("utf-8"))
METHOD_NAMES: Final = {name.lower(): name for name in API["methods"]}
MARKUPS: Final = {
    "inline_keyboard": "InlineKeyboardMarkup",
    "keyboard": "ReplyKeyboardMarkup",
    "remove_keyboard": "ReplyKeyboardRemove",
    "force_reply": "ForceReply",
}
CHECKED_ELSEWHERE: Final = {"text", "caption", "callback_data", "quote", "input_field_placeholder"}
CHECKED_WHOLE: Final = {"BotCommand"}
EMPTY_IS_MEANT: Final = {"commands", "url"}  # no commands at all; no webhook
MISSING: Final = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "sticker": "there is no sticker in the request",
    "media": "there is no media in the request",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a method or a type, ready to check values."""

    name: str
    convert: Mapping[str, Convert]
    required: tuple[str, ...]

    def __call__(self, value: Any) -> Json:
        given = decoded(value)
        if not isinstance(given, dict):
            raise MismatchError(f"{self.name} object expected")
        checked = {name: self._checked(name, one) for name, one in given.items() if one is not None}
        for name in self.required:
            if name not in checked:
                raise MismatchError(f'{self.name}: field "{name}" is missing')
        return checked

    def _checked(self, name: str, value: Any) -> Any:
        convert = self.convert.get(name)
        if convert is None:
            raise MismatchError(f'{self.name} has no field "{name}"')
        try:
            return convert(value)
        except MismatchError as error:
            raise MismatchError(f'field "{name}" of {self.name}: {error}') from error


def method_named(name: str) -> str | None:
    return METHOD_NAMES.get(name.lower())


def checked(method: str, given: Mapping[str, Any]) -> Json:
    """Return the parameters of a call in their published types, or refuse the call."""
    fields = _method(method)
    params = {}
    for name, value in given.items():
        convert = fields.convert.get(name)
        if convert is None:
            raise bad_request(f'unknown parameter "{name}" of {method}')
        if value is not None and value != "":
            params[name] = _param(name, value, convert)
    for name in fields.required:
        if name not in params:
            raise _missing(method, name)
    return params


def _param(name: str, value: Any, convert: Convert) -> Any:
    try:
        return convert(value)
    except MismatchError as error:
        raise bad_request(f"can't parse {name}: {error}") from error


def _missing(method: str, name: str) -> Refused:
    return bad_request(MISSING.get(name, f'parameter "{name}" of {method} is required'))


@cache
def _method(name: str) -> Fields:
    return _fields(name, API["methods"][name]["fields"], lenient=True)


@cache
def _object(name: str) -> Convert:
    published = API["types"][name]
    if "subtypes" in published:
        return _one_of(name, tuple(published["subtypes"]))
    return _fields(name, published["fields"], lenient=False)


def _fields(name: str, published: Json, *, lenient: bool) -> Fields:
    required = tuple(field for field, about in published.items() if about["required"])
    if lenient:
        required = tuple(field for field in required if field not in EMPTY_IS_MEANT)
    convert = _unlimited if name in CHECKED_WHOLE else _field
    return Fields(name, {field: convert(field, about) for field, about in published.items()}, required)


def _field(name: str, published: Json) -> Convert:
    convert = _unlimited(name, published)
    limit = published.get("limit")
    if limit is None or name in CHECKED_ELSEWHERE:
        return convert
    (unit, (least, most)), *_ = limit.items()
    return _limited(convert, unit, least, most)


def _unlimited(_: str, published: Json) -> Convert:
    return _type(tuple(published["types"]))


def _limited(convert: Convert, unit: str, least: int, most: int) -> Convert:
    def limited(value: Any) -> Any:
        checked_value = convert(value)
        size = len(checked_value.encode() if unit == "bytes" else checked_value)
        if not least <= size <= most:
            raise MismatchError(f"{least}-{most} {unit} expected, got {size}")
        return checked_value

    return limited


def _type(names: tuple[str, ...]) -> Convert:
    if set(names) == set(MARKUPS.values()):
        return _markup
    if names == ("Integer", "String"):
        return integer_or_string
    if "InputFile" in names:
        return file
    if all(name.startswith("Array of InputMedia") for name in names):
        return _array(_object("InputMedia"))
    return _single(names[0])


def _single(name: str) -> Convert:
    simple = SIMPLE.get(name)
    if simple is not None:
        return simple
    if name.startswith("Array of "):
        return _array(_single(name.removeprefix("Array of ")))
    return lambda value: _object(name)(value)  # looked up when used: types contain themselves


def _array(item: Convert) -> Convert:
    def array(value: Any) -> list[Any]:
        given = decoded(value)
        if not isinstance(given, list):
            raise MismatchError("Array expected")
        return [item(one) for one in given]

    return array


def _one_of(name: str, subtypes: tuple[str, ...]) -> Convert:
    by_type = {_snake(subtype.removeprefix(name)): subtype for subtype in subtypes}

    def one_of(value: Any) -> Json:
        given = decoded(value)
        if not isinstance(given, dict):
            raise MismatchError(f"{name} object expected")
        subtype = by_type.get(str(given.get("type")))
        if subtype is None:
            raise MismatchError(f'{name} has no type "{given.get("type")}"')
        checked_object: Json = _object(subtype)(given)
        return checked_object

    return one_of


def _snake(camel: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in camel).lstrip("_")


def _markup(value: Any) -> Json:
    given = decoded(value)
    if not isinstance(given, dict):
        raise MismatchError("object expected as reply markup")
    for key, name in MARKUPS.items():
        if key in given:
            markup: Json = _object(name)(given)
            return markup
    raise MismatchError("none of inline_keyboard, keyboard, remove_keyboard, force_reply is there")
