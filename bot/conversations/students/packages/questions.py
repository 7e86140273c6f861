from bot.talk.questions import Question, question


@question("package_size")
class PackageSize(Question):
    """The number of lessons."""

    student_id: int


@question("package_price")
class PackagePrice(Question):
    student_id: int
    lessons: int
