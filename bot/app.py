"""Build the bot's application. CONVERSATIONS lists the stories."""

from telegram.ext import Application, ContextTypes, ExtBot, JobQueue
from telegram.request import BaseRequest

from bot.conversations.admin import steps as admin
from bot.conversations.applications import steps as applications
from bot.conversations.availability import steps as availability
from bot.conversations.availability.window import steps as window
from bot.conversations.booking import steps as booking
from bot.conversations.calendar import steps as calendar
from bot.conversations.directory import steps as directory
from bot.conversations.exceptions import steps as exceptions
from bot.conversations.exceptions.conflicts import steps as conflicts
from bot.conversations.exceptions.holidays import steps as holidays
from bot.conversations.export import steps as export
from bot.conversations.export.lesson_file import steps as lesson_file
from bot.conversations.feeds import steps as feeds
from bot.conversations.help import steps as help_
from bot.conversations.lessons import steps as lessons
from bot.conversations.lessons.attendance import steps as attendance
from bot.conversations.lessons.moves import steps as moves
from bot.conversations.lessons.outcomes import steps as outcomes
from bot.conversations.lessons.writing_down import steps as writing_down
from bot.conversations.pending import steps as pending
from bot.conversations.privacy import steps as privacy
from bot.conversations.privacy.leaving import steps as leaving
from bot.conversations.settings import steps as settings
from bot.conversations.settings.email import steps as email
from bot.conversations.settings.name import steps as name
from bot.conversations.settings.reminders import steps as reminders
from bot.conversations.settings.tutor import steps as tutor_settings
from bot.conversations.settings.zone import steps as zone
from bot.conversations.share import steps as share
from bot.conversations.slots import steps as slots
from bot.conversations.start import steps as start
from bot.conversations.students import steps as students
from bot.conversations.students.packages import steps as packages
from bot.edge.lanes import Lanes
from bot.edge.pace import Pace, Priority
from bot.talk.context import RESOURCES, Context
from bot.talk.resources import Resources
from bot.talk.routing import Fallbacks, Routes

CONVERSATIONS = (
    start.CONVERSATION,
    zone.CONVERSATION,
    help_.CONVERSATION,
    help_.ANYONE,
    settings.CONVERSATION,
    name.CONVERSATION,
    privacy.CONVERSATION,
    leaving.CONVERSATION,
    tutor_settings.CONVERSATION,
    reminders.CONVERSATION,
    email.CONVERSATION,
    share.CONVERSATION,
    applications.CONVERSATION,
    admin.CONVERSATION,
    availability.CONVERSATION,
    window.CONVERSATION,
    exceptions.CONVERSATION,
    conflicts.CONVERSATION,
    holidays.CONVERSATION,
    feeds.CONVERSATION,
    slots.CONVERSATION,
    directory.CONVERSATION,
    booking.CONVERSATION,
    pending.CONVERSATION,
    lessons.CONVERSATION,
    calendar.CONVERSATION,
    moves.CONVERSATION,
    attendance.CONVERSATION,
    lesson_file.CONVERSATION,
    export.CONVERSATION,
    outcomes.CONVERSATION,
    writing_down.CONVERSATION,
    students.CONVERSATION,
    packages.CONVERSATION,
)
FALLBACKS = Fallbacks(
    welcome=start.welcome,
    home=help_.home,
    unknown_command=help_.unknown_command,
    not_understood=help_.not_understood,
)

TutorApplication = Application[ExtBot[Priority], Context, dict, dict, dict, JobQueue[Context]]  # type: ignore[type-arg]


def build(
    resources: Resources,
    *,
    token: str,
    request: BaseRequest,
    updates_request: BaseRequest | None = None,
    api_url: str = "https://api.telegram.org",
    pace: Pace | None = None,
) -> TutorApplication:
    """Build the application from the stories, lanes and pace; the caller starts it and feeds it updates."""
    bot: ExtBot[Priority] = ExtBot(
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
    application.bot_data[RESOURCES] = resources
    Routes(CONVERSATIONS, otherwise=FALLBACKS).install(application)
    return application
