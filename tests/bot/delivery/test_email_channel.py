"""Mail to those who have proved an address, beside the chat and without being in its way."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from icalendar import Calendar
from pydantic import SecretStr

from bot.delivery.channels.email import EmailChannel
from bot.delivery.dispatcher import Dispatcher
from bot.mail.smtp import Mailer
from core.delivery import queue
from core.enums import ChannelKind, DeliveryStatus, Job
from core.lessons import bookings
from core.operating import job_runs
from core.people import emails, people
from core.people.people import Actor
from core.startup import Core
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from tests import builders
from tests.bot.delivery.test_dispatcher import DAY, HOUR, THURSDAY_NOON, Post, Telegram, agreed, flood, rows
from tests.bot.mail_server import listening, text
from tests.conftest import engines

IRA = "ira@example.org"
BOTH = frozenset({ChannelKind.PUSH, ChannelKind.EMAIL})
LINK = "https://t.me/desk_bot"

__all__ = ["Post", "Telegram"]


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def core(database_settings, clock, policies):
    opened = Core(engines(database_settings), policies=policies, clock=clock, channels=BOTH)
    yield opened
    await opened.close()


@pytest.fixture
async def server():
    async with listening() as server:
        yield server


@pytest.fixture
async def olena(core) -> Actor:
    return await builders.tutor(core)


@pytest.fixture
async def ira(core) -> Actor:
    known = await builders.person(core, "Ira", language="en")
    await mailed(core, known, IRA)
    return known


async def mailed(core, person, address):
    async with core.begin() as work:
        asked = await emails.ask_code(work, person_id=person.id, email=address)
        assert (await emails.confirm(work, person_id=person.id, mailed=asked.kept, code=asked.code)).is_right


class Mail:
    def __init__(self, core, clock, settings, **patience):
        channel = EmailChannel(Mailer(settings, **patience), link=lambda: LINK)
        self.dispatcher = Dispatcher(core, channel, clock, jitter=lambda _, longest: longest)

    async def goes_round(self):
        return await self.dispatcher.deliver_due()


@pytest.fixture
def mail(core, clock, server) -> Mail:
    return Mail(core, clock, server.settings)


@pytest.fixture
def chat(core, clock) -> Post:
    return Post(core, Telegram(), clock)


async def by_email(core, model=Notification):
    column = "channel" if model is Notification else "reminder_type"
    found = await rows(core, model)
    return [row for row in found if getattr(row, column) == ChannelKind.EMAIL and row.retry_count != row.max_retries]


def attached(message):
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    return Calendar.from_ical(part.get_payload(decode=True)).events[0]


async def test_an_operator_sees_what_waits_for_the_mail_apart_from_the_chat(core, clock, mail, olena, ira):
    await agreed(core, olena, ira)
    async with core.read() as work:
        before = {card.job: card.due for card in await job_runs.overview(work)}
    await mail.goes_round()
    async with core.read() as work:
        after = {card.job: card for card in await job_runs.overview(work)}
    assert before[Job.MAIL] == 1
    assert (after[Job.MAIL].due, after[Job.MAIL].next_at) == (0, THURSDAY_NOON - DAY)
    assert after[Job.DELIVER].due == before[Job.DELIVER] > 0


async def test_a_lesson_confirmed_moved_by_time_and_cancelled_is_mailed_with_its_entry(
    core, clock, server, mail, olena, ira
):
    await mailed(core, olena, "olena@example.org")
    lesson = await agreed(core, olena, ira)
    await mail.goes_round()
    clock.now = THURSDAY_NOON - DAY
    await mail.goes_round()
    clock.now = THURSDAY_NOON - HOUR
    await mail.goes_round()
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=olena.id, reason="<хворію>\r\nBcc: all@example.org")
    await mail.goes_round()

    confirmed, day, hour, cancelled = server.to(IRA)
    assert [each["Subject"] for each in (confirmed, day, hour, cancelled)] == [
        "✅ Your lesson is confirmed",
        "⏰ Your lesson is in 24 hours",
        "⏰ Your lesson is in 1 hour",
        "❌ Your tutor called the lesson off",
    ]
    assert attached(confirmed)["uid"] == attached(day)["uid"] == attached(cancelled)["uid"] == str(lesson.uid)
    assert attached(confirmed).start == THURSDAY_NOON
    assert attached(cancelled)["status"] == "CANCELLED"
    assert attached(cancelled)["sequence"] > attached(confirmed)["sequence"]
    assert not list(hour.iter_attachments())
    assert "12:00–13:00 (Kyiv time)" in text(confirmed)
    assert "/settings" in text(confirmed)
    assert "&lt;хворію&gt;" in text(cancelled, "html")
    assert "<хворію>" in text(cancelled)
    assert all(each["Bcc"] is None and "example.org" not in str(each["From"]) for each in server.mails)
    to_olena = server.to("olena@example.org")
    assert [each["Subject"] for each in to_olena] == [
        "⏰ Ваше заняття через 24 години",
        "⏰ Ваше заняття через 1 годину",
    ]
    assert all(len(to) == 1 for _, to in server.envelopes)
    assert not any(IRA in each.as_string() for each in to_olena)


async def test_nothing_is_mailed_without_an_address_nor_by_a_house_without_a_server(
    core, clock, policies, database_settings, server, mail, olena, ira
):
    max_ = await builders.person(core, "Max")
    await agreed(core, olena, max_)
    await mail.goes_round()
    assert server.knocks == 0
    quiet = Core(engines(database_settings), policies=policies, clock=clock)
    await agreed(quiet, olena, ira, THURSDAY_NOON + 3 * HOUR)
    assert await by_email(quiet) == []
    assert await by_email(quiet, Reminder) == []


async def test_what_waits_for_a_channel_that_was_closed_is_called_off(
    core, clock, policies, database_settings, olena, ira
):
    await agreed(core, olena, ira)
    quiet = Core(engines(database_settings), policies=policies, clock=clock)
    async with quiet.begin() as work:
        assert await queue.call_off_closed(work) == 0
    clock.now += HOUR
    async with quiet.begin() as work:
        assert await queue.call_off_closed(work) == 1
    assert {row.status for row in await by_email(core)} == {DeliveryStatus.CANCELLED}


async def test_a_channel_that_was_closed_for_a_while_costs_no_reminder_to_come(
    core, clock, policies, database_settings, server, mail, olena, ira
):
    await agreed(core, olena, ira)
    clock.now += 2 * HOUR
    async with Core(engines(database_settings), policies=policies, clock=clock).begin() as work:
        await queue.call_off_closed(work)
    clock.now = THURSDAY_NOON - HOUR
    await mail.goes_round()
    assert len(server.to(IRA)) == 1


@pytest.mark.parametrize("where", ["answers", "after_data"])
async def test_a_server_that_is_busy_gets_it_again_later(core, clock, server, mail, olena, ira, where):
    await agreed(core, olena, ira)
    getattr(server, where).append("451 4.7.1 Greylisted")
    assert await mail.goes_round() == clock.now + timedelta(seconds=2)
    (row,) = await by_email(core)
    assert (row.status, row.retry_count) == (DeliveryStatus.PENDING, 1)
    clock.advance(seconds=2)
    await mail.goes_round()
    assert (await by_email(core))[0].status == DeliveryStatus.SENT
    assert len({each["Message-ID"] for each in server.to(IRA)}) == 1


@pytest.mark.parametrize("answer", ["what?", "251 perhaps"])
async def test_a_server_that_talks_nonsense_has_the_mail_a_few_times_at_most(
    core, clock, server, mail, olena, ira, answer
):
    await agreed(core, olena, ira)
    server.after_data += [answer] * 9
    for _ in range(5):
        await mail.goes_round()
        clock.advance(minutes=5)
    (row,) = await by_email(core)
    assert (row.status, len(server.mails)) == (DeliveryStatus.FAILED, 3)


async def test_an_address_where_nobody_is_any_more_is_forgotten_and_the_person_hears_of_it_once(
    core, clock, server, mail, chat, olena, ira
):
    await agreed(core, olena, ira)
    await agreed(core, olena, ira, THURSDAY_NOON + 3 * HOUR)
    server.answers.append("550 5.1.1 No such user")
    await mail.goes_round()
    assert [row.status for row in await by_email(core)] == [DeliveryStatus.FAILED, DeliveryStatus.CANCELLED]
    assert server.mails == []
    assert await by_email(core, Reminder) == []
    [person] = [row for row in await rows(core, Person) if row.id == ira.id]
    assert person.email is None
    await chat.goes_round()
    assert len([said for said in chat.telegram.told(ira) if "does not work any more" in said]) == 1


@pytest.mark.parametrize("answer", ["550 5.7.1 Relaying denied", "552 5.2.2 Mailbox full"])
async def test_another_refusal_fails_with_the_reason_and_costs_nobody_their_address(
    core, server, mail, olena, ira, answer
):
    await agreed(core, olena, ira)
    server.answers.append(answer)
    await mail.goes_round()
    (row,) = await by_email(core)
    assert row.status == DeliveryStatus.FAILED
    assert answer[4:] in row.last_error
    assert [row.email for row in await rows(core, Person) if row.id == ira.id] == [IRA]


@pytest.mark.parametrize("trouble", ["no server", "no login"])
async def test_without_a_server_mail_waits_uncounted_and_the_chat_goes_on(
    core, clock, server, chat, olena, ira, trouble
):
    changed = {"port": 1} if trouble == "no server" else {"password": SecretStr("other")}
    down = Mail(core, clock, server.settings.model_copy(update=changed))
    await agreed(core, olena, ira)
    wait = timedelta(seconds=2) if trouble == "no server" else timedelta(minutes=1)
    assert await down.goes_round() == clock.now + wait
    (row,) = await by_email(core)
    assert (row.status, row.max_retries - row.retry_count) == (DeliveryStatus.PENDING, 40)
    await chat.goes_round()
    assert "Your lesson is confirmed" in chat.telegram.told(ira)[0]
    clock.now += wait
    await Mail(core, clock, server.settings).goes_round()
    assert len(server.to(IRA)) == 1


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_mail_is_handed_over_where_nobody_can_read_it(
    core, clock, olena, ira, authority, tmp_path, monkeypatch, security
):
    trusting(authority, tmp_path, monkeypatch)
    await agreed(core, olena, ira)
    async with listening(security, certificate=authority.issue_cert("localhost")) as server:
        await Mail(core, clock, server.settings).goes_round()
    assert [mail["To"] for mail in server.mails] == [IRA]
    assert server.passwords == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("whose", ["nobody knows who", "another's"])
async def test_a_server_that_can_not_prove_who_it_is_gets_neither_mail_nor_password(
    core, clock, olena, ira, authority, tmp_path, monkeypatch, security, whose
):
    trusting(authority if whose == "another's" else trustme.CA(), tmp_path, monkeypatch)
    await agreed(core, olena, ira)
    certificate = authority.issue_cert("mail.example.org" if whose == "another's" else "localhost")
    async with listening(security, certificate=certificate) as server:
        again_at = await Mail(core, clock, server.settings).goes_round()
    assert (server.mails, server.passwords) == ([], 0)
    assert again_at is not None
    assert again_at > clock.now
    assert {row.status for row in await by_email(core)} == {DeliveryStatus.PENDING}


async def test_a_server_that_offers_no_starttls_gets_neither_mail_nor_password(core, clock, server, olena, ira):
    await agreed(core, olena, ira)
    settings = server.settings.model_copy(update={"security": "starttls"})
    await Mail(core, clock, settings).goes_round()
    assert (server.mails, server.passwords) == ([], 0)


async def test_a_flood_in_the_chat_holds_up_no_mail(core, clock, server, mail, chat, olena, ira):
    await agreed(core, olena, ira)
    for person in (olena, ira):
        chat.telegram.answers[person.profile.telegram_id] = [flood(7)]
    await chat.goes_round()
    assert chat.telegram.sent == []
    await mail.goes_round()
    assert len(server.to(IRA)) == 1


async def test_a_mail_handed_over_without_an_answer_goes_out_a_few_times_at_most(core, clock, server, olena, ira):
    server.silence = asyncio.Event()
    slow = Mail(core, clock, server.settings, handed_over_within=0.4)
    await agreed(core, olena, ira)
    for _ in range(5):
        await slow.goes_round()
        clock.advance(minutes=5)
    server.silence.set()
    assert len(server.to(IRA)) == 3
    assert len({each["Message-ID"] for each in server.to(IRA)}) == 1
    assert (await by_email(core))[0].status == DeliveryStatus.FAILED


async def test_what_was_refused_for_now_has_all_its_tries_without_an_answer(core, clock, server, mail, olena, ira):
    await agreed(core, olena, ira)
    server.answers += ["451 4.7.1 Greylisted"] * 4
    for _ in range(4):
        await mail.goes_round()
        clock.advance(minutes=5)
    server.after_data.append("what?")
    for _ in range(2):
        await mail.goes_round()
        clock.advance(minutes=5)
    assert (await by_email(core))[0].status == DeliveryStatus.SENT


async def test_what_is_no_longer_true_is_not_mailed(core, server, mail, olena, ira):
    lesson = await agreed(core, olena, ira)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)
    await mail.goes_round()
    assert server.mails == []


async def test_a_name_can_not_add_a_header(core, server, mail, olena, ira):
    async with core.begin() as work:
        await people.choose_name(work, person_id=olena.id, name="Olena\r\nBcc: all@example.org")
    await agreed(core, olena, ira)
    await mail.goes_round()
    (one,) = server.mails
    assert one["Bcc"] is None
    assert "Olena Bcc: all@example.org" in text(one)
