"""The first lesson, step by step, as two people play it on the page."""

from tests.e2e.browser import SandboxPage

MONDAY = "2026-11-23T08:00:00Z"
A_DAY_BEFORE = "2026-11-25T14:00:00Z"  # the lesson that was moved
WORDS = {
    "uk": {
        "greeting": "Вітаю, Olena!",
        "teach": "Я викладаю",
        "city": "Київ",
        "typed": "пн-пт 9-13, 15-19",
        "hours": "Пн–пт 09:00–13:00, 15:00–19:00",
        "saved": "Збережено",
        "link": "Посилання",
        "invited": "Olena запрошує вас",
        "pick": "Вибрати час",
        "day": "середа, 25 листопада",
        "ask": "Надіслати запит",
        "asked": "Запит надіслано",
        "request": "Новий запит",
        "when": "ср, 25 лист., 12:00–13:00",
        "confirm": "Підтвердити",
        "confirmed": "Підтверджено",
        "agreed": "Ваше заняття підтверджено",
        "card": "📄 Деталі",
        "move": "🔁 Перенести",
        "move it": "✅ Попросити",
        "wish": "Учень просить перенести заняття",
        "moved": "заняття перенесено",
        "later": "чт, 26 лист., 16:00–17:00",
        "there": "👍 Я буду",
        "said": "👍 Ви сказали, що будете",
        "known": "👍 Учень буде на занятті",
        "cancel": "❌ Скасувати заняття",
        "surely": "Так, скасувати",
        "cancelled": "❌ Ви скасували",
        "told": "Заняття скасовано учнем",
    },
    "en": {
        "greeting": "Hello, Olena!",
        "teach": "I teach",
        "city": "Kyiv",
        "typed": "Mon-Fri 9-13, 15-19",
        "hours": "Mon–Fri 09:00–13:00, 15:00–19:00",
        "saved": "Saved",
        "link": "My link",
        "invited": "Olena invites you",
        "pick": "Pick a time",
        "day": "Wednesday, 25 November",
        "ask": "Ask for it",
        "asked": "Asked",
        "request": "New request",
        "when": "Wed 25 Nov, 12:00–13:00",
        "confirm": "Confirm",
        "confirmed": "Confirmed",
        "agreed": "Your lesson is confirmed",
        "card": "📄 The lesson",
        "move": "🔁 Move",
        "move it": "✅ Ask",
        "wish": "Your student asks to move the lesson",
        "moved": "the lesson is moved",
        "later": "Thu 26 Nov, 16:00–17:00",
        "there": "👍 I'll be there",
        "said": "👍 You said you'll be there",
        "known": "👍 The student will be there",
        "cancel": "❌ Cancel the lesson",
        "surely": "Yes, cancel",
        "cancelled": "❌ You cancelled it",
        "told": "Your student cancelled the lesson",
    },
}
REMINDERS = {
    "uk": ("через 24 години", "через 1 годину", "через 15 хвилин"),
    "en": ("in 24 hours", "in 1 hour", "in 15 minutes"),
}


class FirstLesson:
    """Steps in their order; each waits until the people see what it led to."""

    def __init__(self, page: SandboxPage, language: str) -> None:
        self.page, self.student, self.tutor = page, page.student, page.tutor
        self.language = language
        self.words = WORDS[language]

    async def begin(self, now: str = MONDAY) -> None:
        """On a Monday morning, both phones in the same language."""
        await self.page.set_clock(now)
        for phone in (self.student, self.tutor):
            await phone.speaks(self.language)

    async def tutor_comes_in(self) -> None:
        await self.tutor.starts()
        await self.tutor.sees(self.words["greeting"])
        await self.tutor.taps(self.words["teach"], self.words["city"])
        await self.tutor.says(self.words["typed"])
        await self.tutor.sees(self.words["saved"], self.words["hours"])

    async def student_opens_the_link(self) -> None:
        await self.tutor.taps(self.words["link"])
        await self.tutor.opens_link_as("Ira")
        await self.student.sees(self.words["invited"])

    async def student_finds_a_day(self) -> None:
        await self.student.taps(self.words["city"], self.words["pick"], "25")
        await self.student.sees(self.words["day"])

    async def student_asks(self) -> None:
        await self.student.taps("12:00", self.words["ask"])
        await self.student.sees(self.words["asked"], self.words["when"])
        await self.tutor.sees(self.words["request"], "Ira", self.words["when"])

    async def tutor_confirms(self) -> None:
        await self.tutor.taps(self.words["confirm"])
        await self.tutor.sees_toast(self.words["confirmed"])
        await self.tutor.sees(f"✅ {self.words['confirmed']}")
        await self.student.sees(self.words["agreed"], self.words["when"])

    async def student_moves(self) -> None:
        await self.student.taps(self.words["card"], self.words["move"], "26", "16:00", self.words["move it"])
        await self.tutor.sees(self.words["wish"], self.words["later"])
        await self.tutor.taps(self.words["confirm"])
        await self.student.sees(self.words["moved"], self.words["later"])

    async def student_will_be_there(self) -> None:
        """Asked by the first reminder; the tutor reads the answer where the lesson is shown."""
        await self.page.set_clock(A_DAY_BEFORE)
        await self.student.sees(REMINDERS[self.language][0], self.words["later"])
        await self.student.taps(self.words["there"])
        await self.student.sees(self.words["said"])
        await self.tutor.sees(self.words["known"])

    async def student_cancels(self) -> None:
        await self.student.taps(self.words["cancel"], self.words["surely"])
        await self.student.sees(self.words["cancelled"])
        await self.tutor.sees(self.words["told"], self.words["later"])

    async def agreed(self) -> None:
        await self.begin()
        await self.tutor_comes_in()
        await self.student_opens_the_link()
        await self.student_finds_a_day()
        await self.student_asks()
        await self.tutor_confirms()

    async def time_goes_by(self) -> None:
        """Past the first reminder, past the others, past the lesson."""
        first, *others = REMINDERS[self.language]
        await self.page.advances(days=1, hours=3)
        for phone in (self.student, self.tutor):
            await phone.sees(first, self.words["when"])
        await self.page.advances(days=1)
        for phone in (self.student, self.tutor):
            await phone.sees(others[-1])
            for reminder in (first, *others):
                await phone.has_seen(reminder)
