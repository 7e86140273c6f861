"""A tutor decides how to be booked, by buttons and by words."""

from tests.stage import Stage, in_both

TYPED = [
    ("Тривалість", "50 хв", "Тривалість: 50 хв"),
    ("Тривалість", "1:30", "Тривалість: 1 год 30 хв"),
    ("Початок", "20", "Початок: кожні 20 хв"),
    ("Пауза після", "25 min", "Пауза після: 25 хв"),
    ("Проміжок між заняттями", "1 год 20", "Проміжок між заняттями: 1 год 20 хв"),
    ("Пробне заняття", "25", "Пробне заняття: 25 хв"),
    ("Ціна", "400", "Ціна: 400\N{NO-BREAK SPACE}₴"),
    ("Ціна", "20 USD", "Ціна: 20\N{NO-BREAK SPACE}USD"),
    ("Ціна", "20,50 €", "Ціна: 20,50\N{NO-BREAK SPACE}EUR"),
    ("Запис закривається", "3", "Запис закривається: за 3 год"),
    ("Запис відкрито", "2 тижні", "Запис відкрито: на 14 днів уперед"),
    ("Занять на день", "7", "Занять на день: до 7"),
    ("Занять на тиждень", "12", "Занять на тиждень: до 12"),
    ("Занять на учня", "0", "Занять на учня: без обмежень"),
    ("Предмети", "англійська,  німецька мова , англійська", "Предмети: англійська, німецька мова"),
    ("Про мене", "Вчу <говорити> & слухати", "Про мене: Вчу <говорити> & слухати"),
    ("Відеокімната", "meet.google.com/abc", "Відеокімната: https://meet.google.com/abc"),
    ("Пояс розкладу", "Варшава", "Пояс розкладу: Варшава"),
]
REFUSED = [
    ("Тривалість", "довго", "від 10 хв до 8 год"),
    ("Тривалість", "9 год", "від 10 хв до 8 год"),
    ("Тривалість", "9" * 4000, "від 10 хв до 8 год"),
    ("Пауза до", "5 год", "до 4 год"),
    ("Проміжок між заняттями", "5 год", "до 4 год"),
    ("Ціна", "дорого", "Не можу прочитати ціну"),
    ("Ціна", "400 слонів", "Не можу прочитати ціну"),
    ("Ціна", "99999999999", "Не можу прочитати ціну"),
    ("Ціна", "-5", "Не можу прочитати ціну"),
    ("Запис закривається", "40 днів", "до 30 днів"),
    ("Запис відкрито", "400", "від 1 до 365"),
    ("Занять на день", "багато", "від 1 до 500"),
    ("Предмети", ", ".join(map(str, range(11))), "Не більше 10 предметів"),
    ("Предмети", "ж" * 41, "Не більше 10 предметів"),
    ("Мови викладання", "ельфійська", "Якоїсь із цих мов я не знаю"),
    ("Про мене", "ж" * 501, "можна до 500 символів"),
    ("Відеокімната", "http://meet.example.org/a", "має починатися з https://"),
    ("Відеокімната", "https://кімната", "має починатися з https://"),
    ("Відеокімната", "https://localhost/a", "має починатися з https://"),
    ("Відеокімната", "javascript:alert(1)", "має починатися з https://"),
    ("Пояс розкладу", "Десь там далеко", "Я не знаю місця"),
]


