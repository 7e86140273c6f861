"""A row of words for each setting of a tutor: its name, its explanation, its choices, and how a value reads."""

from datetime import timedelta
from typing import NamedTuple

from bot.talk.taps import Topic
from bot.words.typed import setting_values
from bot.words.voice import N_, Voice
from core.enums import CancellationPolicy, Setting
from core.pure.deadlines import FREE_CANCELLATION
from core.pure.setting_table import (
    Choice,
    Days,
    Flag,
    Languages,
    Limit,
    Link,
    Names,
    Price,
    Text,
    TutorSettingsCard,
    Zone,
    row_of,
)

MINUTE = timedelta(minutes=1)
NONE = "–"


class Words(NamedTuple):
    """
    `choices`: the numbers of the buttons. `nothing`: the text for 0. `value`: the text for any other number (if empty,
    the length alone). `clear`: the label of the only button of a setting that is typed. `at_glance`: the value is shown
    in the list of topics, too.
    """

    topic: Topic
    title: str
    explanation: str
    hint: str = ""
    choices: tuple[int, ...] = ()
    nothing: str = N_("none")
    value: str = ""
    clear: str = ""
    at_glance: bool = False


# The settings of a topic are listed in the order in which they are shown
WORDS = {
    Setting.LENGTH: Words(
        Topic.LESSONS,
        N_("Lesson length"),
        N_("How long a lesson lasts. Lessons booked before keep their length."),
        N_("Or type another, like <code>50 min</code>."),
        choices=(30, 45, 60, 90, 120),
        at_glance=True,
    ),
    Setting.STEP: Words(
        Topic.LESSONS,
        N_("Starts"),
        N_("How often a lesson can start within your hours."),
        N_("Or type another, like <code>20 min</code>."),
        choices=(0, 15, 30, 60),
        nothing=N_("one after another"),
        value=N_("every {span}"),
    ),
    Setting.BUFFER_BEFORE: Words(
        Topic.LESSONS,
        N_("Break before"),
        N_(
            "Time kept free before each lesson. Between two lessons the break after the first and the break before the "
            "second add up."
        ),
        N_("Or type another, like <code>20 min</code>."),
        choices=(0, 5, 10, 15, 30),
    ),
    Setting.BUFFER_AFTER: Words(
        Topic.LESSONS,
        N_("Break after"),
        N_(
            "Time kept free after each lesson. Between two lessons the break after the first and the break before the "
            "second add up."
        ),
        N_("Or type another, like <code>20 min</code>."),
        choices=(0, 5, 10, 15, 30),
    ),
    Setting.GAP: Words(
        Topic.LESSONS,
        N_("Gap between lessons"),
        N_(
            "The least time between two lessons of one day. If your breaks add up to more, they count. Lessons that "
            "you add yourself may stand closer."
        ),
        N_("Or type another, like <code>20 min</code>."),
        choices=(0, 10, 15, 30, 60, 120),
    ),
    Setting.TRIAL: Words(
        Topic.LESSONS,
        N_("Trial lesson"),
        N_("Whether new students may try one lesson first, and how long it is. It is never charged."),
        N_("Or type another, like <code>25 min</code>."),
        choices=(0, 15, 20, 30, 45, 60),
        nothing=N_("off"),
        at_glance=True,
    ),
    Setting.AUTO_ACCEPT: Words(
        Topic.BOOKING,
        N_("Requests"),
        N_("Whether you answer each request yourself or every free time is booked at once."),
        choices=(0, 1),
        nothing=N_("I answer each"),
        value=N_("booked at once"),
        at_glance=True,
    ),
    Setting.NOTICE: Words(
        Topic.BOOKING,
        N_("Booking closes"),
        N_("How long before the start a lesson can still be booked."),
        N_("Or type another, like <code>3 h</code>."),
        choices=(0, 60, 120, 360, 720, 1440, 2880),
        nothing=N_("at the start"),
        value=N_("{span} before"),
        at_glance=True,
    ),
    Setting.ADVANCE: Words(
        Topic.BOOKING,
        N_("Booking opens"),
        N_("How far ahead your times can be booked."),
        N_("Or type another, like <code>45 days</code>."),
        choices=(7, 14, 30, 60, 90),
        value=N_("{span} ahead"),
    ),
    Setting.NEW_STUDENTS: Words(
        Topic.BOOKING,
        N_("New students"),
        N_("Whether students you have had no lesson with may book. Those you know always can."),
        choices=(1, 0),
        nothing=N_("not now"),
        value=N_("welcome"),
        at_glance=True,
    ),
    Setting.PER_DAY: Words(
        Topic.BOOKING,
        N_("Lessons per day"),
        N_("How many lessons you give on one day at most; requests count, too."),
        N_("Or type another number."),
        choices=(0, 2, 3, 4, 5, 6, 8),
        nothing=N_("no limit"),
        value=N_("up to {n}"),
    ),
    Setting.PER_WEEK: Words(
        Topic.BOOKING,
        N_("Lessons per week"),
        N_("How many lessons you give from Monday to Sunday at most; requests count, too."),
        N_("Or type another number."),
        choices=(0, 5, 10, 15, 20, 30),
        nothing=N_("no limit"),
        value=N_("up to {n}"),
    ),
    Setting.PER_STUDENT: Words(
        Topic.BOOKING,
        N_("Lessons per student"),
        N_("How many lessons ahead one student may have with you."),
        N_("Or type another number."),
        choices=(0, 1, 2, 3, 5, 10),
        nothing=N_("no limit"),
        value=N_("up to {n}"),
    ),
    Setting.PRICE: Words(
        Topic.MONEY,
        N_("Price"),
        N_("What a lesson costs. Lessons booked before keep their price."),
        N_("Type it, like <code>400 UAH</code> or <code>20.50 EUR</code>."),
        nothing=N_("not set"),
        clear=N_("🗑 No price"),
        at_glance=True,
    ),
    Setting.POLICY: Words(
        Topic.MONEY,
        N_("Cancelling"),
        N_("Until when a student cancels for free. Later the lesson is charged, unless you waive it."),
        choices=(0, 1, 2),
        value=N_("free up to {span} before"),
        at_glance=True,
    ),
    Setting.SUBJECTS: Words(
        Topic.ABOUT,
        N_("Subjects"),
        N_("What you teach. Type it, separated by commas: up to 10 subjects."),
        clear=N_("🗑 Clear"),
        at_glance=True,
    ),
    Setting.LANGUAGES: Words(
        Topic.ABOUT,
        N_("Languages"),
        N_("In which languages you teach; students read it before they book."),
        N_("Tap them, or type all: <code>English, Polish</code>."),
    ),
    Setting.ABOUT: Words(
        Topic.ABOUT,
        N_("About me"),
        N_("A few words that students read before they book. Type them: up to 500 characters."),
        clear=N_("🗑 Clear"),
    ),
    Setting.LISTED: Words(
        Topic.ABOUT,
        N_("Search"),
        N_(
            "Whether students who look for a tutor find you by subject. You need subjects and weekly hours for it, and "
            "take new students. Otherwise only those book who have your link or know you already."
        ),
        choices=(1, 0),
        nothing=N_("by my link only"),
        value=N_("students find me"),
    ),
    Setting.ROOM: Words(
        Topic.ABOUT,
        N_("Video room"),
        N_(
            "Where lessons are held: each gets a video room of its own, or all are in yours. The button to join "
            "appears 15 minutes before the start."
        ),
        N_("Type a link, like <code>https://meet.google.com/abc-defg-hij</code>."),
        choices=(0,),
        nothing=N_("a new one each time"),
        at_glance=True,
    ),
    Setting.ZONE: Words(
        Topic.PERSONAL,
        N_("Time zone of my hours"),
        N_(
            "Your weekly hours are in this time zone, wherever you are. Booked lessons do not move. Tap a city or type "
            "one."
        ),
    ),
}


