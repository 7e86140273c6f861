"""
Video rooms: each lesson has its own with a random address, unless the tutor has a fixed one. Pure: no database, no
clock.
"""

import re
import secrets
from datetime import datetime, timedelta

OPENS_BEFORE = timedelta(minutes=15)
LONGEST_ADDRESS = 300
# Telegram refuses a whole message if it can't read a button's link
ADDRESS = re.compile(
    r"https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](:[0-9]{1,5})?([/?#][!-~]*)?", re.IGNORECASE
)


def new_id() -> str:
    return secrets.token_hex(12)


def is_address(url: str) -> bool:
    """Whether it is an https link to a host with a dot, in ASCII."""
    return len(url) <= LONGEST_ADDRESS and ADDRESS.fullmatch(url) is not None


def is_open(*, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    return starts_at - OPENS_BEFORE <= now < ends_at


def url(*, classroom_id: str | None, template: str, fixed: str | None) -> str | None:
    if fixed is not None:
        return fixed
    return template.replace("{room}", classroom_id) if classroom_id else None
