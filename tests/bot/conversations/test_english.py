"""The tutor's desk in English, where the other stories go by the Ukrainian words and by both databases."""

import pytest

from tests.stage import Player, Stage, on_one_database

pytestmark = on_one_database
WEDNESDAY = ("Pick a time", "25", "12:00", "Ask for it")


@pytest.fixture
async def olena(stage: Stage) -> Player:
    return await stage.tutor("Olena", language="en", city="Kyiv")


@pytest.fixture
async def ira(stage: Stage, olena: Player) -> Player:
    return await stage.student("Ira", of=olena, language="en", city="Kyiv")


async def test_hours_are_added_dated_paused_and_removed(olena: Player) -> None:
    await olena.says("/availability")
    await olena.says("Mon 9-13; Tue-Sun off")
    await olena.taps("Tue", "Add hours", "10:00", "12:00")
    assert olena.toast == "Added"
    await olena.taps("10:00–12:00", "Valid from…", "December", "7", "Valid until…", "14")
    assert "from 7 December 2026 until 14 December 2026" in olena.sees
    await olena.taps("Pause")
    assert olena.toast == "Paused"
    await olena.taps("Resume", "Remove")
    assert olena.toast == "Removed"
    await olena.says("/availability")
    await olena.says("Mon 9-13, Funday 9-10")
    assert "Funday" in olena.sees


async def test_a_day_is_off_in_part_taught_otherwise_and_given_back(olena: Player) -> None:
    await olena.says("/exceptions")
    await olena.taps("Day off", "Something else", "25", "Only this day", "Only some hours", "09:00", "15:00")
    assert "25 November 2026, 09:00–15:00" in olena.sees
    await olena.taps("Days off", "Other hours", "28", "Only this day")
    await olena.says("10-12")
    assert "Other hours\n28 November 2026, 10:00–12:00" in olena.sees
    await olena.taps("Remove", "Yes, remove")
    assert olena.toast == "Removed"


async def test_a_lesson_in_the_way_is_asked_to_move_or_cancelled(olena: Player, ira: Player) -> None:
    await ira.taps(*WEDNESDAY)
    await olena.says("/exceptions")
    await olena.taps("Day off", "Sick leave", "25", "Only this day", "All day", "Lessons · 1", "Ira", "Ask to move")
    assert "please pick another time" in ira.sees
    await olena.taps("Ira", "Cancel the lesson")
    assert olena.toast == "Cancelled"
    assert "I am ill" in ira.sees


async def test_a_time_is_opened_and_hours_are_blocked(olena: Player) -> None:
    await olena.says("/slots")
    await olena.taps("📅", "25", "Open a time")
    await olena.says("18-19:30")
    assert "✨ 18:00–19:30" in olena.buttons
    await olena.taps("Block hours")
    await olena.says("12-14")
    assert "⛔ 12:00–14:00" in olena.buttons


async def test_a_request_is_declined_in_the_tutors_words(olena: Player, ira: Player) -> None:
    await ira.taps(*WEDNESDAY)
    await olena.says("/pending")
    await olena.taps("Ira", "Decline")
    assert "Why not?" in olena.sees
    await olena.says("I am <away>")
    assert "declined" in ira.sees
    assert "“I am <away>”" in ira.sees


async def test_another_time_is_proposed_for_a_request(olena: Player, ira: Player) -> None:
    await ira.taps(*WEDNESDAY)
    await olena.taps("Another time")
    await olena.says("26.11 8:15")
    await olena.taps("Propose")
    assert "Your tutor proposes another time" in ira.heard[-1]
    assert "08:15–09:15" in ira.heard[-1]


async def test_a_tutor_calls_off_with_a_reason(olena: Player, ira: Player) -> None:
    await ira.taps(*WEDNESDAY)
    await olena.taps("Confirm")
    await olena.says("/lessons")
    await olena.taps("12:00", "Cancel the lesson")
    await olena.says("The power is out")
    assert "You called it off" in olena.sees
    assert "“The power is out”" in ira.sees


async def test_both_join_a_lesson_that_is_about_to_begin(stage: Stage, olena: Player, ira: Player) -> None:
    await ira.taps(*WEDNESDAY)
    await olena.taps("Confirm")
    await stage.passes(days=2, hours=1, minutes=45)
    for person in (olena, ira):
        assert "in 15 minutes" in person.sees
        assert "🎥 Join" in person.buttons


async def test_a_new_link_takes_the_place_of_the_old_one(olena: Player) -> None:
    old = await olena.link()
    await olena.taps("Replace", "Yes, a new one")
    assert olena.toast == "The old link leads nowhere now"
    assert old not in olena.sees
