"""A person is told all that is kept of them, and nothing that is somebody else's."""

import json
from dataclasses import asdict

import pytest

from bot.conversations.privacy import my_data_file
from core.account import leaving, my_data
from core.account.my_data import LEFT_OUT, NOT_TOLD, OWN
from core.lessons import outcomes
from db.base import Base
from tests.core.solomiia import WORD, world

PAIRS = {"booking", "lesson_package", "tutor_student"}  # told of both sides
ONE_ROW = {"person", "tutor_settings"}


async def told(core, person):
    async with core.read() as work:
        return await my_data.everything(work, person_id=person.id)


def tables_of_people():
    return {
        one.name
        for one in Base.metadata.sorted_tables
        if one.name == "person" or any(key.column.table.name == "person" for key in one.foreign_keys)
    }


def test_every_table_about_people_is_told_or_says_why_not():
    own = {model.__tablename__ for _, model, _ in OWN}
    assert own | PAIRS | ONE_ROW | {"booking_history"} | NOT_TOLD.keys() == tables_of_people()


def test_what_is_left_out_is_left_out_of_something():
    columns = {column.name for one in Base.metadata.sorted_tables for column in one.c}
    assert LEFT_OUT.keys() <= columns


async def test_there_is_something_of_everything(core):
    at = await world(core)
    data = await told(core, at.who)
    assert data.profile["first_name"] == "Соломія"
    assert data.profile["timezone"] == "Europe/Warsaw"
    assert data.teaching["about"] == WORD
    assert [one["name"] for one in data.tutors] == ["Олена"]
    assert {one["name"] for one in data.students} == {"Іра", "Мавка"}
    assert {lesson["i_am"] for lesson in data.lessons} == {"student", "tutor"}
    assert all(lesson["history"] for lesson in data.lessons)
    assert {package["subject"] for package in data.packages} == {"Хімія", WORD}
    assert not [name for name, rows in data.more.items() if not rows]


async def test_private_words_stay_private(core):
    at = await world(core)
    async with core.begin() as work:
        await outcomes.note(work, booking_id=at.taught.id, actor_id=at.who.id, text="Ледача")
    assert f"Її {WORD}" not in str(await told(core, at.who)), "Olena's note is Olena's"
    assert "Ледача" not in str(await told(core, at.ira))
    assert "Ледача" in str(await told(core, at.who))
    assert "777000777" not in str(await told(core, at.ira))
    assert "solomiia_k" not in str(await told(core, at.ira))
    (lesson,) = [one for one in (await told(core, at.who)).lessons if one["starts_at"] == at.late.starts_at]
    assert [line["by"] for line in lesson["history"]] == ["me", "the other side", "me"], (
        "not that Olena noted something"
    )


async def test_who_has_left_has_no_name_there_either(core):
    at = await world(core)
    async with core.begin() as work:
        await leaving.leave(work, person_id=at.who.id, charges_accepted=9)
    data = await told(core, at.ira)
    assert {lesson["with"] for lesson in data.lessons} == {None}
    assert WORD not in str(data)


async def test_the_file_is_json_with_iso_8601(core):
    at = await world(core)
    written = my_data_file.written(await told(core, at.who))
    assert "Соломія".encode() in written
    read = json.loads(written)
    assert read["made_at"] == "2026-11-23T08:00:00+00:00"
    assert read["teaching"]["default_lesson_duration"] == 60
    assert read["weekly_hours"][0]["start_time"] == "09:00:00"
    assert read["exceptions"][0]["date"] == "2026-12-14"


@pytest.mark.parametrize("side", ["who", "ira", "olena"])
async def test_nothing_is_told_twice_over(core, side):
    at = await world(core)
    data = await told(core, getattr(at, side))
    numbers = [lesson["number"] for lesson in data.lessons]
    assert len(numbers) == len(set(numbers))
    assert asdict(data)
