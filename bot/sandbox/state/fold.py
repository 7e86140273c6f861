"""
The state as a fold over changes.

A change is a JSON object with a `kind`. What the journal holds and what memory holds can't differ: both are the
same changes.
"""

from collections.abc import Callable
from typing import Any, Final

from bot.sandbox.jsons import Json
from bot.sandbox.state.chats import Chat, Person, Query, State, Waiting

MESSAGES_KEPT_PER_CHAT: Final = 5_000


def apply(state: State, change: Json) -> None:
    FOLDS[change["kind"]](state, change)


def _person(state: State, change: Json) -> None:
    person = Person(**change["person"])
    chat = state.chats.get(person.id)
    if chat is None:
        state.chats[person.id] = Chat(person)
        state.next_person_id = max(state.next_person_id, person.id + 1)
    else:
        chat.person = person


def _message(state: State, change: Json) -> None:
    message, chat = change["message"], state.chats[change["chat_id"]]
    message_id = message["message_id"]
    chat.messages[message_id] = message
    if change.get("fixed"):
        chat.fixed.add(message_id)
    if len(chat.messages) > MESSAGES_KEPT_PER_CHAT:
        oldest = next(iter(chat.messages))
        del chat.messages[oldest]
        chat.fixed.discard(oldest)
    state.next_message_id = max(state.next_message_id, message_id + 1)


def _edited(state: State, change: Json) -> None:
    message = change["message"]
    state.chats[change["chat_id"]].messages[message["message_id"]] = message


def _deleted(state: State, change: Json) -> None:
    chat = state.chats[change["chat_id"]]
    chat.messages.pop(change["message_id"], None)
    chat.fixed.discard(change["message_id"])
    if change["message_id"] in chat.pinned:
        chat.pinned.remove(change["message_id"])


def _pinned(state: State, change: Json) -> None:
    state.chats[change["chat_id"]].pinned = list(change["ids"])


def _update(state: State, change: Json) -> None:
    update_id = change["update"]["update_id"]
    state.updates[update_id] = Waiting(change["update"], change["arrived"])
    state.next_update_id = max(state.next_update_id, update_id + 1)


def _confirmed(state: State, change: Json) -> None:
    for update_id in change["ids"]:
        state.updates.pop(update_id, None)


def _query(state: State, change: Json) -> None:
    state.queries[change["id"]] = Query(change["id"], change["person_id"], change["at"])
    state.next_query_id = max(state.next_query_id, int(change["id"]) + 1)


def _answered(state: State, change: Json) -> None:
    query = state.queries.pop(change["callback_query_id"])
    state.chats[query.person_id].answers.append({key: value for key, value in change.items() if key != "kind"})


def _expired(state: State, change: Json) -> None:
    for query_id in change["ids"]:
        state.queries.pop(query_id, None)


def _keyed(attribute: str, value_name: str) -> Callable[[State, Json], None]:
    def fold(state: State, change: Json) -> None:
        table: dict[str, Any] = getattr(state, attribute)
        if change[value_name]:
            table[change["key"]] = change[value_name]
        else:
            table.pop(change["key"], None)

    return fold


def _file(state: State, change: Json) -> None:
    state.files[change["file"]["file_id"]] = change["file"]


def _webhook(state: State, change: Json) -> None:
    state.webhook = change["webhook"]


def _allowed_updates(state: State, change: Json) -> None:
    state.allowed_updates = change["names"]


def _clock(state: State, change: Json) -> None:
    state.clock_offset = change["offset"]


def _counters(state: State, change: Json) -> None:
    for name, value in change.items():
        if name != "kind":
            setattr(state, name, value)


FOLDS: dict[str, Callable[[State, Json], None]] = {
    "person": _person,
    "message": _message,
    "edited": _edited,
    "deleted": _deleted,
    "pinned": _pinned,
    "update": _update,
    "confirmed": _confirmed,
    "query": _query,
    "answered": _answered,
    "expired": _expired,
    "commands": _keyed("commands", "commands"),
    "profile": _keyed("profile", "text"),
    "menu": _keyed("menus", "menu"),
    "file": _file,
    "webhook": _webhook,
    "allowed_updates": _allowed_updates,
    "clock": _clock,
    "counters": _counters,
}
