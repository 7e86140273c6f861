"""A month, a week and a day of a person's calendar."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from bot.conversations.calendar.taps import (
    OpenCalendarDay,
    OpenCalendarWeek,
    OpenMonth,
    OpenStatement,
    OpenToday,
    ShowWeekPicture,
)
from bot.conversations.export.taps import OpenExport
from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.shared.month import NO_DAY, NOT_FREE
from bot.conversations.slots.taps import OpenSlots
from bot.talk.screen import Button, Row, Screen, home_button
from bot.talk.taps import FIRST_DAY, LAST_DAY, Nothing, Tap
from bot.words.voice import Html, Voice, isolated, lines
from core.calendars.calendar import Day, Month, Week
from core.calendars.layout import LESSONS, ONE_DAY, DayMark, DayView, Entry, Kind, Piece

MOST_A_DAY = 10  # lines of one day in a week, so that a message holds seven of them
MOST_BUTTONS = 24  # lessons of one day
MOST_LINES = 20  # other entries of one day
LONGEST_NAME = 20
LONGEST_TITLE = 60
DAYS = 7
SIXTH_DAY, WEEK = 6 * ONE_DAY, 7 * ONE_DAY

MARKS = {
    Kind.LESSON: "📗",
    Kind.ASKED: "⏳",
    Kind.OVER: "🏁",
    Kind.MISSED: "❌",
    Kind.BLOCKED: "⛔",
    Kind.ELSEWHERE: "📌",
}
DAY_OFF = "🌴"


def month(voice: Voice, shown: Month) -> Screen:
    """Each day is a button with the mark that matters most on it."""
    marks = [mark for week in shown.weeks for mark in week if mark is not None]
    head = voice.say("📆 <b>{month}</b> · {zone}", month=_capital(voice.month(shown.month)), zone=voice.zone())
    text = lines(head, _sum(voice, marks), _legend(voice, shown, marks), between="\n\n")
    before, after = kept(shown.month - ONE_DAY).replace(day=1), kept(shown.month + 31 * ONE_DAY).replace(day=1)
    turn = (
        Button(f"‹ {_capital(voice.month_name(before))}", OpenMonth(before)),
        Button(voice.label("Today"), OpenToday()),
        Button(f"{_capital(voice.month_name(after))} ›", OpenMonth(after)),
    )
    rows = (_weekdays(voice), *(_week_of_marks(shown, week) for week in shown.weeks), turn, _views(voice, shown))
    export = Button(voice.label("📤 Export"), OpenExport())
    return Screen(text, (*rows, (export, home_button(voice))))


def week(voice: Voice, shown: Week) -> Screen:
    rows = (
        _weekdays(voice),
        tuple(_day_button(shown, view) for view in shown.days),
        _weeks(voice, shown, OpenCalendarWeek),
        (
            Button(voice.label("🖼 Picture"), ShowWeekPicture(kept(shown.days[0].on))),
            Button(voice.label("📆 Month"), OpenMonth(month_of(shown))),
        ),
        (home_button(voice),),
    )
    return Screen(lines(week_title(voice, shown), _days(voice, shown), between="\n\n"), rows)


def week_picture(voice: Voice, shown: Week, picture: bytes) -> Screen:
    entries = {piece.entry for view in shown.days for piece in view.entries if piece.entry is not None}
    lessons = sum(entry.kind in LESSONS for entry in entries)
    asked = sum(entry.kind is Kind.ASKED for entry in entries)
    rows = (
        _weeks(voice, shown, ShowWeekPicture),
        (Button(voice.label("📄 As text"), OpenCalendarWeek(kept(shown.days[0].on))), home_button(voice)),
    )
    return Screen(lines(week_title(voice, shown), _counted(voice, lessons, asked)), rows, photo=picture)


def day(voice: Voice, shown: Day) -> Screen:
    """Lessons are buttons, everything else is text."""
    on = shown.view.on
    entries = [piece.entry for piece in shown.view.entries if piece.entry is not None]
    lessons = [entry for entry in entries if entry.booking_id is not None]
    head = voice.say("📆 <b>{day}</b> · {zone}", day=_capital(voice.long_day(on)), zone=voice.zone())
    others = [_other(voice, entry) for entry in entries if entry.booking_id is None][:MOST_LINES]
    hours = _open(shown.view)
    told = (
        voice.say("🌴 Day off") if shown.view.is_day_off else None,
        voice.say("🕘 Your hours: {hours}", hours=hours) if hours else None,
        *others,
        voice.say("Tap a lesson for more.") if lessons else None,
    )
    nothing = voice.say("No lessons on this day.") if not lessons else None
    text = lines(head, lines(nothing, *told), between="\n\n")
    return Screen(text, (*_lessons(voice, shown, lessons), *_around(voice, shown), (home_button(voice),)))


def week_title(voice: Voice, shown: Week) -> Html:
    first, last = shown.days[0].on, shown.days[-1].on
    return voice.say("📆 <b>{days}</b> · {zone}", days=voice.days(first, last), zone=voice.zone())


def title(voice: Voice, entry: Entry, *, teaches: bool) -> str:
    """The other person's name; to a tutor also whether they are the student of this lesson."""
    if entry.booking_id is None:
        return entry.title or (voice.label("blocked") if entry.kind is Kind.BLOCKED else voice.label("busy"))
    name = voice.name(_cut(entry.title or "", LONGEST_NAME))
    return f"🎓 {name}" if teaches and not entry.is_taught else name


