"""The bot's commands, names, descriptions and menu buttons, by scope and language."""

import re
from typing import Final

from bot.sandbox.api.methods.call import Call, chat_named
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import bad_request
from bot.sandbox.state.chats import State
from bot.sandbox.state.world import BOT_NAME

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
MOST_COMMANDS: Final = 100
DESCRIPTION_LIMIT: Final = 256
DEFAULT_SCOPE: Final = {"type": "default"}


def set_my_commands(call: Call) -> bool:
    commands = [_command(command) for command in call.get("commands", [])]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    _record_commands(call, commands)
    return True


def _command(command: Json) -> Json:
    name, description = command["command"].removeprefix("/"), command["description"].strip()
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > DESCRIPTION_LIMIT:
        raise bad_request("command description length must not exceed 256")
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def delete_my_commands(call: Call) -> bool:
    _record_commands(call, [])
    return True


def _record_commands(call: Call, commands: list[Json]) -> None:
    key = _scope_key(call)
    if call.world.state.commands.get(key, []) != commands:
        call.world.record("commands", key=key, commands=commands)


def get_my_commands(call: Call) -> list[Json]:
    return call.world.state.commands.get(_scope_key(call), [])


def commands_for(state: State, person_id: int, language: str) -> list[Json]:
    """Return the commands that apply in a private chat: the narrowest scope, then the person's language."""
    language = language.partition("-")[0]
    for scope in (f"chat:{person_id}", "all_private_chats:", "default:"):
        for key in (f"{scope}|{language}", f"{scope}|"):
            if state.commands.get(key):
                return state.commands[key]
    return []


def _scope_key(call: Call) -> str:
    scope = call.get("scope", DEFAULT_SCOPE)
    chat_id = scope.get("chat_id", "")
    if scope["type"] == "chat":
        chat_named(call.world, chat_id)
    return f"{scope['type']}:{chat_id}|{_language(call)}"


def _language(call: Call) -> str:
    language: str = call.get("language_code", "")
    if language and not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def set_my_name(call: Call) -> bool:
    return _set(call, "name")


def get_my_name(call: Call) -> Json:
    return _get(call, "name", BOT_NAME)


def set_my_description(call: Call) -> bool:
    return _set(call, "description")


def get_my_description(call: Call) -> Json:
    return _get(call, "description")


def set_my_short_description(call: Call) -> bool:
    return _set(call, "short_description")


def get_my_short_description(call: Call) -> Json:
    return _get(call, "short_description")


def _set(call: Call, field: str) -> bool:
    call.world.record("profile", key=f"{field}:{_language(call)}", text=call.get(field, ""))
    return True


def _get(call: Call, field: str, default: str = "") -> Json:
    texts = call.world.state.profile
    return {field: texts.get(f"{field}:{_language(call)}") or texts.get(f"{field}:") or default}


def set_chat_menu_button(call: Call) -> bool:
    button = call.get("menu_button", {"type": "default"})
    if button["type"] == "web_app" and not button["web_app"]["url"].startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    call.world.record("menu", key=_menu_key(call), menu=button)
    return True


def get_chat_menu_button(call: Call) -> Json:
    menus = call.world.state.menus
    return menus.get(_menu_key(call)) or menus.get("") or {"type": "commands"}


def _menu_key(call: Call) -> str:
    chat_id = call.get("chat_id")
    return str(chat_named(call.world, chat_id).person.id) if chat_id is not None else ""
