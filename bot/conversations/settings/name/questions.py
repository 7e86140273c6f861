from bot.talk.questions import Question, question


@question("name")
class NewName(Question):
    pass
