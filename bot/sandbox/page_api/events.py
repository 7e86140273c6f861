"""Make events for the page from changes of the state."""

from typing import Any, Final

from bot.sandbox.api.methods.profile import commands_for
from bot.sandbox.jsons import Json
from bot.sandbox.state.chats import Person
from bot.sandbox.state.world import World
from bot.sandbox.time.clock import iso

MESSAGES_SHOWN: Final = 500
PASSED_ON: Final = {
    "deleted": ("chat_id", "message_id"),
    "answered": ("chat_id", "callback_query_id", "text", "show_alert", "url"),
    "action": ("chat_id", "action"),
    "bot": ("online",),
}
NAMES: Final = {"answered": "answer"}
FOR_EVERYBODY: Final = {"commands"}


def events(world: World, change: Json) -> list[Json]:
    """Return the events for one change; most changes of the bot's queue make none."""
    kind = change["kind"]
    if kind in PASSED_ON:
        return [{"type": NAMES.get(kind, kind)} | {name: change[name] for name in PASSED_ON[kind]}]
    if kind in ("message", "edited"):
        return [{"type": kind, "chat_id": change["chat_id"], "message": message_view(change["message"])}]
    if kind == "person":
        return [_person_event(world, world.state.chats[change["person"]["id"]].person)]
    if kind in FOR_EVERYBODY:
        return [_person_event(world, chat.person) for chat in world.state.chats.values()]
    return _other_events(world, kind)


def _other_events(world: World, kind: str) -> list[Json]:
    match kind:
        case "clock":
            return [{"type": "clock", "now": iso(world.clock.now())}]
        case "webhook":
            return [{"type": "bot", "online": world.presence.is_online}]
        case "cleared":
            return [{"type": "cleared"}, snapshot(world)]
    return []


def _person_event(world: World, person: Person) -> Json:
    return {"type": "person", "person": person_view(world, person)}


def snapshot(world: World) -> Json:
    bot = {key: value for key, value in world.bot_user.items() if key != "is_bot"}
    chats = {str(person_id): _newest(chat.messages) for person_id, chat in world.state.chats.items()}
    return {
        "type": "snapshot",
        "now": iso(world.clock.now()),
        "bot": bot | {"online": world.presence.is_online},
        "people": [person_view(world, chat.person) for chat in world.state.chats.values()],
        "chats": chats,
    }


def _newest(messages: dict[int, Json]) -> list[Json]:
    return [message_view(message) for message in list(messages.values())[-MESSAGES_SHOWN:]]


def person_view(world: World, person: Person) -> Json:
    names = ("id", "first_name", "last_name", "username", "language_code", "blocked", "keyboard", "color")
    shown: dict[str, Any] = {name: getattr(person, name) for name in names}
    return shown | {"commands": commands_for(world.state, person.id, person.language_code)}


def message_view(message: Json) -> Json:
    """A message with addresses of its files, for the page only."""
    shown = message
    if "photo" in message:
        *small, largest = message["photo"]
        shown = shown | {"photo": [*small, _with_url(largest)]}
    if "document" in message:
        shown = shown | {"document": _with_url(message["document"])}
    return shown


def _with_url(file: Json) -> Json:
    return file | {"url": f"/sandbox/files/{file['file_id']}"}
