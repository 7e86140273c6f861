"""A tutor's month in figures, under its chart."""

from bot.conversations.calendar.screens import kept
from bot.conversations.calendar.taps import OpenMonth, OpenStatement
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.calendars.layout import ONE_DAY
from core.calendars.statements import Statement


def statement(voice: Voice, shown: Statement, chart: bytes) -> Screen:
    month = voice.month(shown.month)
    title = voice.say("📊 <b>{month}</b> · {zone}", month=month[:1].upper() + month[1:], zone=voice.zone())
    before, after = kept(shown.month - ONE_DAY).replace(day=1), kept(shown.month + 31 * ONE_DAY).replace(day=1)
    back = Button(f"‹ {voice.month_name(before).capitalize()}", OpenStatement(before))
    on = (Button(f"{voice.month_name(after).capitalize()} ›", OpenStatement(after)),) if after <= shown.today else ()
    below = (Button(voice.label("📆 Month"), OpenMonth(shown.month)), home_button(voice))
    return Screen(lines(title, _figures(voice, shown), between="\n\n"), ((back, *on), below), photo=chart)


def _figures(voice: Voice, shown: Statement) -> Html:
    """The figures of the month; zeros are left out, except for the lessons held."""
    return lines(
        voice.say("Lessons held: <b>{n}</b>", n=shown.held),
        voice.say("of them paid by package: {n}", n=shown.of_package) if shown.of_package else None,
        voice.say("Taught: <b>{span}</b>", span=voice.span(shown.taught)) if shown.held else None,
        _income(voice, shown),
        voice.say("Did not come: {n}", n=shown.no_shows) if shown.no_shows else None,
        voice.say("Cancelled late and charged: {n}", n=shown.charged_late) if shown.charged_late else None,
        voice.say("Charges waived: {n}", n=shown.waived) if shown.waived else None,
        voice.say("New students: {n}", n=shown.new_students) if shown.new_students else None,
    )


def _income(voice: Voice, shown: Statement) -> Html | None:
    if not shown.income:
        return None
    return voice.say("Income: <b>{money}</b>", money=" + ".join(voice.money(*each) for each in shown.income))
