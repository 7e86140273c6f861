"""Finding a tutor: who is listed, by subject, by words, by when they are free."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from core.enums import DayPart
from core.errors import NotFound
from core.finding import directory
from core.hours.availability import WeeklyWindow
from core.people import tutors
from core.times import offers
from db.base import table
from db.models.date_exception import DateException
from db.models.person import Person
from tests import builders
from tests.core import tables

TUESDAY = date(2026, 11, 24)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KYIV = "Europe/Kyiv"
ENGLISH = directory.key_of("English")
BEFORE_THE_CLOCKS_GO_BACK = datetime(2026, 10, 24, 3, 0, tzinfo=UTC)


def hours(opens, closes, days=range(7)):
    return [WeeklyWindow(day, time(opens), time(closes % 24)) for day in days]


async def teacher(core, name, *subjects, timezone=KYIV, windows=builders.EVERY_DAY_9_TO_17, **settings):
    actor = await builders.tutor(core, name, timezone=timezone, windows=windows)
    await tables.arrange(core, actor, subjects=list(subjects) or ["English"], **settings)
    return actor


async def subjects(core, viewer, **page):
    async with core.read() as work:
        taught = await directory.subjects(work, viewer_id=viewer.id, **{"limit": 99, **page})
    return [(one.name, one.tutors) for one in taught]


async def names(core, viewer, subject="English", **page):
    async with core.read() as work:
        shelf = await directory.of_subject(
            work, subject=directory.key_of(subject), viewer_id=viewer.id, **{"limit": 99, **page}
        )
    return [one.card.name for one in shelf.tutors]


async def free(core, viewer, on, part=DayPart.ANY, timezone=KYIV, **page):
    async with core.read() as work:
        shelf = await directory.free(
            work,
            subject=ENGLISH,
            viewer_id=viewer.id,
            on=on,
            part=part,
            timezone=timezone,
            **{"limit": 99, **page},
        )
    return [(one.card.name, [span.starts_at for span in one.times]) for one in shelf.tutors]


async def found(core, viewer, words, limit=7):
    async with core.read() as work:
        both = await directory.find(work, words=words, viewer_id=viewer.id, limit=limit)
    return [one.name for one in both.subjects], [one.card.name for one in both.tutors]


async def test_a_subject_is_the_same_however_it_is_typed_and_shown_as_most_type_it(core):
    ira = await builders.person(core)
    await teacher(core, "Олена", "Math", "математика")
    await teacher(core, "Остап", "math", " MATH ")
    await teacher(core, "Марта", "Math", "Комп’ютерна  графіка")
    await teacher(core, "Тарас", "комп'ютерна графіка")

    assert await subjects(core, ira) == [("Math", 3), ("Комп’ютерна  графіка", 2), ("математика", 1)]
    assert await subjects(core, ira, limit=1, offset=1) == [("Комп’ютерна  графіка", 2)]
    assert await subjects(core, ira, limit=5, offset=3) == []


async def test_listed_is_who_wants_it_takes_students_and_has_subjects_and_hours(core):
    ira = await builders.person(core)
    olena = await teacher(core, "Олена")
    hidden = [
        await teacher(core, "Прихована", is_listed=False),
        await teacher(core, "Зайнята", accepts_new_students=False),
        await teacher(core, "Без предметів"),
        await teacher(core, "Без годин", windows=[]),
        await teacher(core, "Без чату"),
        await teacher(core, "Вже не вчить"),
    ]
    await tables.arrange(core, hidden[2], subjects=[])
    async with core.begin() as work:
        for person, change in ((hidden[4], {"unreachable_since": work.now}), (hidden[5], {"is_tutor": False})):
            await work.session.execute(update(table(Person)).where(table(Person).c.id == person.id).values(**change))

    assert await names(core, ira) == ["Олена"]
    assert await found(core, ira, "без") == ([], [])
    assert [name for name, _ in await free(core, ira, TUESDAY)] == ["Олена"]
    async with core.read() as work:
        assert (await tutors.known(work, olena.id, to=ira.id)).name == "Олена"
        for one in hidden:
            with pytest.raises(NotFound):
                await tutors.known(work, one.id, to=ira.id)


async def test_who_has_met_a_tutor_finds_them_listed_or_not(core):
    ira, olena = await builders.person(core), await teacher(core, "Олена", is_listed=False, windows=hours(9, 10, [1]))
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=olena.id, student_id=ira.id)

    async with core.read() as work:
        (met,) = await directory.met(work, student_id=ira.id, limit=7)
        assert await directory.met(work, student_id=ira.id, limit=7, offset=1) == []
        assert met.card == await tutors.known(work, olena.id, to=ira.id)
    assert [span.starts_at for span in met.times] == [datetime(2026, 11, 24, 7, tzinfo=UTC)]


async def test_nobody_finds_themselves_nor_a_subject_that_nobody_teaches(core):
    olena = await teacher(core, "Олена")

    assert await subjects(core, olena) == []
    for subject in (ENGLISH, directory.key_of("Physics"), 0):
        async with core.read() as work:
            with pytest.raises(NotFound):
                await directory.of_subject(work, subject=subject, viewer_id=olena.id, limit=7)
            with pytest.raises(NotFound):
                await directory.free(
                    work, subject=subject, viewer_id=olena.id, on=TUESDAY, part=DayPart.ANY, timezone=KYIV, limit=7
                )


async def test_who_is_free_next_comes_first_then_by_name_page_by_page(core):
    ira = await builders.person(core)
    await teacher(core, "Ніколи", windows=[])
    never = await teacher(core, "Ніхто")
    await tables.write(
        core, DateException, tutor_id=never.id, exception_type="vacation", date=date(2026, 11, 1),
        last_date=date(2027, 12, 1), is_full_day=True, is_working=False,
    )  # fmt: skip
    await teacher(core, "Ярина", windows=hours(14, 15))
    await teacher(core, "Богдан", windows=hours(14, 15))
    await teacher(core, "Зоя", windows=hours(12, 13))
    await teacher(core, "Хома", windows=hours(9, 10), max_booking_advance=200, min_booking_notice=100 * DAY)

    ordered = ["Зоя", "Богдан", "Ярина", "Хома", "Ніхто"]
    assert await names(core, ira) == ordered
    assert [await names(core, ira, limit=2, offset=at) for at in (0, 2, 4, 6)] == [
        ordered[:2], ordered[2:4], ordered[4:], [],
    ]  # fmt: skip


async def test_words_find_subjects_and_names_whatever_the_case_ending_or_apostrophe(core):
    ira = await builders.person(core)
    await teacher(core, "Мар’яна Ткач", "Англійська мова", "Français")
    await teacher(core, "Лев", "Математика")

    for words in ("англ", "АНГЛІЙСЬКА", "мова англійська", "англійську", "Мову"):
        assert await found(core, ira, words) == (["Англійська мова"], [])
    assert await found(core, ira, "francais") == (["Français"], [])
    assert await found(core, ira, "маряна") == ([], ["Мар’яна Ткач"])
    assert await found(core, ira, "ткач мар'яна") == ([], ["Мар’яна Ткач"])
    assert await found(core, ira, "математику") == (["Математика"], [])
    for words in ("", "  ", "'", "хімія", "%", "_", "лев англійська", "x" * 4096):
        assert await found(core, ira, words) == ([], [])
    assert await found(core, ira, "а", limit=1) == (["Англійська мова"], ["Мар’яна Ткач"])


async def test_who_is_free_on_an_evening_of_the_readers_clock(core):
    """Tuesday from five in New York is the small hours of Wednesday in Kyiv."""
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")
    olena = await teacher(core, "Олена", windows=hours(15, 20))
    await teacher(core, "Anna", timezone="America/New_York", windows=hours(16, 19))
    await teacher(core, "Нічна", windows=hours(0, 2))
    await builders.request(core, olena, max_, datetime(2026, 11, 24, 15, tzinfo=UTC))

    assert await free(core, ira, TUESDAY, DayPart.EVENING) == [
        ("Олена", [datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (16, 17)]),
        ("Anna", [datetime(2026, 11, 24, 21, tzinfo=UTC)]),
    ]
    assert await free(core, ira, TUESDAY, DayPart.EVENING, "America/New_York") == [
        ("Anna", [datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (22, 23)]),
        ("Нічна", [datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (22, 23)]),
    ]
    assert [name for name, _ in await free(core, ira, TUESDAY, DayPart.DAY)] == ["Олена"]
    assert [name for name, _ in await free(core, ira, TUESDAY, DayPart.MORNING)] == ["Anna", "Нічна"]
    assert [name for name, _ in await free(core, ira, TUESDAY, limit=1, offset=2)] == ["Олена"]
    assert await free(core, ira, TUESDAY - 2 * DAY) == await free(core, ira, date(2199, 1, 1)) == []


async def test_the_parts_of_a_day_hold_all_of_it_when_the_clocks_go_back(core, clock):
    """On 25 October the day of Kyiv has 25 hours; New York still keeps its summer time."""
    clock.now = BEFORE_THE_CLOCKS_GO_BACK
    ira, sunday = await builders.person(core), date(2026, 10, 25)
    olena = await teacher(core, "Олена", windows=hours(0, 24))
    await teacher(core, "Anna", timezone="America/New_York", windows=hours(10, 11))

    parts = [await free(core, ira, sunday, part) for part in DayPart if part is not DayPart.ANY]
    times = [at for part in parts for name, offered in part for at in offered if name == "Олена"]
    async with core.read() as work:
        day = await offers.day(work, tutor_id=olena.id, on=sunday, timezone=KYIV)
    assert times == [span.starts_at for span in day.times]
    assert len(times) == 25
    assert dict(await free(core, ira, sunday, DayPart.DAY))["Anna"] == [datetime(2026, 10, 25, 14, tzinfo=UTC)]
    assert "Anna" not in dict(await free(core, ira, sunday, DayPart.EVENING))


async def test_what_is_listed_as_free_can_be_booked(core):
    ira = await builders.person(core)
    await teacher(core, "Олена", max_lessons_per_day=1, buffer_after=HOUR)
    ((_, times),) = await free(core, ira, TUESDAY, DayPart.DAY)
    (olena,) = [one for one in await tables.rows(core, Person) if one.is_tutor]

    await builders.request(core, olena, ira, times[0])

    assert await free(core, ira, TUESDAY) == []


async def test_many_tutors_cost_as_many_statements_as_a_few(core):
    ira, counts = await builders.person(core), []
    for number in range(6):
        await teacher(core, f"Викладач {number}")
        async with core.read() as work:
            with tables.statements(work) as asked:
                await directory.of_subject(work, subject=ENGLISH, viewer_id=ira.id, limit=7)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= 5
