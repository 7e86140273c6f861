from bot.talk.questions import Question, question


@question("feed")
class WhichFeed(Question):
    """The address of a calendar. With `file_id`: a file that the tutor sent without being asked; a tap imports it."""

    file_id: str | None = None
    name: str = ""
    size: int = 0
