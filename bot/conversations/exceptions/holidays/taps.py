"""Public holidays."""

from datetime import date

from bot.talk.taps import Tap, tap


@tap("hl")
class OpenHolidays(Tap):
    pass


@tap("ht")
class TakeHolidayOff(Tap):
    on: date


@tap("ha")
class TakeAllHolidaysOff(Tap):
    pass


@tap("hc")
class PickCountry(Tap):
    pass


@tap("hs")
class ChooseCountry(Tap):
    country: str
