"""The bot, put together. CONVERSATIONS is its table of contents."""

from telegram.ext import Application, ContextTypes, ExtBot, JobQueue
from telegram.request import BaseRequest

from bot.context import HOUSE, Context
from bot.conversations import (
    answers,
    applications,
    attendance,
    booking,
    by_hand,
    calendar,
    calendar_file,
    directory,
    email,
    exceptions,
    export,
    feeds,
    holidays,
    home,
    in_the_way,
    leaving,
    lessons,
    moves,
    name,
    operators,
    outcomes,
    packages,
    privacy,
    reminders,
    settings,
    share,
    start,
    students,
    terms,
    times,
    week,
    window,
    zone,
)
from bot.house import House
from bot.lanes import Lanes
from bot.pace import Lane, Pace
from bot.routing import Routes

CONVERSATIONS = (
    start.CONVERSATION,
    zone.CONVERSATION,
    home.CONVERSATION,
    home.ANYONE,
    settings.CONVERSATION,
    name.CONVERSATION,
    privacy.CONVERSATION,
    leaving.CONVERSATION,
    terms.CONVERSATION,
    reminders.CONVERSATION,
    email.CONVERSATION,
    share.CONVERSATION,
    applications.CONVERSATION,
    operators.CONVERSATION,
    week.CONVERSATION,
    window.CONVERSATION,
    exceptions.CONVERSATION,
    in_the_way.CONVERSATION,
    holidays.CONVERSATION,
    feeds.CONVERSATION,
    times.CONVERSATION,
    directory.CONVERSATION,
    booking.CONVERSATION,
    answers.CONVERSATION,
    lessons.CONVERSATION,
    calendar.CONVERSATION,
    moves.CONVERSATION,
    attendance.CONVERSATION,
    calendar_file.CONVERSATION,
    export.CONVERSATION,
    outcomes.CONVERSATION,
    by_hand.CONVERSATION,
    students.CONVERSATION,
    packages.CONVERSATION,
)

TutorApplication = Application[ExtBot[Lane], Context, dict, dict, dict, JobQueue[Context]]  # type: ignore[type-arg]


def build(
    house: House,
    *,
    token: str,
    request: BaseRequest,
    updates_request: BaseRequest | None = None,
    api_url: str = "https://api.telegram.org",
    pace: Pace | None = None,
) -> TutorApplication:
    """Join stories, lanes and pace; the caller starts what comes back and feeds it updates."""
    bot: ExtBot[Lane] = ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request,
        get_updates_request=updates_request or request,
        rate_limiter=pace or Pace(),
    )
    application: TutorApplication = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .job_queue(JobQueue[Context]())
        .concurrent_updates(Lanes())
        .context_types(ContextTypes(context=Context))
        .build()
    )
    application.bot_data[HOUSE] = house
    Routes(CONVERSATIONS, welcome=start.welcome).install(application)
    return application
