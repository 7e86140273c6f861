"""Every word a person reads is in the catalogue, in both languages, and whole."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import words

SAID = {"say": 1, "label": 1, "count": 2, "count_label": 2}
TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def untranslated(wanted: words.Catalog, known: words.Catalog) -> Iterator[str]:
    for message in words.messages(wanted):
        found = known.get(message.id)
        if found is None:
            yield f"missing: {message.id!r}"
        elif found.fuzzy:
            yield f"fuzzy: {message.id!r}"
        elif not all(words.forms(found)) or len(words.forms(found)) != (3 if message.pluralizable else 1):
            yield f"empty or a form too few: {message.id!r}"


def unused(wanted: words.Catalog, known: words.Catalog) -> Iterator[str]:
    yield from (f"unused: {message.id!r}" for message in words.messages(known) if message.id not in wanted)
    yield from (f"obsolete: {message.id!r}" for message in known.obsolete.values())


def distorted(known: words.Catalog) -> Iterator[str]:
    for message in words.messages(known):
        source = message.id[-1] if message.pluralizable else message.id
        for form in filter(None, words.forms(message)):
            if words.placeholders(form) | {"n"} != words.placeholders(source) | {"n"}:
                yield f"other placeholders: {form!r} for {source!r}"
            if not message.pluralizable and words.placeholders(form) != words.placeholders(source):
                yield f"other placeholders: {form!r} for {source!r}"
            if Counter(TAG.findall(form)) != Counter(TAG.findall(source)):
                yield f"other tags: {form!r} for {source!r}"


def test_every_marked_string_is_translated() -> None:
    assert not list(untranslated(words.marked(), words.written()))


def test_the_catalogue_holds_nothing_else() -> None:
    assert not list(unused(words.marked(), words.written()))


def test_a_translation_says_the_same_facts_and_tags() -> None:
    assert not list(distorted(words.written()))


def test_an_apostrophe_in_ukrainian_is_curly() -> None:
    said = [form for message in words.messages(words.written()) for form in words.forms(message)]
    assert not [form for form in said if "'" in form]


def test_the_catalogue_is_written_as_the_command_writes_it() -> None:
    """`python -m tests.architecture.words` puts it right."""
    assert words.updated(words.marked(), words.written()) == words.UKRAINIAN.read_text(encoding="utf-8")


PO = """
msgid "a {x}"
msgstr "а {y}"

msgid "<b>b</b>"
msgstr "б"

msgid "{n} c of {x}"
msgid_plural "{n} cs of {x}"
msgstr[0] "один {x}"
msgstr[1] "{n} в"
msgstr[2] ""

#, fuzzy
msgid "d"
msgstr "г"

#~ msgid "e"
#~ msgstr "ґ"
"""


def test_a_wrong_catalogue_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "uk.po"
    path.write_text(words.HEADER + PO, encoding="utf-8")
    known, wanted = words.written(path), words.Catalog(locale="uk")
    for message in ("a {x}", "d", "f", ("{n} c of {x}", "{n} cs of {x}")):
        wanted.add(message)
    assert [line.split(":")[0] for line in untranslated(wanted, known)] == [
        "fuzzy",
        "missing",
        "empty or a form too few",
    ]
    assert list(unused(wanted, known)) == ["unused: '<b>b</b>'", "obsolete: 'e'"]
    assert {line.split(" for ")[0] for line in distorted(known)} == {
        "other placeholders: 'а {y}'",
        "other tags: 'б'",
        "other placeholders: '{n} в'",
    }


# How a sentence is said


def said_badly(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (sentences := _sentences(call)):
            yield from ((call.lineno, why) for why in _wrongs(call, sentences, tree))


def _sentences(call: ast.Call) -> list[ast.expr]:
    """What a call of voice says; list.count and str.count say nothing."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "count" and not ast.unparse(call.func).endswith(("voice.count", "self.count")) and len(call.args) < 3:
        return []
    return call.args[: SAID.get(name, 0)]


