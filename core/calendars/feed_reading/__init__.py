"""
Reading calendar files that other programs wrote. Pure: no database, no clock.

    expand      ->  runs the reading in a process of its own, with limits (child)
    busy_times  ->  the busy times in a file, from its relevant lines (sifting) and their time zones (zones)
"""