def of_topic(topic: Topic) -> list[Setting]:
    return [setting for setting, words in WORDS.items() if words.topic is topic]


def value(voice: Voice, card: TutorSettingsCard, setting: Setting) -> str:
    """Return the present value of the setting in words, as plain text."""
    match row_of(setting).kind:
        case Price() if card.price is not None:
            return voice.money(card.price, card.currency)
        case Names():
            return ", ".join(card.subjects) or NONE
        case Languages():
            return voice.languages(card.languages) or NONE
        case Text():
            return card.about or NONE
        case Link() if card.room_url:
            return card.room_url
        case Zone():
            return voice.in_zone(card.timezone).city()
        case _:
            number = setting_values.number(card, setting)
            assert number is not None, f"{setting} is a number"
            return choice(voice, setting, number)


def choice(voice: Voice, setting: Setting, number: int) -> str:
    """Return the label of the button with this number."""
    match row_of(setting).kind:
        case Choice(options):
            free = FREE_CANCELLATION[CancellationPolicy(options[number])]
            return voice.label(WORDS[setting].value, span=voice.span(free))
        case Days():
            span = voice.count_label("{n} day", "{n} days", number)
            return voice.label(WORDS[setting].value, span=span)
        case _ if not number:
            return voice.label(WORDS[setting].nothing)
        case Flag():
            return voice.label(WORDS[setting].value)
        case Limit():
            return voice.label(WORDS[setting].value, n=number)
        case _:
            span = voice.span(number * MINUTE)
            return voice.label(WORDS[setting].value, span=span) if WORDS[setting].value else span
