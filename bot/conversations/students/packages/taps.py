"""Packages of lessons."""

from bot.talk.taps import Tap, tap


@tap("kl")
class PickPackageSize(Tap):
    student_id: int


@tap("kp")
class PickPackagePrice(Tap):
    student_id: int
    lessons: int


@tap("ku")
class PickPackageSubject(Tap):
    """`price` is an amount with its currency, as the screens pack them."""

    student_id: int
    lessons: int
    price: int


@tap("kc")
class ConfirmPackage(Tap):
    """`subject` is the mark of one of the tutor's subjects, 0 for any."""

    student_id: int
    lessons: int
    price: int
    subject: int


@tap("kb")
class TakePackageBack(Tap):
    package_id: int


@tap("kB")
class TakePackageBackSurely(Tap):
    """`left_over` is the number the tutor was shown."""

    package_id: int
    left_over: int


@tap("kg")
class GrantPackage(Tap):
    """`after` is the last package the student had when this was offered."""

    student_id: int
    lessons: int
    price: int
    subject: int
    after: int
