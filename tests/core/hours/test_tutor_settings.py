from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.enums import CancellationPolicy, Setting
from core.errors import BadSetting, NotATutor, TooManyWithTutor, UnknownTimezone
from core.hours import tutor_settings
from core.lessons import bookings
from core.pure import setting_table
from db.models.booking import Booking
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

ALL = {
    "timezone": "Asia/Tokyo",
    "default_lesson_duration": 45 * MINUTE,
    "slot_step": 15 * MINUTE,
    "buffer_before": 5 * MINUTE,
    "buffer_after": 10 * MINUTE,
    "min_gap": 30 * MINUTE,
    "min_booking_notice": 3 * HOUR,
    "max_booking_advance": 45,
    "auto_accept": True,
    "cancellation_policy": CancellationPolicy.STRICT,
    "trial_lesson_enabled": True,
    "trial_lesson_duration": 20 * MINUTE,
    "price": Decimal("20.50"),
    "currency": "EUR",
    "accepts_new_students": False,
    "is_listed": False,
    "languages": ["uk", "en"],
    "subjects": ["англійська", "🎻"],
    "about": "Вчу",
    "room_url": "https://meet.example.org/a",
    "max_lessons_per_day": 4,
    "max_lessons_per_week": 12,
    "max_lessons_per_student": 2,
}


async def test_every_setting_can_be_changed_and_is_read_back(core):
    olena = await builders.tutor(core)
    assert ALL.keys() == setting_table.ROWS.keys()
    async with core.begin() as work:
        changed = await tutor_settings.change(work, tutor_id=olena.id, **ALL)

    async with core.read() as work:
        card = await tutor_settings.card(work, tutor_id=olena.id)
    assert card == changed.card
    assert {name: getattr(card, name) for name in ALL} == ALL


async def test_a_change_counts_what_is_offered_before_and_after(core):
    olena = await builders.tutor(core)
    async with core.begin() as work:
        longer = await tutor_settings.change(work, tutor_id=olena.id, default_lesson_duration=4 * HOUR)
        priced = await tutor_settings.change(work, tutor_id=olena.id, price=Decimal(400))
        narrow = await tutor_settings.change(work, tutor_id=olena.id, max_booking_advance=1)

    assert longer.before > longer.after == 14
    assert (priced.before, priced.after) == (14, 14)
    assert narrow.after == 3


REFUSED = [
    (Setting.LENGTH, {"default_lesson_duration": 9 * MINUTE}),
    (Setting.LENGTH, {"default_lesson_duration": 8 * HOUR + MINUTE}),
    (Setting.LENGTH, {"default_lesson_duration": timedelta(minutes=45, seconds=30)}),
    (Setting.STEP, {"slot_step": 4 * MINUTE}),
    (Setting.BUFFER_BEFORE, {"buffer_before": -MINUTE}),
    (Setting.BUFFER_AFTER, {"buffer_after": 4 * HOUR + MINUTE}),
    (Setting.GAP, {"min_gap": -MINUTE}),
    (Setting.GAP, {"min_gap": 4 * HOUR + MINUTE}),
    (Setting.TRIAL, {"trial_lesson_enabled": True, "trial_lesson_duration": 0 * MINUTE}),
    (Setting.NOTICE, {"min_booking_notice": timedelta(days=31)}),
    (Setting.ADVANCE, {"max_booking_advance": 0}),
    (Setting.ADVANCE, {"max_booking_advance": 366}),
    (Setting.PER_DAY, {"max_lessons_per_day": 0}),
    (Setting.LANGUAGES, {"languages": ["uk"] * 11}),
    (Setting.LANGUAGES, {"languages": ["<b>"]}),
    (Setting.PER_WEEK, {"max_lessons_per_week": -1}),
    (Setting.PER_STUDENT, {"max_lessons_per_student": 501}),
    (Setting.PRICE, {"price": Decimal("-0.01")}),
    (Setting.PRICE, {"price": Decimal("0.001")}),
    (Setting.PRICE, {"price": Decimal("NaN")}),
    (Setting.PRICE, {"price": Decimal("1E+9")}),
    (Setting.PRICE, {"price": Decimal(1), "currency": "грн"}),
    (Setting.SUBJECTS, {"subjects": ["ж"] * 11}),
    (Setting.SUBJECTS, {"subjects": ["ж" * 41]}),
    (Setting.SUBJECTS, {"subjects": [" "]}),
    (Setting.ABOUT, {"about": ""}),
    (Setting.ABOUT, {"about": "ж" * 501}),
    (Setting.ROOM, {"room_url": "https://localhost/a"}),
    (Setting.ROOM, {"room_url": "http://meet.example.org"}),
    (Setting.ROOM, {"room_url": "https://me@meet.example.org"}),
    (Setting.ROOM, {"room_url": "https://meet.example.org/a b"}),
    (Setting.ROOM, {"room_url": "https://meet.example.org/" + "a" * 300}),
]


async def test_what_cannot_be_is_refused_and_changes_nothing(core):
    olena = await builders.tutor(core)
    before = await tables.dump(core)
    for setting, changed in REFUSED:
        with pytest.raises(BadSetting) as refused:
            async with core.begin() as work:
                await tutor_settings.change(work, tutor_id=olena.id, **changed)
        assert refused.value.setting is setting, changed
    with pytest.raises(UnknownTimezone):
        async with core.begin() as work:
            await tutor_settings.change(work, tutor_id=olena.id, timezone="Mars/Olympus")
    assert await tables.dump(core) == before


async def test_the_limits_themselves_are_allowed(core):
    olena = await builders.tutor(core)
    for changed in (
        {"default_lesson_duration": 10 * MINUTE},
        {"default_lesson_duration": 8 * HOUR},
        {"slot_step": None},
        {"buffer_after": 4 * HOUR},
        {"max_booking_advance": 365},
        {"price": Decimal(10_000_000)},
        {"price": Decimal(0)},
        {"about": "ж" * 500},
        {"subjects": ["ж" * 40] * 10},
        {"max_lessons_per_day": None},
    ):
        async with core.begin() as work:
            await tutor_settings.change(work, tutor_id=olena.id, **changed)


async def test_only_a_tutor_has_settings(core):
    ira = await builders.person(core)
    for person_id in (ira.id, 10**6):
        async with core.begin() as work:
            with pytest.raises(NotATutor):
                await tutor_settings.card(work, tutor_id=person_id)
            with pytest.raises(NotATutor):
                await tutor_settings.change(work, tutor_id=person_id, price=None)


async def test_new_settings_never_touch_what_is_booked(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    before = await tables.rows(core, Booking)
    async with core.begin() as work:
        await tutor_settings.change(work, tutor_id=olena.id, **{**ALL, "accepts_new_students": True})

    assert await tables.rows(core, Booking) == before
    confirmed = await builders.confirm(core, lesson)
    assert (confirmed.starts_at, confirmed.ends_at) == (TOMORROW_AT_TEN, TOMORROW_AT_TEN + HOUR)


async def test_a_limit_per_student_counts_each_student_and_lets_go_of_what_was_called_off(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")
    await tables.arrange(core, olena, max_lessons_per_student=2)
    first = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    await builders.request(core, ostap, ira, TOMORROW_AT_TEN + HOUR)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + 2 * HOUR)

    with pytest.raises(TooManyWithTutor):
        await builders.request(core, olena, ira, TOMORROW_AT_TEN + 3 * HOUR)
    await builders.request(core, olena, max_, TOMORROW_AT_TEN + 3 * HOUR)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)  # asking twice is no third lesson
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=first.id, actor_id=ira.id)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + 4 * HOUR)
