"""Turn a text that a bot sent into a message's text: parsed, trimmed, with entities in order."""

from typing import Any, Final

from bot.sandbox.formatting import html, legacy_markdown, markdown, utf16
from bot.sandbox.formatting.detect import detect
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import bad_request

TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
RAW_LIMIT_BYTES: Final = 32_768
ENTITIES_SHOWN: Final = 100
TRIMMED: Final = " \n\r\t\v\f"
INVISIBLE: Final = TRIMMED + "\u200b\u200c\u200d\u2060\u2063\ufeff\u00a0\u2800\u180e\u200e\u200f\u202e\u3000"
PARSERS: Final = {"html": html.parse, "markdownv2": markdown.parse, "markdown": legacy_markdown.parse}


def formatted(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """Parse `text` by `parse_mode`, or take the `entities` given; links and commands are detected, too."""
    if len(text) > RAW_LIMIT_BYTES or len(text.encode()) > RAW_LIMIT_BYTES:
        raise bad_request("text is too long")
    plain, marked = _parsed(text, parse_mode) if parse_mode else (text, _checked(text, entities or []))
    plain, marked = _trimmed(plain.replace("\0", " "), marked)
    marked += detect(plain, marked)
    marked.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return plain, marked[:ENTITIES_SHOWN]


def _parsed(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    parse = PARSERS.get(parse_mode.lower())
    if parse is None:
        raise bad_request("unsupported parse_mode")
    try:
        plain, entities = parse(text)
    except html.ParseError as error:
        raise bad_request(f"can't parse entities: {error}") from error
    return plain, entities[::-1]  # the outer one of two alike closes later and comes first


def _checked(text: str, entities: list[Json]) -> list[Json]:
    end = utf16.length(text)
    return [
        dict(entity)
        for entity in entities
        if 0 <= entity["offset"] < end and 0 < entity["length"] <= end - entity["offset"]
    ]


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    kept = text.rstrip(TRIMMED)
    begin = len(kept) - len(kept.lstrip(TRIMMED))
    kept = kept[begin:]
    if len(kept) == len(text) or not entities:
        return kept, entities
    end = utf16.length(kept)
    moved = ({**entity, **_moved(entity, begin, end)} for entity in entities)
    return kept, [entity for entity in moved if entity["length"] > 0]


def _moved(entity: Json, by: int, end: int) -> dict[str, Any]:
    first = max(entity["offset"] - by, 0)
    last = min(entity["offset"] + entity["length"] - by, end)
    return {"offset": first, "length": last - first}


def message_text(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    if not text:
        raise bad_request("message text is empty")
    plain, marked = formatted(text, parse_mode, entities)
    if not plain.strip(INVISIBLE):
        raise bad_request("text must be non-empty")
    if len(plain) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return plain, marked


def caption(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    plain, marked = formatted(text, parse_mode, entities)
    if len(plain) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return plain, marked
