"""What the documents list is what there is."""

import re
from pathlib import Path

from bot.settings import TOKEN_VARIABLE, known_names

DOCS = Path(__file__).parents[2] / "docs"


def test_every_setting_is_documented_and_no_other():
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (DOCS / "settings.md").read_text(), re.MULTILINE))

    names = set(known_names())
    groups = {name for name in names if any(other.startswith(f"{name}__") for other in names)}
    assert documented == {TOKEN_VARIABLE, *names} - groups
