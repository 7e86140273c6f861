"""The door to the video room opens a quarter of an hour before the lesson."""

from tests.bot.conversations.test_cancel import agreed
from tests.stage import Player, Stage, in_both


@in_both(soon=("через 15 хвилин", "in 15 minutes"), details=("Деталі", "The lesson"))
async def test_both_join_from_the_last_reminder_and_from_the_lesson(
    stage: Stage, language: str, soon: str, details: str
) -> None:
    olena, ira = await agreed(stage, language)
    await ira.says("/lessons")
    await ira.taps("12:00")
    assert door(ira) is None
    await stage.passes(days=2, hours=1, minutes=44)
    assert door(ira) is None
    await stage.passes(minutes=1)
    assert soon in ira.sees
    assert soon in olena.sees
    room = door(ira)
    assert room
    assert room.startswith("https://meet.jit.si/")
    assert door(olena) == room
    await olena.taps(details)
    assert door(olena) == room
    await stage.passes(minutes=75)
    await ira.says("/lessons")
    assert door(ira) is None


@in_both(room=("Відеокімната", "Video room"))
async def test_a_tutors_own_room_is_the_door(stage: Stage, language: str, room: str) -> None:
    olena, ira = await agreed(stage, language)
    await olena.opens_setting(room)
    await olena.says("meet.example.org/olena")
    await stage.passes(days=2, hours=1, minutes=45)
    assert door(ira) == "https://meet.example.org/olena"


def door(player: Player) -> str | None:
    buttons = [button for row in player.screen.get("reply_markup", {})["inline_keyboard"] for button in row]
    return next((button["url"] for button in buttons if button["text"] in ("🎥 Приєднатися", "🎥 Join")), None)
