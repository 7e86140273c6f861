"""Somebody gives an address, proves it, and gets their lessons by mail as well."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.conversations.privacy.leaving.taps import LeaveSurely
from bot.conversations.start.taps import ChooseRole
from bot.delivery.channels.table import open_channels
from bot.settings import Settings
from bot.talk.taps import pack
from core.startup import Core
from tests.bot.conversations.test_cancel import agreed
from tests.bot.mail_server import MailServer, listening, text
from tests.conftest import engines
from tests.stage import CITY, Stage, bilingual, on_one_database

IRA = "ira@example.org"
W = {
    "uk": {
        "reminders": "🔔 Нагадування",
        "off": "✉️ Ел. пошта: вимкнено",
        "address": "Напишіть свою адресу",
        "no address": "На таку адресу я не можу написати",
        "code": "Код надіслано на ira@example.org",
        "wrong": "Це не той код. Залишилися 4 спроби.",
        "spent": "Цей код уже не діє",
        "subject": "— ваш код",
        "switch off": "🚫 Вимкнути",
        "reminder": "⏰ Ваше заняття через 24 години",
        "enough": "щонайбільше 3 коди на годину",
        "down": "Зараз не вдається надіслати лист",
        "nobody": "Поштовий сервер не приймає цю адресу",
    },
    "en": {
        "reminders": "🔔 Reminders",
        "off": "✉️ E-mail: off",
        "address": "Type your address",
        "no address": "That is no e-mail address",
        "code": "I have mailed a code to ira@example.org",
        "wrong": "That is not the code. 4 tries are left.",
        "spent": "That code does not hold any more",
        "subject": "is your code",
        "switch off": "🚫 Switch off",
        "reminder": "⏰ Your lesson is in 24 hours",
        "enough": "I mail 3 codes an hour at most",
        "down": "I can't send mail at the moment",
        "nobody": "The mail server does not take this address",
    },
}


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with listening() as server:
        yield server


@pytest.fixture
async def stage(database_settings, policies, clock, server) -> AsyncIterator[Stage]:
    settings = Settings(_env_file=None, smtp=server.settings)
    core = Core(engines(database_settings), policies=policies, clock=clock, channels=open_channels(settings))
    async with Stage(core, clock, settings=settings) as ready:
        yield ready
    await core.close()


def code(server: MailServer) -> str:
    (found,) = re.findall(r"^\d{6}", text(server.mails[-1]))
    return str(found)


async def asked(player, w, address=IRA):
    await player.says("/settings")
    await player.taps(w["reminders"], w["off"])
    await player.says(address)


@bilingual
async def test_an_address_is_proved_by_a_code_and_given_up_by_a_tap(stage: Stage, language: str, server) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    await asked(ira, w)
    assert w["code"] in ira.sees
    assert w["subject"] in server.mails[-1]["Subject"]
    right = code(server)
    await ira.says("000000" if right != "000000" else "111111")
    assert w["wrong"] in ira.sees
    await ira.says(f"{right[:3]} {right[3:]}")
    assert f"✉️ {IRA}" in ira.buttons
    await stage.passes(hours=26)
    assert [mail["Subject"] for mail in server.to(IRA)][1:] == [w["reminder"]]
    await ira.says("/settings")
    await ira.taps(w["reminders"], f"✉️ {IRA}", w["switch off"])
    assert w["off"] in ira.buttons
    await stage.passes(hours=23)
    assert len(server.mails) == 2


@bilingual
async def test_what_is_no_address_is_said_so_and_codes_are_few(stage: Stage, language: str, server) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    await asked(ira, w, "ira")
    for bad in ("ira@", "a b@example.org", "ira@example.org\nBcc: x@example.org", "ira@localhost", f"{'a' * 65}@a.com"):
        await ira.says(bad)
        assert w["no address"] in ira.sees
    assert server.knocks == 0
    for _ in range(3):
        await ira.says(IRA)
    assert len(server.mails) == 3
    await ira.says("other@example.org")
    assert w["enough"] in ira.sees
    assert len(server.mails) == 3
    max_ = await stage.student("Макс", of=stage.people[min(stage.people)], language=language, city="Kyiv")
    await asked(max_, w)
    assert w["enough"] in max_.sees, "an address is not flooded by many either"
    await stage.passes(hours=1)
    await asked(max_, w)
    assert w["code"] in max_.sees


@bilingual
async def test_who_leaves_and_comes_back_gets_no_more_codes(stage: Stage, language: str, server) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    for address in (IRA, "ira+1@example.org", "max@example.org"):
        await asked(ira, w, address)
    await ira.forges(pack(LeaveSurely(0)))
    await ira.says("/start")
    await ira.forges(pack(ChooseRole(False)))
    await ira.says(CITY[language])
    await asked(ira, w, "olena@example.org")
    assert w["enough"] in ira.sees
    assert len(server.mails) == 3


@bilingual
async def test_a_code_holds_for_five_tries_and_a_quarter_of_an_hour(stage: Stage, language: str, server) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    await asked(ira, w)
    right = code(server)
    for _ in range(5):
        await ira.says("no code")
    assert w["spent"] in ira.sees
    await ira.says(right)
    assert w["no address"] in ira.sees
    await ira.says(IRA)
    await stage.passes(minutes=15, seconds=1)
    await ira.says(code(server))
    assert w["spent"] in ira.sees
    await ira.says("/settings")
    await ira.taps(w["reminders"])
    assert w["off"] in ira.buttons


@bilingual
async def test_a_server_that_does_not_take_it_is_said_so(stage: Stage, language: str, server) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    server.answers += ["550 5.1.1 nobody", "451 busy"]
    await asked(ira, w)
    assert w["nobody"] in ira.sees
    await ira.says(IRA)
    assert w["down"] in ira.sees
    await ira.says(IRA)
    assert w["code"] in ira.sees


@on_one_database
async def test_a_house_without_a_mail_server_has_no_such_button(core, clock) -> None:
    async with Stage(core, clock) as stage:
        _, ira = await agreed(stage, "uk")
        await ira.says("/settings")
        await ira.taps(W["uk"]["reminders"])
        assert not any("✉️" in button for button in ira.buttons)
        await ira.forges("1:io")
        assert ira.toast
