"""Answers to taps."""

from typing import Final

from bot.sandbox.api.methods.call import Call
from bot.sandbox.people import QUERY_LIFE_SECONDS
from bot.sandbox.refusals import QUERY_TOO_OLD, bad_request

ANSWER_LIMIT: Final = 200


def answer_callback_query(call: Call) -> bool:
    world = call.world
    query = world.state.queries.get(call.params["callback_query_id"])
    if query is None or world.clock.seconds() - query.at > QUERY_LIFE_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    text, url = call.get("text"), call.get("url")
    if len(text or "") > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and not url.startswith(("https://t.me/", "http://t.me/", "tg://")):
        raise bad_request("URL_INVALID")
    alert = bool(call.get("show_alert"))
    world.record("answered", chat_id=query.person_id, callback_query_id=query.id, text=text, show_alert=alert, url=url)
    return True
