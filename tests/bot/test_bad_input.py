"""Nothing that a person or a changed client sends does harm, shows what is another's, or goes without an answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import CONVERSATIONS, FALLBACKS
from bot.conversations.booking.taps import AskForLesson, OpenFreeDay, OpenMonth, OpenTutor, PickTime
from bot.conversations.lessons.taps import CancelLesson, CancelSurely, OpenLesson
from bot.conversations.pending.taps import ConfirmLesson, DeclineLesson, DeclineWithoutWords
from bot.conversations.privacy.leaving.taps import LeaveSurely
from bot.conversations.settings.zone.taps import ChooseZone
from bot.conversations.start.taps import ChooseRole
from bot.talk.routing import Routes
from bot.talk.taps import Nothing, Tap, pack
from core.enums import LessonType
from db.models.booking import Booking
from db.models.date_exception import DateException
from db.models.person import Person
from db.models.time_slot import TimeSlot
from db.models.tutor_availability import TutorAvailability
from db.models.tutor_settings import TutorSettings
from tests.bot.talk.test_taps import FIELDS, of_kind
from tests.conftest import MONDAY
from tests.core import tables
from tests.stage import Player, Stage, on_one_database

ON_ONE_STAGE = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
THEIR_OWN = {"person", "talk", "lesson_message"}
FREE = MONDAY.replace(hour=9) + timedelta(days=1)  # an hour before the lesson that is there
TOMORROW = FREE.date()

SMALL_FIELDS = {
    **FIELDS,
    int: st.integers(0, 9) | FIELDS[int],
    datetime: st.sampled_from([FREE, FREE + timedelta(days=1)]) | FIELDS[datetime],
}


# A kind without a step is the business of tests/house
KINDS = [kind for kind in Routes(CONVERSATIONS, otherwise=FALLBACKS).taps if kind not in (ChooseRole, LeaveSurely)]
ANY_FORGED = st.sampled_from(KINDS).flatmap(lambda kind: of_kind(kind, SMALL_FIELDS))
ODD_DATA = st.one_of(
    st.text(min_size=1, max_size=16),
    st.binary(min_size=1, max_size=32).map(lambda octets: octets.decode("latin-1")),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789:-", min_size=64, max_size=64),
    ANY_FORGED.map(lambda tap: "2" + pack(tap)[1:]),
    ANY_FORGED.map(lambda tap: pack(tap)[:-1]),
)


async def others_lesson(stage: Stage) -> tuple[Player, Player]:
    """A tutor and a student with a lesson tomorrow and a request for the day after, which are nobody else's."""
    olena = await stage.tutor("Олександра")
    ira = await stage.student("Ірина", of=olena)
    for day in ("24", "25"):
        await ira.says("/book")
        await ira.taps(day, "12:00", "Надіслати запит")
    await olena.taps("Підтвердити")
    return olena, ira


async def rows_of_everybody(stage: Stage) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows for name, rows in (await tables.dump(stage.core)).items() if name not in THEIR_OWN}


def assert_saw_nobody(mallory: Player) -> None:
    shown = "\n".join([mallory.sees, mallory.toast, *mallory.buttons])
    assert "Олександра" not in shown
    assert "Ірина" not in shown


@pytest.fixture
async def mallory(stage: Stage) -> Player:
    await others_lesson(stage)
    mallory = stage.person("Меллорі")
    await mallory.says("/start")
    await mallory.taps("Я навчаюся", "Київ")
    return mallory


@ON_ONE_STAGE
@given(forged=st.lists(ANY_FORGED, min_size=8, max_size=12))
async def test_forged_taps_change_nothing_and_show_nobody(stage: Stage, mallory: Player, forged: list[Tap]) -> None:
    before = await rows_of_everybody(stage)
    for tap in forged:
        await mallory.forges(pack(tap))
        assert_saw_nobody(mallory)
        assert not stage.alarms.heard, (tap, stage.alarms.heard)
    assert await rows_of_everybody(stage) == before
    assert stage.unanswered == 0


@ON_ONE_STAGE
@given(forged=st.lists(ODD_DATA, min_size=8, max_size=12))
async def test_odd_data_is_an_old_button_and_no_more(stage: Stage, mallory: Player, forged: list[str]) -> None:
    before = await rows_of_everybody(stage)
    for data in forged:
        await mallory.forges(data)
        assert mallory.toast or mallory.sees
        assert_saw_nobody(mallory)
        assert not stage.alarms.heard, (data, stage.alarms.heard)
    assert await rows_of_everybody(stage) == before
    assert stage.unanswered == 0


@ON_ONE_STAGE
@given(forged=st.lists(ANY_FORGED, min_size=8, max_size=12))
async def test_a_forging_tutor_changes_at_most_their_own_week(stage: Stage, mallory: Player, forged: list[Tap]) -> None:
    await mallory.forges(pack(ChooseRole(True)))
    own_id = (await tables.rows(stage.core, Person))[-1].id
    before = await others(stage, own_id)
    for tap in forged:
        await mallory.forges(pack(tap))
        assert_saw_nobody(mallory)
        assert not stage.alarms.heard, (tap, stage.alarms.heard)
    assert await others(stage, own_id) == before
    assert stage.unanswered == 0


