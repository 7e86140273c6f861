"""
Which times are offered: pure, and the only place that knows.

    weekly windows, replaced on single dates, united
      without what exceptions close           -> when the tutor teaches   (opening)
      every step from where a span begins,
      without what is taken, buffers included -> what is offered          (offers)
      extra slots as they are

Dates and clock times are the tutor's, instants are aware UTC.
"""

from core.pure.planning.busy import as_lesson, lessons_in_conflict, overlaps
from core.pure.planning.local_time import ambiguous_clock, local_date, local_instant
from core.pure.planning.offers import free_times, lesson_at, why_not
from core.pure.planning.opening import opening_hours, opening_spans
from core.pure.planning.reach import busy_reach, reach
from core.pure.planning.values import Busy, BusyKind, DateException, Refusal, Rules, Schedule, Span, Window

__all__ = [
    "Busy",
    "BusyKind",
    "DateException",
    "Refusal",
    "Rules",
    "Schedule",
    "Span",
    "Window",
    "ambiguous_clock",
    "as_lesson",
    "busy_reach",
    "free_times",
    "lesson_at",
    "lessons_in_conflict",
    "local_date",
    "local_instant",
    "opening_hours",
    "opening_spans",
    "overlaps",
    "reach",
    "why_not",
]
