from bot.talk.questions import Question, question


@question("feed")
class WhichFeed(Question):
    """The address of a calendar. With `file_id`: a file came unasked, and waits for a tap that takes it in."""

    file_id: str | None = None
    name: str = ""
    size: int = 0
