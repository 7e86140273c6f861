"""For who watches over the bot: GET /healthz is 200 when the database answers, else 503."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.house import House
from core import outbox

SOON_ENOUGH = 5.0


async def healthz(request: Request) -> Response:
    house: House = request.app.state.house
    try:
        async with asyncio.timeout(SOON_ENOUGH), house.core.read() as work:
            await outbox.next_due(work)
    except Exception:  # noqa: BLE001  drivers fail in their own ways, and each of them means the same here
        return PlainTextResponse("the database does not answer", 503)
    return PlainTextResponse("ok")
