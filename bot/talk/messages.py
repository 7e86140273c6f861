"""Send a screen as a message, or edit a message to show it, and handle what Telegram may refuse."""

from telegram import InputMediaPhoto, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.edge import calls
from bot.edge.pace import Priority
from bot.talk.screen import Screen, markup

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
)


async def send(
    bot: ExtBot[Priority], screen: Screen, *, chat_id: int, priority: Priority | None = None, silently: bool = False
) -> Message:
    if screen.photo is not None:
        return await bot.send_photo(
            chat_id,
            screen.photo,
            caption=screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup(screen),
            disable_notification=silently,
            rate_limit_args=priority,
        )
    if screen.document is not None:
        return await bot.send_document(
            chat_id,
            screen.document.content,
            filename=screen.document.name,
            caption=screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup(screen),
            disable_notification=silently,
            rate_limit_args=priority,
        )
    return await bot.send_message(
        chat_id,
        screen.text,
        parse_mode=ParseMode.HTML,
        reply_markup=markup(screen),
        link_preview_options=NO_PREVIEW,
        disable_notification=silently,
        rate_limit_args=priority,
    )


async def send_file(bot: ExtBot[Priority], name: str, content: bytes, screen: Screen, *, chat_id: int) -> Message:
    """Send a document; the screen's text is its caption."""
    return await bot.send_document(
        chat_id,
        content,
        filename=name,
        caption=screen.text,
        parse_mode=ParseMode.HTML,
        reply_markup=markup(screen),
    )


async def edit(
    bot: ExtBot[Priority], screen: Screen, *, chat_id: int, message_id: int, priority: Priority | None = None
) -> bool:
    """Edit the message to show the screen; return whether it shows the screen now, also if it did before."""
    try:
        await _edit(bot, screen, chat_id, message_id, priority)
    except BadRequest as error:
        told = error.message.lower()
        if any(reason in told for reason in CANNOT_EDIT):
            return False
        if "not modified" not in told:
            raise
    return True


async def _edit(
    bot: ExtBot[Priority], screen: Screen, chat_id: int, message_id: int, priority: Priority | None
) -> None:
    if screen.photo is not None:
        await bot.edit_message_media(
            InputMediaPhoto(screen.photo, caption=screen.text, parse_mode=ParseMode.HTML),
            chat_id=chat_id,
            message_id=message_id,
            reply_markup=markup(screen),
            rate_limit_args=priority,
        )
        return
    # PTB's own method would parse the whole changed message, with all 49 buttons of a month, for nothing
    changed = {
        "text": screen.text,
        "chat_id": chat_id,
        "message_id": message_id,
        "parse_mode": ParseMode.HTML,
        "reply_markup": markup(screen),
        "link_preview_options": NO_PREVIEW,
    }
    await calls.call(bot, "editMessageText", changed, priority=priority)
