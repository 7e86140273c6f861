"""
A person's e-mail address: entered, confirmed by a mailed code, removed.

We mail reminders only to a person who has typed a code from that mailbox. Only a hash of the code is stored, in the
person's draft. How many codes were mailed lately is counted among the delivered messages.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from core.errors import BadEmail, TooManyCodes
from core.people import addresses
from core.work import Work, insert_new
from db.enums import ChannelKind, DeliveryStatus, Event
from db.models.notification import Notification
from db.models.person import Person

LONGEST = 254  # RFC 5321, including the angle brackets
LONGEST_LOCAL = 64
CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=15)
TRIES = 5
CODES_AN_HOUR = 3  # to one person, and to one address, no matter who enters it
HOUR = timedelta(hours=1)
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


@dataclass(frozen=True, slots=True)
class MailedCode:
    """What we store of a code until the person types it: its hash, and until when and how often it may be tried."""

    email: str
    salt: str
    hash: str
    until: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The code to mail, and what to store until it is typed."""

    email: str
    code: str
    kept: MailedCode


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the code was right; if not, `kept` is what to store for the next try, None if no try is left."""

    is_right: bool
    kept: MailedCode | None = None


def checked(email: str) -> str:
    """Return the address in its normal form (RFC 5321, ASCII, the domain in lower case); raises BadEmail."""
    local, _, domain = email.strip().rpartition("@")
    address = f"{local}@{domain.lower()}"
    if not ADDRESS.fullmatch(address) or len(local) > LONGEST_LOCAL or len(address) > LONGEST:
        raise BadEmail
    return address


def mailbox(address: str) -> str:
    """Return the mailbox behind an address: most servers deliver name+anything@ to name@."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


async def ask_code(work: Work, *, person_id: int, email: str) -> Asked:
    """
    Make a code for this address, to be mailed after the commit.

    - limited per hour, for each person and for each mailbox
    - raises BadEmail, TooManyCodes
    """
    address = checked(email)
    await work.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    if await _mailed_to(work, person_id) >= CODES_AN_HOUR:
        raise TooManyCodes(CODES_AN_HOUR)
    await _note(work, person_id, once=await _free_turn(work, address))
    code, salt = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}", secrets.token_hex(16)
    kept = MailedCode(address, salt, _hash(salt, code), until=work.now + CODE_LASTS, tries=TRIES)
    return Asked(address, code, kept)


async def confirm(work: Work, *, person_id: int, mailed: MailedCode, code: str) -> Checked:
    """
    Check the code; if it is right, store the address. Mail goes to it from now on, also about lessons already booked.
    """
    if work.now > mailed.until:
        return Checked(is_right=False)
    if not hmac.compare_digest(_hash(mailed.salt, code), mailed.hash):
        left = mailed.tries - 1
        return Checked(is_right=False, kept=replace(mailed, tries=left) if left else None)
    await addresses.change(work, person_id=person_id, channel=ChannelKind.EMAIL, address=mailed.email)
    return Checked(is_right=True)


async def forget(work: Work, *, person_id: int) -> None:
    """Remove this person's address and stop mailing them."""
    await addresses.change(work, person_id=person_id, channel=ChannelKind.EMAIL, address=None)


async def _mailed_to(work: Work, person_id: int) -> int:
    mailed = select(func.count()).where(
        Notification.recipient_id == person_id,
        Notification.event == Event.EMAIL_CODE,
        Notification.scheduled_for > work.now - HOUR,
    )
    return await work.session.scalar(mailed) or 0


async def _free_turn(work: Work, address: str) -> str:
    """Return a rate-limit key not yet used for this mailbox in this hour; raises TooManyCodes if all are."""
    whose = hashlib.sha256(mailbox(address).encode()).hexdigest()[:40]
    turns = [f"{Event.EMAIL_CODE}:{whose}:{work.now:%Y%m%d%H}:{turn}" for turn in range(CODES_AN_HOUR)]
    taken = set(await work.session.scalars(select(Notification.dedupe_key).where(Notification.dedupe_key.in_(turns))))
    free = [turn for turn in turns if turn not in taken]
    if not free:
        raise TooManyCodes(CODES_AN_HOUR)
    return free[0]


async def _note(work: Work, person_id: int, *, once: str) -> None:
    """Record a mailed code as a delivered message, so that it counts."""
    row: dict[str, Any] = {
        "recipient_id": person_id,
        "booking_id": None,
        "event": Event.EMAIL_CODE,
        "channel": ChannelKind.EMAIL,
        "details": {},
        "dedupe_key": once,
        "status": DeliveryStatus.SENT,
        "scheduled_for": work.now,
        "next_try_at": work.now,
        "sent_at": work.now,
        "retry_count": 1,
        "max_retries": 1,
    }
    await insert_new(work, Notification, [row])


def _hash(salt: str, code: str) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
