"""A screen: one text and the buttons under it."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.talk.taps import Home, Tap, pack
from bot.words.voice import Html, Voice
from core.lessons.lesson_messages import LessonVersion

LONGEST_LABEL = 64  # a phone shows fewer; Telegram limits the size of the whole keyboard, and names may be long


@dataclass(frozen=True, slots=True)
class Button:
    """Sends a tap, opens a link or copies a text: exactly one of them."""

    label: str
    tap: Tap | None = None
    url: str | None = None
    copy: str | None = None


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is sent with a screen."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Screen:
    """
    `toast` is shown over the chat for a moment after a tap. A screen with a `lesson` is edited when the lesson changes.
    With a `photo` or a `document` the text is its caption; a document is always sent as a new message.
    """

    text: Html
    rows: tuple[Row, ...] = ()
    toast: str | None = None
    lesson: LessonVersion | None = None
    photo: bytes | None = None
    document: Attachment | None = None


def home_button(voice: Voice) -> Button:
    return Button(voice.label("🏠 Home"), Home())


def rows_of(buttons: Sequence[Button], *, width: int) -> tuple[Row, ...]:
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def markup(screen: Screen) -> InlineKeyboardMarkup | None:
    if not screen.rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in screen.rows])


def _button(button: Button) -> InlineKeyboardButton:
    label = _shortened(button.label)
    if button.tap is not None:
        return InlineKeyboardButton(label, callback_data=pack(button.tap))
    if button.copy is not None:
        return InlineKeyboardButton(label, copy_text=CopyTextButton(button.copy))
    return InlineKeyboardButton(label, url=button.url)


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
