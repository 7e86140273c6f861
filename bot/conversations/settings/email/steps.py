"""
A person has what changes mailed as well.

    [E-mail]              ->  on or off; "type your address"
      an address typed    ->  a code is mailed there; one that can't be mailed to: with a word why
        the code typed    ->  on, for the lessons ahead, too
                              (wrong: tries are left, or the address again; another address: a code goes there)
    [Switch off]          ->  nothing is mailed any more
"""

from telegram import Update

from bot.conversations.settings.email import screens
from bot.conversations.settings.email.taps import OpenEmail, StopEmail
from bot.conversations.settings.reminders import screens as reminder_screens
from bot.mail.smtp import Mailer
from bot.talk.context import Context
from bot.talk.questions import Question
from bot.talk.routing import Conversation
from bot.words import refusals
from core.delivery.answers import Failed, Sent, Unreachable
from core.enums import ChannelKind
from core.errors import BadEmail, NotFound, TooManyCodes
from core.people import emails, reminders
from core.people.emails import Asked


async def open_email(_: Update, context: Context) -> None:
    mailer_of(context)
    await ask_address(context)


async def hear_address(_: Update, context: Context) -> None:
    mailer = mailer_of(context)
    try:
        async with context.begin() as work:
            asked = await emails.ask_code(work, person_id=context.actor.id, email=context.words)
            await context.ask(work, Question.EMAIL_CODE, **asked.draft)
    except (BadEmail, TooManyCodes) as refusal:
        await ask_address(context, refusal=refusals.words(context.voice, refusal))
    else:
        await mail_code(context, mailer, asked)


async def mail_code(context: Context, mailer: Mailer, asked: Asked) -> None:
    """Send it at once: who waits for a code looks into the mailbox now."""
    now, key = context.resources.clock(), f"code-{asked.draft['salt']}"
    if not mailer.codes.take(str(context.actor.profile.telegram_id), emails.mailbox(asked.email), now=now):
        await ask_address(context, refusal=refusals.words(context.voice, TooManyCodes(emails.CODES_AN_HOUR)))
        return
    link = context.bot.link
    message = screens.code_mail(
        context.voice, asked.code, sender=mailer.sender, to=asked.email, link=link, key=key, now=now
    )
    match await mailer.send(message, to=asked.email):
        case Sent():
            await context.show(screens.code(context.voice, asked.email))
        case Failed() | Unreachable():
            await ask_address(context, refusal=screens.no_mailbox(context.voice))
        case _:
            await ask_address(context, refusal=screens.not_mailed(context.voice))


async def hear_code(update: Update, context: Context) -> None:
    if "@" in context.words:
        await hear_address(update, context)
        return
    me, code = context.actor.id, "".join(context.words.split())
    async with context.begin() as work:
        checked = await emails.confirm(work, person_id=me, draft=context.actor.draft, code=code)
        if checked.draft:
            await context.ask(work, Question.EMAIL_CODE, **checked.draft)
        elif checked.is_right:
            await context.ask(work, Question.REMINDER)
        wishes = await reminders.wishes(work, person_id=me)
    if checked.is_right:
        is_tutor = context.actor.is_tutor
        await context.show(reminder_screens.reminders(context.voice, wishes, is_tutor=is_tutor, is_saved=True))
    elif checked.draft:
        said = screens.wrong_code(context.voice, checked.draft["tries"])
        await context.show(screens.code(context.voice, checked.draft["email"], refusal=said))
    else:
        await ask_address(context, refusal=screens.spent_code(context.voice))


async def stop(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await emails.forget(work, person_id=context.actor.id)
        wishes = await reminders.wishes(work, person_id=context.actor.id)
        await context.ask(work, Question.REMINDER)
    is_tutor = context.actor.is_tutor
    await context.show(reminder_screens.reminders(context.voice, wishes, is_tutor=is_tutor, is_saved=True))


async def ask_address(context: Context, *, refusal: str | None = None) -> None:
    async with context.begin() as work:
        wishes = await reminders.wishes(work, person_id=context.actor.id)
        await context.ask(work, Question.EMAIL)
    await context.show(screens.email(context.voice, wishes.addresses.get(ChannelKind.EMAIL), refusal=refusal))


def mailer_of(context: Context) -> Mailer:
    """A house that does not mail has no such button: whoever taps it holds an old one."""
    if context.resources.mailer is None:
        raise NotFound
    return context.resources.mailer


CONVERSATION = Conversation(
    taps={OpenEmail: open_email, StopEmail: stop},
    words={Question.EMAIL: hear_address, Question.EMAIL_CODE: hear_code},
)
