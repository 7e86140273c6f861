"""
Calls to Telegram without PTB's own methods, which parse every answer: too slowly, or too strictly.

PTB has no public way: `do_api_request` warns about methods it knows.
"""

from typing import Any

from telegram.ext import ExtBot

from bot.edge.pace import Priority


async def call(bot: ExtBot[Priority], method: str, params: dict[str, Any], *, priority: Priority | None = None) -> Any:
    """Call a method that sends or changes a message, within the pace; return Telegram's result unparsed."""
    paced = bot._merge_api_rl_kwargs(None, priority)  # noqa: SLF001
    return await bot._post(method, params, api_kwargs=paced)  # noqa: SLF001


async def poll(bot: ExtBot[Any], params: dict[str, Any], *, read_timeout: float) -> list[Any]:
    """Fetch updates; return them unparsed."""
    updates: list[Any] = await bot._post("getUpdates", params, read_timeout=read_timeout)  # noqa: SLF001
    return updates
