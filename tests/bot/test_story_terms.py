"""A tutor decides how to be booked, by buttons and by words."""

from tests.stage import Stage

TYPED = [
    ("Тривалість", "50 хв", "Тривалість: 50 хв"),
    ("Тривалість", "1:30", "Тривалість: 1 год 30 хв"),
    ("Початок", "20", "Початок: кожні 20 хв"),
    ("Пауза після", "25 min", "Пауза після: 25 хв"),
    ("Пробне", "25", "Пробне заняття: 25 хв"),
    ("Ціна", "400", "Ціна: 400\N{NO-BREAK SPACE}₴"),
    ("Ціна", "20 USD", "Ціна: 20\N{NO-BREAK SPACE}USD"),
    ("Ціна", "20,50 €", "Ціна: 20,50\N{NO-BREAK SPACE}EUR"),
    ("Закривається", "3", "Запис закривається: за 3 год"),
    ("Відкрито", "2 тижні", "Запис відкрито: на 14 днів уперед"),
    ("На день", "7", "Занять на день: до 7"),
    ("На тиждень", "12", "Занять на тиждень: до 12"),
    ("На учня", "0", "Занять на учня: без обмежень"),
    ("Предмети", "англійська,  німецька мова , англійська", "Предмети: англійська, німецька мова"),
    ("Про мене", "Вчу <говорити> & слухати", "Про мене: Вчу <говорити> & слухати"),
    ("Кімната", "meet.google.com/abc", "Відеокімната: https://meet.google.com/abc"),
    ("Пояс", "Варшава", "Пояс розкладу: Варшава"),
]
REFUSED = [
    ("Тривалість", "довго", "від 10 хв до 8 год"),
    ("Тривалість", "9 год", "від 10 хв до 8 год"),
    ("Тривалість", "9" * 4000, "від 10 хв до 8 год"),
    ("Пауза до", "5 год", "до 4 год"),
    ("Ціна", "дорого", "Не можу прочитати ціну"),
    ("Ціна", "400 слонів", "Не можу прочитати ціну"),
    ("Ціна", "99999999999", "Не можу прочитати ціну"),
    ("Ціна", "-5", "Не можу прочитати ціну"),
    ("Закривається", "40 днів", "до 30 днів"),
    ("Відкрито", "400", "від 1 до 365"),
    ("На день", "багато", "від 1 до 500"),
    ("Предмети", ", ".join(map(str, range(11))), "Не більше 10 предметів"),
    ("Предмети", "ж" * 41, "Не більше 10 предметів"),
    ("Про мене", "ж" * 501, "можна до 500 символів"),
    ("Кімната", "http://meet.example.org/a", "має починатися з https://"),
    ("Кімната", "https://кімната", "має починатися з https://"),
    ("Кімната", "https://localhost/a", "має починатися з https://"),
    ("Кімната", "javascript:alert(1)", "має починатися з https://"),
    ("Пояс", "Десь там далеко", "Я не знаю місця"),
]


