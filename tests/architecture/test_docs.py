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
