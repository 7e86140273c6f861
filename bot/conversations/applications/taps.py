"""An operator decides about an application to teach."""

from bot.talk.taps import Tap, tap


@tap("oa")
class ApproveTutor(Tap):
    person_id: int


@tap("or")
class RefuseTutor(Tap):
    person_id: int
