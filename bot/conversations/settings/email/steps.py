"""
A person gets changes and reminders by e-mail as well.

    [E-mail]              ->  on or off; "type your address"
      an address typed    ->  a code is mailed there; if that is not possible, the reason
        the code typed    ->  on, also for upcoming lessons
                              (wrong: another try, after five the address again; another address: a code goes there)
    [Switch off]          ->  nothing more is mailed
"""

from telegram import Update

from bot.conversations.settings import reminder_screens
from bot.conversations.settings.email import screens
from bot.conversations.settings.email.questions import EmailAddress, EmailCode
from bot.conversations.settings.email.taps import OpenEmail, StopEmail
from bot.conversations.settings.questions import RemindBefore
from bot.mail.smtp import Mailer
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from core.delivery.results import Failed, Sent, Unreachable
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
            await context.ask(work, EmailCode.of(asked.kept))
    except (BadEmail, TooManyCodes) as refusal:
        await ask_address(context, refusal=refusals.words(context.voice, refusal))
    else:
        await mail_code(context, mailer, asked)


async def mail_code(context: Context, mailer: Mailer, asked: Asked) -> None:
    """Send it now, not through the queue: the person is waiting for it."""
    now, key = context.resources.clock(), f"code-{asked.kept.salt}"
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
        checked = await emails.confirm(work, person_id=me, mailed=context.asked(EmailCode), code=code)
        if checked.kept:
            await context.ask(work, EmailCode.of(checked.kept))
        elif checked.is_right:
            await context.ask(work, RemindBefore())
        preferences = await reminders.preferences(work, person_id=me)
    if checked.is_right:
        is_tutor = context.actor.is_tutor
        await context.show(reminder_screens.reminders(context.voice, preferences, is_tutor=is_tutor, is_saved=True))
    elif checked.kept:
        said = screens.wrong_code(context.voice, checked.kept.tries)
        await context.show(screens.code(context.voice, checked.kept.email, refusal=said))
    else:
        await ask_address(context, refusal=screens.spent_code(context.voice))


async def stop(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await emails.forget(work, person_id=context.actor.id)
        preferences = await reminders.preferences(work, person_id=context.actor.id)
        await context.ask(work, RemindBefore())
    is_tutor = context.actor.is_tutor
    await context.show(reminder_screens.reminders(context.voice, preferences, is_tutor=is_tutor, is_saved=True))


async def ask_address(context: Context, *, refusal: str | None = None) -> None:
    async with context.begin() as work:
        preferences = await reminders.preferences(work, person_id=context.actor.id)
        await context.ask(work, EmailAddress())
    address = preferences.addresses.get(ChannelKind.EMAIL)
    await context.show(screens.email(context.voice, address, refusal=refusal))


def mailer_of(context: Context) -> Mailer:
    """Return the mailer; raises NotFound if there is none (the tap came from a button shown when there was one)."""
    if context.resources.mailer is None:
        raise NotFound
    return context.resources.mailer


CONVERSATION = Conversation(
    taps={OpenEmail: open_email, StopEmail: stop},
    words={EmailAddress: hear_address, EmailCode: hear_code},
)
