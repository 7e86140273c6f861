"""The door to the video room opens a quarter of an hour before the lesson."""

from tests.stage import Player, Stage


async def test_both_join_from_the_last_reminder_and_from_the_card(stage: Stage) -> None:
    olena, ira = await an_agreed_lesson(stage)
    await ira.says("/lessons")
    await ira.taps("12:00")
    assert door(ira) is None
    await stage.passes(days=2, hours=1, minutes=44)
    assert door(ira) is None
    await stage.passes(minutes=1)
    assert "через 15 хвилин" in ira.sees
    assert "через 15 хвилин" in olena.sees
    room = door(ira)
    assert room
    assert room.startswith("https://meet.jit.si/")
    assert door(olena) == room
    await olena.taps("Деталі")
    assert door(olena) == room
    await stage.passes(minutes=75)
    await ira.says("/lessons")
    assert door(ira) is None


async def test_a_tutors_own_room_is_the_door(stage: Stage) -> None:
    olena, ira = await an_agreed_lesson(stage)
    await olena.opens_setting("Відеокімната")
    await olena.says("meet.example.org/olena")
    await stage.passes(days=2, hours=1, minutes=45)
    assert door(ira) == "https://meet.example.org/olena"


async def an_agreed_lesson(stage: Stage) -> tuple[Player, Player]:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.taps("Підтвердити")
    return olena, ira


def door(player: Player) -> str | None:
    buttons = [button for row in player.screen.get("reply_markup", {})["inline_keyboard"] for button in row]
    return next((button["url"] for button in buttons if button["text"] in ("🎥 Приєднатися", "🎥 Join")), None)
