"""
The channels by which people are reached: one row each. docs/channels.md tells how to add one.

The chat with the bot is one of them. It carries every event and is the only one in which people can answer; what the
others carry is sent in the chat as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.work import Work, insert_new
from db.base import AnyRow
from db.enums import ChannelKind, Event, Job
from db.models.notification import Notification
from db.models.person import Person

CHAT = ChannelKind.PUSH


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """
    - `address`: the column of Person with the person's address; empty if the person has none
    - `events`: the events it carries; empty for all
    - `reminds_from`: it carries reminders sent at least this long before the lesson
    - `takes_answers`: a person can answer there, so it may ask
    - `address_lost`: the event told in the chat after an address was forgotten because nobody is reached there; without
      one the person themselves is unreachable
    - `job`: the job that delivers by it
    """

    address: Any
    job: Job
    events: frozenset[Event] = frozenset()
    reminds_from: timedelta = timedelta()
    takes_answers: bool = False
    address_lost: Event | None = None


CHANNELS: Mapping[ChannelKind, ChannelRow] = {
    CHAT: ChannelRow(address=Person.telegram_id, job=Job.DELIVER, takes_answers=True),
    ChannelKind.EMAIL: ChannelRow(
        address=Person.email,
        job=Job.MAIL,
        events=frozenset(
            {
                Event.BOOKING_CREATED,
                Event.BOOKING_CONFIRMED,
                Event.BOOKING_DECLINED,
                Event.BOOKING_CANCELLED,
                Event.BOOKING_RESCHEDULED,
                Event.BOOKING_EXPIRED,
                Event.MOVE_ASKED,
                Event.MOVE_DECLINED,
            }
        ),
        reminds_from=timedelta(hours=1),  # shortly before a lesson nobody reads mail
        address_lost=Event.EMAIL_FAILED,
    ),
}
ADDRESSES = tuple(row.address for row in CHANNELS.values())
LOST: Mapping[Event, ChannelKind] = {row.address_lost: kind for kind, row in CHANNELS.items() if row.address_lost}


def addresses(work: Work, person: Person | AnyRow) -> dict[ChannelKind, str | int | None]:
    """Return the person's address by each open channel, None where they have none."""
    return {kind: address(person, kind) for kind in CHANNELS if kind in work.channels}


def address(person: Person | AnyRow, kind: ChannelKind) -> Any:
    """Return the person's address in this channel; None without one, or if the channel does not exist."""
    return getattr(person, CHANNELS[kind].address.key) if kind in CHANNELS else None


async def write_announcements(work: Work) -> None:
    """Queue the announced notices: for the chat, and for each other open channel in which the person has an address."""
    if work.announcements:
        others = [row for kind in CHANNELS if kind is not CHAT for row in await _by(work, kind)]
        in_chat = [each | {"channel": CHAT} for each in work.announcements]
        await insert_new(work, Notification, [*in_chat, *others])


async def _by(work: Work, kind: ChannelKind) -> list[dict[str, Any]]:
    channel = CHANNELS[kind]
    carried = [each for each in work.announcements if each["event"] in channel.events]
    if not carried or kind not in work.channels:
        return []
    ids = {each["recipient_id"] for each in carried}
    with_address = select(Person.id).where(Person.id.in_(ids), channel.address.is_not(None))
    people = set(await work.session.scalars(with_address))
    return list(_rows(kind, [each for each in carried if each["recipient_id"] in people]))


def _rows(kind: ChannelKind, announcements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in announcements:
        yield each | {"channel": kind, "dedupe_key": f"{kind}:{each['dedupe_key']}"}
