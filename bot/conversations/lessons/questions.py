from bot.conversations.shared.lesson_questions import EndsLesson
from bot.talk.questions import question


@question("why_cancel")
class WhyCancel(EndsLesson):
    pass
