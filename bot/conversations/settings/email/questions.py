from dataclasses import asdict

from bot.talk.questions import Question, question
from core.people.emails import MailedCode


@question("email")
class EmailAddress(Question):
    pass


@question("email_code")
class EmailCode(MailedCode, Question):
    """The code that was mailed."""

    @classmethod
    def of(cls, mailed: MailedCode) -> "EmailCode":
        return cls(**asdict(mailed))
