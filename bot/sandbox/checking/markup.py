"""Telegram's rules for keyboards, beyond their field types."""

from collections.abc import Callable
from typing import Final

from bot.sandbox.formatting.links import WrongLinkError, normal
from bot.sandbox.jsons import Json, to_bytes
from bot.sandbox.refusals import Refused, bad_request

INLINE_BUTTONS: Final = 100
INLINE_PER_ROW: Final = 8
KEYBOARD_BUTTONS: Final = 300
KEYBOARD_PER_ROW: Final = 12
MARKUP_BYTES: Final = 10_240
STYLES: Final = {"danger", "success", "primary"}
COMMON: Final = ("text", "icon_custom_emoji_id", "style")
TEXT_ONLY = bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def checked(markup: Json) -> Json:
    """Return the markup as a message has it, or refuse it."""
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        return _reply_keyboard(markup)
    return _flag(markup)


def _inline(markup: Json) -> Json:
    rows = [[_inline_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    _measure(rows, INLINE_BUTTONS, INLINE_PER_ROW)
    return {"inline_keyboard": rows}


def _measure(rows: list[list[Json]], buttons: int, per_row: int) -> None:
    too_many = sum(map(len, rows)) > buttons or any(len(row) > per_row for row in rows)
    if too_many or len(to_bytes(rows)) > MARKUP_BYTES:
        raise bad_request("reply markup is too long")


def _inline_button(button: Json) -> Json:
    """Return the button with its first action; like Telegram, ignore the others."""
    _check_face(button, "inline keyboard button")
    for action, check in ACTIONS.items():
        if button.get(action) not in (None, "", False) or (action.startswith("switch") and action in button):
            return {key: button[key] for key in COMMON if key in button} | {action: check(button[action])}
    raise TEXT_ONLY


def _check_face(button: Json, what: str) -> None:
    if not button["text"].strip():
        raise bad_request(f"{what} text must be non-empty")
    if button.get("style", "primary") not in STYLES:
        raise bad_request("invalid button style specified")


def _url(url: str) -> str:
    try:
        return normal(url)
    except WrongLinkError as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from error


def _callback_data(data: str) -> str:
    if len(data.encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _web_app(app: Json) -> Json:
    return _https_only(app, "inline keyboard button Web App URL")


def _https_only(app: Json, what: str) -> Json:
    if not app["url"].lower().startswith("https://"):
        raise bad_request(f"{what} '{app['url']}' is invalid: Only HTTPS links are allowed")
    return app


def _copy_text(copied: Json) -> Json:
    if not 1 <= len(copied["text"]) <= 256:
        raise bad_request("inline keyboard button copied text is invalid")
    return copied


def _anything(value: object) -> object:
    return value


ACTIONS: Final[dict[str, Callable[..., object]]] = {
    "url": _url,
    "callback_data": _callback_data,
    "callback_game": _anything,
    "pay": _anything,
    "switch_inline_query": _anything,
    "switch_inline_query_current_chat": _anything,
    "switch_inline_query_chosen_chat": _anything,
    "login_url": _anything,
    "web_app": _web_app,
    "copy_text": _copy_text,
}


def _reply_keyboard(markup: Json) -> Json:
    rows = [row for row in markup["keyboard"] if row]
    if not rows:
        raise bad_request("can't parse reply keyboard markup: keyboard is empty")
    for button in (button for row in rows for button in row):
        _check_face(button, "keyboard button")
        if "web_app" in button:
            _https_only(button["web_app"], "keyboard button Web App URL")
    _measure(rows, KEYBOARD_BUTTONS, KEYBOARD_PER_ROW)
    _check_placeholder(markup)
    return {**markup, "keyboard": rows}


def _flag(markup: Json) -> Json:
    name = "force_reply" if "force_reply" in markup else "remove_keyboard"
    if not markup[name]:
        raise Refused(400, f'Bad Request: can\'t parse reply markup: Field "{name}" must be true')
    _check_placeholder(markup)
    return markup


def _check_placeholder(markup: Json) -> None:
    if len(markup.get("input_field_placeholder", "")) > 64:
        raise bad_request("input field placeholder is too long")
