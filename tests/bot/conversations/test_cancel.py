"""Calling a lesson off: what it costs is said before, and the other side hears of it."""

from decimal import Decimal

import pytest

from core.enums import BookingStatus, CancellationPolicy
from db.models.booking import Booking
from tests.bot.conversations.test_pending import set_for_tutors
from tests.core import tables
from tests.stage import Player, Stage, bilingual

FREE = {"uk": "Це безкоштовно", "en": "It costs nothing"}
WORDS = {
    "uk": ["Вибрати час", "25", "12:00", "Надіслати запит", "Підтвердити", "Скасувати заняття", "Так, скасувати"],
    "en": ["Pick a time", "25", "12:00", "Ask for it", "Confirm", "Cancel the lesson", "Yes, cancel"],
}


async def agreed(stage: Stage, language: str = "uk") -> tuple[Player, Player]:
    """A lesson on Wednesday, 25 November, 12:00 in Kyiv: 50 hours from now, free to cancel for 26 of them."""
    *ask, confirm, _, _ = WORDS[language]
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await ira.taps(*ask)
    await olena.taps(confirm)
    await ira.says("/lessons")
    await ira.taps(ask[2])
    return olena, ira


@bilingual
async def test_a_student_cancels_in_time_for_nothing(stage: Stage, language: str) -> None:
    olena, ira = await agreed(stage, language)
    await stage.passes(hours=26)
    *_, cancel, surely = WORDS[language]
    await ira.says("/lessons")
    before = ira.deeds
    await ira.taps("12:00", cancel)
    assert FREE[language] in ira.sees
    await ira.taps(surely)
    assert ira.deeds - before == 3
    assert {"uk": "Ви скасували", "en": "You cancelled it"}[language] in ira.sees
    assert {"uk": "оплачується", "en": "charged"}[language] not in ira.sees
    assert {"uk": "Заняття скасовано учнем", "en": "Your student cancelled the lesson"}[language] in olena.sees
    assert {"uk": "оплачується", "en": "charged"}[language] not in olena.sees


@bilingual
async def test_a_student_who_is_late_is_told_the_price_before(stage: Stage, language: str) -> None:
    olena = await stage.tutor(language=language)
    await set_for_tutors(stage.core, price=Decimal("450.50"), currency="UAH")
    ira = await stage.student(of=olena, language=language)
    *ask, confirm, cancel, surely = WORDS[language]
    await ira.taps(*ask)
    await olena.taps(confirm)
    await stage.passes(hours=26, minutes=1)
    await ira.says("/lessons")
    await ira.taps("12:00", cancel)
    assert {"uk": "доведеться оплатити 450,50", "en": "450.50 UAH will be charged"}[language] in ira.sees.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    await ira.taps(surely)
    charged = {"uk": "Скасовано запізно: заняття оплачується.", "en": "Cancelled late: it is charged."}[language]
    assert charged in ira.sees
    assert charged in olena.sees
    await olena.taps({"uk": "📄 Деталі", "en": "The lesson"}[language])
    assert charged in olena.sees