async def others(stage: Stage, own_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Everything but what a tutor arranges for themselves."""
    everything = await rows_of_everybody(stage)
    for model in (TutorAvailability, TutorSettings, DateException, TimeSlot):
        rows = await tables.rows(stage.core, model)
        everything[model.__tablename__] = [tuple(row) for row in rows if row.tutor_id != own_id]
    return everything


EVERY_KIND = [of_kind(kind, SMALL_FIELDS) for kind in KINDS if kind is not ChooseZone]


@on_one_database
@settings(ON_ONE_STAGE, max_examples=1)
@given(forged=st.tuples(*EVERY_KIND))
async def test_a_stranger_who_forges_is_greeted(stage: Stage, forged: tuple[Tap, ...]) -> None:
    eve = stage.person("Єва")
    for tap in forged:
        await eve.says("/help")
        before = eve.sees
        await eve.forges(pack(tap))
        assert not stage.alarms.heard, (tap, stage.alarms.heard)
        assert eve.sees != before or eve.toast or isinstance(tap, Nothing), tap
    assert stage.unanswered == 0


OF_A_LESSON = (
    ConfirmLesson,
    DeclineLesson,
    DeclineWithoutWords,
    CancelLesson,
    OpenLesson,
)


async def test_anothers_lesson_is_as_good_as_none(stage: Stage, mallory: Player) -> None:
    before = await rows_of_everybody(stage)
    forged = [kind(booking_id) for kind in OF_A_LESSON for booking_id in (1, 2, 99)]
    for tap in [*forged, CancelSurely(1, True)]:
        await mallory.forges(pack(tap))
        assert mallory.toast == "Цього вже немає.", tap
    assert await rows_of_everybody(stage) == before
    await mallory.says("Ха-ха")
    assert "кнопками" in mallory.sees


async def test_a_tutor_is_met_by_their_link_only(stage: Stage, mallory: Player) -> None:
    of_a_tutor = (
        OpenTutor(1),
        OpenMonth(1, TOMORROW),
        OpenFreeDay(1, TOMORROW),
        PickTime(1, FREE),
        AskForLesson(1, FREE, LessonType.REGULAR, 0),
    )
    for tap in of_a_tutor:
        await mallory.forges(pack(tap))
        assert mallory.toast == "Цього вже немає.", tap


async def test_a_student_does_not_answer_for_the_tutor(stage: Stage) -> None:
    _, ira = await others_lesson(stage)
    before = await rows_of_everybody(stage)
    for booking_id in (1, 2):
        for kind in (ConfirmLesson, DeclineLesson, DeclineWithoutWords):
            await ira.forges(pack(kind(booking_id)))
            assert ira.toast == "Цього вже немає."
    assert await rows_of_everybody(stage) == before


# Words


LONG = "Ї" * 10_000
QUESTIONS = {
    "nothing": ["Головна"],
    "zone": ["Головна", "Налаштування", "🙋", "Часовий пояс"],
    "week": ["Головна", "Розклад"],
    "weekday": ["Головна", "Розклад", "Вт"],
    "why_decline": ["Головна", "Запити", "Ірина", "Відхилити"],
    "why_cancel": ["Головна", "📚 Заняття", "25 лист", "Скасувати заняття"],
}


async def writes(player: Player, **content: Any) -> None:
    """Send what the phone would not let through, or what is no message of a private chat."""
    sandbox = player.stage.sandbox
    person = sandbox.person(player.id)
    message = {"message_id": 9_999, "date": sandbox.clock.seconds(), "chat": person.chat(), "from": person.user()}
    sandbox.queue_update("message", message | content)
    await player.stage.settle()


async def test_ten_thousand_characters_are_answered_whatever_was_asked(stage: Stage) -> None:
    olena, ira = await others_lesson(stage)
    for way in QUESTIONS.values():
        await olena.says("/start")
        await olena.taps(*way)
        shown = len(olena.heard)
        await writes(olena, text=LONG)
        assert len(olena.heard) > shown, way
    assert "ЇЇЇ" in ira.sees


async def test_what_is_not_words_does_not_answer(stage: Stage) -> None:
    olena, _ = await others_lesson(stage)
    before = await rows_of_everybody(stage)
    for way in list(QUESTIONS.values())[1:]:
        await olena.says("/start")
        await olena.taps(*way)
        for sends in (olena.sends_sticker, olena.sends_photo, olena.sends_contact):
            await sends()
            assert "текстом" in olena.sees
        await olena.sends_photo("Хворію")
        assert "текстом" in olena.sees
        if "Часовий пояс" not in way:
            await olena.sends_location(50.45, 30.52)
            assert "текстом" in olena.sees
    assert await rows_of_everybody(stage) == before


async def test_unknown_commands_are_said_to_be(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    for typed in ("/nonsense", "/", "//", "/start_now", "/help@another_bot"):
        await ira.says("/privacy")
        await ira.says(typed)
        assert ira.sees == "Я не знаю такої команди. Ті, що знаю, – у /help.", typed


async def test_a_command_may_name_the_bot(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    await ira.says(f"/lessons@{stage.application.bot.username}")
    assert "Попереду занять немає" in ira.sees


async def test_edited_words_are_not_heard(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/availability")
    heard = len(olena.heard)
    await olena.edits("пн 9-10")
    await olena.edits("/start")
    assert len(olena.heard) == heard
    await olena.says("вт 9-10")
    assert "Вт 09:00–10:00" in olena.sees


async def test_groups_and_channels_are_not_heard(stage: Stage) -> None:
    olena = await stage.tutor()
    heard, before = len(olena.heard), await rows_of_everybody(stage)
    command = [{"type": "bot_command", "offset": 0, "length": 6}]
    for kind in ("group", "supergroup", "channel"):
        chat = {"id": -100200300, "type": kind, "title": "Клас"}
        await writes(olena, chat=chat, text="/start", entities=command)
        await writes(olena, chat=chat, text="пн 9-10")
        await writes(olena, chat=chat, location={"latitude": 1.0, "longitude": 1.0})
    assert len(olena.heard) == heard
    assert await rows_of_everybody(stage) == before


# Names


NAMES = [
    ("<b>&", "</b>&amp;"),
    ('{name} "q"', "%s"),
    ("\N{RIGHT-TO-LEFT OVERRIDE}مريم", "אבג"),
    ("👩‍🏫👨‍👩‍👧‍👦", "🇺🇦"),
    ("Ї" * 64, "Щ" * 64),
    ("👩" * 64, "🏫" * 64),
    ("&" * 64, "<" * 64),
    ("\N{HANGUL FILLER}", None),
    ("", None),
    ("a\nb\t/start", "@here"),
]


@pytest.mark.parametrize(("first", "last"), NAMES)
async def test_any_name_goes_through_the_whole_story(stage: Stage, first: str, last: str | None) -> None:
    olena, ira = (stage.person(first, last_name=last) for _ in range(2))
    name = f"{first} {last or ''}".strip().replace("\N{RIGHT-TO-LEFT OVERRIDE}", "")  # it would turn the line round
    await olena.says("/start")
    await olena.taps("Я викладаю", "Київ")
    await olena.says("пн-нд 9-17")
    await ira.opens(await olena.link())
    await ira.taps("Київ")
    await ira.says("/book")
    await ira.taps("25", "12:00", "Надіслати запит", "📚 Заняття", "25 лист")
    assert name in ira.sees
    assert name in olena.sees
    await olena.says("/pending")
    await olena.taps("25 лист", "Відхилити", "Назад", "Підтвердити")
    await stage.passes(hours=26)
    for person in (olena, ira):
        assert "через 24 години" in person.sees
        assert name in person.sees


# Buttons out of their time


async def test_a_button_under_a_message_that_is_gone_answers_below(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    data, gone = ira.data("Вибрати час"), ira.screen["message_id"]
    stage.sandbox.record("deleted", chat_id=ira.id, message_id=gone)
    await ira.forges(data, message_id=gone)
    assert ira.screen["message_id"] > gone
    assert "Виберіть день" in ira.sees


async def test_a_button_a_year_old_still_works(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00")
    await stage.passes(days=365)
    await ira.taps("Надіслати запит")
    assert ira.toast == "ср, 25 лист., 12:00 – цей час уже минув. Виберіть інший."
    await ira.taps("Місяць")
    assert "Листопад 2027" in ira.buttons


async def test_a_tap_heard_too_late_to_be_answered_is_done_all_the_same(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    ira.presses("Вибрати час")
    stage.sandbox.record("expired", ids=[query.id for query in stage.sandbox.state.queries.values()])
    await stage.settle()
    assert "Виберіть день" in ira.sees


@pytest.mark.parametrize("times", [2, 5])
async def test_however_often_one_taps_it_is_one_booking(stage: Stage, times: int) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00")
    for _ in range(times):
        ira.presses("Надіслати запит")
    await stage.settle()
    assert "Запит надіслано" in ira.sees
    assert len(await tables.rows(stage.core, Booking)) == 1
    assert sum("Новий запит" in words for words in olena.heard) == 1
    for _ in range(times):
        olena.presses("Підтвердити")
    await stage.settle()
    assert sum("підтверджено" in words for words in ira.heard) == 1
    await ira.says("/lessons")
    await ira.taps("25 лист", "Скасувати заняття")
    for _ in range(times):
        ira.presses("Так, скасувати")
    await stage.settle()
    assert "Ви скасували" in ira.sees
    assert sum("скасовано учнем" in words for words in olena.heard) == 1
    assert stage.unanswered == 0


async def test_our_own_mistake_is_owned_up_to_and_answered(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of ours")

    ira = await stage.student(of=await stage.tutor())
    await ira.taps("Головна")
    monkeypatch.setattr("core.lessons.lessons.upcoming", broken)
    await ira.taps("📚 Заняття")
    assert ira.toast == "У мене щось пішло не так. Спробуйте, будь ласка, за хвилину."
    await ira.says("/lessons")
    assert ira.sees == ira.toast
    assert stage.unanswered == 0
    assert len(stage.alarms.heard) == 2
    stage.alarms.heard.clear()
