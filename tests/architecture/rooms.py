"""
The rooms of the code and which imports which, drawn as a Mermaid picture from the imports themselves.

`python -m tests.architecture.rooms` draws it anew in docs/architecture.md.
"""

from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/architecture.md"
BEGIN, END = "<!-- rooms: drawn by `python -m tests.architecture.rooms` -->\n", "<!-- rooms end -->\n"
HOUSES = ("bot", "core", "db")

Arrows = dict[str, set[str]]


def arrows() -> Arrows:
    """Return for each room those that it imports: a folder or a module at the top of bot or core; db is one room."""
    graph = grimp.build_graph(*HOUSES, cache_dir=None)
    found: Arrows = {}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            importer, target = room(module), room(imported)
            found.setdefault(importer, set())
            found.setdefault(target, set())
            if importer != target:
                found[importer].add(target)
    return found


def room(module: str) -> str:
    house, *inside = module.split(".")
    return house if house == "db" or not inside else f"{house}.{inside[0]}"


def without_detours(all_arrows: Arrows) -> Arrows:
    """Leave out an arrow where another path leads to the same room: the picture shows the order, not every import."""
    return {
        one: {other for other in direct if not any(_leads(all_arrows, via, other) for via in direct - {other})}
        for one, direct in all_arrows.items()
    }


def _leads(all_arrows: Arrows, start: str, goal: str) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        for each in all_arrows[ahead.pop()] - seen:
            if each == goal:
                return True
            seen.add(each)
            ahead.append(each)
    return False


def drawn(all_arrows: Arrows) -> str:
    shown = without_detours({one: direct for one, direct in all_arrows.items() if one not in HOUSES[:2]})
    lines = ["```mermaid", "flowchart TD"]
    for house in HOUSES:
        inside = sorted(one for one in shown if one == house or one.startswith(f"{house}."))
        lines += [
            f"    subgraph {house}",
            *(f'        {one}["{one.partition(".")[2] or one}"]' for one in inside),
            "    end",
        ]
    lines += [f"    {one} --> {other}" for one in sorted(shown) for other in sorted(shown[one])]
    return "\n".join([*lines, "```", ""])


def updated(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + drawn(arrows()) + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
