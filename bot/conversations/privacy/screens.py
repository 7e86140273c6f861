"""What is stored about a person, and who sees it."""

from bot.conversations.privacy.leaving.taps import AskToLeave
from bot.conversations.privacy.taps import SendMyData
from bot.conversations.settings.taps import OpenSettings
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Voice, lines


def privacy(voice: Voice, *, is_new: bool) -> Screen:
    """Say which data we store, who sees it and for how long. A new person gets no button back to settings."""
    kept = voice.say(
        "<b>What I know about you</b>\n"
        "• your Telegram name, username and number; your language, time zone, settings, reminders and quiet hours\n"
        "• your e-mail address, if you gave it\n"
        "• your lessons: when, with whom, for how much, what was done to them, your notes\n"
        "• a tutor's hours, days off, terms and packages; what their other calendars say\n"
        "• the address under which your own calendar follows your lessons"
    )
    seen = voice.say(
        "<b>Who sees it</b>\n"
        "Your tutors and students: your name and the lessons you share. A tutor's card: whoever looks for a tutor. "
        "A tutor's own notes: the tutor alone. Who asks to teach: the operators. Nothing is passed on."
    )
    how_long = voice.say(
        "<b>How long</b>\n"
        "Until you delete your account. Then the other side keeps the lessons you shared, without your name and words. "
        "What I wrote into chats stays there."
    )
    return Screen(lines(kept, seen, how_long, between="\n\n"), (*_deeds(voice), _ways_back(voice, is_new=is_new)))


def file_caption(voice: Voice) -> Screen:
    text = voice.say("📦 All that I know about you. Times are in UTC, lengths in minutes.")
    return Screen(text, ((home_button(voice),),))


def _deeds(voice: Voice) -> tuple[Row, ...]:
    return (
        (Button(voice.label("📦 My data"), SendMyData()),),
        (Button(voice.label("🗑 Delete my account"), AskToLeave()),),
    )


def _ways_back(voice: Voice, *, is_new: bool) -> Row:
    settings = () if is_new else (Button(voice.label("‹ Settings"), OpenSettings()),)
    return (*settings, home_button(voice))
