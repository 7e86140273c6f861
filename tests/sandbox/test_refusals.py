"""Every call a bot may get wrong, and Telegram's words for it."""

import pytest

from bot.sandbox.checking.coercion import Upload
from bot.sandbox.formatting.text import RAW_LIMIT_BYTES
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.chats import Person
from tests.sandbox.asking import Ask, buttons, png

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
HTML = {"parse_mode": "HTML"}
NO_ACTION = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def keyboard(**button: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b"}, "text must be non-empty"),
        ({"text": "<b></b>", **HTML}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x" * (RAW_LIMIT_BYTES + 1)}, "text is too long"),
        ({"parse_mode": "html5"}, "unsupported parse_mode"),
        ({"text": "<b>x", **HTML}, "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ({"chat_id": 1}, "chat not found"),
        ({"chat_id": "@channel"}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"reply_markup": keyboard()}, NO_ACTION),
        ({"reply_markup": keyboard(callback_data="")}, NO_ACTION),
        ({"reply_markup": keyboard(callback_data="д" * 33)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": keyboard(text=" ", callback_data="x")}, "inline keyboard button text must be non-empty"),
        (
            {"reply_markup": keyboard(url="http://localhost")},
            "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
        ),
        (
            {"reply_markup": keyboard(web_app={"url": "http://a.com"})},
            "inline keyboard button Web App URL 'http://a.com' is invalid: Only HTTPS links are allowed",
        ),
        ({"reply_markup": keyboard(callback_data="x", style="pink")}, "invalid button style specified"),
        ({"reply_markup": buttons(*[["x"]] * 101)}, "reply markup is too long"),
        ({"reply_markup": buttons(["x"] * 9)}, "reply markup is too long"),
        ({"reply_markup": buttons(*[["x" * 64] * 2] * 45)}, "reply markup is too long"),
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(ask: Ask, ira: Person, params: dict[str, object], refusal: str):
    assert await ask("sendMessage", **{"chat_id": ira.id, "text": "x", **params}) == f"400 Bad Request: {refusal}"


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("sendDice", {}, "chat_id is empty"),
        ("sendDice", {"chat_id": 1}, "the sandbox does not know sendDice yet"),
        ("sendMessage", {"chat_id": 1, "txt": "x"}, 'unknown parameter "txt" of sendMessage'),
        ("getUpdates", {"limit": "many"}, "can't parse limit: Integer expected"),
        ("sendMessage", {"chat_id": 1, "protect_content": "perhaps"}, "can't parse protect_content: Boolean expected"),
        ("sendMessage", {"chat_id": 1, "reply_markup": "{"}, "can't parse reply_markup: it isn't JSON"),
        (
            "sendMessage",
            {"chat_id": 1, "reply_markup": {"inline_keyboard": [[{"txt": "x"}]]}},
            'can\'t parse reply_markup: field "inline_keyboard" of InlineKeyboardMarkup: '
            'InlineKeyboardButton has no field "txt"',
        ),
        (
            "sendMessage",
            {"chat_id": 1, "reply_markup": {"buttons": []}},
            "can't parse reply_markup: none of inline_keyboard, keyboard, remove_keyboard, force_reply is there",
        ),
        ("setMyCommands", {"scope": {"type": "planet"}}, 'can\'t parse scope: BotCommandScope has no type "planet"'),
        ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "s" * 33, "description": "x"}]},
            "command length must not exceed 32",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "start", "description": " "}]},
            "command description must be non-empty",
        ),
        ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD.removeprefix("400 Bad Request: ")),
        ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
        (
            "setMyCommands",
            {"commands": [{"command": "start", "description": ""}]},
            "command description must be non-empty",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "start", "description": "x" * 257}]},
            "command description length must not exceed 256",
        ),
        ("setWebhook", {"url": "http://example.com"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            "setWebhook",
            {"url": "https://example.com:444"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            "setWebhook",
            {"url": "https://example.com", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
    ],
)
async def test_a_call_out_of_order_is_refused(ask: Ask, method: str, params: dict[str, object], refusal: str):
    assert await ask(method, **params) == f"400 Bad Request: {refusal}"


@pytest.mark.parametrize(
    ("token", "refusal"),
    [
        ("424242:another", "401 Unauthorized"),
        ("nonsense", "401 Unauthorized: invalid token specified"),
        ("0424242:x", "401 Unauthorized: invalid token specified"),
        ("1:" + "x" * 80, "401 Unauthorized: invalid token specified"),
    ],
)
async def test_a_wrong_token_opens_nothing(ask: Ask, token: str, refusal: str):
    assert await ask("getMe", token=token) == refusal


async def test_an_unknown_method_is_not_found(ask: Ask):
    assert await ask("nonsense") == "404 Not Found: method not found"


async def test_who_never_wrote_can_not_be_written_to(ask: Ask, sandbox: Sandbox):
    stranger = sandbox.add_person("Max")
    refusal = "403 Forbidden: bot can't initiate conversation with a user"
    assert await ask("sendMessage", chat_id=stranger.id, text="x") == refusal


async def test_who_blocked_the_bot_hears_nothing_until_it_is_unblocked(ask: Ask, sandbox: Sandbox, ira: Person):
    sandbox.block(ira.id)
    assert await ask("sendMessage", chat_id=ira.id, text="x") == "403 Forbidden: bot was blocked by the user"
    assert await ask("sendChatAction", chat_id=ira.id, action="typing") == "403 Forbidden: bot was blocked by the user"
    sandbox.unblock(ira.id)
    assert (await ask("sendMessage", chat_id=ira.id, text="x"))["text"] == "x"
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in sandbox.pending_updates()]
    assert statuses == ["kicked", "member"]


async def test_what_can_not_be_edited_is_refused(ask: Ask, sandbox: Sandbox, ira: Person):
    async def edit(message_id: int, **params: object) -> object:
        return await ask("editMessageText", chat_id=ira.id, message_id=message_id, **{"text": "x", **params})

    reply_keyboard = {"keyboard": [[{"text": "x"}]]}
    fixed = await ask("sendMessage", chat_id=ira.id, text="x", reply_markup=reply_keyboard)
    photo = await ask("sendPhoto", chat_id=ira.id, files={"photo": Upload("a.png", png(), "image/png")})
    plain = await ask("sendMessage", chat_id=ira.id, text="<b>x</b>", reply_markup=buttons(["y"]), parse_mode="HTML")

    assert await edit(99) == "400 Bad Request: message to edit not found"
    assert await edit(1) == "400 Bad Request: message can't be edited"
    assert await edit(fixed["message_id"]) == "400 Bad Request: message can't be edited"
    assert await edit(photo["message_id"]) == "400 Bad Request: there is no text in the message to edit"
    same = {"text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": buttons(["y"])}
    assert await edit(plain["message_id"], **same) == NOT_MODIFIED
    assert "reply_markup" not in await edit(plain["message_id"])
    assert (
        await ask("editMessageText", chat_id=ira.id, text="x") == "400 Bad Request: message identifier is not specified"
    )
    caption = await ask("editMessageCaption", chat_id=ira.id, message_id=plain["message_id"], caption="x")
    assert caption == "400 Bad Request: there is no caption in the message to edit"


async def test_a_message_can_be_deleted_for_two_days(ask: Ask, sandbox: Sandbox, ira: Person):
    old = await ask("sendMessage", chat_id=ira.id, text="x")
    sandbox.clock.advance(48 * 3600)
    at_the_limit = await ask("sendMessage", chat_id=ira.id, text="y")
    sandbox.clock.advance(1)
    assert (
        await ask("deleteMessage", chat_id=ira.id, message_id=old["message_id"])
        == "400 Bad Request: message can't be deleted"
    )
    assert await ask("deleteMessage", chat_id=ira.id, message_id=at_the_limit["message_id"]) is True
    assert await ask("deleteMessage", chat_id=ira.id, message_id=99) == "400 Bad Request: message to delete not found"
    too_many = await ask("deleteMessages", chat_id=ira.id, message_ids=list(range(101)))
    assert too_many == "400 Bad Request: too many message identifiers specified"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"no picture", "400 Bad Request: IMAGE_PROCESS_FAILED"),
        (png(41, 2), "400 Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (b"", "400 Bad Request: IMAGE_PROCESS_FAILED"),
    ],
)
async def test_a_photo_has_to_be_a_picture(ask: Ask, ira: Person, content: bytes, refusal: str):
    assert await ask("sendPhoto", chat_id=ira.id, files={"photo": Upload("a.png", content, "image/png")}) == refusal


