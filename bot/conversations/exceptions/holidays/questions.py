from bot.talk.questions import Question, question


@question("country")
class WhichCountry(Question):
    pass
