"""
The calendars that calendar apps subscribe to: GET /calendar/<secret>.ics

The same lessons make the same bytes, so that an ETag shows whether anything has changed (RFC 9110). `?alarm=15` adds an
alarm 15 minutes before each lesson.
"""

import re
from datetime import timedelta
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.conversations.export import screens
from bot.talk.resources import Resources
from bot.words.voice import Voice
from core.calendars import export, ical
from core.calendars.export import Followed
from core.errors import NotFound

CODE = re.compile("[A-Za-z0-9_-]{16,32}")
LONGEST_ALARM = 7 * 24 * 60
MEDIA_TYPE = "text/calendar; charset=utf-8"
# Calendar apps ask again and mostly get 304; proxies must not store a secret
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Disposition": 'inline; filename="lessons.ics"',
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def calendar(request: Request) -> Response:
    resources: Resources = request.app.state.resources
    code = request.path_params["code"]
    try:
        async with resources.core.read() as work:
            followed = await export.followed(work, code=code if CODE.fullmatch(code) else "")
    except NotFound:
        return PlainTextResponse("not found", 404)
    content = _content(followed, link=request.app.state.link, alarm=_alarm(request))
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = HEADERS | {"ETag": etag}
    if _knows(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _content(followed: Followed, *, link: str, alarm: timedelta | None) -> bytes:
    voice = Voice(followed.language, followed.timezone)
    told = screens.told(voice, followed.exported, link=link, alarm=alarm)
    return ical.calendar_file(told, name=screens.calendar_name(voice))


def _alarm(request: Request) -> timedelta | None:
    asked = request.query_params.get("alarm", "")
    minutes = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 5 else -1
    return timedelta(minutes=minutes) if 0 <= minutes <= LONGEST_ALARM else None


def _knows(if_none_match: str, etag: str) -> bool:
    """
    Whether the client has this version. Weak tags count, too: a proxy that compresses an answer makes its tag weak.
    """
    known = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return bool({etag, "*"} & known)
