"""The closed sets of the trade, as bot may see them."""

from enum import StrEnum

from db.enums import *  # noqa: F403  db owns the stored ones and cannot import core; bot may not import db


class DayPart(StrEnum):
    """Short, for it stands in buttons."""

    ANY = "a"
    MORNING = "m"
    DAY = "d"
    EVENING = "e"


class Setting(StrEnum):
    """One thing a tutor decides about being booked; short, for it stands in buttons. `trial` is off or a length."""

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
