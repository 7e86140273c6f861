"""What is said when typed hours could not be read."""

from bot.words.typed.week_words import NotUnderstood, Reason
from bot.words.voice import Html, Voice, lines


def pointed(voice: Voice, typed: str, error: NotUnderstood) -> Html:
    """Point at the word that stopped the reading."""
    before, after = typed[: error.position][-40:], typed[error.position + len(error.word) :][:20]
    shown = lines(before, Html(f"<b>{lines(error.word[:40])}</b>"), after, between="") if error.word else None
    return lines(_reason(voice, error), shown, between="\n\n")


def _reason(voice: Voice, error: NotUnderstood) -> Html:
    match error.reason:
        case Reason.UNKNOWN_WORD:
            return voice.say("I don't understand this word:")
        case Reason.BAD_TIME:
            return voice.say("This is not a time range I can read:")
        case Reason.EMPTY_WINDOW:
            return voice.say("These hours begin and end at the same time:")
        case Reason.HOURS_WITHOUT_DAY:
            return voice.say("Which day is this for?")
        case Reason.DAY_WITHOUT_HOURS:
            return voice.say("From when until when on this day?")
        case Reason.EMPTY:
            return voice.say("There are no hours in this message.")
        case Reason.TOO_LONG:
            return voice.say("That is too long for me to read.")
