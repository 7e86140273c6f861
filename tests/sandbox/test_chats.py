"""What people do, what bots do, and what both then see."""

import pytest

from bot.sandbox.checking.coercion import Upload
from bot.sandbox.refusals import PersonRefused
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.chats import Person
from tests.sandbox.asking import Ask, buttons, png


async def test_words_reach_the_bot_with_their_entities(sandbox: Sandbox):
    person = sandbox.add_person("Max", last_name="Koval", username="max", language_code="uk")
    sandbox.say(person.id, "/start abc")
    (update,) = sandbox.take_updates()
    message = update["message"]
    assert message["text"] == "/start abc"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "uk"
    assert message["chat"]["type"] == "private"
    assert message["date"] == sandbox.clock.seconds()


async def test_a_tap_carries_the_buttons_data_and_message(ask: Ask, sandbox: Sandbox, ira: Person):
    sent = await ask("sendMessage", chat_id=ira.id, text="When?", reply_markup=buttons(["Mon", "Tue"]))
    query_id = sandbox.tap(ira.id, sent["message_id"], 0, 1)
    (update,) = sandbox.take_updates()
    query = update["callback_query"]
    assert (query["id"], query["data"], query["message"]["text"]) == (query_id, "Tue", "When?")
    assert await ask("answerCallbackQuery", callback_query_id=query_id, text="Noted") is True
    assert sandbox.answers(ira.id)[-1]["text"] == "Noted"


@pytest.mark.parametrize(("row", "column"), [(0, 2), (1, 0), (-1, 0), (0, -1)])
async def test_only_buttons_that_are_there_can_be_tapped(
    ask: Ask, sandbox: Sandbox, ira: Person, row: int, column: int
):
    sent = await ask("sendMessage", chat_id=ira.id, text="When?", reply_markup=buttons(["Mon", "Tue"]))
    with pytest.raises(PersonRefused):
        sandbox.tap(ira.id, sent["message_id"], row, column)
    assert sandbox.pending_updates() == []


async def test_a_tap_on_a_message_that_is_gone_shows_no_message(ask: Ask, sandbox: Sandbox, ira: Person):
    sent = await ask("sendMessage", chat_id=ira.id, text="When?", reply_markup=buttons(["Mon"]))
    await ask("deleteMessage", chat_id=ira.id, message_id=sent["message_id"])
    sandbox.forge(ira.id, "Mon", sent["message_id"])
    (update,) = sandbox.take_updates()
    assert update["callback_query"]["message"]["date"] == 0
    assert "text" not in update["callback_query"]["message"]


async def test_a_waiting_update_shows_the_message_as_it_was(ask: Ask, sandbox: Sandbox, ira: Person):
    sent = await ask("sendMessage", chat_id=ira.id, text="before", reply_markup=buttons(["x"]))
    sandbox.tap(ira.id, sent["message_id"], 0, 0)
    await ask("editMessageText", chat_id=ira.id, message_id=sent["message_id"], text="after")
    assert sandbox.chat(ira.id)[-1]["text"] == "after"
    assert sandbox.take_updates()[0]["callback_query"]["message"]["text"] == "before"


async def test_an_edit_replaces_text_and_buttons_and_tells_when(ask: Ask, sandbox: Sandbox, ira: Person):
    sent = await ask("sendMessage", chat_id=ira.id, text="a", reply_markup=buttons(["x"]))
    sandbox.clock.advance(60)
    params = {"chat_id": ira.id, "message_id": sent["message_id"]}
    edited = await ask("editMessageText", **params, text="<i>b</i>", parse_mode="HTML", reply_markup=buttons(["y"]))
    assert (edited["text"], edited["entities"][0]["type"], edited["edit_date"] - edited["date"]) == ("b", "italic", 60)
    assert "reply_markup" not in await ask("editMessageReplyMarkup", **params)
    photo = Upload("a.png", png(), "image/png")
    media = {"type": "photo", "media": "attach://new", "caption": "c"}
    swapped = await ask("editMessageMedia", **params, media=media, files={"new": photo})
    assert "text" not in swapped
    assert swapped["caption"] == "c"


async def test_a_reply_keyboard_stays_until_it_is_taken_away(ask: Ask, sandbox: Sandbox, ira: Person):
    keyboard = {"keyboard": [[{"text": "Share", "request_contact": True}]], "resize_keyboard": True}
    sent = await ask("sendMessage", chat_id=ira.id, text="x", reply_markup=keyboard)
    assert "reply_markup" not in sent
    assert sandbox.person(ira.id).keyboard == keyboard
    await ask("sendMessage", chat_id=ira.id, text="x", reply_markup={"remove_keyboard": True})
    assert sandbox.person(ira.id).keyboard is None


async def test_a_button_keeps_the_one_action_telegram_looks_at(ask: Ask, ira: Person):
    button = {"text": "x", "url": "example.com", "callback_data": "ignored"}
    sent = await ask("sendMessage", chat_id=ira.id, text="x", reply_markup={"inline_keyboard": [[button], []]})
    assert sent["reply_markup"] == {"inline_keyboard": [[{"text": "x", "url": "http://example.com/"}]]}


