"""
Which times are offered: pure, and the only place that knows.

    weekly windows, replaced on single dates, united
      without what exceptions close           -> when the tutor teaches   (opening)
      every step from where a span begins,
      without what is taken, buffers included -> what is offered          (free_times)
      extra slots as they are

Dates and clock times are the tutor's, instants are aware UTC.
"""