def kept(on: date) -> date:
    """Return the date, or the nearest one that the calendar has."""
    return min(max(on, FIRST_DAY), LAST_DAY)


def month_of(shown: Week) -> date:
    """The month in which most of the week lies."""
    return kept(shown.days[3].on).replace(day=1)


def _sum(voice: Voice, marks: Sequence[DayMark]) -> Html:
    return _counted(voice, sum(mark.lessons for mark in marks), sum(mark.asked for mark in marks))


def _counted(voice: Voice, lessons: int, asked: int) -> Html:
    """Say how many lessons and how many requests there are."""
    told = (
        voice.count("📗 {n} lesson", "📗 {n} lessons", lessons - asked) if lessons - asked else None,
        voice.count("⏳ {n} request", "⏳ {n} requests", asked) if asked else None,
    )
    return lines(*told, between=" · ") if any(told) else voice.say("No lessons.")


def _legend(voice: Voice, shown: Month, marks: Sequence[DayMark]) -> Html | None:
    """Explain only those marks that this month has."""
    there = {_mark(shown, mark) for mark in marks}
    told = (
        voice.say("📗 a lesson") if MARKS[Kind.LESSON] in there else None,
        voice.say("⏳ a request") if MARKS[Kind.ASKED] in there else None,
        voice.say("🏁 over") if MARKS[Kind.OVER] in there else None,
        voice.say("🌴 a day off") if DAY_OFF in there else None,
        voice.say("· no hours") if NOT_FREE in there else None,
        voice.say("[ ] today") if any(mark.on == shown.today for mark in marks) else None,
    )
    return lines(*told, between=", ") if any(told) else None


def _weekdays(voice: Voice) -> Row:
    return tuple(Button(_capital(voice.weekday_short(weekday)), Nothing()) for weekday in range(DAYS))


def _week_of_marks(shown: Month, week: Sequence[DayMark | None]) -> Row:
    return tuple(_day(shown, mark) if mark else Button(NO_DAY, Nothing()) for mark in week)


def _day(shown: Month, mark: DayMark) -> Button:
    label = f"{_mark(shown, mark)}{mark.on.day}"
    return Button(f"[{label}]" if mark.on == shown.today else label, OpenCalendarDay(mark.on))


def _mark(shown: Month, mark: DayMark) -> str:
    if mark.asked:
        return MARKS[Kind.ASKED]
    if mark.lessons:
        return MARKS[Kind.OVER if mark.on < shown.today else Kind.LESSON]
    if mark.is_day_off:
        return DAY_OFF
    return "" if mark.is_open or not shown.teaches else NOT_FREE


def _views(voice: Voice, shown: Month) -> Row:
    """Buttons to the week (today's if the month has it, else the first) and to a tutor's month in figures."""
    is_now = shown.today.replace(day=1) == shown.month
    week = Button(voice.label("📋 Week"), OpenCalendarWeek(shown.today if is_now else shown.month))
    statement = (Button(voice.label("📊 Month in figures"), OpenStatement(shown.month)),) if shown.teaches else ()
    return (week, *statement)


def _days(voice: Voice, shown: Week) -> Html:
    """All days for a tutor, with their hours; for a student only the days with entries."""
    has_entries = any(view.entries for view in shown.days)
    if not shown.teaches and not has_entries:
        return voice.say("No lessons.")
    days = [view for view in shown.days if view.entries or shown.teaches]
    told = (_day_of_week(voice, shown, view) for view in days)
    return lines(*told, between="\n\n" if has_entries else "\n")


