"""HTML as TDLib's parser reads it: the same tags, the same four named entities, the same complaints."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Final

from bot.sandbox.formatting import utf16
from bot.sandbox.formatting.links import entity_of_link
from bot.sandbox.jsons import Json

SPACE: Final = " \t\r\n\0\v"
MARK = re.compile(r"[<&]")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]+|#[xX][0-9a-fA-F]+);")
SIMPLE: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS: Final = {*SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
ARGUMENTS: Final = {("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "unix")}
PREFIXED: Final = {("code", "class"): "language-", ("span", "class"): "tg-"}


class ParseError(ValueError):
    """The text can't be parsed; the message is Telegram's."""


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    argument: str
    time_format: str
    offset: int
    piece: int


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text + "\0"
        self.at = 0
        self.pieces: list[str] = []
        self.offset = 0
        self.open: list[_Tag] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.text) - 1:
            mark = MARK.search(self.text, self.at)
            end = mark.start() if mark else len(self.text) - 1
            self._write(self.text[self.at : end])
            self.at = end
            if mark:
                self._tag() if mark[0] == "<" else self._character()
        if self.open:
            raise ParseError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return "".join(self.pieces), self.entities

    def _write(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.offset += utf16.length(text)

    def _character(self) -> None:
        found = CHARACTER.match(self.text, self.at)
        self._write(unescape(found[0]) if found else "&")
        self.at = found.end() if found else self.at + 1

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self.text[self.at] == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)
        self.at += 1

    def _start_tag(self, begin: int) -> None:
        name = self._until(SPACE + ">").lower()
        if self._ended():
            raise self._error("Unclosed start tag", begin)
        if name not in TAGS:
            raise self._error(f'Unsupported start tag "{name}"', begin)
        given = self._attributes(name, begin)
        argument, time_format = given.get("argument", ""), given.get("format", "")
        if name == "span" and argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Tag(name, argument, time_format, self.offset, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        given: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.text[self.at] == ">":
                return given
            name = self._until(SPACE + "=>")
            if not name and not self._ended():
                raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_space()
            value = self._value() if self.text[self.at] == "=" else ""
            if self._ended():
                raise self._error("Unclosed start tag", begin)
            given.update(_argument(tag, name, value))

    def _value(self) -> str:
        self.at += 1
        self._skip_space()
        quote, begin = self.text[self.at], self.at
        if quote in "'\"":
            end = self.text.find(quote, begin + 1)
            self.at = end + 1 if end >= 0 else len(self.text) - 1
            return CHARACTER.sub(lambda found: unescape(found[0]), self.text[begin + 1 : end])
        while self.text[self.at].isalnum() or self.text[self.at] in ".-":
            self.at += 1
        if self.text[self.at] not in SPACE + ">":
            raise self._error("Unexpected end of name token", begin)
        return self.text[begin : self.at].lower()

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        self.at += 1
        name = self._until(SPACE + ">")
        self._skip_space()
        if self.text[self.at] != ">":
            raise self._error("Unclosed end tag", begin)
        tag = self.open.pop()
        if name and name.lower() != tag.name:
            raise self._error("Unmatched end tag", begin, f', expected "</{tag.name}>", found "</{name}>"')
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _Tag) -> None:
        entity = self._entity(tag)
        if entity is None:
            return
        span = {"offset": tag.offset, "length": self.offset - tag.offset}
        last = self.entities[-1] if self.entities else {}
        if tag.name == "pre" and last.get("type") == "code" and last.items() >= span.items() and "language" in last:
            self.entities[-1] = {**last, "type": "pre"}
            return
        self.entities.append({**entity, **span})

    def _entity(self, tag: _Tag) -> Json | None:
        if tag.name in SIMPLE:
            return {"type": SIMPLE[tag.name]}
        match tag.name:
            case "a":
                return entity_of_link(tag.argument or "".join(self.pieces[tag.piece :]))
            case "code":
                return {"type": "code", "language": tag.argument} if tag.argument else {"type": "code"}
            case "blockquote":
                return {"type": "expandable_blockquote" if tag.argument else "blockquote"}
            case "tg-emoji":
                return {"type": "custom_emoji", "custom_emoji_id": tag.argument}
            case "tg-time":
                return _time(tag)
        return {"type": "pre"}

    def _until(self, stops: str) -> str:
        begin = self.at
        while self.text[self.at] not in stops:
            self.at += 1
        return self.text[begin : self.at]

    def _skip_space(self) -> None:
        while not self._ended() and self.text[self.at] in SPACE:
            self.at += 1

    def _ended(self) -> bool:
        return self.at >= len(self.text) - 1

    def _error(self, what: str, index: int, more: str = "") -> ParseError:
        return ParseError(f"{what} at byte offset {utf16.byte_offset(self.text, index)}{more}")


def _argument(tag: str, name: str, value: str) -> dict[str, str]:
    if (tag, name) == ("blockquote", "expandable"):
        return {"argument": "1"}
    if (tag, name) == ("tg-time", "format"):
        return {"format": value}
    prefix = PREFIXED.get((tag, name))
    if prefix and value.startswith(prefix):
        return {"argument": value.removeprefix(prefix)}
    return {"argument": value} if (tag, name) in ARGUMENTS else {}


def _time(tag: _Tag) -> Json | None:
    if not tag.argument.isdecimal():
        return None
    shown = {"date_time_format": tag.time_format} if tag.time_format else {}
    return {"type": "date_time", "unix_time": int(tag.argument), **shown}


def parse(text: str) -> tuple[str, list[Json]]:
    """Split marked-up text into plain text and entities; an entity of code keeps no language of its own."""
    plain, entities = _Reader(text).read()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return plain, entities
