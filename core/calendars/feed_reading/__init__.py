"""
Calendars that others have written, read with care. Pure: no database, no clock.

    expand      ->  a process of its own, with limits (child)
    busy_times  ->  when somebody is busy, by the lines that count (sifting) and what their zones mean (zones)
"""
