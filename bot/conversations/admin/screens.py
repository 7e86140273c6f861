"""The operators' overview: numbers only. The only names are of people who want to teach."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.conversations.admin.taps import OpenApplication, OpenOverview, OpenWaiting
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import N_, Html, Voice, lines
from core.delivery.alarms import Alarm
from core.enums import Job
from core.operating.job_runs import JobCard
from core.operating.operators import LessonCount, Overview, PeopleCount
from core.operating.queue_state import REMINDER_KIND, QueueState
from core.people.applications import ApplicationCard

MOST_WAITING = 12
MOST_KINDS = 8
JOBS = {
    Job.DELIVER: N_("delivery"),
    Job.MAIL: N_("e-mail"),
    Job.EXPIRE: N_("unanswered requests"),
    Job.SETTLE: N_("lessons that are over"),
    Job.CLEAN: N_("cleaning"),
    Job.ALARM: N_("alarms"),
    Job.FEEDS: N_("other calendars"),
}


def overview(voice: Voice, card: Overview, *, now: datetime) -> Screen:
    text = lines(
        voice.say("🛠 <b>The house</b>"),
        _people(voice, card.people),
        _lessons(voice, card.lessons),
        _queue(voice, card.queue, now),
        _failures(voice, card.queue),
        lines(voice.say("<b>Jobs</b>"), *(_job(voice, job, now) for job in card.jobs)),
        voice.say("As of {moment}", moment=voice.moment(now)),
        between="\n\n",
    )
    return Screen(text, (*_applications(voice, card), (_refresh(voice), home_button(voice))))


def waiting(voice: Voice, cards: Sequence[ApplicationCard]) -> Screen:
    if not cards:
        return Screen(voice.say("Nobody waits to teach."), ((_back(voice), home_button(voice)),))
    people: list[Row] = [(Button(card.name, OpenApplication(card.person_id)),) for card in cards]
    text = voice.say("📝 <b>These people want to teach here</b>\n\nWho asked first stands first.")
    return Screen(text, (*people, (_back(voice), home_button(voice))))


def alarm(voice: Voice, heard: Alarm) -> Screen:
    often = voice.count(
        "{n} time since the last alarm of this kind.", "{n} times since the last alarm of this kind.", heard.count
    )
    text = lines(
        voice.say("🚨 <b>An error in the bot</b>"),
        voice.say("<code>{kind}</code>", kind=heard.kind),
        often if heard.count > 1 else None,
        voice.say("The log has the details. I tell you of each kind once an hour at most."),
        between="\n\n",
    )
    return Screen(text, ((_back(voice), home_button(voice)),))


def _people(voice: Voice, people: PeopleCount) -> Html:
    return lines(
        voice.say("<b>People</b>"),
        voice.say("Tutors: {n}", n=people.tutors),
        voice.say("Students: {n}", n=people.students),
        voice.say("New in 7 days: {n}", n=people.new),
        voice.say("Unreachable: {n}", n=people.unreachable),
    )


def _lessons(voice: Voice, lessons: LessonCount) -> Html:
    return lines(
        voice.say("<b>Lessons of the last 7 days</b>"),
        voice.say("Held: {n}", n=lessons.held),
        voice.say("Cancelled: {n}", n=lessons.cancelled),
        voice.say("Missed: {n}", n=lessons.no_shows),
        voice.say("Requests waiting now: {n}", n=lessons.pending),
    )


def _queue(voice: Voice, state: QueueState, now: datetime) -> Html:
    oldest = None
    if state.oldest_due_at is not None:
        oldest = voice.say("The oldest is late by {span}", span=voice.span(now - state.oldest_due_at))
    depths = [
        voice.say("{kind}: {waiting}, due now: {due}", kind=_kind(voice, each.kind), waiting=each.waiting, due=each.due)
        for each in state.depths
    ]
    return lines(voice.say("<b>Waiting to be sent</b>"), *(depths or [voice.say("nothing")]), oldest)


def _kind(voice: Voice, kind: str) -> str:
    return voice.label("reminders") if kind == REMINDER_KIND else kind


def _failures(voice: Voice, state: QueueState) -> Html:
    kinds = [voice.say("{kind}: {n}", kind=kind, n=n) for kind, n in state.failures[:MOST_KINDS]]
    return lines(voice.say("<b>Not delivered in the last day</b>"), *(kinds or [voice.say("nothing")]))


def _job(voice: Voice, card: JobCard, now: datetime) -> Html:
    name = voice.say(JOBS[card.job]) if card.job in JOBS else card.job
    if card.ran_at is None:
        return voice.say("⚠️ {job}: has not run yet", job=name)
    ago = _ago(voice, now - card.ran_at)
    if card.failed_at is not None and card.failed_at == card.ran_at:
        return voice.say("⚠️ {job}: {error}, {ago}", job=name, error=card.error or "", ago=ago)
    if card.is_late:
        return voice.say("⚠️ {job}: {ago}", job=name, ago=ago)
    return voice.say("✅ {job}: {ago}", job=name, ago=ago)


def _ago(voice: Voice, length: timedelta) -> str:
    if length < timedelta(minutes=1):
        return voice.label("just now")
    return voice.label("{span} ago", span=voice.span(length))


def _applications(voice: Voice, card: Overview) -> tuple[Row, ...]:
    if not card.applications:
        return ()
    return ((Button(voice.label("📝 Want to teach · {n}", n=card.applications), OpenWaiting()),),)


def _refresh(voice: Voice) -> Button:
    return Button(voice.label("🔄 Refresh"), OpenOverview())


def _back(voice: Voice) -> Button:
    return Button(voice.label("🛠 The house"), OpenOverview())
