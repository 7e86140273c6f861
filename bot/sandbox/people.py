"""Actions of a person in the chat with the bot, and the update that the bot gets for each."""

import mimetypes
from typing import Any, Final

from bot.sandbox.checking import media
from bot.sandbox.checking.coercion import Upload
from bot.sandbox.formatting.detect import detect
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import PersonRefused
from bot.sandbox.state.chats import Chat, Person
from bot.sandbox.state.world import World

QUERY_LIFE_SECONDS: Final = 150
COLORS: Final = 7
TEXT_LIMIT: Final = 4096


def add(
    world: World,
    first_name: str,
    *,
    last_name: str | None = None,
    username: str | None = None,
    language_code: str = "en",
) -> Person:
    person_id = world.state.next_person_id
    person = Person(person_id, first_name, last_name, username, language_code, color=person_id % COLORS)
    world.record_person(person)
    world.commit()
    return person


def change(world: World, person_id: int, **new: Any) -> Person:
    """Rename, change the language, block or unblock the bot."""
    person = _chat(world, person_id).person
    changed = world.record_person(person, **new)
    if changed.blocked != person.blocked:
        world.queue_update("my_chat_member", _membership(world, changed))
    world.commit()
    return changed


def _membership(world: World, person: Person) -> Json:
    bot = world.bot_user
    member: Json = {"user": bot, "status": "member"}
    banned: Json = {"user": bot, "status": "kicked", "until_date": 0}
    old, new = (member, banned) if person.blocked else (banned, member)
    return {
        "chat": person.chat(),
        "from": person.user(),
        "date": world.clock.seconds(),
        "old_chat_member": old,
        "new_chat_member": new,
    }


def say(world: World, person_id: int, text: str, *, reply_to: int | None = None) -> Json:
    text = text.strip()
    if not 1 <= len(text) <= TEXT_LIMIT:
        raise PersonRefused("A message has 1 to 4096 characters")
    entities = sorted(detect(text, []), key=lambda entity: int(entity["offset"]))
    shown = {"text": text, "entities": entities} if entities else {"text": text}
    return _send(world, person_id, shown, reply_to=reply_to)


def send_location(world: World, person_id: int, *, latitude: float, longitude: float) -> Json:
    return _send(world, person_id, {"location": {"latitude": latitude, "longitude": longitude}})


def send_contact(world: World, person_id: int) -> Json:
    """Share the person's own contact, as the button of a reply keyboard does."""
    person = _chat(world, person_id).person
    names = {"first_name": person.first_name} | ({"last_name": person.last_name} if person.last_name else {})
    phone = f"+38050{person_id % 10_000_000:07}"
    return _send(world, person_id, {"contact": {"phone_number": phone, **names, "user_id": person_id}})


def send_sticker(world: World, person_id: int, emoji: str) -> Json:
    return _send(world, person_id, {"sticker": media.sticker(world, f"sticker {emoji}".encode(), emoji)})


def send_file(
    world: World, person_id: int, name: str, content: bytes, *, caption: str | None = None, mime: str | None = None
) -> Json:
    """Send a picture as a photo, anything else as a document."""
    mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
    upload = Upload(name, content, mime)
    shown = media.photo_or_document(world, upload)
    if caption:
        entities = detect(caption, [])
        shown |= {"caption": caption} | ({"caption_entities": entities} if entities else {})
    return _send(world, person_id, shown)


def _send(world: World, person_id: int, shown: Json, *, reply_to: int | None = None) -> Json:
    chat = _chat(world, person_id)
    if chat.person.blocked:
        raise PersonRefused("The bot is blocked: unblock it first")
    if not chat.person.started:
        world.record_person(chat.person, started=True)
    message = _message(world, chat, shown, reply_to)
    world.record("message", chat_id=person_id, message=message)
    world.queue_update("message", message)
    world.commit()
    return message


def _message(world: World, chat: Chat, shown: Json, reply_to: int | None) -> Json:
    head = {
        "message_id": world.state.next_message_id,
        "from": chat.person.user(),
        "chat": chat.person.chat(),
        "date": world.clock.seconds(),
    }
    original = chat.messages.get(reply_to) if reply_to else None
    return head | ({"reply_to_message": quoted(original)} if original else {}) | shown


def quoted(message: Json) -> Json:
    """Return a message as it appears inside a reply to it: without the reply it contains itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def tap(world: World, person_id: int, message_id: int, row: int, column: int) -> str:
    """Tap a button of a message; return the id of the callback query."""
    message = _chat(world, person_id).messages.get(message_id)
    rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
    if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        raise PersonRefused("There is no such button")
    data = rows[row][column].get("callback_data")
    if data is None:
        raise PersonRefused("This button calls nobody back")
    return _query(world, person_id, message_id, data)


def forge(world: World, person_id: int, data: str, message_id: int | None = None) -> str:
    """Send any data as a changed client may; by default under the bot's newest message."""
    messages = _chat(world, person_id).messages
    if message_id is None:
        bots = (key for key in reversed(messages) if messages[key]["from"]["is_bot"])
        message_id = next(bots, 1)
    return _query(world, person_id, message_id, data)


def _query(world: World, person_id: int, message_id: int, data: str) -> str:
    chat = _chat(world, person_id)
    _forget_old_queries(world)
    query_id = str(world.state.next_query_id)
    gone = {"chat": chat.person.chat(), "message_id": message_id, "date": 0}
    world.record("query", id=query_id, person_id=person_id, at=world.clock.seconds())
    query = {
        "id": query_id,
        "from": chat.person.user(),
        "message": chat.messages.get(message_id, gone),
        "chat_instance": str(-person_id),
        "data": data,
    }
    world.queue_update("callback_query", query)
    world.commit()
    return query_id


def _forget_old_queries(world: World) -> None:
    limit = world.clock.seconds() - QUERY_LIFE_SECONDS
    oldest = next(iter(world.state.queries.values()), None)
    if oldest and oldest.at < limit:
        old = [query.id for query in world.state.queries.values() if query.at < limit]
        world.record("expired", ids=old)


def _chat(world: World, person_id: int) -> Chat:
    chat = world.state.chats.get(person_id)
    if chat is None:
        raise PersonRefused("There is no such person")
    return chat