GLANCE = {
    "uk": (
        "📚 Заняття\nТривалість: 1 год\nПробне заняття: немає",
        "📝 Запис\nЗапити: відповідаю на кожен\nЗапис закривається: за 2 год\nНові учні: приймаю",
        "💳 Ціна, скасування\nЦіна: не вказано\nСкасування: безкоштовно не пізніше ніж за 24 год",
        "👤 Профіль\nПредмети: –\nВідеокімната: щоразу нова",
        "🙋 Особисте\nМова: 🇺🇦 Українська\nЧасовий пояс: Київ\nІм’я: Олена",
    ),
    "en": (
        "📚 Lessons\nLesson length: 1 h\nTrial lesson: off",
        "📝 Booking\nRequests: I answer each\nBooking closes: 2 h before\nNew students: welcome",
        "💳 Price, cancelling\nPrice: not set\nCancelling: free up to 24 h before",
        "👤 Profile\nSubjects: –\nVideo room: a new one each time",
        "🙋 Personal\nLanguage: 🇬🇧 English\nTime zone: Kyiv\nName: Олена",
    ),
}
TOPICS = {
    "uk": {
        "📚": "Тривалість: 1 год\nПочаток: одне за одним\nПауза до: немає\nПауза після: немає\n"
        "Проміжок між заняттями: немає\nПробне заняття: немає",
        "📝": "Запити: відповідаю на кожен\nЗапис закривається: за 2 год\nЗапис відкрито: на 30 днів уперед\n"
        "Нові учні: приймаю\nЗанять на день: без обмежень\nЗанять на тиждень: без обмежень\n"
        "Занять на учня: без обмежень",
        "💳": "Ціна: не вказано\nСкасування: безкоштовно не пізніше ніж за 24 год",
        "👤": "Предмети: –\nМови викладання: –\nПро мене: –\nПошук: мене можна знайти\nВідеокімната: щоразу нова",
        "🙋": "Мова: 🇺🇦 Українська\nЧасовий пояс: Київ\nІм’я: Олена\nПояс розкладу: Київ",
    },
    "en": {
        "📚": "Lesson length: 1 h\nStarts: one after another\nBreak before: none\nBreak after: none\n"
        "Gap between lessons: none\nTrial lesson: off",
        "📝": "Requests: I answer each\nBooking closes: 2 h before\nBooking opens: 30 days ahead\n"
        "New students: welcome\nLessons per day: no limit\nLessons per week: no limit\nLessons per student: no limit",
        "💳": "Price: not set\nCancelling: free up to 24 h before",
        "👤": "Subjects: –\nLanguages: –\nAbout me: –\nSearch: students find me\nVideo room: a new one each time",
        "🙋": "Language: 🇬🇧 English\nTime zone: Kyiv\nName: Олена\nTime zone of my hours: Kyiv",
    },
}


@in_both(back=("‹ Налаштування", "‹ Settings"))
async def test_every_setting_is_under_its_topic_with_its_value(stage: Stage, language: str, back: str) -> None:
    olena = await stage.tutor(language=language, city="Kyiv")
    await olena.says("/settings")
    assert olena.sees.split("\n\n")[1:] == list(GLANCE[language])
    for mark, said in TOPICS[language].items():
        await olena.taps(mark)
        assert olena.sees.endswith(said)
        for line in said.splitlines()[-2:]:
            assert line.partition(":")[0] in " ".join(olena.buttons)
        await olena.taps(back)


EFFECTS = [
    (("Тривалість", "Lesson length"), ("2 год", "2 h"), (26, 13)),
    (("Початок", "Starts"), ("кожні 30 хв", "every 30 min"), (13, 32)),
    (("Пауза до", "Break before"), ("30 хв", "30 min"), (32, 32)),
    (("Пауза після", "Break after"), ("30 хв", "30 min"), (32, 32)),
    (("Запис закривається", "Booking closes"), ("за 24 год", "24 h before"), (32, 30)),
    (("Запис відкрито", "Booking opens"), ("2", "2 days"), (30, 8)),
    (("Занять на день", "Lessons per day"), ("5", "5"), (8, 8)),
    (("Занять на тиждень", "Lessons per week"), ("5", "5"), (8, 8)),
    (("Пояс розкладу", "Time zone of my hours"), ("Лондон, Велика Британія", "London, United Kingdom"), (8, 10)),
]


@in_both(nth=(0, 1), same=("{n}, як і було", "{n}, as before"))
async def test_a_change_says_at_once_what_it_does_to_the_coming_week(
    stage: Stage, language: str, nth: int, same: str
) -> None:
    olena = await stage.tutor(weekly="Mon-Sun 9-13", language=language, city="Kyiv")
    for titles, choices, (before, after) in EFFECTS:
        title, choice = titles[nth], choices[nth]
        await olena.opens_setting(title)
        await (olena.taps(choice) if choice in olena.buttons else olena.says(choice))
        assert (f"{before} → {after}" if before != after else same.format(n=after)) in olena.sees, title


@in_both(
    nth=(0, 1),
    gap=(("Проміжок між заняттями", "1 год"), ("Gap between lessons", "1 h")),
    ask=(("Вибрати час", "Надіслати запит"), ("Pick a time", "Ask for it")),
)
async def test_students_are_offered_times_with_the_gap_between_lessons(
    stage: Stage, language: str, nth: int, gap: tuple[str, str], ask: tuple[str, str]
) -> None:
    olena = await stage.tutor(weekly="Wed 9-17", language=language, city=("Київ", "Kyiv")[nth])
    await olena.opens_setting(gap[0])
    await olena.taps(gap[1])
    assert f"● {gap[1]}" in olena.buttons
    ira = await stage.student(of=olena, language=language)
    await ira.taps(ask[0], "25")
    taken = ira.data("13:00")
    await ira.taps("12:00", ask[1])
    max_ = await stage.student("Макс", of=olena, language=language)
    await max_.taps(ask[0], "25")
    times = [label for label in max_.buttons if ":" in label]
    assert times == ["09:00", "10:00", "14:00", "15:00", "16:00"]
    await max_.forges(taken)
    assert "13:00" in max_.toast


