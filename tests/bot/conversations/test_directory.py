"""A student finds a tutor: by subject, by words, by when they are free."""

from decimal import Decimal
from typing import Any

from core.hours import tutor_settings
from core.people import people
from tests.stage import CITY, Player, Stage, bilingual, in_both

EVENING = "Mon-Sun 17-20"


async def teacher(stage: Stage, name: str, language: str, *, weekly: str = "Mon-Sun 9-17", **told: Any) -> Player:
    tutor = await stage.tutor(name, weekly=weekly, language=language, city=CITY[language])
    async with stage.core.begin() as work:
        actor = await people.find(work, tutor.id)
        assert actor
        await tutor_settings.change(work, tutor_id=actor.id, **told)
    return tutor


async def newcomer(stage: Stage, language: str, *, city: str | None = None) -> Player:
    """Somebody who learns and knows no tutor."""
    ira = stage.person("Іра", language=language)
    await ira.says("/start")
    await ira.taps({"uk": "Я навчаюся", "en": "I learn"}[language])
    await ira.says(city or CITY[language])
    return ira


@in_both(
    book=("Записатися", "Book a lesson"),
    find=("🔎 Знайти викладача", "🔎 Find a tutor"),
    none=("ще немає викладача", "You have no tutor here yet"),
    hint=("Виберіть предмет", "Tap a subject"),
    title=("🔎 математика · 2 викладачі", "🔎 математика · 2 tutors"),
    told=(
        "Олена\n1 год · 400\N{NO-BREAK SPACE}₴ · українська, англійська\n⚡ пн, 23 лист., 12:00",
        "Олена\n1 h · 400\N{NO-BREAK SPACE}UAH · Ukrainian, English\n⚡ Mon 23 Nov, 12:00",
    ),
    later=("⚡ пн, 23 лист., 17:00", "⚡ Mon 23 Nov, 17:00"),
    trial=("Є пробне заняття: 30 хв", "A trial lesson of 30 min"),
    pick=("📅 Заняття · 1 год", "📅 Lesson · 1 h"),
    ask=("Надіслати запит", "Ask for it"),
    asked=("Запит надіслано", "Asked"),
    tutors=("🎓 Викладачі", "🎓 Tutors"),
    mine=("Ваші викладачі", "Your tutors"),
)
async def test_a_newcomer_finds_a_tutor_by_subject_and_asks_for_a_lesson(
    stage: Stage, language: str, book: str, find: str, none: str, hint: str, title: str, told: str, later: str,
    trial: str, pick: str, ask: str, asked: str, tutors: str, mine: str,
) -> None:  # fmt: skip
    olena = await teacher(
        stage, "Олена", language, subjects=["математика"], price=Decimal(400), about="Пояснюю",
        trial_lesson_enabled=True, languages=["uk", "en"],
    )  # fmt: skip
    await teacher(stage, "Остап", language, weekly=EVENING, subjects=["Математика"])
    await teacher(stage, "Лев", language, subjects=["фізика"])
    ira = await newcomer(stage, language)
    await ira.taps(book)
    assert none in ira.sees
    before = ira.deeds
    await ira.taps(find)
    assert hint in ira.sees
    await ira.taps("атематика · 2")
    assert title.lower() in ira.sees.lower()
    assert told in ira.sees
    assert later in ira.sees
    assert ira.sees.index("Олена") < ira.sees.index("Остап")
    await ira.taps("Олена")
    assert "Пояснюю" in ira.sees
    assert trial in ira.sees
    await ira.taps(pick, "24", "10:00", ask)
    assert asked in ira.sees
    assert ira.deeds - before == 7
    assert any("Іра" in heard for heard in olena.heard)
    await ira.says("/book")
    await ira.taps(tutors)
    assert mine in ira.sees
    assert "Олена\n1" in ira.sees
    await ira.taps(find)
    assert hint in ira.sees
    assert len([button for button in ira.buttons if "·" in button]) == 2


@in_both(
    who=("🗓 Хто коли вільний?", "🗓 Who is free when?"),
    tuesday=("вт, 24 лист.", "Tue 24 Nov"),
    evening=("Вечір", "Evening"),
    morning=("Ранок", "Morning"),
    typed=("середа ввечері", "Wednesday evening"),
    on=("середа, 25 листопада", "Wednesday, 25 November"),
    part_alone=("вранці", "in the morning"),
    nobody=("вільних викладачів немає", "Nobody is free then"),
    wrong=("Не вдалося зрозуміти", "I can't read this day"),
    confirm=("Надіслати запит на це заняття?", "Ask for this lesson?"),
    zone=("Часовий пояс: Варшава", "Time zone: Warsaw"),
    city=("Варшава", "Warsaw"),
)
async def test_who_is_free_on_an_evening_of_ones_own_clock(
    stage: Stage, language: str, who: str, tuesday: str, evening: str, morning: str, typed: str, on: str,
    part_alone: str, nobody: str, wrong: str, confirm: str, zone: str, city: str,
) -> None:  # fmt: skip
    """Five to eight in the evening in Kyiv is four to seven in Warsaw."""
    await teacher(stage, "Олена", language, weekly=EVENING, subjects=["фізика"])
    await teacher(stage, "Остап", language, weekly="Mon-Sun 9-20", subjects=["Фізика"])
    ira = await newcomer(stage, language, city=city)
    await ira.taps("🔎", "ізика · 2", who, tuesday)
    assert "08:00, 09:00" in ira.sees
    assert zone in ira.sees
    await ira.taps(evening)
    assert "● " + evening in ira.buttons
    assert ira.sees.count("🕐 17:00, 18:00") == 2
    await ira.says(typed)
    assert on in ira.sees
    assert ira.sees.count("🕐 17:00, 18:00") == 2
    await ira.says(part_alone)
    assert on in ira.sees
    assert "● " + morning in ira.buttons
    assert "08:00, 09:00, 10:00, 11:00" in ira.sees
    assert "Олена" not in ira.sees
    await ira.says("абракадабра")
    assert wrong in ira.sees
    await ira.says(typed)
    await ira.taps("18:00")
    assert confirm in ira.sees
    assert "18:00" in ira.sees


