"""When a person is reminded before a lesson, and their quiet hours."""

from datetime import time, timedelta

from bot.conversations.settings.email.taps import OpenEmail
from bot.conversations.settings.reminders.taps import (
    BeQuiet,
    NeverBeQuiet,
    OpenReminders,
    PickQuietSince,
    PickQuietUntil,
    RemindAsUsual,
    WantNoReminders,
    WantReminder,
)
from bot.conversations.settings.screens import personal_button
from bot.conversations.shared import clock
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.words.voice import Html, Voice, lines, wall_clock
from core.enums import ChannelKind
from core.people.reminders import ReminderPreferences
from core.pure.reminder_plan import QuietHours

MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
OFFERED = (10080, 2880, 1440, 720, 180, 60, 30, 15, 5)


def reminders(
    voice: Voice,
    preferences: ReminderPreferences,
    *,
    is_tutor: bool,
    refusal: str | None = None,
    is_saved: bool = False,
) -> Screen:
    """Each reminder time is a switch; the person's own times are listed with the offered ones."""
    text = lines(
        refusal,
        lines(voice.say("🔔 <b>Reminders</b>"), _distances(voice, preferences)),
        _quiet(voice, preferences.quiet),
        voice.say("Tap a distance to switch it on or off, or type another, like <code>45 min</code>."),
        between="\n\n",
    )
    toast = voice.label("Saved") if is_saved else None
    return Screen(text, (*_switches(voice, preferences), *_others(voice, preferences, is_tutor=is_tutor)), toast)


def quiet_since(voice: Voice, preferences: ReminderPreferences) -> Screen:
    text = lines(
        voice.say("🌙 <b>Quiet hours</b>"),
        _quiet(voice, preferences.quiet),
        voice.say("From when is it quiet?"),
        between="\n\n",
    )
    off = ((Button(voice.label("🔈 No quiet hours"), NeverBeQuiet()),),) if preferences.quiet else ()
    return Screen(text, (*clock.day_rows(PickQuietUntil), *off, _back(voice)))


def quiet_until(voice: Voice, since: time) -> Screen:
    text = lines(
        voice.say("🌙 <b>Quiet hours</b>"),
        voice.say("From {since}. Until when?", since=wall_clock(since)),
        between="\n\n",
    )
    return Screen(text, (*clock.day_rows(lambda until: BeQuiet(since, until), without=since), _back(voice)))


def _distances(voice: Voice, preferences: ReminderPreferences) -> Html:
    if not preferences.before:
        return voice.say("None: I don't write before lessons. You still hear of every change.")
    spans = ", ".join(_span(voice, before) for before in preferences.before)
    return voice.say("I remind you of each lesson {spans} before.", spans=spans)


def _quiet(voice: Voice, quiet: QuietHours | None) -> Html:
    if quiet is None:
        return voice.say("🌙 Quiet hours: none")
    since, until = wall_clock(quiet.since), wall_clock(quiet.until)
    hours = voice.say("🌙 Quiet hours: {since}–{until} ({zone})", since=since, until=until, zone=voice.zone())
    rule = voice.say("A reminder due then comes at {since}, other messages come without a sound.", since=since)
    return lines(hours, rule)


def _switches(voice: Voice, preferences: ReminderPreferences) -> tuple[Row, ...]:
    distances = sorted({*preferences.before, *(minutes * MINUTE for minutes in OFFERED)}, reverse=True)
    return rows_of([_switch(voice, before, is_on=before in preferences.before) for before in distances], width=3)


def _switch(voice: Voice, before: timedelta, *, is_on: bool) -> Button:
    span = _span(voice, before)
    return Button(f"✓ {span}" if is_on else span, WantReminder(before // MINUTE, not is_on))


def _others(voice: Voice, preferences: ReminderPreferences, *, is_tutor: bool) -> tuple[Row, ...]:
    none = (Button(voice.label("🔕 No reminders"), WantNoReminders()),) if preferences.before else ()
    usual = () if preferences.is_as_usual else (Button(voice.label("↩️ As usual"), RemindAsUsual()),)
    quiet = Button(voice.label("🌙 Quiet hours"), PickQuietSince())
    has_mail = ChannelKind.EMAIL in preferences.addresses
    email = ((_email(voice, preferences.addresses[ChannelKind.EMAIL]),),) if has_mail else ()
    back = personal_button(voice, is_tutor=is_tutor), home_button(voice)
    return (none + usual, (quiet,), *email, back)


def _email(voice: Voice, email: str | None) -> Button:
    if email is None:
        return Button(voice.label("✉️ E-mail: off"), OpenEmail())
    return Button(voice.label("✉️ {email}", email=email), OpenEmail())


def _back(voice: Voice) -> Row:
    return Button(voice.label("‹ Reminders"), OpenReminders()), home_button(voice)


def _span(voice: Voice, before: timedelta) -> str:
    if before >= 2 * DAY and not before % WEEK:
        return voice.count_label("{n} week", "{n} weeks", before // WEEK)
    if before >= 2 * DAY and not before % DAY:
        return voice.count_label("{n} day", "{n} days", before // DAY)
    return voice.span(before)
