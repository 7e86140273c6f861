"""The bot edits and deletes messages."""

from typing import Final

from bot.sandbox.api.methods.call import Call, caption_of, chat_named
from bot.sandbox.api.methods.sending import input_media
from bot.sandbox.checking import markup
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import NOT_MODIFIED, bad_request, forbidden
from bot.sandbox.state.chats import Chat

DELETABLE_SECONDS: Final = 48 * 3600
MOST_DELETED: Final = 100
MEDIA: Final = ("photo", "document", "sticker")
TEXT_PARTS: Final = ("text", "entities", "link_preview_options", "reply_markup")
CAPTION_PARTS: Final = ("caption", "caption_entities", "reply_markup")
MEDIA_PARTS: Final = (*MEDIA, *TEXT_PARTS, *CAPTION_PARTS)


def edit_message_text(call: Call) -> Json:
    chat, message = _editable(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    preview = call.get("link_preview_options")
    shown = call.text() | ({"link_preview_options": preview} if preview else {})
    return _edit(call, chat, message, TEXT_PARTS, shown | _keyboard(call))


def edit_message_caption(call: Call) -> Json:
    chat, message = _editable(call)
    if not any(kind in message for kind in ("photo", "document")):
        raise bad_request("there is no caption in the message to edit")
    return _edit(call, chat, message, CAPTION_PARTS, caption_of(call.params) | _keyboard(call))


def edit_message_reply_markup(call: Call) -> Json:
    chat, message = _editable(call)
    return _edit(call, chat, message, ("reply_markup",), _keyboard(call))


def edit_message_media(call: Call) -> Json:
    chat, message = _editable(call)
    shown = input_media(call, call.params["media"])
    return _edit(call, chat, message, MEDIA_PARTS, shown | _keyboard(call))


def _editable(call: Call) -> tuple[Chat, Json]:
    if "inline_message_id" in call.params:
        raise bad_request("MESSAGE_ID_INVALID")
    chat = _chat(call)
    message_id = call.get("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if not message["from"]["is_bot"] or message_id in chat.fixed:
        raise bad_request("message can't be edited")
    return chat, message


def _chat(call: Call) -> Chat:
    if "chat_id" not in call.params:
        raise bad_request("chat_id is empty")
    chat = chat_named(call.world, call.params["chat_id"])
    if chat.person.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def _keyboard(call: Call) -> Json:
    given = call.get("reply_markup")
    keyboard = markup.checked(given) if given else {}
    return {"reply_markup": keyboard} if keyboard.get("inline_keyboard") else {}


def _edit(call: Call, chat: Chat, message: Json, parts: tuple[str, ...], shown: Json) -> Json:
    if shown == {part: message[part] for part in parts if part in message}:
        raise bad_request(NOT_MODIFIED)
    kept = {key: value for key, value in message.items() if key not in parts}
    edited = kept | {"edit_date": call.world.clock.seconds()} | shown
    call.world.record("edited", chat_id=chat.person.id, message=edited)
    return edited


def delete_message(call: Call) -> bool:
    chat = chat_named(call.world, call.params["chat_id"])
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not _deletable(call, message):
        raise bad_request("message can't be deleted")
    _delete(call, chat, message)
    return True


def delete_messages(call: Call) -> bool:
    """Delete what can be deleted; ids that aren't there are skipped."""
    chat = chat_named(call.world, call.params["chat_id"])
    ids = call.params["message_ids"]
    if len(ids) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    found = [chat.messages[message_id] for message_id in dict.fromkeys(ids) if message_id in chat.messages]
    for message in found:
        if _deletable(call, message):
            _delete(call, chat, message)
    return True


def _deletable(call: Call, message: Json) -> bool:
    return call.world.clock.seconds() - int(message["date"]) <= DELETABLE_SECONDS


def _delete(call: Call, chat: Chat, message: Json) -> None:
    call.world.record("deleted", chat_id=chat.person.id, message_id=message["message_id"])


def pin_chat_message(call: Call) -> bool:
    chat = chat_named(call.world, call.params["chat_id"])
    message_id = call.params["message_id"]
    if message_id not in chat.messages:
        raise bad_request("message to pin not found")
    _pin(call, chat, [message_id, *(one for one in chat.pinned if one != message_id)])
    return True


def unpin_chat_message(call: Call) -> bool:
    chat = chat_named(call.world, call.params["chat_id"])
    gone = call.get("message_id", chat.pinned[0] if chat.pinned else None)
    if gone not in chat.pinned:
        raise bad_request("message to unpin not found")
    _pin(call, chat, [one for one in chat.pinned if one != gone])
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    _pin(call, chat_named(call.world, call.params["chat_id"]), [])
    return True


def _pin(call: Call, chat: Chat, ids: list[int]) -> None:
    call.world.record("pinned", chat_id=chat.person.id, ids=ids)


def set_message_reaction(call: Call) -> bool:
    chat = chat_named(call.world, call.params["chat_id"])
    if call.params["message_id"] not in chat.messages:
        raise bad_request("message to react not found")
    return True
