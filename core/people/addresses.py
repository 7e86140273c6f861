"""A person's address in a channel other than the chat: change it, or forget it if nobody can be reached there."""

from dataclasses import dataclass

from sqlalchemy import select, update

from core.people import reminders
from core.people.channels import CHANNELS
from core.work import Work
from db.enums import ChannelKind
from db.models.person import Person


@dataclass(frozen=True, slots=True)
class AddressGone:
    """The person's address in this channel did not work, so nothing is sent to it now."""

    channel: ChannelKind


async def change(work: Work, *, person_id: int, channel: ChannelKind, address: str | None) -> None:
    """Set the person's address in this channel, or remove it (None); reminders of lessons ahead follow."""
    new = {CHANNELS[channel].address.key: address}
    await work.session.execute(update(Person).where(Person.id == person_id).values(**new))
    await reminders.plan_anew(work, person_id=person_id)


async def give_up(work: Work, *, person_id: int, channel: ChannelKind) -> None:
    """Forget an address at which nobody can be reached, and notify the person."""
    row = CHANNELS[channel]
    assert row.address_lost, "the channel has addresses of its own"
    address = await work.session.scalar(select(row.address).where(Person.id == person_id).with_for_update())
    if address is not None:
        await change(work, person_id=person_id, channel=channel, address=None)
        work.announce(row.address_lost, to=person_id, once=f"{work.now:%Y%m%d%H%M}")
