"""MarkdownV2 as TDLib's parser reads it."""

from dataclasses import dataclass
from typing import Final

from bot.sandbox.formatting import utf16
from bot.sandbox.formatting.html import ParseError
from bot.sandbox.formatting.links import entity_of_link
from bot.sandbox.jsons import Json

RESERVED: Final = frozenset("_*[]()~`>#+-=|{}.!")
OPENERS: Final = (
    ("```", "Pre"),
    ("__", "Underline"),
    ("||", "Spoiler"),
    ("![", "CustomEmoji"),
    ("_", "Italic"),
    ("*", "Bold"),
    ("~", "Strikethrough"),
    ("[", "TextUrl"),
    ("`", "Code"),
)
CLOSERS: Final = {
    "Pre": "```",
    "PreCode": "```",
    "Underline": "__",
    "Spoiler": "||",
    "CustomEmoji": "]",
    "Italic": "_",
    "Bold": "*",
    "Strikethrough": "~",
    "TextUrl": "]",
    "Code": "`",
}
PLAIN: Final = {"Underline", "Spoiler", "Italic", "Bold", "Strikethrough", "Code", "Pre"}
VERBATIM: Final = {"Pre", "PreCode", "Code"}


@dataclass(frozen=True, slots=True)
class _Open:
    kind: str
    argument: str
    offset: int
    index: int
    piece: int


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.pieces: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.quote: _Open | None = None
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.text):
            self._step()
        if self.open:
            last = self.open[-1]
            raise self._error(f"Can't find end of {last.kind} entity", last.index)
        self._end_quote(expandable=False)
        return "".join(self.pieces), self.entities

    def _step(self) -> None:
        character = self.text[self.at]
        if character == "\\" and "\0" < self.text[self.at + 1 : self.at + 2] <= "~":
            self._write(self.text[self.at + 1])
            self.at += 2
        elif not self._is_reserved(character):
            self._plain(character)
        elif self.open and self._closes(self.open[-1]):
            self._close(self.open.pop())
        elif character == ">" and self._at_line_start():
            self._begin_quote()
        elif self.quote and not self.open and self.text.startswith("||", self.at) and self._at_line_end(self.at + 2):
            self.at += 2
            self._end_quote(expandable=True)
        else:
            self._begin(character)

    def _is_reserved(self, character: str) -> bool:
        if self.open and self.open[-1].kind in VERBATIM:
            return character == "`"
        return character in RESERVED

    def _plain(self, character: str) -> None:
        verbatim = self.open and self.open[-1].kind in VERBATIM
        if character == "\n" and self.quote and not verbatim and not self.text.startswith("\n>", self.at):
            self._end_quote(expandable=False)
        self._write(character)
        self.at += 1

    def _write(self, text: str) -> None:
        self.pieces.append(text)
        self.offset += utf16.length(text)

    def _closes(self, entity: _Open) -> bool:
        if entity.kind == "Italic" and self.text.startswith("__", self.at):
            return False
        return self.text.startswith(CLOSERS[entity.kind], self.at)

    def _begin(self, character: str) -> None:
        found = next((pair for pair in OPENERS if self.text.startswith(pair[0], self.at)), None)
        if found is None:
            raise ParseError(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
        begin, (mark, kind) = self.at, found
        self.at += len(mark)
        language = self._language() if kind == "Pre" else ""
        self.open.append(_Open("PreCode" if language else kind, language, self.offset, begin, len(self.pieces)))

    def _language(self) -> str:
        end = self.at
        while end < len(self.text) and not self.text[end].isspace() and self.text[end] != "`":
            end += 1
        language = self.text[self.at : end] if end < len(self.text) and self.text[end] != "`" else ""
        self.at += len(language)
        if self.text.startswith(("\r\n", "\n\r"), self.at):
            self.at += 2
        elif self.text.startswith(("\n", "\r"), self.at):
            self.at += 1
        return language

    def _close(self, entity: _Open) -> None:
        self.at += len(CLOSERS[entity.kind])
        body = self._body(entity)
        if body and self.offset > entity.offset:
            self.entities.append({**body, "offset": entity.offset, "length": self.offset - entity.offset})

    def _body(self, entity: _Open) -> Json | None:
        if entity.kind in PLAIN:
            return {"type": entity.kind.lower()}
        if entity.kind == "PreCode":
            return {"type": "pre", "language": entity.argument}
        url = self._url() or "".join(self.pieces[entity.piece :])
        if entity.kind == "TextUrl":
            return entity_of_link(url)
        return {"type": "custom_emoji", "custom_emoji_id": url.removeprefix("tg://emoji?id=")}

    def _url(self) -> str:
        if not self.text.startswith("(", self.at):
            return ""
        begin = self.at = self.at + 1
        url = ""
        while self.at < len(self.text) and self.text[self.at] != ")":
            escaped = self.text[self.at] == "\\" and self.at + 1 < len(self.text)
            url += self.text[self.at + escaped]
            self.at += 1 + escaped
        if self.at >= len(self.text):
            raise self._error("Can't find end of a URL", begin)
        self.at += 1
        return url

    def _at_line_start(self) -> bool:
        return not self.open and (self.at == 0 or self.text[self.at - 1] == "\n")

    def _at_line_end(self, index: int) -> bool:
        return index >= len(self.text) or self.text[index] == "\n"

    def _begin_quote(self) -> None:
        if self.quote is None:
            self.quote = _Open("BlockQuote", "", self.offset, self.at, len(self.pieces))
        self.at += 1

    def _end_quote(self, *, expandable: bool) -> None:
        quote, self.quote = self.quote, None
        if quote and self.offset > quote.offset:
            kind = "expandable_blockquote" if expandable else "blockquote"
            self.entities.append({"type": kind, "offset": quote.offset, "length": self.offset - quote.offset})

    def _error(self, what: str, index: int) -> ParseError:
        return ParseError(f"{what} at byte offset {utf16.byte_offset(self.text, index)}")


def parse(text: str) -> tuple[str, list[Json]]:
    return _Reader(text).read()
