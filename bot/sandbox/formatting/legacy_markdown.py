"""The first Markdown of the Bot API: no nesting, four marks."""

import re
from typing import Final

from bot.sandbox.formatting import utf16
from bot.sandbox.formatting.html import ParseError
from bot.sandbox.formatting.links import entity_of_link
from bot.sandbox.jsons import Json

MARK = re.compile(r"\\([_*`\[])|```|[_*`\[]")
LANGUAGE = re.compile(r"([^\s`]+)(?=\n)")
ENDS: Final = {"_": "_", "*": "*", "`": "`", "```": "```", "[": "]"}
KINDS: Final = {"_": "italic", "*": "bold", "`": "code", "```": "pre"}


def parse(text: str) -> tuple[str, list[Json]]:
    plain, at = "", 0
    entities: list[Json] = []
    while mark := MARK.search(text, at):
        plain += text[at : mark.start()] + (mark[1] or "")
        at = mark.end()
        if mark[1] is None:
            body, entity, at = _marked(text, mark)
            span = {"offset": utf16.length(plain), "length": utf16.length(body)}
            entities += [entity | span] if body and entity else []
            plain += body
    return plain + text[at:], entities


def _marked(text: str, mark: re.Match[str]) -> tuple[str, Json | None, int]:
    """Return the text between the marks, its entity, and where the text continues."""
    end = ENDS[mark[0]]
    close = text.find(end, mark.end())
    if close < 0:
        begin = utf16.byte_offset(text, mark.start())
        raise ParseError(f"Can't find end of the entity starting at byte offset {begin}")
    body, at = text[mark.end() : close], close + len(end)
    if end == "]":
        return _link(text, body, at)
    language = LANGUAGE.match(body) if end == "```" else None
    if language:
        return body[language.end() + 1 :], {"type": "pre", "language": language[1]}, at
    return body.removeprefix("\n") if end == "```" else body, {"type": KINDS[end]}, at


def _link(text: str, body: str, at: int) -> tuple[str, Json | None, int]:
    if not text.startswith("(", at):
        return body, entity_of_link(body), at
    close = text.find(")", at)
    close = len(text) if close < 0 else close
    return body, entity_of_link(text[at + 1 : close]), close + 1
