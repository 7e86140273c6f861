"""Find the entities that Telegram detects by itself in texts of people and bots."""

import re
from collections.abc import Iterator
from typing import Final

from bot.sandbox.formatting import utf16
from bot.sandbox.jsons import Json

HINT = re.compile(r"[/@#.]")
DOMAINS: Final = "com|org|net|me|io|ua|de|pl|eu|uk|info|dev|app|edu|gov|co|us|fr|ai"
PATTERNS: Final = (
    ("url", re.compile(r"(?<![\w@/])(?:https?|tg|ton)://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[a-z0-9._+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}(?!\w)", re.IGNORECASE)),
    (
        "url",
        re.compile(
            rf"(?<![\w@./])(?:[\w-]+\.)+(?:{DOMAINS})(?![\w@.-]*[\w@])(?:/[^\s<>\"']*[^\s<>\"'.,;:!?)\]])?",
            re.IGNORECASE,
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w@])#(?=\w*[^\W\d_])\w{1,256}(?!\w)")),
)
OPAQUE: Final = {"code", "pre", "text_link", "text_mention"}


def detect(text: str, taken: list[Json]) -> list[Json]:
    """Find entities outside code and links."""
    if not HINT.search(text):
        return []
    spans = [(entity["offset"], entity["offset"] + entity["length"]) for entity in taken if entity["type"] in OPAQUE]
    return list(_found(text, spans))


def _found(text: str, spans: list[tuple[int, int]]) -> Iterator[Json]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            begin = utf16.length(text[: match.start()])
            end = begin + utf16.length(match[0])
            if all(end <= first or begin >= last for first, last in spans):
                spans.append((begin, end))
                yield {"type": kind, "offset": begin, "length": end - begin}
