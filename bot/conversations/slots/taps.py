"""A tutor's day, slot by slot."""

from datetime import date, datetime, time

from bot.talk.taps import Tap, tap


@tap("ot")
class OpenSlots(Tap):
    """Show the slots of a day; for a past day, those of today."""

    on: date


@tap("om")
class PickSlotsDay(Tap):
    month: date


@tap("of")
class BlockFreeSlot(Tap):
    """Block this free slot. Instants identify it, since a day may show the same clock time twice."""

    on: date
    starts_at: datetime
    ends_at: datetime


@tap("ob")
class BlockHours(Tap):
    on: date
    opens: time
    closes: time


@tap("ou")
class UnblockSlot(Tap):
    on: date
    slot_id: int


@tap("oc")
class RemoveExtraSlot(Tap):
    on: date
    slot_id: int


@tap("ps")
class PickSpanOpens(Tap):
    """Pick the start of hours to block (`block`), or of an extra slot."""

    on: date
    block: bool
    at_half: bool


@tap("pu")
class PickSpanCloses(Tap):
    on: date
    block: bool
    opens: time
    at_half: bool


@tap("po")
class AddExtraSlot(Tap):
    on: date
    opens: time
    closes: time
