"""Methods that return data: about the bot, a chat, a file."""

from bot.sandbox.api.methods.call import Call, chat_named
from bot.sandbox.checking.media import DOWNLOAD_BYTES
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import bad_request


def get_me(call: Call) -> Json:
    return call.world.bot_user | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(call: Call) -> Json:
    chat = chat_named(call.world, call.params["chat_id"])
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    pinned = chat.messages.get(chat.pinned[0]) if chat.pinned else None
    return {
        **chat.person.chat(),
        "accent_color_id": chat.person.color,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
        **({"active_usernames": [chat.person.username]} if chat.person.username else {}),
        **({"pinned_message": pinned} if pinned else {}),
    }


def get_file(call: Call) -> Json:
    file = call.world.state.files.get(call.params["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file["shown"]["file_size"] > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    about = {name: file["shown"][name] for name in ("file_id", "file_unique_id", "file_size")}
    return about | {"file_path": file["path"]}


def log_out(_: Call) -> bool:
    return True
