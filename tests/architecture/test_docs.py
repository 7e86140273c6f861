"""What the documents list is what there is."""

import re
from pathlib import Path

from bot.settings import TOKEN_VARIABLE, known_names
from tests.architecture import rooms

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_every_setting_is_documented_and_no_other():
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (DOCS / "settings.md").read_text(), re.MULTILINE))

    names = set(known_names())
    groups = {name for name in names if any(other.startswith(f"{name}__") for other in names)}
    assert documented == {TOKEN_VARIABLE, *names} - groups


# Of the earlier backend's nineteen endpoints, those whose feature is here
ENDPOINTS = """
    GET /settings/  PUT /settings/  GET /availability/  POST /availability/  POST /availability/bulk/
    DELETE /availability/{id}/  GET /exceptions/  POST /exceptions/  DELETE /exceptions/{id}/  GET /slots/
    POST /slots/block/  POST /slots/{id}/unblock/  POST /slots/custom/  GET /bookings/  POST /bookings/
    GET /bookings/pending/  GET /bookings/{id}/  POST /bookings/{id}/confirm/  POST /bookings/{id}/cancel/
    POST /bookings/{id}/reschedule/  GET /bookings/{id}/history/  GET /calendar/  GET /calendar/export/
"""


def test_every_endpoint_has_a_command_or_a_button():
    rows = [row.split("|") for row in (DOCS / "commands.md").read_text().splitlines() if row.startswith("| ")]
    replaced = {
        f"{method} {path}"
        for row in rows
        if row[1].strip() or row[2].strip()
        for methods, path in re.findall(r"`([A-Z/]+) (/\S+)`", row[5])
        for method in methods.split("/")
    }
    assert {endpoint.strip() for endpoint in re.split(r"\s{2,}", ENDPOINTS) if endpoint.strip()} <= replaced


def test_the_picture_of_the_rooms_is_drawn_from_the_code():
    """`python -m tests.architecture.rooms` draws it anew."""
    page = rooms.PAGE.read_text(encoding="utf-8")
    assert rooms.updated(page) == page


# Told as something to write
EXAMPLES = {"bot/delivery/channels/sms.py"}


def test_every_place_that_the_documents_name_exists():
    pages = [*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    named = {
        place for page in pages for place in re.findall(r"`((?:bot|core|db|tests|bench)/[\w/.-]*)`", page.read_text())
    }
    assert not [place for place in sorted(named - EXAMPLES) if not (ROOT / place).exists()]
