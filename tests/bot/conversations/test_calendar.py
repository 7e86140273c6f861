"""One's own time, month, week and day, in one message."""

from bot.conversations.calendar.taps import OpenCalendarDay, OpenCalendarWeek, OpenMonth
from bot.talk.taps import FIRST_DAY, LAST_DAY, pack
from tests.stage import Player, Stage, in_both

ASK = ("Надіслати запит", "Ask for it")


@in_both(
    ask=ASK,
    calendar=("Календар", "Calendar"),
    month=("📆 Листопад 2026 · час: Київ", "📆 November 2026 · Kyiv time"),
    counted=("📗 1 заняття · ⏳ 1 запит", "📗 1 lesson · ⏳ 1 request"),
    week=("📋 Тиждень", "📋 Week"),
    days=("📆 23–29 листопада 2026", "📆 23–29 November 2026"),
    wednesday=("Ср, 25 лист. · 09:00–17:00", "Wed 25 Nov · 09:00–17:00"),
    today=("Сьогодні", "Today"),
)
async def test_a_tutor_pages_through_their_time_in_one_message(
    stage: Stage,
    language: str,
    ask: str,
    calendar: str,
    month: str,
    counted: str,
    week: str,
    days: str,
    wednesday: str,
    today: str,
) -> None:
    olena = await stage.tutor(language=language, city="Kyiv")
    ira = await stage.student(of=olena, language=language, city="Kyiv")
    for day, hour in (("25", "12:00"), ("26", "13:00")):
        await ira.says("/book")
        await ira.taps(day, hour, ask)
    await olena.taps({"uk": "Підтвердити", "en": "Confirm"}[language])
    await olena.says("/start")
    await olena.taps(calendar)
    message = olena.screen["message_id"]
    assert month in olena.sees
    assert counted in olena.sees
    assert {"[23]", "⏳25", "📗26"} <= set(olena.buttons)
    await olena.taps(week)
    assert days in olena.sees
    assert f"{wednesday}\n⏳ 12:00–13:00 Іра" in olena.sees
    await olena.taps("30–6", "7–13", today, "📗26")
    assert "📗 13:00–14:00 · Іра" in olena.buttons
    await olena.taps("27", "📆", "›", "›", "‹", today)
    assert month in olena.sees
    assert olena.screen["message_id"] == message
    await olena.taps("📗26", "📗 13:00")
    assert "Іра" in olena.sees
    assert olena.screen["message_id"] == message


@in_both(
    ask=ASK,
    week=("📋 Тиждень", "📋 Week"),
    over=("🏁 01:00–02:00 Олена", "🏁 01:00–02:00 Олена"),
    none=("Занять немає.", "No lessons."),
)
async def test_a_student_elsewhere_reads_their_own_clock(
    stage: Stage, language: str, ask: str, week: str, over: str, none: str
) -> None:
    olena = await stage.tutor(language="uk", weekly="Mon-Sun 8-17")
    ira = await stage.student(of=olena, language=language, city="New York")
    max_ = await stage.student("Макс", of=olena, language=language, city="Kyiv")
    await ira.says("/book")
    await ira.taps("25", "01:00", ask)
    await olena.taps("Підтвердити")
    await ira.says("/calendar")
    await ira.taps("📗25")
    assert "📗 01:00–02:00 · Олена" in ira.buttons
    await stage.passes(days=3)
    await ira.says("/calendar")
    assert "🏁25" in ira.buttons
    await ira.taps(week)
    assert over in ira.sees
    await max_.says("/calendar")
    assert none in max_.sees