async def test_replies_show_what_they_answer(ask: Ask, sandbox: Sandbox, ira: Person):
    first = await ask("sendMessage", chat_id=ira.id, text="first")
    said = sandbox.say(ira.id, "second", reply_to_message_id=first["message_id"])
    assert said["reply_to_message"]["text"] == "first"
    third = await ask("sendMessage", chat_id=ira.id, text="third", reply_parameters={"message_id": said["message_id"]})
    assert third["reply_to_message"]["text"] == "second"
    assert "reply_to_message" not in third["reply_to_message"]
    missing = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await ask("sendMessage", chat_id=ira.id, text="x", reply_parameters=missing)


async def test_people_send_more_than_words(sandbox: Sandbox, ira: Person):
    sandbox.send_location(ira.id, 50.45, 30.52)
    sandbox.send_contact(ira.id)
    sandbox.send_sticker(ira.id)
    sandbox.send_file(ira.id, "a.png", png(), caption="see example.com")
    sandbox.send_file(ira.id, "a.ics", b"BEGIN:VCALENDAR")
    sent = [update["message"] for update in sandbox.take_updates()]
    kinds = ["location", "contact", "sticker", "photo", "document"]
    assert [next(kind for kind in kinds if kind in message) for message in sent] == kinds
    assert sent[1]["contact"]["user_id"] == ira.id
    assert sent[3]["caption_entities"] == [{"type": "url", "offset": 4, "length": 11}]
    assert sent[4]["document"]["mime_type"] == "text/calendar"


async def test_a_file_comes_back_as_it_went(ask: Ask, sandbox: Sandbox, ira: Person):
    sent = sandbox.send_file(ira.id, "a.ics", b"BEGIN:VCALENDAR")
    file = await ask("getFile", file_id=sent["document"]["file_id"])
    assert file["file_path"].endswith(".ics")
    assert sandbox.files.get(file["file_unique_id"]) == b"BEGIN:VCALENDAR"


async def test_an_album_is_one_group_of_messages(ask: Ask, ira: Person):
    files = {"a": Upload("a.png", png(), "image/png"), "b": Upload("b.png", png(3), "image/png")}
    media = [{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://b"}]
    album = await ask("sendMediaGroup", chat_id=ira.id, media=media, files=files)
    assert len({message["media_group_id"] for message in album}) == 1
    refusal = await ask("sendMediaGroup", chat_id=ira.id, media=media[:1], files=files)
    assert refusal == "400 Bad Request: can't parse media: 2-10 items expected, got 1"


async def test_a_blocked_bot_can_not_be_written_to(sandbox: Sandbox, ira: Person):
    sandbox.block(ira.id)
    with pytest.raises(PersonRefused):
        sandbox.say(ira.id, "hello")


async def test_the_narrowest_commands_win(ask: Ask, ira: Person):
    async def set_commands(name: str, **params: object) -> None:
        assert await ask("setMyCommands", commands=[{"command": name, "description": "x"}], **params) is True

    private = {"type": "all_private_chats"}
    await set_commands("default")
    await set_commands("private", scope=private)
    await set_commands("private_uk", scope=private, language_code="uk")
    assert await ask("getMyCommands", scope=private, language_code="uk") == [
        {"command": "private_uk", "description": "x"}
    ]
    assert await ask("getMyCommands", scope=private, language_code="pl") == []
    await ask("deleteMyCommands", scope=private)
    assert await ask("getMyCommands", scope=private) == []
    assert (await ask("getMyCommands"))[0]["command"] == "default"


async def test_names_and_menus_are_kept_by_language_and_chat(ask: Ask, ira: Person):
    await ask("setMyName", name="Lessons of Olena")
    await ask("setMyName", name="Уроки", language_code="uk")
    assert await ask("getMyName", language_code="uk") == {"name": "Уроки"}
    assert await ask("getMyName", language_code="pl") == {"name": "Lessons of Olena"}
    assert (await ask("getMe"))["first_name"] == "Lessons of Olena"
    await ask("setChatMenuButton", chat_id=ira.id, menu_button={"type": "commands"})
    assert await ask("getChatMenuButton", chat_id=ira.id) == {"type": "commands"}


async def test_forwards_and_copies(ask: Ask, sandbox: Sandbox, ira: Person):
    sent = await ask("sendMessage", chat_id=ira.id, text="x", reply_markup=buttons(["y"]))
    source = {"chat_id": ira.id, "from_chat_id": ira.id, "message_id": sent["message_id"]}
    forwarded = await ask("forwardMessage", **source)
    assert forwarded["forward_origin"]["sender_user"]["is_bot"]
    edit = await ask("editMessageText", chat_id=ira.id, message_id=forwarded["message_id"], text="z")
    assert edit == "400 Bad Request: message can't be edited"
    copied = await ask("copyMessage", **source)
    assert sandbox.chat(ira.id)[-1]["message_id"] == copied["message_id"]
    assert sandbox.chat(ira.id)[-1]["text"] == "x"
