"""A tutor's other calendars. Only the host of an address is shown."""

from collections.abc import Sequence

from bot.conversations.feeds.taps import (
    AddFeed,
    OpenClashing,
    OpenFeed,
    OpenFeeds,
    ReadFeed,
    RemoveFeed,
    RemoveFeedSurely,
    TakeFile,
)
from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.settings.taps import OpenSettings
from bot.conversations.shared import lesson_words
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words import refusals
from bot.words.voice import Html, Voice, lines
from core.calendars.feed_reading.busy_times import Reading
from core.calendars.feeds import MOST, Clash, FeedCard
from core.lessons.lessons import LessonCard

PAGE = 8
LONGEST_NAME = 60


def feeds(voice: Voice, followed: Sequence[FeedCard], *, in_the_way: int, toast: str | None = None) -> Screen:
    text = lines(
        voice.say("📥 <b>Other calendars</b>"),
        voice.say("When you are busy there, students can't book here."),
        *(_told(voice, card) for card in followed),
        _in_the_way(voice, in_the_way),
        between="\n\n",
    )
    add = ((Button(voice.label("➕ Add a calendar"), AddFeed()),),) if len(followed) < MOST else ()
    rows = (
        *((Button(f"{_mark(card)} {card.name}", OpenFeed(card.id)),) for card in followed),
        *_clash_rows(voice, in_the_way),
        *add,
        (Button(voice.label("‹ Settings"), OpenSettings()), home_button(voice)),
    )
    return Screen(text, rows, toast)


def ask_for_one(voice: Voice) -> Screen:
    text = voice.say(
        "📥 <b>Add a calendar</b>\n\n"
        "Send me its address in iCal format: I read it every quarter of an hour. Or send an .ics file: I read it "
        "once.\n\n"
        "Google Calendar: Settings, your calendar, “Secret address in iCal format”. iCloud: share it as a public "
        "calendar. Outlook: publish it, the ICS link.\n\n"
        "Nobody but you will see what is in it."
    )
    return Screen(text, (_ways_back(voice),))


def offer_file(voice: Voice, name: str) -> Screen:
    text = voice.say("📥 A calendar: <b>{name}</b>. Shall its events block your times?", name=name)
    return Screen(text, ((Button(voice.label("📥 Take it in"), TakeFile()),), _ways_back(voice)))


def added(voice: Voice, card: FeedCard, reading: Reading, *, in_the_way: int) -> Screen:
    """The calendar was added; the screen says how many events could not be read."""
    text = lines(
        voice.say("✅ <b>{name}</b> is taken in.", name=card.name),
        lines(
            voice.count("{n} busy time ahead", "{n} busy times ahead", card.busy),
            _skipped(voice, reading.skipped),
        ),
        _in_the_way(voice, in_the_way),
        between="\n\n",
    )
    return Screen(text, (*_clash_rows(voice, in_the_way), _ways_back(voice)))


def feed(voice: Voice, card: FeedCard, *, toast: str | None = None) -> Screen:
    read = voice.label("🔄 Read now") if card.host else None
    hint = None if card.host else voice.say("To replace it, send me the file again under the same name.")
    rows: tuple[Row, ...] = (
        *(((Button(read, ReadFeed(card.id)),),) if read else ()),
        (Button(voice.label("❌ Remove"), RemoveFeed(card.id)),),
        _ways_back(voice),
    )
    return Screen(lines(_told(voice, card), hint, between="\n\n"), rows, toast)


def ask_to_remove(voice: Voice, card: FeedCard) -> Screen:
    text = voice.say("🗑 Remove <b>{name}</b>? The times that it blocks are offered again.", name=card.name)
    yes = Button(voice.label("Yes, remove"), RemoveFeedSurely(card.id))
    return Screen(text, ((yes, Button(voice.label("No, keep it"), OpenFeed(card.id))),))


def clashing(voice: Voice, page: Page[LessonCard]) -> Screen:
    text = (
        voice.say("⚠️ <b>Lessons in the way</b>\n\nYou are busy then by another calendar. They stand until you decide.")
        if page.shown
        else voice.say("👌 No lesson is in the way.")
    )
    rows = paging.rows(page, lambda lesson: Button(_lesson(voice, lesson), OpenLesson(lesson.id)), OpenClashing)
    return Screen(text, (*rows, _ways_back(voice)))


def failed(voice: Voice, card: FeedCard) -> Screen:
    """The notice that a calendar could not be read for a day; sent once."""
    text = lines(
        voice.say("⚠️ <b>I can't read your calendar {name} any more</b>", name=card.name),
        _told(voice, card),
        voice.say("What it blocked before stays blocked. I go on trying."),
        between="\n\n",
    )
    return Screen(text, ((Button(voice.label("📥 The calendar"), OpenFeed(card.id)), home_button(voice)),))


def why(voice: Voice, clash: Clash) -> Html:
    hours = voice.hours(clash.starts_at, clash.ends_at)
    if clash.title is None:
        return voice.say("📥 {calendar}: busy, {hours}", calendar=clash.calendar, hours=hours)
    return voice.say("📥 {calendar}: {title}, {hours}", calendar=clash.calendar, title=clash.title, hours=hours)


def _told(voice: Voice, card: FeedCard) -> Html:
    title = (
        voice.say("<b>{name}</b> · {host}", name=card.name, host=card.host)
        if card.host
        else voice.say("<b>{name}</b> · a file", name=card.name)
    )
    read = voice.say("Read: {moment}", moment=voice.moment(card.synced_at)) if card.synced_at else None
    busy = voice.count("{n} busy time ahead", "{n} busy times ahead", card.busy)
    fault = voice.say("⚠️ {fault}", fault=refusals.words(voice, card.fault)) if card.fault else None
    return lines(title, busy, read, fault)


def _mark(card: FeedCard) -> str:
    return "⚠️" if card.fault else "📥"


def _skipped(voice: Voice, skipped: int) -> Html | None:
    if not skipped:
        return None
    return voice.count("⚠️ {n} event could not be read", "⚠️ {n} events could not be read", skipped)


def _in_the_way(voice: Voice, count: int) -> Html | None:
    if not count:
        return None
    return voice.count(
        "⚠️ {n} lesson stands where you are busy. Nothing happens to it until you decide.",
        "⚠️ {n} lessons stand where you are busy. Nothing happens to them until you decide.",
        count,
    )


def _clash_rows(voice: Voice, count: int) -> tuple[Row, ...]:
    if not count:
        return ()
    return ((Button(voice.label("⚠️ Lessons in the way · {n}", n=count), OpenClashing(0)),),)


def _lesson(voice: Voice, lesson: LessonCard) -> str:
    return f"{lesson_words.mark(lesson)} {voice.moment(lesson.starts_at)} · {voice.name(lesson.student_name)}"


def _ways_back(voice: Voice) -> Row:
    return Button(voice.label("‹ Calendars"), OpenFeeds()), home_button(voice)
