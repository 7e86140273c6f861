"""What is known of a person, and to whom."""

from bot.screen import Screen
from bot.screens.home import home_button
from bot.voice import Voice


def privacy(voice: Voice) -> Screen:
    text = voice.say(
        "<b>What I know about you</b>\n\n"
        "• your Telegram name and number, the language and time zone you chose\n"
        "• your lessons and what was done to them\n"
        "• a tutor's hours and settings\n\n"
        "Your tutor or student sees your name and the lessons you share, nobody else does. "
        "I read only what you write to me, and pass nothing on."
    )
    return Screen(text, ((home_button(voice),),))