async def test_a_charge_nobody_spoke_of_is_said_instead_of_taken(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await stage.passes(hours=26)
    await ira.says("/lessons")
    await ira.taps("12:00", "Скасувати заняття")
    assert "Це безкоштовно" in ira.sees
    await stage.passes(minutes=10)
    told = len(olena.heard)
    await ira.taps("Так, скасувати")
    assert "заняття доведеться оплатити" in ira.sees
    assert len(olena.heard) == told
    await ira.taps("Так, скасувати")
    assert "оплачується" in ira.sees
    assert "Заняття скасовано учнем" in olena.sees


@pytest.mark.parametrize(
    ("hours", "policy", "said"),
    [
        (0, CancellationPolicy.FLEXIBLE, "Скасувати безкоштовно можна не пізніше ніж за"),
        (40, CancellationPolicy.FLEXIBLE, "Це заняття вже не можна скасувати безкоштовно"),
        (10, CancellationPolicy.STRICT, "Скасувати безкоштовно можна лише протягом 1 год після запису"),
    ],
)
async def test_who_books_late_is_told_what_cancelling_costs(
    stage: Stage, hours: int, policy: CancellationPolicy, said: str
) -> None:
    olena = await stage.tutor()
    await set_for_tutors(stage.core, cancellation_policy=policy)
    ira = await stage.student(of=olena)
    await stage.passes(hours=hours)
    await ira.says("/book")
    await ira.taps("25", "12:00")
    assert said in ira.sees


async def test_a_lesson_can_be_kept_after_all(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    told = len(olena.heard)
    await ira.taps("Скасувати заняття", "Ні, залишити")
    assert "✅ Підтверджено" in ira.sees
    assert len(olena.heard) == told


async def test_an_unanswered_request_is_cancelled_for_nothing_however_late(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "24", "10:00", "Надіслати запит")
    await stage.passes(hours=10)
    await ira.taps("📄 Деталі", "Скасувати заняття")
    assert "Це безкоштовно" in ira.sees
    await ira.taps("Так, скасувати")
    assert "Ви скасували" in ira.sees


async def test_the_student_hears_why_the_tutor_calls_off(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await olena.says("/lessons")
    await olena.taps("12:00", "Скасувати заняття")
    assert "Чому скасовуєте?" in olena.sees
    assert "Іра" in olena.sees
    await olena.says("Захворіла <3")
    assert "Ви скасували" in olena.sees
    assert "Заняття скасовано викладачем" in ira.sees
    assert "«Захворіла <3»" in ira.sees
    assert "оплачується" not in ira.sees
    told = len(ira.heard)
    await stage.passes(days=3)
    assert len(ira.heard) == told
    await ira.taps("Вибрати інший час")
    assert "Олена" in ira.sees


async def test_a_tutor_without_a_reason_is_asked_again(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await olena.says("/lessons")
    await olena.taps("12:00", "Скасувати заняття")
    await olena.sends_sticker()
    assert "текстом" in olena.sees
    await olena.says("Захворіла")
    assert "«Захворіла»" in ira.sees


async def test_a_tutor_can_keep_the_lesson_instead_of_a_reason(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    told = len(ira.heard)
    await olena.says("/lessons")
    await olena.taps("12:00", "Скасувати заняття", "Ні, залишити")
    await olena.says("Захворіла")
    assert "кнопками" in olena.sees
    assert len(ira.heard) == told


async def test_a_lesson_that_has_begun_is_not_cancelled(stage: Stage) -> None:
    _, ira = await agreed(stage)
    await ira.taps("Скасувати заняття")
    surely = ira.data("Так, скасувати")
    await stage.passes(hours=50)
    await ira.forges(surely)
    assert "доведеться оплатити" not in ira.toast
    assert ira.toast == "Це заняття вже почалося."
    await ira.says("/lessons")
    await ira.taps("12:00")
    assert not [label for label in ira.buttons if "Скасувати" in label]


async def test_both_cancel_at_once_and_each_sees_how_it_ended(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await olena.says("/lessons")
    await olena.taps("12:00", "Скасувати заняття")
    await ira.taps("Скасувати заняття")
    stage.sandbox.say(olena.id, "Захворіла")
    ira.presses("Так, скасувати")
    await stage.settle()
    cancelled = [words for person in (olena, ira) for words in person.heard]
    assert sum("Заняття скасовано" in words for words in cancelled) == 1


async def test_the_time_of_a_cancelled_lesson_is_offered_at_once(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    max_ = await stage.student("Макс", of=olena)
    await max_.taps("Вибрати час", "25")
    assert "12:00" not in max_.buttons
    await ira.taps("Скасувати заняття", "Так, скасувати")
    await max_.taps("Місяць", "25")
    assert "12:00" in max_.buttons


async def test_a_reason_asked_for_long_ago_is_not_taken_from_other_words(stage: Stage) -> None:
    olena, _ = await agreed(stage)
    await olena.taps("Скасувати заняття")
    assert "Чому скасовуєте?" in olena.sees
    await stage.passes(hours=1)
    await olena.says("Привіт, Іро, до завтра!")
    assert "кнопками" in olena.sees
    (booking,) = await tables.rows(stage.core, Booking)
    assert booking.status is BookingStatus.CONFIRMED


async def test_a_reason_is_taken_while_it_is_fresh(stage: Stage) -> None:
    olena, _ = await agreed(stage)
    await olena.taps("Скасувати заняття")
    await stage.passes(minutes=59)
    await olena.says("Захворіла")
    (booking,) = await tables.rows(stage.core, Booking)
    assert booking.status is BookingStatus.CANCELLED_TUTOR
