"""The HTTP API for the page, tests and benches."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.checking import images
from bot.sandbox.jsons import Json, to_bytes
from bot.sandbox.page_api.events import events, person_view, snapshot
from bot.sandbox.refusals import PersonRefused, Refused
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.time.clock import iso

SSE_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
EVENTS_AHEAD: Final = 20_000
PULSE_SECONDS: Final = 15
SHOWN_AS_THEY_ARE: Final = {"text/calendar", "application/pdf"}
CHANGEABLE: Final = ("first_name", "last_name", "language_code", "blocked")
NAMED: Final = ("first_name", "last_name", "username", "language_code")

Stream = asyncio.Queue[Json | None]
Step = Callable[[Sandbox, Request], Awaitable[Any]]


def routes(sandbox: Sandbox) -> list[Route]:
    return [
        Route("/sandbox" + path, _endpoint(sandbox, step), methods=[method])
        for path, steps in STEPS.items()
        for method, step in steps.items()
    ]


def _endpoint(sandbox: Sandbox, step: Step) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            result = await step(sandbox, request)
        except PersonRefused as refusal:
            return JSONResponse({"error": str(refusal)}, 409)
        except Refused as refusal:
            return JSONResponse({"error": refusal.description}, 409)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return result if isinstance(result, Response) else _json(result)

    return endpoint


def _json(value: object) -> Response:
    return Response(to_bytes(value), media_type="application/json")


async def _given(request: Request) -> Json:
    body = await request.body()
    value = json.loads(body) if body else {}
    if not isinstance(value, dict):
        raise TypeError("a JSON object is expected")
    return value


def _person_id(request: Request) -> int:
    return int(request.path_params["id"])


async def _add_person(sandbox: Sandbox, request: Request) -> Json:
    given = await _given(request)
    person = sandbox.add_person(**{name: given[name] for name in NAMED if given.get(name)})
    return person_view(sandbox, person)


async def _change_person(sandbox: Sandbox, request: Request) -> Json:
    given = await _given(request)
    new = {name: given[name] for name in CHANGEABLE if name in given}
    return person_view(sandbox, sandbox.change_person(_person_id(request), **new))


async def _say(sandbox: Sandbox, request: Request) -> Json:
    given = await _given(request)
    return sandbox.say(_person_id(request), str(given["text"]), reply_to_message_id=given.get("reply_to_message_id"))


async def _tap(sandbox: Sandbox, request: Request) -> Json:
    given = await _given(request)
    place = (int(given[name]) for name in ("message_id", "row", "column"))
    return {"callback_query_id": sandbox.tap(_person_id(request), *place)}


async def _forge(sandbox: Sandbox, request: Request) -> Json:
    given = await _given(request)
    query_id = sandbox.forge(_person_id(request), str(given["data"]), given.get("message_id"))
    return {"callback_query_id": query_id}


async def _location(sandbox: Sandbox, request: Request) -> Json:
    given = await _given(request)
    return sandbox.send_location(_person_id(request), float(given["latitude"]), float(given["longitude"]))


async def _contact(sandbox: Sandbox, request: Request) -> Json:
    return sandbox.send_contact(_person_id(request))


async def _sticker(sandbox: Sandbox, request: Request) -> Json:
    return sandbox.send_sticker(_person_id(request), str((await _given(request))["emoji"]))


async def _file(sandbox: Sandbox, request: Request) -> Json:
    query, content = request.query_params, await request.body()
    mime = request.headers.get("content-type", "").partition(";")[0] or None
    name = query.get("name") or "file"
    return sandbox.send_file(_person_id(request), name, content, caption=query.get("caption"), mime=mime)


async def _stored(sandbox: Sandbox, request: Request) -> Response:
    file = sandbox.state.files.get(request.path_params["file_id"])
    content = sandbox.files.get(file["shown"]["file_unique_id"]) if file else None
    if file is None or content is None:
        return JSONResponse({"error": "There is no such file"}, 404)
    mime = images.mime(content) or _harmless(file["shown"].get("mime_type", ""))
    return Response(content, media_type=mime, headers={"X-Content-Type-Options": "nosniff"})


def _harmless(mime: str) -> str:
    """Return a MIME type that can't run in the page's own origin, whatever the document claims to be."""
    return mime if mime in SHOWN_AS_THEY_ARE else "application/octet-stream"


async def _clock(sandbox: Sandbox, _: Request) -> Json:
    return {"now": iso(sandbox.clock.now())}


async def _move_clock(sandbox: Sandbox, request: Request) -> Json:
    given = await _given(request)
    if given.get("reset"):
        sandbox.clock.reset()
    elif "now" in given:
        instant = datetime.fromisoformat(given["now"])
        await sandbox.journey.go_to(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    else:
        await sandbox.journey.go_to(sandbox.clock.now() + timedelta(seconds=float(given["advance"])))
    return await _clock(sandbox, request)


async def _faults(sandbox: Sandbox, _: Request) -> Json:
    return sandbox.faults.as_json()


async def _plan_faults(sandbox: Sandbox, request: Request) -> Json:
    sandbox.faults.replace(await _given(request))
    return sandbox.faults.as_json()


async def _forgive(sandbox: Sandbox, _: Request) -> Json:
    sandbox.faults.clear()
    return sandbox.faults.as_json()


async def _clear(sandbox: Sandbox, _: Request) -> Json:
    sandbox.clear()
    return {"ok": True}


async def _calls(sandbox: Sandbox, request: Request) -> list[Json]:
    since = int(request.query_params.get("since", 0))
    return [call for call in sandbox.calls if call["n"] > since]


async def _events(sandbox: Sandbox, _: Request) -> Response:
    return StreamingResponse(_stream(sandbox), media_type="text/event-stream", headers=SSE_HEADERS)


async def _stream(sandbox: Sandbox) -> AsyncIterator[bytes]:
    stream: Stream = asyncio.Queue()

    def listen(change: Json) -> None:
        for event in events(sandbox, change):
            _put(stream, event)

    sandbox.listeners.append(listen)
    sandbox.streams.append(stream)
    try:
        yield _event(snapshot(sandbox))
        while (event := await _next(stream)) is not None:
            yield _event(event) if event else b": still here\n\n"
    finally:
        sandbox.listeners.remove(listen)
        sandbox.streams.remove(stream)


def _put(stream: Stream, event: Json) -> None:
    """Add an event; end a stream that nobody reads: the page will reconnect and get a snapshot."""
    if stream.qsize() < EVENTS_AHEAD:
        stream.put_nowait(event)
    elif stream.qsize() == EVENTS_AHEAD:
        stream.put_nowait(None)


async def _next(stream: Stream) -> Json | None:
    """Return the next event, {} if nothing happens for a while, None at the end."""
    try:
        async with asyncio.timeout(PULSE_SECONDS):
            return await stream.get()
    except TimeoutError:
        return {}


def _event(event: Json) -> bytes:
    return b"data: " + to_bytes(event) + b"\n\n"


STEPS: Final[dict[str, dict[str, Step]]] = {
    "/events": {"GET": _events},
    "/people": {"POST": _add_person},
    "/people/{id:int}": {"PATCH": _change_person},
    "/people/{id:int}/say": {"POST": _say},
    "/people/{id:int}/tap": {"POST": _tap},
    "/people/{id:int}/forge": {"POST": _forge},
    "/people/{id:int}/location": {"POST": _location},
    "/people/{id:int}/contact": {"POST": _contact},
    "/people/{id:int}/sticker": {"POST": _sticker},
    "/people/{id:int}/file": {"POST": _file},
    "/files/{file_id}": {"GET": _stored},
    "/clock": {"GET": _clock, "POST": _move_clock},
    "/faults": {"GET": _faults, "POST": _plan_faults, "DELETE": _forgive},
    "/clear": {"POST": _clear},
    "/calls": {"GET": _calls},
}
