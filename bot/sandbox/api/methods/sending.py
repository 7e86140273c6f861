"""New messages of the bot."""

from typing import Any, Final

from bot.sandbox.api.methods.call import Call, caption_of, chat_named, chat_to_write
from bot.sandbox.checking import markup, media
from bot.sandbox.jsons import Json
from bot.sandbox.people import quoted
from bot.sandbox.refusals import bad_request
from bot.sandbox.state.chats import Chat

ACTIONS: Final = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
MEDIA: Final = {"photo": media.photo, "document": media.document}
MESSAGE_KEYS: Final = {"from", "chat", "date", "message_id", "reply_to_message", "edit_date", "reply_markup"}


def send_message(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    return _send(call, chat, call.text() | _preview(call))


def _preview(call: Call) -> Json:
    options = call.get("link_preview_options")
    return {"link_preview_options": options} if options else {}


def send_photo(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    shown = caption_of(call.params)
    return _send(call, chat, media.photo(call.world, call.upload("photo")) | shown)


def send_document(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    shown = caption_of(call.params)
    return _send(call, chat, media.document(call.world, call.upload("document")) | shown)


def send_sticker(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    return _send(call, chat, media.sticker_of(call.world, call.upload("sticker"), call.get("emoji")))


def send_media_group(call: Call) -> list[Json]:
    """Check and store every file before making the first message, so that an album arrives completely or not at all."""
    chat = chat_to_write(call.world, call.params["chat_id"])
    items = [input_media(call, item) for item in call.params["media"]]
    if len({next(iter(item)) for item in items}) > 1:
        raise bad_request("document can't be mixed with other media types")
    album = str(call.world.state.next_message_id)
    return [_send(call, chat, {"media_group_id": album} | item) for item in items]


def input_media(call: Call, item: Json) -> Json:
    make = MEDIA.get(item["type"])
    if make is None:
        raise bad_request(f"the sandbox does not know media of type {item['type']} yet")
    return make(call.world, call.attached(item["media"])) | caption_of(item)


def send_location(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    return _send(call, chat, {"location": _location(call)})


def send_venue(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    about = {name: call.params[name] for name in ("title", "address")}
    venue = {"location": _location(call), **about}
    return _send(call, chat, {"location": venue["location"], "venue": venue})


def _location(call: Call) -> Json:
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


def send_contact(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    names = ("phone_number", "first_name", "last_name", "vcard")
    return _send(call, chat, {"contact": {name: call.params[name] for name in names if name in call.params}})


def send_chat_action(call: Call) -> bool:
    chat = chat_to_write(call.world, call.params["chat_id"])
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.tell({"kind": "action", "chat_id": chat.person.id, "action": call.params["action"]})
    return True


def forward_message(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    original = _source(call, "message to forward not found")
    origin = {"type": "user", "sender_user": original["from"], "date": original["date"]}
    return _send(call, chat, {"forward_origin": origin} | _content(original), fixed=True)


def copy_message(call: Call) -> Json:
    chat = chat_to_write(call.world, call.params["chat_id"])
    content = _content(_source(call, "message to copy not found"))
    if "caption" in call.params:
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= caption_of(call.params)
    return {"message_id": _send(call, chat, content)["message_id"]}


def _source(call: Call, missing: str) -> Json:
    source = chat_named(call.world, call.params["from_chat_id"]).messages.get(call.params["message_id"])
    if source is None:
        raise bad_request(missing)
    return source


def _content(message: Json) -> Json:
    return {key: value for key, value in message.items() if key not in MESSAGE_KEYS}


def _send(call: Call, chat: Chat, shown: Json, *, fixed: bool = False) -> Json:
    world = call.world
    given = call.get("reply_markup")
    keyboard = markup.checked(given) if given else None
    inline = keyboard if keyboard and keyboard.get("inline_keyboard") else None
    message = {
        "message_id": world.state.next_message_id,
        "from": world.bot_user,
        "chat": chat.person.chat(),
        "date": world.clock.seconds(),
        **_reply(call, chat),
        **shown,
        **({"has_protected_content": True} if call.get("protect_content") else {}),
        **({"reply_markup": inline} if inline else {}),
    }
    is_fixed = fixed or (keyboard is not None and "inline_keyboard" not in keyboard)
    world.record("message", chat_id=chat.person.id, message=message, fixed=is_fixed)
    _change_keyboard(call, chat, keyboard)
    return message


def _reply(call: Call, chat: Chat) -> Json:
    reply: dict[str, Any] | None = call.get("reply_parameters")
    if reply is None:
        return {}
    original = chat.messages.get(reply["message_id"])
    if original is not None:
        return {"reply_to_message": quoted(original)}
    if reply.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _change_keyboard(call: Call, chat: Chat, keyboard: Json | None) -> None:
    if keyboard is None or "inline_keyboard" in keyboard or "force_reply" in keyboard:
        return
    call.world.record_person(chat.person, keyboard=keyboard if "keyboard" in keyboard else None)
