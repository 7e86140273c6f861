"""Marked-up text becomes what Telegram makes of it, complaints included."""

import pytest

from bot.sandbox.formatting.text import formatted
from bot.sandbox.refusals import Refused


def shown(text: str, parse_mode: str | None = None) -> tuple[str, list[str]]:
    """Text and entities as "type@offset+length", with what else they carry."""
    plain, entities = formatted(text, parse_mode, None)
    return plain, [short(dict(entity)) for entity in entities]


def short(entity: dict[str, object]) -> str:
    head = f"{entity.pop('type')}@{entity.pop('offset')}+{entity.pop('length')}"
    return " ".join([head, *map(str, entity.values())])


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("<b>Ira</b> at 10", "Ira at 10", ["bold@0+3"]),
        ("<strong><em>x</em></strong>", "x", ["bold@0+1", "italic@0+1"]),
        (
            "<u>a</u><ins>b</ins><s>c</s><del>d</del>",
            "abcd",
            ["underline@0+1", "underline@1+1", "strikethrough@2+1", "strikethrough@3+1"],
        ),
        ("\N{PARTY POPPER}<b>x</b>", "\N{PARTY POPPER}x", ["bold@2+1"]),
        ("<b>\N{PARTY POPPER}</b>", "\N{PARTY POPPER}", ["bold@0+2"]),
        ("Оля <i>Іра</i>", "Оля Іра", ["italic@4+3"]),
        ("1 &lt; 2 &amp;&amp; &quot;x&quot; &#33; &#x21; &nbsp;", '1 < 2 && "x" ! ! &nbsp;', []),
        ('<a href="https://example.com">here</a>', "here", ["text_link@0+4 https://example.com/"]),
        ("<a href='tg://user?id=7'>Ira</a>", "Ira", ["text_mention@0+3 {'id': 7}"]),
        ('<a href="nonsense">here</a>', "here", []),
        ('<pre><code class="language-python">x</code></pre>', "x", ["pre@0+1 python"]),
        ('<code class="language-python">x</code>', "x", ["code@0+1"]),
        ("<tg-spoiler>x</tg-spoiler><span class='tg-spoiler'>y</span>", "xy", ["spoiler@0+1", "spoiler@1+1"]),
        (
            "<blockquote>x</blockquote>\n<blockquote expandable>y</blockquote>",
            "x\ny",
            ["blockquote@0+1", "expandable_blockquote@2+1"],
        ),
        ('<tg-emoji emoji-id="5">\N{THUMBS UP SIGN}</tg-emoji>', "\N{THUMBS UP SIGN}", ["custom_emoji@0+2 5"]),
        ("<B>x</B>", "x", ["bold@0+1"]),
        ("<b></b>x", "x", []),
        ("  <b> x </b>\n", "x", ["bold@0+1"]),
        ("<code>/start @ira</code> /help", "/start @ira /help", ["code@0+11", "bot_command@12+5"]),
    ],
)
def test_html_shows_as_in_telegram(text: str, plain: str, entities: list[str]):
    assert shown(text, "HTML") == (plain, entities)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<x>1</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("Оля <script>", 'Unsupported start tag "script" at byte offset 7'),
        ("<b>1", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>1</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("1</b>", "Unexpected end tag at byte offset 1"),
        ("1 <b", "Unclosed start tag at byte offset 2"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href=?>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(text: str, complaint: str):
    with pytest.raises(Refused) as refused:
        formatted(text, "HTML", None)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        (
            "*b* _i_ __u__ ~s~ ||x||",
            "b i u s x",
            ["bold@0+1", "italic@2+1", "underline@4+1", "strikethrough@6+1", "spoiler@8+1"],
        ),
        ("10\\.30 \\- 11\\.30", "10.30 - 11.30", []),
        ("`a.b`", "a.b", ["code@0+3"]),
        ("```python\nx = 1\n```", "x = 1", ["pre@0+5 python"]),
        ("[here](https://example.com/a\\)b)", "here", ["text_link@0+4 https://example.com/a)b"]),
        ("*bold _both_*", "bold both", ["bold@0+9", "italic@5+4"]),
        (">one\n>two\nthree", "one\ntwo\nthree", ["blockquote@0+7"]),
        ("![\N{THUMBS UP SIGN}](tg://emoji?id=5)", "\N{THUMBS UP SIGN}", ["custom_emoji@0+2 5"]),
    ],
)
def test_markdown_shows_as_in_telegram(text: str, plain: str, entities: list[str]):
    assert shown(text, "MarkdownV2") == (plain, entities)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("10.30", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a | b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("Оля *x", "Can't find end of Bold entity at byte offset 7"),
        ("_x", "Can't find end of Italic entity at byte offset 0"),
        ("```x", "Can't find end of Pre entity at byte offset 0"),
        ("[x](http://a.b", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_broken_markdown_is_refused_in_telegrams_words(text: str, complaint: str):
    with pytest.raises(Refused) as refused:
        formatted(text, "MarkdownV2", None)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("*b* _i_ `c` \\_ .", "b i c _ .", ["bold@0+1", "italic@2+1", "code@4+1"]),
        ("```python\nx\n```y", "x\ny", ["pre@0+2 python"]),
        ("[here](https://example.com)!", "here!", ["text_link@0+4 https://example.com/"]),
    ],
)
def test_old_markdown_shows_as_in_telegram(text: str, plain: str, entities: list[str]):
    assert shown(text, "Markdown") == (plain, entities)


def test_broken_old_markdown_is_refused_in_telegrams_words():
    with pytest.raises(Refused, match="Can't find end of the entity starting at byte offset 7"):
        formatted("Оля *x", "Markdown", None)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start abc", ["bot_command@0+6"]),
        ("/start@first_lesson_bot", ["bot_command@0+23"]),
        ("and/or", []),
        ("see https://example.com/a?b=1, or not", ["url@4+25"]),
        ("example.com and t.me/ira", ["url@0+11", "url@16+8"]),
        ("10.30 or 3.14", []),
        ("write to @olena_teaches", ["mention@9+14"]),
        ("ira@example.com", ["email@0+15"]),
        ("\N{PARTY POPPER} #math #1", ["hashtag@3+5"]),
    ],
)
def test_links_and_commands_are_found_in_plain_text(text: str, entities: list[str]):
    assert shown(text) == (text, entities)


def test_only_a_hundred_entities_are_shown():
    _, entities = formatted("<b>x</b> " * 120, "HTML", None)
    assert len(entities) == 100
