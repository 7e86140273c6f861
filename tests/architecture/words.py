"""
The catalogue of words: what is marked in bot/ against what stands in uk.po.

    python -m tests.architecture.words     adds what is missing (empty), drops what is unused, keeps the order of use
"""

import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

BOT = Path(__file__).parents[2] / "bot"
UKRAINIAN = BOT / "words" / "locales" / "uk.po"
KEYWORDS = {"say": None, "label": None, "count": (1, 2), "count_label": (1, 2), "N_": None}
WIDTH = 120

HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: tutorbot\\n"
"Language: uk\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def sources() -> list[Path]:
    return sorted(path for path in BOT.rglob("*.py") if "sandbox" not in path.relative_to(BOT).parts)


def marked() -> Catalog:
    catalog = Catalog(locale="uk")
    for path in sources():
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            if message not in catalog or isinstance(message, tuple):
                catalog.add(message)
    return catalog


def written(path: Path = UKRAINIAN) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale="uk")


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def updated(wanted: Catalog, known: Catalog) -> str:
    catalog = Catalog(locale="uk")
    for message in messages(wanted):
        old = known.get(_key(message))
        keep = old is not None and old.pluralizable == message.pluralizable
        catalog.add(message.id, old.string if keep else None, flags=old.flags - {"python-brace-format"} if keep else ())
    return HEADER + _dumped(catalog).rstrip() + "\n"


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _dumped(catalog: Catalog) -> str:
    for message in messages(catalog):
        message.flags -= {"python-format", "python-brace-format"}
    output = BytesIO()
    write_po(output, catalog, width=WIDTH, no_location=True, omit_header=True, ignore_obsolete=True)
    return output.getvalue().decode()


if __name__ == "__main__":
    UKRAINIAN.write_text(updated(marked(), written()), encoding="utf-8")
