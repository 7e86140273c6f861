"""A tutor's day, time by time."""

from datetime import date, datetime, time

from bot.talk.taps import Tap, tap


@tap("ot")
class OpenTimes(Tap):
    """A day that is past leads to today."""

    on: date


@tap("om")
class PickTimesDay(Tap):
    month: date


@tap("of")
class BlockFreeTime(Tap):
    """A time that is shown: of two equal clock times the one that is meant."""

    on: date
    starts_at: datetime
    ends_at: datetime


@tap("ob")
class BlockTime(Tap):
    on: date
    opens: time
    closes: time


@tap("ou")
class UnblockTime(Tap):
    on: date
    slot_id: int


@tap("oc")
class CloseOpenedTime(Tap):
    on: date
    slot_id: int


@tap("ps")
class PickSpanOpens(Tap):
    """`block` hours, or open a time."""

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
class OpenTime(Tap):
    on: date
    opens: time
    closes: time
