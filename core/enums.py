"""The closed sets of values that `bot` may use."""

from enum import StrEnum

from db.enums import *  # noqa: F403  db owns the stored ones and cannot import core; bot may not import db


class DayPart(StrEnum):
    """A part of a day. Values are short, since buttons carry them."""

    ANY = "a"
    MORNING = "m"
    DAY = "d"
    EVENING = "e"


class Setting(StrEnum):
    """A tutor setting. Values are short, since buttons carry them. `trial` is either off or a length."""

    LENGTH = "length"
    STEP = "step"
    BUFFER_BEFORE = "before"
    BUFFER_AFTER = "after"
    GAP = "gap"
    TRIAL = "trial"
    PRICE = "price"
    NOTICE = "notice"
    ADVANCE = "advance"
    AUTO_ACCEPT = "accept"
    POLICY = "policy"
    NEW_STUDENTS = "new"
    LISTED = "listed"
    PER_DAY = "day"
    PER_WEEK = "week"
    PER_STUDENT = "student"
    SUBJECTS = "subjects"
    LANGUAGES = "languages"
    ABOUT = "about"
    ROOM = "room"
    ZONE = "zone"