@in_both(
    picture=("🖼 Картинка", "🖼 Picture"),
    now=("📆 23–29 листопада 2026 · час: Київ\n📗 1 заняття", "📆 23–29 November 2026 · Kyiv time\n📗 1 lesson"),
    next_week=(
        "📆 30 листопада – 6 грудня 2026 · час: Київ\nЗанять немає.",
        "📆 30 November – 6 December 2026 · Kyiv time\nNo lessons.",
    ),
    text=("📄 Текстом", "📄 As text"),
    week=("📋 Тиждень", "📋 Week"),
)
async def test_the_picture_of_a_week_is_paged_in_place(
    stage: Stage, language: str, picture: str, now: str, next_week: str, text: str, week: str
) -> None:
    olena = await stage.tutor(language=language, city="Kyiv")
    ira = await stage.student(of=olena)
    await asks(ira, "25", "12:00")
    await olena.taps({"uk": "Підтвердити", "en": "Confirm"}[language])
    await olena.says("/calendar")
    await olena.taps(week)
    as_text, count = olena.screen["message_id"], len(olena.messages)
    await olena.taps(picture)
    shown = olena.screen
    assert olena.sees == now
    assert shown["message_id"] != as_text
    await olena.taps("30–6 ›")
    assert olena.sees == next_week
    assert olena.screen["message_id"] == shown["message_id"]
    assert olena.screen["photo"][0]["file_unique_id"] != shown["photo"][0]["file_unique_id"]
    await olena.taps({"uk": "Сьогодні", "en": "Today"}[language])
    assert olena.sees == now
    assert len(olena.messages) == count + 1
    await olena.taps(text)
    assert "Іра" in olena.sees
    assert "photo" not in olena.screen


@in_both(
    figures=("📊 Підсумки", "📊 Month in figures"),
    month=("📊 Листопад 2026 · час: Київ", "📊 November 2026 · Kyiv time"),
    told=(
        "Проведено занять: 2\nТривалість: 2 год\nДохід: 800\N{NO-BREAK SPACE}₴\nНових учнів: 1",
        "Lessons held: 2\nTaught: 2 h\nIncome: 800\N{NO-BREAK SPACE}UAH\nNew students: 1",
    ),
    before=("📊 Жовтень 2026 · час: Київ\n\nПроведено занять: 0", "📊 October 2026 · Kyiv time\n\nLessons held: 0"),
)
async def test_a_month_in_figures_is_paged_in_place(
    stage: Stage, language: str, figures: str, month: str, told: str, before: str
) -> None:
    now = f"{month}\n\n{told}"
    olena = await stage.tutor(language=language, city="Kyiv")
    await olena.opens_setting({"uk": "Ціна", "en": "Price"}[language])
    await olena.says("400")
    ira = await stage.student(of=olena)
    for hour in ("12:00", "13:00"):
        await asks(ira, "25", hour)
        await olena.taps({"uk": "Підтвердити", "en": "Confirm"}[language])
    await stage.passes(days=3)
    await olena.says("/calendar")
    await olena.taps(figures)
    chart = olena.screen
    assert chart["photo"]
    assert olena.sees == now
    assert not [label for label in olena.buttons if "›" in label]
    await olena.taps("‹")
    assert olena.sees == before
    await olena.taps("›")
    assert olena.sees == now
    assert olena.screen["message_id"] == chart["message_id"]
    await olena.says("/calendar month")
    assert olena.sees == now
    await ira.says("/calendar month")
    assert "📊" not in ira.sees


async def test_who_teaches_and_learns_tells_them_apart(stage: Stage) -> None:
    olena, petro = await stage.tutor(), await stage.tutor("Петро")
    ira = await stage.student(of=olena)
    await asks(ira, "25", "12:00")
    await olena.opens(await petro.link())
    await asks(olena, "25", "14:00")
    await olena.says("/calendar")
    await olena.taps("⏳25")
    assert [label for label in olena.buttons if "⏳" in label] == ["⏳ 12:00–13:00 · Іра", "⏳ 14:00–15:00 · 🎓 Петро"]


async def test_a_calendar_ends_where_dates_do(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/calendar")
    told = (
        (OpenMonth(FIRST_DAY), "Січень 2000"),
        (OpenCalendarWeek(FIRST_DAY), "27 грудня – 2 січня 2000"),
        (OpenCalendarDay(FIRST_DAY), "Субота, 1 січня"),
        (OpenMonth(LAST_DAY), "Грудень 2199"),
        (OpenCalendarWeek(LAST_DAY), "30 грудня – 5 січня 2200"),
        (OpenCalendarDay(LAST_DAY), "Вівторок, 31 грудня"),
    )
    for tap, said in told:
        await olena.forges(pack(tap))
        assert said in olena.sees


async def asks(player: Player, day: str, hour: str) -> None:
    await player.says("/book")
    await player.taps(day, hour, "Надіслати запит")
