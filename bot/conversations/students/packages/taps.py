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
    """`price` is an amount with its currency, as packages.screens packs them."""

    student_id: int
    lessons: int
    price: int


@tap("kc")
class ConfirmPackage(Tap):
    """`subject` identifies one of the tutor's subjects, 0 is any."""

    student_id: int
    lessons: int
    price: int
    subject: int


@tap("kb")
class TakePackageBack(Tap):
    package_id: int


@tap("kB")
class TakePackageBackSurely(Tap):
    """`left_over` is the number of lessons that was shown."""

    package_id: int
    left_over: int


@tap("kg")
class GrantPackage(Tap):
    """`after` is the student's last package when this button was shown."""

    student_id: int
    lessons: int
    price: int
    subject: int
    after: int
