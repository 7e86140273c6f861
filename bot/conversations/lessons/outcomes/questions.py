from bot.talk.questions import Question, question


@question("note")
class LessonNote(Question):
    booking_id: int
