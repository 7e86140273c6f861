"""
Which times are offered. Pure, and the only place with these rules.

    weekly windows, replaced on single dates, united
      without what exceptions close           -> when the tutor teaches   (opening)
      every step from where a span begins,
      without what is taken, buffers included -> what is offered          (free_times)
      extra slots as they are

Dates and clock times are the tutor's, instants are aware UTC.
"""
