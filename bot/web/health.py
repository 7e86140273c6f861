"""For monitoring: GET /healthz answers 200 if the database answers, else 503."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.talk.resources import Resources
from core.delivery import queue

SOON_ENOUGH = 5.0


async def healthz(request: Request) -> Response:
    resources: Resources = request.app.state.resources
    try:
        async with asyncio.timeout(SOON_ENOUGH), resources.core.read() as work:
            await queue.next_due(work)
    except Exception:  # noqa: BLE001  drivers fail in their own ways, and each of them means the same here
        return PlainTextResponse("the database does not answer", 503)
    return PlainTextResponse("ok")
