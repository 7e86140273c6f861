"""What a tutor's terms are called, what each is for, and how its value reads."""

from datetime import timedelta

from bot.words.typed import setting_values
from bot.words.voice import N_, Voice
from core.enums import Term
from core.hours.tutor_settings import TermsCard
from core.pure.deadlines import FREE_CANCELLATION

MINUTE = timedelta(minutes=1)
NONE = "–"

TITLES = {
    Term.LENGTH: N_("Lesson length"),
    Term.STEP: N_("Starts"),
    Term.BUFFER_BEFORE: N_("Break before"),
    Term.BUFFER_AFTER: N_("Break after"),
    Term.TRIAL: N_("Trial lesson"),
    Term.PRICE: N_("Price"),
    Term.NOTICE: N_("Booking closes"),
    Term.ADVANCE: N_("Booking opens"),
    Term.AUTO_ACCEPT: N_("Requests"),
    Term.POLICY: N_("Cancelling"),
    Term.NEW_STUDENTS: N_("New students"),
    Term.LISTED: N_("Search"),
    Term.PER_DAY: N_("Lessons per day"),
    Term.PER_WEEK: N_("Lessons per week"),
    Term.PER_STUDENT: N_("Lessons per student"),
    Term.SUBJECTS: N_("Subjects"),
    Term.LANGUAGES: N_("Languages"),
    Term.ABOUT: N_("About me"),
    Term.ROOM: N_("Video room"),
    Term.ZONE: N_("Time zone of my hours"),
}

EXPLANATIONS = {
    Term.LENGTH: N_("How long a lesson lasts. Lessons booked before keep their length."),
    Term.STEP: N_("How often a lesson can start within your hours."),
    Term.BUFFER_BEFORE: N_(
        "Time kept free before each lesson. Between two lessons the break after the first and the break before the "
        "second add up."
    ),
    Term.BUFFER_AFTER: N_(
        "Time kept free after each lesson. Between two lessons the break after the first and the break before the "
        "second add up."
    ),
    Term.TRIAL: N_("Whether new students may try one lesson first, and how long it is. It is never charged."),
    Term.PRICE: N_("What a lesson costs. Lessons booked before keep their price."),
    Term.NOTICE: N_("How long before the start a lesson can still be booked."),
    Term.ADVANCE: N_("How far ahead your times can be booked."),
    Term.AUTO_ACCEPT: N_("Whether you answer each request yourself or every free time is booked at once."),
    Term.POLICY: N_("Until when a student cancels for free. Later the lesson is charged, unless you waive it."),
    Term.NEW_STUDENTS: N_("Whether students you have had no lesson with may book. Those you know always can."),
    Term.LISTED: N_(
        "Whether students who look for a tutor find you by subject. You need subjects and weekly hours for it, and "
        "take new students. Otherwise only those book who have your link or know you already."
    ),
    Term.PER_DAY: N_("How many lessons you give on one day at most; requests count, too."),
    Term.PER_WEEK: N_("How many lessons you give from Monday to Sunday at most; requests count, too."),
    Term.PER_STUDENT: N_("How many lessons ahead one student may have with you."),
    Term.SUBJECTS: N_("What you teach. Type it, separated by commas: up to 10 subjects."),
    Term.LANGUAGES: N_("In which languages you teach; students read it before they book."),
    Term.ABOUT: N_("A few words that students read before they book. Type them: up to 500 characters."),
    Term.ROOM: N_(
        "Where lessons are held: each gets a video room of its own, or all are in yours. The button to join appears "
        "15 minutes before the start."
    ),
    Term.ZONE: N_(
        "Your weekly hours are in this time zone, wherever you are. Booked lessons do not move. Tap a city or type one."
    ),
}

HINTS = {
    Term.LENGTH: N_("Or type another, like <code>50 min</code>."),
    Term.STEP: N_("Or type another, like <code>20 min</code>."),
    Term.BUFFER_BEFORE: N_("Or type another, like <code>20 min</code>."),
    Term.BUFFER_AFTER: N_("Or type another, like <code>20 min</code>."),
    Term.TRIAL: N_("Or type another, like <code>25 min</code>."),
    Term.PRICE: N_("Type it, like <code>400 UAH</code> or <code>20.50 EUR</code>."),
    Term.NOTICE: N_("Or type another, like <code>3 h</code>."),
    Term.ADVANCE: N_("Or type another, like <code>45 days</code>."),
    Term.PER_DAY: N_("Or type another number."),
    Term.PER_WEEK: N_("Or type another number."),
    Term.PER_STUDENT: N_("Or type another number."),
    Term.LANGUAGES: N_("Tap them, or type all: <code>English, Polish</code>."),
    Term.ROOM: N_("Type a link, like <code>https://meet.google.com/abc-defg-hij</code>."),
}


def value(voice: Voice, card: TermsCard, term: Term) -> str:
    """Say what holds now, as plain text."""
    match term:
        case Term.PRICE:
            return voice.money(card.price, card.currency) if card.price is not None else choice(voice, term, 0)
        case Term.SUBJECTS:
            return ", ".join(card.subjects) or NONE
        case Term.LANGUAGES:
            return voice.languages(card.languages) or NONE
        case Term.ABOUT:
            return card.about or NONE
        case Term.ROOM:
            return card.room_url or choice(voice, term, 0)
        case Term.ZONE:
            return voice.in_zone(card.timezone).city()
        case _:
            number = setting_values.number(card, term)
            assert number is not None, f"{term} is a number"
            return choice(voice, term, number)


def choice(voice: Voice, term: Term, number: int) -> str:
    """Say what a button of this number means."""
    match term:
        case Term.AUTO_ACCEPT:
            return voice.label("booked at once") if number else voice.label("I answer each")
        case Term.NEW_STUDENTS:
            return voice.label("welcome") if number else voice.label("not now")
        case Term.LISTED:
            return voice.label("students find me") if number else voice.label("by my link only")
        case Term.POLICY:
            free = FREE_CANCELLATION[setting_values.POLICIES[number]]
            return voice.label("free up to {span} before", span=voice.span(free))
        case Term.PER_DAY | Term.PER_WEEK | Term.PER_STUDENT:
            return voice.label("up to {n}", n=number) if number else voice.label("no limit")
        case Term.ADVANCE:
            return voice.label("{span} ahead", span=voice.count_label("{n} day", "{n} days", number))
        case _:
            return _length(voice, term, number) if number else _nothing(voice, term)


def _length(voice: Voice, term: Term, minutes: int) -> str:
    span = voice.span(minutes * MINUTE)
    match term:
        case Term.STEP:
            return voice.label("every {span}", span=span)
        case Term.NOTICE:
            return voice.label("{span} before", span=span)
        case _:
            return span


def _nothing(voice: Voice, term: Term) -> str:
    match term:
        case Term.STEP:
            return voice.label("one after another")
        case Term.NOTICE:
            return voice.label("at the start")
        case Term.TRIAL:
            return voice.label("off")
        case Term.PRICE:
            return voice.label("not set")
        case Term.ROOM:
            return voice.label("a new one each time")
        case _:
            return voice.label("none")