async def test_a_caption_ends_at_1024(ask: Ask, ira: Person):
    files = {"document": Upload("a.ics", b"x", "text/calendar")}
    sent = await ask(
        "sendDocument", chat_id=ira.id, files=files, caption="<b>" + "x" * 1024 + "</b>", parse_mode="HTML"
    )
    assert len(sent["caption"]) == 1024
    refusal = "400 Bad Request: message caption is too long"
    assert await ask("sendDocument", chat_id=ira.id, files=files, caption="x" * 1025) == refusal


async def test_a_file_is_known_by_its_id_or_not_at_all(ask: Ask, ira: Person):
    assert await ask("sendPhoto", chat_id=ira.id) == "400 Bad Request: there is no photo in the request"
    wrong = "400 Bad Request: wrong file identifier/HTTP URL specified"
    assert await ask("sendPhoto", chat_id=ira.id, photo="nonsense") == wrong
    assert await ask("sendDocument", chat_id=ira.id, document="attach://nothing") == wrong
    sent = await ask("sendPhoto", chat_id=ira.id, files={"photo": Upload("a.png", png(), "image/png")})
    again = await ask("sendPhoto", chat_id=ira.id, photo=sent["photo"][-1]["file_id"])
    assert again["photo"] == sent["photo"]


async def test_an_alert_ends_at_200_characters(ask: Ask, sandbox: Sandbox, ira: Person):
    query_id = sandbox.forge(ira.id, "x")
    refusal = await ask("answerCallbackQuery", callback_query_id=query_id, text="x" * 201)
    assert refusal == "400 Bad Request: MESSAGE_TOO_LONG"
    assert await ask("answerCallbackQuery", callback_query_id=query_id, text="x" * 200) is True
    assert await ask("answerCallbackQuery", callback_query_id=query_id) == TOO_OLD


async def test_a_tap_can_be_answered_for_150_seconds(ask: Ask, sandbox: Sandbox, ira: Person):
    early, late = sandbox.forge(ira.id, "x"), sandbox.forge(ira.id, "x")
    sandbox.clock.advance(150)
    assert await ask("answerCallbackQuery", callback_query_id=early) is True
    sandbox.clock.advance(1)
    assert await ask("answerCallbackQuery", callback_query_id=late) == TOO_OLD
