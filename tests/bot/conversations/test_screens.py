"""Every screen at its fullest still fits into one message of Telegram."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import pytest
from telegram import Bot, Message
from telegram.error import BadRequest

from bot.conversations.availability import screens as availability_screens
from bot.conversations.booking import screens as booking
from bot.conversations.booking.taps import OpenTutor, PickTime
from bot.conversations.directory import screens as directory
from bot.conversations.lessons import history_screen
from bot.conversations.lessons import screens as lessons
from bot.conversations.lessons.moves import screens as moves
from bot.conversations.lessons.writing_down import screens as writing_down
from bot.conversations.pending import screens as answers
from bot.conversations.privacy import screens as privacy
from bot.conversations.privacy.leaving import screens as leaving
from bot.conversations.settings import topics
from bot.conversations.settings.name import screens as name_screens
from bot.conversations.settings.tutor import screens as setting_screens
from bot.conversations.share import screens as share
from bot.conversations.shared import (
    applications,
    day_times,
    home,
    lesson_screen,
    lesson_words,
    new_time,
    tutor_card,
    tutor_list,
    weekly_hours,
)
from bot.conversations.students import screens as students
from bot.conversations.students.packages import screens as packages
from bot.conversations.students.packages.screens import Offer
from bot.sandbox.api.transport import SandboxRequest
from bot.sandbox.sandbox import Sandbox
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Screen, markup
from bot.talk.taps import Nothing, Topic, Weekday
from bot.words.typed.week_words import LONGEST_WORD, NotUnderstood, Reason
from bot.words.voice import LANGUAGES, Voice, lines
from core.account.leaving import Ends
from core.enums import BookingAction, BookingStatus, CancellationPolicy, DayPart, Language, LessonType, Setting
from core.finding.directory import Found, FreeTutor, Subject
from core.hours.availability import AvailabilityCard, WeeklyWindow
from core.hours.tutor_settings import Changed
from core.lessons.history import MOST_LINES, Deed
from core.lessons.lesson_offers import LessonOffer
from core.lessons.lessons import Answers, LessonCard, LessonTerms, Move, Summary
from core.lessons.packages import LONGEST_SUBJECT, PackageCard
from core.lessons.students import StudentCard
from core.lessons.writing_down import StudentName
from core.people.applications import ApplicationCard
from core.people.people import Actor, Profile
from core.people.tutors import TutorCard
from core.pure.planning.values import Span
from core.pure.setting_table import TutorSettingsCard
from core.times.offers import DayOffer, MonthOffer

T = TypeVar("T")
ZONE = "America/Argentina/Buenos_Aires"
NAMES = {
    "letters": "Щ" * 60,
    "emoji": "👩\u200d🏫🇺🇦" * 25 + "👩🏽\u200d",
    "escapes": '<&">' * 32,
    "right to left": ("مريم العبدالله " * 9)[:128],
}
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LARGEST_ID = 2**53

LESSON = LessonCard(
    id=LARGEST_ID,
    uid=UUID(int=1),
    version=None,
    viewer_is_tutor=True,
    status=BookingStatus.PENDING,
    starts_at=NOW + timedelta(days=2),
    ends_at=NOW + timedelta(days=2, hours=1),
    tutor_id=LARGEST_ID,
    tutor_name="",
    tutor_timezone=ZONE,
    student_id=LARGEST_ID,
    student_name="",
    student_timezone="Asia/Kathmandu",
    lesson_type=LessonType.REGULAR,
    subject=None,
    terms=LessonTerms(Decimal("99999999.99"), "UAH", free_until=NOW, is_charged=True),
    cancel_reason="<" * 500,
    expires_at=None,
    created_at=NOW,
)
TUTOR = TutorCard(
    id=LARGEST_ID,
    name="",
    timezone=ZONE,
    lesson=timedelta(hours=1, minutes=30),
    price=Decimal("99999999.99"),
    currency="UAH",
    auto_accept=False,
    accepts_new_students=True,
    free_cancellation=timedelta(hours=48),
    subjects=("<" * 40,) * 10,
    about="<" * 500,
    languages=("uk", "en", "zh", "tlh") * 2,
    trial=timedelta(hours=7, minutes=59),
)
OFFER = LessonOffer(
    tutor_id=LARGEST_ID,
    starts_at=NOW + timedelta(hours=30),
    ends_at=NOW + timedelta(hours=31, minutes=30),
    kind=LessonType.REGULAR,
    price=Decimal("99999999.99"),
    currency="UAH",
    cancellation_policy=CancellationPolicy.MODERATE,
    is_agreed=False,
    credits_left=100,
    held_until=NOW + timedelta(minutes=5),
)


SETTINGS = TutorSettingsCard(
    timezone=ZONE,
    default_lesson_duration=timedelta(hours=7, minutes=59),
    slot_step=timedelta(hours=7, minutes=59),
    buffer_before=timedelta(hours=3, minutes=59),
    buffer_after=timedelta(hours=3, minutes=59),
    min_gap=timedelta(hours=3, minutes=59),
    min_booking_notice=timedelta(days=29, hours=23, minutes=59),
    max_booking_advance=365,
    auto_accept=True,
    cancellation_policy=CancellationPolicy.STRICT,
    trial_lesson_enabled=True,
    trial_lesson_duration=timedelta(hours=7, minutes=59),
    price=Decimal("9999999.99"),
    currency="UAH",
    accepts_new_students=True,
    is_listed=True,
    subjects=["<" * 40] * 10,
    languages=["uk", "tlh"] * 5,
    about="<" * 500,
    room_url="https://a.b/" + "&" * 280,
    max_lessons_per_day=500,
    max_lessons_per_week=500,
    max_lessons_per_student=500,
)


def amid(listed: list[T], size: int) -> Page[T]:
    """A page with others before and after it, very far behind."""
    return replace(paging.cut(listed, 1, size=size), number=LARGEST_ID - 1)


def windows_of(count: int, *, days: int) -> AvailabilityCard:
    """So many windows of seven minutes, which don't touch."""
    each = [
        WeeklyWindow(number % days, time(*divmod(number // days * 7, 60)), time(*divmod(number // days * 7 + 6, 60)))
        for number in range(count)
    ]
    return AvailabilityCard(ZONE, tuple((LARGEST_ID - number, window) for number, window in enumerate(sorted(each))))


def of_weeks(voice: Voice, name: str) -> Iterator[Screen]:
    for card in (windows_of(200, days=1), windows_of(200, days=7)):
        yield weekly_hours.availability(voice, card, free_times=1000)
        yield from (availability_screens.day(voice, card, weekday) for weekday in Weekday)
    as_many_as_one_message_joins = windows_of(100, days=1)
    joined = availability_screens.availability_saved(
        voice, [window for _, window in as_many_as_one_message_joins.windows]
    )
    yield weekly_hours.availability(voice, as_many_as_one_message_joins, free_times=1000, before=joined)
    yield availability_screens.pick_opens(voice, Weekday.MONDAY)
    yield from (availability_screens.pick_closes(voice, Weekday.MONDAY, time(hour)) for hour in range(24))
    for reason in Reason:
        yield availability_screens.not_understood(voice, "<" * 4096, NotUnderstood("<" * LONGEST_WORD, 2000, reason))


def of_settings(voice: Voice, name: str) -> Iterator[Screen]:
    url = "https://t.me/a_bot?start=" + "x" * 64
    actor = Actor(
        1, Profile(1, name, name, None), True, Language.ENGLISH, ZONE, True, False, False, None, {}, None, None
    )
    yield topics.topics(voice, SETTINGS, actor)
    yield from (setting_screens.topic(voice, SETTINGS, actor, topic) for topic in Topic)
    yield name_screens.ask(voice, actor, refusal="Щ" * 200)
    for setting in Setting:
        yield setting_screens.setting(voice, SETTINGS, setting)
        yield setting_screens.setting(voice, SETTINGS, setting, changed=Changed(SETTINGS, 10**6, 10**5))
    yield setting_screens.zone_unknown(voice, name * 20)
    yield share.link(voice, url, name)
    yield share.ask_for_new_link(voice, url)
    yield share.card(voice, url, name, SETTINGS)
    for is_approved in (None, True, False):
        asking = ApplicationCard(LARGEST_ID, LARGEST_ID, name, "x" * 32, NOW, is_approved)
        yield applications.application(voice, asking)
    for is_new in (True, False):
        yield applications.asked(voice, is_new=is_new)
        yield applications.turned_away(voice, name, is_new=is_new)


def of_booking(voice: Voice, name: str) -> Iterator[Screen]:
    tutor = replace(TUTOR, name=name)
    for has_trial in (True, False):
        yield tutor_card.invitation(voice, tutor, has_trial=has_trial)
    for kind in LessonType:
        for policy in CancellationPolicy:
            offer = replace(OFFER, kind=kind, cancellation_policy=policy)
            yield booking.confirm(voice, tutor, offer, now=NOW, note="<" * 1000)
        yield booking.ask_for_note(voice, tutor, offer, refusal=name)
    yield booking.requested(voice, replace(LESSON, tutor_name=name, viewer_is_tutor=False))
    nearest = Span(NOW, NOW + timedelta(hours=1))
    for month in (date(2026, 8, 1), date(2027, 2, 1)):  # six weeks, and the fewest
        days = frozenset(month + timedelta(days=number) for number in range(31))
        fullest = MonthOffer(month, month, days, nearest, True, True)
        yield booking.month(voice, tutor, fullest, kind=LessonType.TRIAL, has_trial=True, credits_left=100)
    for minutes, first in ((5, NOW), (15, datetime(2026, 10, 25, tzinfo=UTC))):
        starts = [first + timedelta(minutes=minutes) * number for number in range(1440 // minutes)]
        times = tuple(Span(at, at + timedelta(minutes=minutes)) for at in starts)
        for page in (0, 1, LARGEST_ID):
            offered = DayOffer(first.date(), times, first.date(), first.date())
            yield booking.day(voice, tutor, offered, kind=LessonType.TRIAL, page=page)


def of_directory(voice: Voice, name: str) -> Iterator[Screen]:
    """Two hundred tutors of a subject."""
    times = tuple(Span(NOW + n * timedelta(hours=1), NOW + n * timedelta(hours=1)) for n in range(24))
    tutors = [FreeTutor(replace(TUTOR, name=name), times)] * 200
    taught = Subject(LARGEST_ID, "<" * 40, 200)
    today, far, nobody = NOW.date(), date(2199, 12, 30), paging.cut([], 0, size=7)
    yield tutor_list.met(voice, amid(tutors, tutor_list.PAGE))
    yield directory.subjects(voice, amid([taught] * 200, directory.SUBJECTS))
    yield directory.subject(voice, taught, amid(tutors, tutor_list.PAGE))
    for part in DayPart:
        free = amid(tutors, directory.FREE_PAGE)
        yield directory.free(voice, taught, free, on=far, part=part, today=today)
    yield directory.free(voice, taught, nobody, on=today, part=DayPart.ANY, today=today)
    yield tutor_list.met(voice, nobody)
    yield directory.subjects(voice, nobody)
    yield directory.found(voice, "<" * 60, Found((taught,) * 7, tuple(tutors[:7])))
    yield directory.found(voice, "<" * 60, Found((), ()))
    yield directory.card(voice, tutors[0], subject=LARGEST_ID, has_trial=True)
    yield directory.card(voice, FreeTutor(tutors[0].card, ()), subject=0)
    yield directory.days(voice, LARGEST_ID, today=today, refusal=directory.not_a_day(voice))


def of_lessons(voice: Voice, name: str) -> Iterator[Screen]:
    for lesson in (
        replace(LESSON, student_name=name, tutor_name=name, viewer_is_tutor=is_tutor) for is_tutor in (0, 1)
    ):
        for status in BookingStatus:
            yield lesson_screen.one_lesson(voice, replace(lesson, status=status), now=NOW)
        yield lessons.ask_to_cancel(voice, lesson, now=NOW + timedelta(days=1))
        yield lessons.ask_why(voice, lesson)
        yield lessons.upcoming(voice, amid([lesson] * 500, lessons.PAGE), is_tutor=True, both=True)
        yield answers.pending(voice, amid([lesson] * 500, answers.PAGE))
        yield answers.why_decline(voice, lesson)
        yield home.home(voice, Summary(10**6, lesson), name=name, is_tutor=True, now=NOW)
    yield home.welcome(voice, name)
    yield home.welcome(voice, name, invited_by=name)
    yield home.zone_unknown(voice, name * 10, is_new=False)


class Chat:
    """A chat that shows a screen as strictly as Telegram does."""

    def __init__(self, sandbox: Sandbox, bot: Bot) -> None:
        self.bot = bot
        self.id = sandbox.add_person("Іра").id
        sandbox.say(self.id, "/start")

    async def shows(self, screen: Screen) -> Message:
        if screen.photo is not None:
            return await self.bot.send_photo(
                self.id, screen.photo, caption=screen.text, parse_mode="HTML", reply_markup=markup(screen)
            )
        return await self.bot.send_message(self.id, screen.text, parse_mode="HTML", reply_markup=markup(screen))


def of_a_life(voice: Voice, name: str) -> Iterator[Screen]:
    """The screens of a lesson that has been through everything."""
    notes = {"student_notes": "<" * 1000, "tutor_notes": "👩" * 1000, "move": Move(NOW), "subject": "Щ" * 80}
    fullest = replace(LESSON, student_name=name, tutor_name=name, **notes)
    for status in BookingStatus:
        for is_tutor in (True, False):
            moved = Move(NOW, next_id=LARGEST_ID, next_at=NOW)
            lesson = replace(fullest, status=status, viewer_is_tutor=is_tutor, move=moved)
            yield lesson_screen.one_lesson(voice, lesson, now=NOW)
            yield lesson_screen.one_lesson(voice, lesson, now=NOW + timedelta(days=3))
            yield lessons.ask_for_note(voice, lesson)
            yield moves.moved(voice, lesson)
            yield lesson_screen.gone_by(voice, lesson)
            yield moves.confirm(voice, lesson, NOW + timedelta(days=5), needs_yes=not is_tutor)
    yield from of_what_tutors_settle(voice, fullest)
    deed = Deed(BookingAction.MOVE_ASKED, NOW, name, by_viewer=False, starts_at=NOW, before_at=NOW)
    yield history_screen.history(voice, fullest, [deed] * MOST_LINES)
    yield lessons.past(voice, amid([fullest] * 500, lessons.PAGE), both=True)
    student = StudentName(LARGEST_ID, name, is_in_telegram=False)
    yield writing_down.who(voice, amid([student] * 200, writing_down.PAGE))
    yield writing_down.confirm(voice, student, NOW, timedelta(hours=1))
    times = tuple(Span(NOW + n * timedelta(minutes=15), NOW + n * timedelta(minutes=45)) for n in range(1, 97))
    search = writing_down.search(voice, student, first_on=NOW.date())
    yield new_time.day(voice, search, DayOffer(NOW.date(), times, date(2026, 11, 22), date(2026, 11, 24)))
    yield new_time.not_understood(voice, search)


def of_what_tutors_settle(voice: Voice, fullest: LessonCard) -> Iterator[Screen]:
    """A time proposed, moved to or written down, on both sides."""
    settled = replace(fullest, expires_at=NOW, answers=Answers(moved_by_tutor=True))
    for status in (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.EXPIRED):
        for is_tutor in (True, False):
            lesson = replace(settled, status=status, viewer_is_tutor=is_tutor)
            yield lesson_screen.one_lesson(voice, lesson, now=NOW)
            yield lesson_screen.gone_by(voice, lesson)
            yield moves.moved(voice, lesson)
            yield moves.ask_to_refuse(voice, lesson, now=NOW)
            yield lessons.upcoming(voice, amid([lesson] * 500, lessons.PAGE), is_tutor=is_tutor, both=True)


def of_students(voice: Voice, name: str) -> Iterator[Screen]:
    """Two hundred students, and one with as many packages as are shown."""
    known = StudentCard(LARGEST_ID, name, False, held=10**6, no_shows=10**6, next_at=NOW, credits=1000)
    yield students.students(voice, amid([known] * 200, students.PAGE))
    about = LARGEST_ID, LARGEST_ID, name, LARGEST_ID, "<" * LONGEST_SUBJECT
    package = PackageCard(*about, 100, 100, Decimal("9999999.99"), "UAH", NOW, taken_back=100)
    yield students.student(voice, known, [package] * 10)
    yield packages.granted(voice, package)
    yield packages.taken_back(voice, package)
    yield packages.ask_to_take_back(voice, package, student_id=LARGEST_ID, name=name)
    offer = Offer(LARGEST_ID, name, 100, package.price, "UAH", package.subject)
    yield packages.how_many(voice, LARGEST_ID, name, refusal="Щ" * 200)
    yield packages.price(voice, offer, of_one=package.price, currency="UAH", refusal="Щ" * 200)
    yield packages.subject(voice, offer, ["<" * 40] * 10)
    yield packages.confirm(voice, offer, after=LARGEST_ID)


@pytest.fixture
async def ira() -> AsyncIterator[Chat]:
    sandbox = Sandbox(flood_limits=False, first_people=False)
    async with Bot(sandbox.token, request=SandboxRequest(sandbox)) as bot:
        yield Chat(sandbox, bot)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "screens", [of_weeks, of_booking, of_directory, of_lessons, of_settings, of_a_life, of_students]
)
async def test_the_fullest_screens_fit(ira: Chat, screens, language: str, name: str) -> None:
    for screen in screens(Voice(language, "Europe/Kyiv"), name):
        shown = await ira.shows(screen)
        assert shown.text or shown.caption


async def test_the_chat_is_as_strict_as_telegram(ira: Chat) -> None:
    with pytest.raises(BadRequest, match="too long"):
        await ira.shows(Screen(lines("x" * 4097)))
    buttons = tuple((Button("x", copy="x"),) for _ in range(101))
    with pytest.raises(BadRequest, match="too long"):
        await ira.shows(Screen(lines("x"), buttons))


def test_every_time_of_a_full_day_is_on_one_of_its_pages() -> None:
    voice, midnight = Voice("en", "UTC"), datetime(2026, 11, 25, tzinfo=UTC)
    starts = [midnight + timedelta(minutes=5) * number for number in range(288)]
    shown = [
        button.tap.starts_at
        for page in range(5)
        for row in day_times.rows(voice, starts, pick=lambda at: PickTime(1, at), turn=OpenTutor, page=page)
        for button in row
        if isinstance(button.tap, PickTime)
    ]
    assert shown == starts


def test_times_are_grouped_by_the_readers_clock() -> None:
    starts = [datetime(2026, 11, 25, hour, tzinfo=UTC) for hour in range(0, 24, 3)]
    labels = [
        [
            button.label
            for row in day_times.rows(Voice("en", zone), starts, pick=lambda _: Nothing(), turn=OpenTutor)
            for button in row
        ]
        for zone in ("UTC", "Asia/Tokyo")
    ]
    night, morning, day, evening = "🌌 Night", "🌅 Morning", "☀️ Day", "🌙 Evening"
    assert labels[0] == [
        night, "00:00", "03:00", morning, "06:00", "09:00", day, "12:00", "15:00", evening, "18:00", "21:00",
    ]  # fmt: skip
    assert labels[1][:4] == [morning, "09:00", day, "12:00"]


def test_a_lesson_reads_differently_in_every_state() -> None:
    voice = Voice("en", "Europe/Kyiv")
    for is_tutor in (True, False):
        said = {
            lesson_words.state(voice, replace(LESSON, status=status, viewer_is_tutor=is_tutor))
            for status in BookingStatus
        }
        assert len(said) == len(BookingStatus)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_leads_back(language: str) -> None:
    """Somebody who is let in finds a button on every screen."""
    voice = Voice(language, "Europe/Kyiv")
    shown = [
        *of_weeks(voice, "Щ"),
        *of_booking(voice, "Щ"),
        *of_directory(voice, "Щ"),
        *of_lessons(voice, "Щ"),
        *of_settings(voice, "Щ"),
    ]
    shown += [
        privacy.privacy(voice, is_new=False),
        leaving.ask(voice, Ends(1, 1, 1, 1)),
        home.help_(voice, is_tutor=True),
        home.unknown_command(voice),
        home.nothing_asked(voice),
    ]
    assert all(screen.rows for screen in shown)