async def test_what_is_chosen_is_marked(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.opens_setting("Тривалість")
    await olena.taps("2 год")
    assert "● 2 год" in olena.buttons
    assert olena.toast == "Збережено"
    await olena.taps("‹ Заняття")
    assert "Тривалість: 2 год" in olena.sees


async def test_a_value_can_be_typed(stage: Stage) -> None:
    olena = await stage.tutor()
    for setting, typed, says in TYPED:
        await olena.opens_setting(setting)
        await olena.says(typed)
        assert "✅ Збережено" in olena.sees, typed
        await olena.taps("‹")
        assert says in olena.sees, typed


async def test_what_cannot_be_is_refused_and_asked_for_again(stage: Stage) -> None:
    olena = await stage.tutor()
    for setting, typed, refused in REFUSED:
        await olena.opens_setting(setting)
        before = olena.sees.partition("\n")[0]
        for _ in range(2):
            await olena.says(typed)
            assert refused in olena.sees, typed
            assert "🏠 Головна" in olena.buttons, typed
        await olena.opens_setting(setting)
        assert olena.sees.partition("\n")[0] == before


async def test_a_refusal_keeps_the_quick_choices(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.opens_setting("Тривалість")
    offered = olena.buttons
    await olena.says("довго")
    assert "від 10 хв до 8 год" in olena.sees
    assert olena.buttons == offered
    await olena.taps("2 год")
    assert "✅ Збережено" in olena.sees


async def test_what_is_heard_again_changes_the_same_setting(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.opens_setting("Ціна")
    for typed in ("400 грн", "20 EUR", "25"):
        await olena.says(typed)
    assert "25\N{NO-BREAK SPACE}EUR" in olena.sees


async def test_what_was_set_can_be_cleared(stage: Stage) -> None:
    olena = await stage.tutor()
    for setting, typed, clear in (("Ціна", "400", "Без ціни"), ("Про мене", "Вчу", "Прибрати")):
        await olena.opens_setting(setting)
        assert clear not in " ".join(olena.buttons)
        await olena.says(typed)
        await olena.taps(clear)
    assert "Про мене: –" in olena.sees
    await olena.says("/settings")
    assert "Ціна: не вказано" in olena.sees


async def test_several_places_of_one_name_are_offered(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.opens_setting("Пояс розкладу")
    await olena.says("Лондон")
    await olena.taps("Лондон, Велика Британія", "‹ Особисте")
    assert "Пояс розкладу: Лондон" in olena.sees
    assert "Часовий пояс: Київ" in olena.sees  # the tutor's own clock is another matter


async def test_the_clock_of_the_hours_moves_the_offer_and_no_lesson(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon-Sun 9-17")
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.opens_setting("Пояс розкладу")
    await olena.taps("Лондон")
    await ira.says("/lessons")
    assert any("12:00" in label for label in ira.buttons)
    await ira.says("/book")
    await ira.taps("26")
    assert "11:00" in ira.buttons
    assert "10:00" not in ira.buttons


async def test_yes_or_no_is_not_asked_in_words(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.opens_setting("Запити")
    await olena.taps("бронюється одразу")
    await olena.says("ні")
    assert "Зі мною простіше кнопками" in olena.sees
    await olena.says("/settings")
    assert "Запити: бронюється одразу" in olena.sees


async def test_a_student_keeps_the_settings_of_theirs(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await olena.says("/settings")
    topic = olena.data("💳")
    await olena.taps("💳")
    stolen = olena.data("Ціна")
    await ira.says("/settings")
    personal = ["🌐 Мова", "🕰 Часовий пояс", "✏️ Ім’я", "🔔 Нагадування", "🔒 Приватність"]
    assert ira.buttons == [*personal, "🎓 Я також викладаю", "🏠 Головна"]
    for data in (topic, stolen):
        await ira.forges(data)
        assert "для викладачів" in ira.toast


async def test_a_forged_choice_changes_nothing(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    before = olena.sees
    for forged in ("length:0", "length:zzzzzzzz", "policy:3", "zone:1", "day:zz", "before:a0"):
        await olena.forges(f"1:tc:{forged}")
        assert olena.toast, forged
    await olena.says("/settings")
    assert olena.sees == before


async def test_the_setting_heard_survives_a_restart(stage: Stage) -> None:
    stage.restarts = True
    olena = await stage.tutor()
    await olena.opens_setting("Предмети")
    await olena.says("математика")
    assert "Предмети: математика" in olena.sees


async def test_a_student_with_enough_lessons_ahead_is_told_so(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.opens_setting("Занять на учня")
    await olena.taps("до 1")
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await ira.says("/book")
    await ira.taps("26", "12:00")
    assert "щонайбільше 1 заняття" in ira.toast