@in_both(
    nothing=("нічого не знайдено", "I find nothing"),
    back=("‹ Предмети", "‹ Subjects"),
    title=("🔎 Англійська мова · 1 викладач", "🔎 Англійська мова · 1 tutor"),
)
async def test_words_find_a_subject_or_a_name(stage: Stage, language: str, nothing: str, back: str, title: str) -> None:
    await teacher(stage, "Мар’яна <b>", language, subjects=["Англійська мова", "хімія"])
    await teacher(stage, "Ангеліна", language, subjects=["хімія"])
    ira = await newcomer(stage, language)
    await ira.taps("🔎")
    await ira.says("<i>щось</i>")
    assert f"{nothing}" in ira.sees
    assert "<i>щось</i>" in ira.sees
    await ira.says("АНГ")
    assert "Англійська мова · 1" in ira.buttons
    assert "Ангеліна" in ira.buttons
    await ira.says("англійську")
    assert title in ira.sees
    await ira.says("маряна")
    await ira.taps("Мар’яна <b>")
    assert "Англійська мова · хімія" in ira.sees
    await ira.taps("‹ ")
    assert "хімія · 2" in ira.buttons


async def test_who_is_listed_no_more_is_found_no_more(stage: Stage) -> None:
    olena = await teacher(stage, "Олена", "uk", subjects=["фізика"])
    ira = await newcomer(stage, "uk")
    await ira.taps("🔎", "фізика · 1", "Олена")
    listed = [ira.data("Найближче"), ira.data("Вибрати час"), ira.data("‹ Назад")]
    async with stage.core.begin() as work:
        actor = await people.find(work, olena.id)
        assert actor
        await tutor_settings.change(work, tutor_id=actor.id, is_listed=False)
    for data in listed:
        await ira.forges(data)
        assert ira.toast == "Цього вже немає."
    await ira.says("/start")
    await ira.taps("🔎")
    assert "поки нікого немає" in ira.sees


@bilingual
async def test_everything_of_the_directory_can_be_paged(stage: Stage, language: str) -> None:
    for number in range(9):
        await teacher(stage, f"Викладач {number}", language, subjects=["фізика", f"предмет {number}", f"тема {number}"])
    ira = await newcomer(stage, language)
    await ira.taps("🔎")
    assert len([label for label in ira.buttons if "·" in label]) == 16
    stale = ira.data("›")
    await ira.taps("›")
    assert len([label for label in ira.buttons if "·" in label]) == 3
    await ira.forges(stale.replace(":1", ":zz"))
    await ira.taps("фізика · 9", "›")
    assert [label for label in ira.buttons if "Викладач" in label] == ["Викладач 7", "Викладач 8"]
    await ira.taps("‹")
    await ira.taps({"uk": "Хто коли", "en": "Who is free"}[language], "25")
    assert len([label for label in ira.buttons if "Викладач" in label]) == 6
    await ira.taps("›")
    assert [label for label in ira.buttons if "Викладач" in label] == [f"Викладач {n}" for n in (6, 7, 8)]


@in_both(
    setting=("Мови викладання", "Languages"),
    polish=("польська", "Polish"),
    typed=("deutsch, Корейська, EN", "Deutsch, Korean, en"),
    refused=("Якоїсь із цих мов я не знаю", "I don't know one of these"),
    told=("🗣 німецька, корейська, англійська, польська", "🗣 German, Korean, English, Polish"),
    card=("Візитка", "Card"),
)
async def test_a_tutor_tells_the_languages_taught_in(
    stage: Stage, language: str, setting: str, polish: str, typed: str, refused: str, told: str, card: str
) -> None:
    olena = await stage.tutor(language=language, city=CITY[language])
    await olena.opens_setting(setting)
    await olena.taps(polish)
    assert f"● {polish}" in olena.buttons
    no_polish = olena.data(polish)
    await olena.taps(polish)
    assert polish in olena.buttons
    await olena.says(typed)
    await olena.taps(polish)
    await olena.forges(no_polish.replace(":pl:0", ":pl:1"))
    await olena.forges(no_polish.replace(":pl:", ":a;b:").replace(":0", ":1"))
    assert refused in olena.toast
    await olena.link()
    await olena.taps(card)
    assert told in olena.sees


@in_both(
    setting=("Пошук", "Search"),
    off=("лише за посиланням", "by my link only"),
    on=("мене можна знайти", "students find me"),
    nobody=("поки нікого немає", "Nobody can be found"),
)
async def test_a_tutor_decides_whether_students_find_them(
    stage: Stage, language: str, setting: str, off: str, on: str, nobody: str
) -> None:
    olena = await teacher(stage, "Олена", language, subjects=["фізика"])
    ira = await newcomer(stage, language)
    await olena.opens_setting(setting)
    await olena.taps(off)
    await ira.taps("🔎")
    assert nobody in ira.sees
    await olena.taps(on)
    assert f"● {on}" in olena.buttons
    await ira.says("/start")
    await ira.taps("🔎")
    assert "фізика · 1" in ira.buttons
