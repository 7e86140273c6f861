"""Which dates around the shown ones planning needs, so that they are loaded."""

from datetime import date, timedelta

from core.pure.planning.values import Rules

WEEK = 7
ONE_DAY = timedelta(days=1)


def reach(rules: Rules, first_on: date, last_on: date) -> tuple[date, date]:
    """
    Return the first and last date whose exceptions affect what is offered between these dates.

    - the week before, because the grid of a span that is open all through a week starts anew on Monday, and any other
      grid where its span began; and two days for nights
    - all dates of `busy_reach`
    """
    first, last = _whole_weeks(first_on, last_on)
    first_busy, last_busy = busy_reach(rules, first_on, last_on)
    return min(first - (WEEK + 2) * ONE_DAY, first_busy), max(last + (2 + rules.length.days) * ONE_DAY, last_busy)


def busy_reach(rules: Rules, first_on: date, last_on: date) -> tuple[date, date]:
    """
    Return the first and last date whose lessons and busy times affect what is offered between these dates.

    - all dates whose lessons are counted together with theirs
    - the day before, and as many days after as a lesson or an extra slot with its buffers may take
    """
    first, last = _counted(rules, first_on, last_on)
    return first - ONE_DAY, last + (2 + rules.length.days) * ONE_DAY


def _counted(rules: Rules, first_on: date, last_on: date) -> tuple[date, date]:
    """Return the dates whose lessons are counted together: a rule that counts lessons over a longer time goes here."""
    return (first_on, last_on) if rules.max_per_week is None else _whole_weeks(first_on, last_on)


def _whole_weeks(first_on: date, last_on: date) -> tuple[date, date]:
    return first_on - first_on.weekday() * ONE_DAY, last_on + (WEEK - 1 - last_on.weekday()) * ONE_DAY