def _wrongs(call: ast.Call, sentences: list[ast.expr], tree: ast.Module) -> Iterator[str]:
    texts = [_text(sentence) for sentence in sentences]
    if None not in texts:
        yield from _wrong_facts(call, [text for text in texts if text is not None])
    elif not all(_is_marked(sentence, tree) for sentence in sentences):
        yield f"neither a literal nor a table of N_(...): {ast.unparse(call)}"


def _text(sentence: ast.expr) -> str | None:
    return sentence.value if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str) else None


def _is_marked(sentence: ast.expr, tree: ast.Module) -> bool:
    """A constant, or an entry of one, whose strings are marked where it stands; or one of those a loop goes through."""
    if isinstance(sentence, ast.Name) and "N_(" in ast.unparse(tree):
        loops = (node for node in ast.walk(tree) if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension))
        if any(sentence.id in ast.unparse(loop.target).strip("()").split(", ") for loop in loops):
            return True
    entry = sentence.value if isinstance(sentence, ast.Attribute) and not _is_name(sentence) else sentence
    table = ast.unparse(entry.value if isinstance(entry, ast.Subscript) else entry)
    if not re.fullmatch(r"(\w+\.)*[A-Z_][A-Z0-9_]*", table):
        return False
    here = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and table in _targets(node)]
    return all(node.value is not None and "N_(" in ast.unparse(node.value) for node in here)


def _is_name(sentence: ast.Attribute) -> bool:
    return isinstance(sentence.value, ast.Name | ast.Attribute)


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    return [ast.unparse(target) for target in (node.targets if isinstance(node, ast.Assign) else [node.target])]


def _wrong_facts(call: ast.Call, texts: list[str]) -> Iterator[str]:
    if not all(texts):
        yield f"an empty sentence: {ast.unparse(call)}"
    wanted = set[str]().union(*map(words.placeholders, texts)) - ({"n"} if len(texts) == 2 else set())
    if odd := [name for name in wanted if not name.isidentifier()]:
        yield f"not a plain name: {odd} in {ast.unparse(call)}"
    given = {keyword.arg for keyword in call.keywords}
    if None not in given and given != wanted:
        yield f"facts {sorted(map(str, given))} for {sorted(wanted)}: {ast.unparse(call)}"


@pytest.mark.parametrize("path", words.sources(), ids=lambda path: str(path.relative_to(words.BOT)))
def test_sentences_are_said_whole_and_with_their_facts(path: Path) -> None:
    assert not [f"{path.name}:{line} {why}" for line, why in said_badly(ast.parse(path.read_text(encoding="utf-8")))]


@pytest.mark.parametrize(
    "line",
    [
        'voice.say(f"Hello {name}")',
        'voice.say("Hello " + name)',
        "voice.say(message)",
        'voice.say("")',
        'voice.say("Hello {name}")',
        'voice.say("Hello", name=name)',
        'voice.say("Hello {person.name}", person=person)',
        'context.voice.count("a lesson", several, n)',
        'voice.count_label("{n} lesson of {who}", "{n} lessons of {who}", n)',
        'TABLE = {1: "Hello"}\nvoice.say(TABLE[1])',
        "voice.label(table[1])",
        "voice.label(table[1].title)",
        'TABLE = {1: Row("Hello")}\nvoice.say(TABLE[1].title)',
        'TABLE = {1: "Hello"}\nfor words in TABLE.values(): voice.say(words)',
        'TABLE = {1: N_("Hello")}\ndef show(words): voice.say(words)',
    ],
)
def test_a_sentence_in_pieces_is_found(line: str) -> None:
    assert list(said_badly(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        'voice.say("Hello {name}" " and welcome", name=name)',
        'context.voice.count("{n} lesson", "{n} lessons", n)',
        'voice.say("Hello {name}", **facts)',
        'TABLE = {1: N_("Hello")}\nvoice.say(TABLE[1])',
        "voice.say(refusals.WORDS[reason])",
        'TABLE = {1: Row(N_("Hello"))}\nvoice.say(TABLE[1].title)',
        'TABLE = {1: N_("Hello")}\nfor key, words in TABLE.items(): voice.say(words)',
        "[1, 2].count(x)",
        'text.count("a", start)',
    ],
)
def test_a_whole_sentence_passes(line: str) -> None:
    assert not list(said_badly(ast.parse(line)))