async def test_every_setting_is_on_one_screen_with_its_value(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    for line in (
        "Тривалість: 1 год",
        "Початок: одне за одним",
        "Пауза до: немає",
        "Пробне заняття: немає",
        "Ціна: не вказано",
        "Запис закривається: за 2 год",
        "Запис відкрито: на 30 днів уперед",
        "Запити: відповідаю на кожен",
        "Скасування: безкоштовно не пізніше ніж за 24 год",
        "Занять на день: без обмежень",
        "Нові учні: приймаю",
        "Предмети: –",
        "Відеокімната: щоразу нова",
        "Пояс розкладу: Київ",
    ):
        assert line in olena.sees
    assert {"Тривалість", "Ціна", "Про мене", "🕰 Часовий пояс", "🌐 Мова", "🏠 Головна"} <= set(olena.buttons)


async def test_a_change_says_at_once_what_it_does_to_the_coming_week(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon-Sun 9-13")
    await olena.says("/settings")
    await olena.taps("Тривалість", "2 год")
    assert "Вільних місць на найближчі 7 днів: 26 → 13" in olena.sees
    assert "● 2 год" in olena.buttons
    assert olena.toast == "Збережено"
    await olena.taps("2 год")
    assert "13, як і було" in olena.sees
    await olena.taps("‹ Налаштування")
    assert "Тривалість: 2 год" in olena.sees


async def test_a_value_can_be_typed(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    for setting, typed, says in TYPED:
        await olena.taps(setting)
        await olena.says(typed)
        assert "✅ Збережено" in olena.sees, typed
        await olena.taps("‹ Налаштування")
        assert says in olena.sees, typed


async def test_what_cannot_be_is_refused_and_asked_for_again(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    before = olena.sees
    for setting, typed, refused in REFUSED:
        await olena.taps(setting)
        for _ in range(2):
            await olena.says(typed)
            assert refused in olena.sees, typed
            assert "‹ Налаштування" in olena.buttons, typed
        await olena.says("/settings")
        assert olena.sees == before


async def test_a_refusal_keeps_the_quick_choices(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    await olena.taps("Тривалість")
    offered = olena.buttons
    await olena.says("довго")
    assert "від 10 хв до 8 год" in olena.sees
    assert olena.buttons == offered
    await olena.taps("2 год")
    assert "✅ Збережено" in olena.sees


async def test_what_is_heard_again_changes_the_same_setting(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    await olena.taps("Ціна")
    for typed in ("400 грн", "20 EUR", "25"):
        await olena.says(typed)
    assert "25\N{NO-BREAK SPACE}EUR" in olena.sees


async def test_what_was_set_can_be_cleared(stage: Stage) -> None:
    olena = await stage.tutor()
    for setting, typed, clear in (("Ціна", "400", "Без ціни"), ("Про мене", "Вчу", "Прибрати")):
        await olena.says("/settings")
        await olena.taps(setting)
        assert clear not in " ".join(olena.buttons)
        await olena.says(typed)
        await olena.taps(clear)
    await olena.says("/settings")
    assert "Ціна: не вказано" in olena.sees
    assert "Про мене: –" in olena.sees


async def test_several_places_of_one_name_are_offered(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    await olena.taps("Пояс")
    await olena.says("Лондон")
    await olena.taps("Лондон, Велика Британія", "‹ Налаштування")
    assert "Пояс розкладу: Лондон" in olena.sees
    assert "Часовий пояс: Київ" in olena.sees  # the tutor's own clock is another matter


async def test_the_clock_of_the_hours_moves_the_offer_and_no_lesson(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon-Sun 9-17")
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.says("/settings")
    await olena.taps("Пояс", "Лондон")
    await ira.says("/lessons")
    assert any("12:00" in label for label in ira.buttons)
    await ira.says("/book")
    await ira.taps("26")
    assert "11:00" in ira.buttons
    assert "10:00" not in ira.buttons


async def test_yes_or_no_is_not_asked_in_words(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    await olena.taps("Запити", "бронюється одразу")
    await olena.says("ні")
    assert "Зі мною простіше кнопками" in olena.sees
    await olena.says("/settings")
    assert "Запити: бронюється одразу" in olena.sees


async def test_terms_in_english(stage: Stage) -> None:
    olena = await stage.tutor("Olena", language="en", city="Kyiv")
    await olena.says("/settings")
    assert "Cancelling: free up to 24 h before" in olena.sees
    await olena.taps("Cancelling", "free up to 48 h before")
    assert "● free up to 48 h before" in olena.buttons
    await olena.taps("‹ Settings", "Price")
    await olena.says("20 USD")
    assert "Price: $20" in olena.sees
    await olena.taps("‹ Settings", "Newcomers", "not now")
    await olena.taps("‹ Settings")
    assert "New students: not now" in olena.sees


async def test_a_student_keeps_the_settings_of_theirs(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await olena.says("/settings")
    stolen = olena.data("Ціна")
    await ira.says("/settings")
    assert ira.buttons == ["🌐 Мова", "🕰 Часовий пояс", "✏️ Ім’я", "🔒 Приватність", "🎓 Я також викладаю", "🏠 Головна"]
    await ira.forges(stolen)
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
    await olena.says("/settings")
    await olena.taps("Предмети")
    await olena.says("математика")
    assert "Предмети: математика" in olena.sees


async def test_a_student_with_enough_lessons_ahead_is_told_so(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/settings")
    await olena.taps("На учня", "до 1")
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await ira.says("/book")
    await ira.taps("26", "12:00", "Надіслати запит")
    assert "щонайбільше 1 заняття" in ira.toast
