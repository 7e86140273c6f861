"""How the house is built: what its parts may not do to one another, and how long a function may be."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import CONVERSATIONS, FALLBACKS
from bot.conversations.shared import home, menu
from bot.talk import questions, taps
from bot.talk.routing import Routes
from bot.words.voice import LANGUAGES, Voice
from core.errors import CoreError

ROOT = Path(__file__).parents[2]
LONGEST_FUNCTION = 40
USUAL_FUNCTION = 6
LONG_FUNCTION = 15  # nine of ten are shorter
SHOWING = {"show", "tell", "answer", "send_file", "_send", "_edit"}
DATABASE = {"begin", "read"}
PACKAGES = ("bot", "core", "db")


def sources(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# Habit 18: inside the transaction only the database is spoken to


def spoken_inside(module: ast.Module) -> Iterator[str]:
    """Calls to Telegram inside a unit of work; a function that shows something is as good as showing."""
    told = _showing_functions(module)
    for block in ast.walk(module):
        if isinstance(block, ast.AsyncWith) and any(_opens_work(item.context_expr) for item in block.items):
            for call in _calls(block.body):
                if _speaks(call) or _name(call) in told:
                    yield f"{call.lineno}: {ast.unparse(call)}"


def _showing_functions(module: ast.Module) -> set[str]:
    """Functions of this module that show, directly or through one another."""
    functions = {
        node.name: list(_calls(node.body)) for node in ast.walk(module) if isinstance(node, ast.AsyncFunctionDef)
    }
    told = {name for name, calls in functions.items() if any(map(_speaks, calls))}
    while more := {name for name, calls in functions.items() if told & {_name(call) for call in calls}} - told:
        told |= more
    return told


def _calls(body: list[ast.stmt]) -> Iterator[ast.Call]:
    return (node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Call))


def _opens_work(expression: ast.expr) -> bool:
    return (
        isinstance(expression, ast.Call)
        and isinstance(expression.func, ast.Attribute)
        and expression.func.attr in DATABASE
    )


def _speaks(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    owner, verb = ast.unparse(call.func.value), call.func.attr
    if owner in ("context", "self") and verb in SHOWING:
        return True
    if owner == "menu" and verb.startswith("publish"):
        return True
    return owner.split(".")[-1] in ("bot", "_bot", "query", "message")


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


SPEAKERS = [path for path in sources("bot") if "sandbox" not in path.parts]


@pytest.mark.parametrize("path", SPEAKERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_telegram_is_not_spoken_to_inside_a_unit_of_work(path: Path) -> None:
    assert not list(spoken_inside(tree(path)))


@pytest.mark.parametrize(
    "line",
    [
        "await context.show(screen)",
        "await context.tell('x')",
        "await context.answer()",
        "await context.bot.send_message(1, 'x')",
        "await self._bot.send_message(1, 'x')",
        "await menu.publish_own(context.bot, context.actor)",
        "await query.answer()",
        "if x:\n            await context.show(screen)",
        "await show_week(context)",
    ],
)
def test_one_who_speaks_inside_is_found(line: str) -> None:
    week = "async def show_week(context):\n    await show_day(context)\n"
    day = "async def show_day(context):\n    await context.show(1)\n"
    step = f"async def step():\n    async with context.begin() as work:\n        {line}\n"
    assert list(spoken_inside(ast.parse(week + day + step)))


@pytest.mark.parametrize(
    "line", ["await context.ask(work, 1)", "await context.refresh(work)", "screen = screens.show(x)"]
)
def test_one_who_asks_the_database_is_not(line: str) -> None:
    assert not list(
        spoken_inside(ast.parse(f"async def f():\n    async with context.begin() as work:\n        {line}"))
    )


# Stories


STEPS = sorted((ROOT / "bot/conversations").rglob("steps.py"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_a_story_is_told_in_the_table_of_contents() -> None:
    listed = {step.__module__ for each in CONVERSATIONS for step in each.taps.values()}
    assert listed == {module_of(path) for path in STEPS}


ROUTES = Routes(CONVERSATIONS, otherwise=FALLBACKS)


def test_every_button_leads_somewhere() -> None:
    assert set(ROUTES.taps) == set(taps.KINDS.values())


def test_every_question_has_one_who_hears_the_answer() -> None:
    assert set(ROUTES.words) == set(questions.NAMES)
    assert set(ROUTES.places) | set(ROUTES.keeps) <= set(questions.NAMES)


def test_every_question_is_asked_somewhere() -> None:
    made = {
        ast.unparse(call.func).removesuffix(".of")
        for path in SPEAKERS
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
    }
    assert not [kind.__name__ for kind in questions.NAMES if kind.__name__ not in made]


def test_a_question_stands_in_a_story() -> None:
    assert not [kind for kind in questions.NAMES if not kind.__module__.startswith("bot.conversations.")]


# A story imports its own modules and those of the folders it stands in, `shared`, and the taps of any story


def strayed(module: str, source: ast.Module) -> Iterator[tuple[str, str]]:
    """Imports of what belongs to another story: the module and what it imports."""
    for imported in _stories_imported(source):
        story, _, part = imported.rpartition(".")
        is_within = f"{module.rpartition('.')[0]}.".startswith(f"{story}.")
        if part != "taps" and story != "bot.conversations.shared" and not is_within:
            yield module, imported


def _stories_imported(source: ast.Module) -> Iterator[str]:
    """The modules of stories that are imported, by their full names."""
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.startswith("bot.conversations"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.conversations"):
            path = ROOT / (node.module or "").replace(".", "/")
            yield from (f"{node.module}.{each.name}" if path.is_dir() else str(node.module) for each in node.names)


STORIES = sorted((ROOT / "bot/conversations").rglob("*.py"))


def test_a_story_uses_only_taps_and_shared_screens_of_others() -> None:
    found = {stray for path in STORIES for stray in strayed(module_of(path), tree(path))}
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "from bot.conversations.lessons import screens",
        "from bot.conversations.lessons.screens import PAGE",
        "from bot.conversations.lessons.questions import WhyCancel",
        "import bot.conversations.lessons.screens",
        "from bot.conversations.settings.name import screens",
        "from bot.conversations.settings.email.questions import EmailCode",
    ],
)
@pytest.mark.parametrize(
    "module",
    ["bot.conversations.pending.steps", "bot.conversations.shared.landing", "bot.conversations.settings.steps"],
)
def test_one_who_uses_the_screens_of_another_story_is_found(module: str, line: str) -> None:
    assert list(strayed(module, ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "from bot.conversations.lessons.taps import OpenLesson",
        "from bot.conversations.lessons import taps",
        "from bot.conversations.shared import home",
        "from bot.conversations.shared.home import welcome",
        "from bot.conversations.settings import screens",
        "from bot.conversations.settings.questions import RemindBefore",
        "from bot.conversations.settings.name import screens",
    ],
)
def test_one_who_uses_taps_and_what_is_shared_is_not(line: str) -> None:
    assert not list(strayed("bot.conversations.settings.name.steps", ast.parse(line)))


def test_the_menus_show_the_commands_there_are() -> None:
    assert {*menu.EVERYBODY, *menu.TUTORS, *menu.UNLISTED} == set(ROUTES.commands)
    assert not set(menu.EVERYBODY) & set(menu.TUTORS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_tells_of_every_command(language: str) -> None:
    said = home.help_(Voice(language, "UTC"), is_tutor=True).text
    assert not [
        command
        for command in set(ROUTES.commands) - {"start", "help"}
        if f"/{command} " not in said and command not in menu.UNLISTED
    ]


def test_the_documents_tell_of_every_command() -> None:
    told = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert not [command for command in ROUTES.commands if f"`/{command}`" not in told]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_is_within_telegrams_limits(language: str) -> None:
    commands = menu.commands(Voice(language, "UTC"), is_tutor=True)
    assert all(1 <= len(each.description) <= 256 and len(each.command) <= 32 for each in commands)


# Refusals


def refusals(kind: type[CoreError]) -> Iterator[str]:
    below = [each for each in kind.__subclasses__() if each.__module__ == CoreError.__module__]
    yield from (name for each in below for name in refusals(each))
    if not below:
        yield kind.__name__


def test_every_refusal_is_met_by_a_test_of_the_core() -> None:
    met = {
        node.id if isinstance(node, ast.Name) else node.attr
        for path in (ROOT / "tests/core").rglob("test_*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
    }
    assert not [name for name in refusals(CoreError) if name not in met]


# Functions


def lengths(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Lines of each function without its docstring and decorators."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = node.body[0] if ast.get_docstring(node) else None
            docstring = said.end_lineno - said.lineno + 1 if said and said.end_lineno else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_are_short(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    measured = [(path, name, length) for path in sources(package) for name, length in lengths(tree(path))]
    all_lengths = sorted(length for _, _, length in measured)
    median, ninth = statistics.median(all_lengths), all_lengths[len(all_lengths) * 9 // 10]
    with capsys.disabled():
        print(f"\n{package}: {len(measured)} functions, median {median:g}, nine of ten up to {ninth}")
    assert not [f"{path}:{name}: {length}" for path, name, length in measured if length > LONGEST_FUNCTION]
    assert median <= USUAL_FUNCTION
    assert ninth <= LONG_FUNCTION


def test_a_docstring_does_not_make_a_function_long() -> None:
    code = 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    assert list(lengths(ast.parse(code))) == [("f", 2)]