def _day_of_week(voice: Voice, shown: Week, view: DayView) -> Html:
    entries = [piece.entry for piece in view.entries if piece.entry is not None and _begins(voice, piece, view)]
    told = [_line(voice, shown, entry) for entry in entries[:MOST_A_DAY]]
    more = len(entries) - len(told)
    return lines(
        _day_title(voice, view),
        *told,
        voice.count("… and {n} more", "… and {n} more", more) if more else None,
    )


def _begins(voice: Voice, piece: Piece, view: DayView) -> bool:
    """Whether the entry begins on this date: a lesson over midnight is listed once."""
    return piece.entry is not None and voice.local(piece.entry.span.starts_at).date() == view.on


def _day_title(voice: Voice, view: DayView) -> Html:
    day = _capital(voice.day(view.on))
    hours = _open(view)
    if view.is_day_off:
        return voice.say("<b>{day}</b> 🌴 day off", day=day)
    if hours:
        return voice.say("<b>{day}</b> · {hours}", day=day, hours=hours)
    return voice.say("<b>{day}</b>", day=day)


def _open(view: DayView) -> str:
    return ", ".join(f"{clock(piece.begins)}–{clock(piece.until)}" for piece in view.open[:MOST_A_DAY])


def clock(at: timedelta) -> str:
    hours, minutes = divmod(at // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"


def _line(voice: Voice, shown: Week, entry: Entry) -> Html:
    told = _cut(title(voice, entry, teaches=shown.teaches), LONGEST_NAME + len("🎓 "))
    return voice.say("{mark} {hours} {title}", mark=MARKS[entry.kind], hours=voice.hours(*entry.span), title=told)


def _other(voice: Voice, entry: Entry) -> Html:
    told = _cut(title(voice, entry, teaches=True), LONGEST_TITLE)
    return voice.say("{mark} {hours} {title}", mark=MARKS[entry.kind], hours=voice.hours(*entry.span), title=told)


def _lessons(voice: Voice, shown: Day, lessons: Sequence[Entry]) -> Iterator[Row]:
    for entry in lessons[:MOST_BUTTONS]:
        assert entry.booking_id is not None, "lessons have their booking"
        name = title(voice, entry, teaches=shown.teaches)
        label = f"{MARKS[entry.kind]} {voice.hours(*entry.span)} · {name}"
        told = f"{label} · {isolated(entry.subject)}" if entry.subject else label
        yield (Button(told, OpenLesson(entry.booking_id)),)
    if len(lessons) > MOST_BUTTONS:
        yield (Button("…", Nothing()),)


def _around(voice: Voice, shown: Day) -> tuple[Row, ...]:
    on = shown.view.on
    before, after = kept(on - ONE_DAY), kept(on + ONE_DAY)
    turn = (
        Button(f"‹ {voice.day(before)}", OpenCalendarDay(before)),
        *((Button(voice.label("Today"), OpenCalendarDay(shown.today)),) if on != shown.today else ()),
        Button(f"{voice.day(after)} ›", OpenCalendarDay(after)),
    )
    times = (Button(voice.label("🕐 Times"), OpenSlots(on)),) if shown.teaches and on >= shown.today else ()
    views = (
        Button(voice.label("📋 Week"), OpenCalendarWeek(on)),
        Button(voice.label("📆 Month"), OpenMonth(on.replace(day=1))),
    )
    return (turn, (*views, *times))


def _day_button(shown: Week, view: DayView) -> Button:
    """Return the button of one day, with the same marks as in a month."""
    begun = [piece.entry.kind for piece in view.entries if piece.entry is not None]
    marks = [MARKS[kind] for kind in (Kind.ASKED, Kind.LESSON, Kind.OVER, Kind.MISSED) if kind in begun]
    nothing = "" if view.open or not shown.teaches else NOT_FREE
    label = f"{(marks or [DAY_OFF if view.is_day_off else nothing])[0]}{view.on.day}"
    return Button(f"[{label}]" if view.on == shown.today else label, OpenCalendarDay(kept(view.on)))


def _weeks(voice: Voice, shown: Week, turn: Callable[[date], Tap]) -> Row:
    monday = shown.days[0].on
    before, after = kept(monday - WEEK), kept(monday + WEEK)
    is_now = monday <= shown.today <= monday + SIXTH_DAY
    return (
        Button(f"‹ {_short(before)}", turn(before)),
        *(() if is_now else (Button(voice.label("Today"), turn(shown.today)),)),
        Button(f"{_short(after)} ›", turn(after)),
    )


def _short(monday: date) -> str:
    """16–22"""
    return f"{monday.day}–{(monday + SIXTH_DAY).day}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
