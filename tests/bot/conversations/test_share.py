"""The link a tutor passes on: scanned, forwarded, replaced."""

from tests.stage import Player, Stage


async def test_the_link_comes_as_a_code_to_scan_and_goes_home_as_a_text(stage: Stage) -> None:
    olena = await stage.tutor()
    week = olena.screen
    await olena.taps("Посилання")
    assert olena.screen["photo"]
    assert olena.screen["message_id"] != week["message_id"]
    assert "https://t.me/" in olena.sees
    count = len(olena.messages)
    await olena.taps("Головна")
    assert "ваш робочий стіл" in olena.sees
    assert len(olena.messages) == count + 1
    await olena.says("/share")
    await olena.taps("Замінити", "‹ Назад")
    assert "Ваше посилання" in olena.sees
    assert len(olena.messages) == count + 3


async def test_a_new_link_takes_the_place_of_the_old_one(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    old = await olena.link()
    await olena.taps("Замінити")
    assert "Зробити нове посилання?" in olena.sees
    assert await link_works(stage, old)
    await olena.taps("Так, нове")
    assert olena.toast == "Старе посилання більше не діє"
    assert old not in olena.sees
    assert not await link_works(stage, old)
    assert await link_works(stage, await olena.link())
    await ira.says("/book")
    assert "Олена" in ira.sees


async def test_the_card_reads_well_when_it_is_passed_on(stage: Stage) -> None:
    olena = await stage.tutor()
    for setting, typed in (("Предмети", "англійська, німецька"), ("Про мене", "Вчу <говорити>"), ("Ціна", "400")):
        await olena.opens_setting(setting)
        await olena.says(typed)
    link = await olena.link()
    await olena.taps("Візитка")
    assert olena.sees == (
        "🎓 Олена\n\nанглійська · німецька\n\nВчу <говорити>\n\n"
        f"Тривалість заняття: 1 год, ціна: 400\N{NO-BREAK SPACE}₴.\n\n📅 Записатися на заняття: {link}"
    )
    (button,) = olena.screen["reply_markup"]["inline_keyboard"][0]
    assert button["url"] == link


async def test_who_opens_the_link_reads_what_the_tutor_tells(stage: Stage) -> None:
    olena = await stage.tutor()
    for setting, typed in (("Предмети", "англійська, німецька"), ("Про мене", "Вчу <говорити>")):
        await olena.opens_setting(setting)
        await olena.says(typed)
    ira = await stage.student(of=olena)
    assert "англійська · німецька" in ira.sees
    assert "Вчу <говорити>" in ira.sees


async def test_the_card_in_english_without_anything_told(stage: Stage) -> None:
    olena = await stage.tutor("Olena", language="en", city="Kyiv")
    link = await olena.link()
    await olena.taps("Card")
    assert olena.sees == f"🎓 Olena\n\nA lesson is 1 h.\n\n📅 Book a lesson: {link}"


async def test_a_student_has_no_link(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await olena.says("/share")
    stolen = [olena.data(label) for label in ("Візитка", "Замінити")]
    await olena.taps("Замінити")
    stolen.append(olena.data("Так, нове"))
    link = await olena.link()
    await ira.says("/lessons")
    for data in stolen:
        await ira.forges(data)
        assert "для викладачів" in ira.toast
    assert await olena.link() == link


async def link_works(stage: Stage, link: str) -> bool:
    guest: Player = stage.person("Гість")
    await guest.opens(link)
    return "запрошує вас" in guest.sees
