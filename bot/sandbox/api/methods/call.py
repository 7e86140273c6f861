"""One call of the Bot API on its way through the sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.checking.coercion import Upload
from bot.sandbox.formatting import text
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.state.chats import Chat
from bot.sandbox.state.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """`params` are checked and typed; `files` are the uploads by their name in the request."""

    world: World
    params: Json
    files: Mapping[str, Upload]

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def text(self) -> Json:
        plain, entities = text.message_text(self.get("text", ""), self.get("parse_mode"), self.get("entities"))
        return {"text": plain, "entities": entities} if entities else {"text": plain}

    def upload(self, name: str) -> Upload | str:
        """Return the file of a parameter: uploaded, attached under another name, or sent before."""
        return self.attached(self.params[name])

    def attached(self, value: Upload | str) -> Upload | str:
        if isinstance(value, Upload) or not value.startswith("attach://"):
            return value
        found = self.files.get(value.removeprefix("attach://"))
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return found


def caption_of(given: Json) -> Json:
    plain, entities = text.caption(given.get("caption", ""), given.get("parse_mode"), given.get("caption_entities"))
    shown: Json = {"caption": plain} if plain else {}
    return shown | ({"caption_entities": entities} if entities else {})


def chat_named(world: World, chat_id: int | str) -> Chat:
    """Find the chat, or refuse as Telegram does for unknown chats."""
    chat = world.state.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise bad_request("chat not found")
    return chat


def chat_to_write(world: World, chat_id: int | str) -> Chat:
    chat = chat_named(world, chat_id)
    if not chat.person.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.person.blocked:
        raise forbidden("bot was blocked by the user")
    return chat
