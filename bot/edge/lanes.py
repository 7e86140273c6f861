"""
Handle many people's updates at once, and each person's updates in order.

An update first waits for its person's lane, then for one of the `at_once` places. So a person who sends a hundred
updates takes no places from others.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

logger = logging.getLogger(__name__)

NO_LIMIT = 1_000_000


@dataclass(slots=True)
class OneLane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    updates: int = 0
    full: bool = False


class Lanes(BaseUpdateProcessor):
    def __init__(self, *, at_once: int = 256, waiting_each: int = 50) -> None:
        # PTB takes its own semaphore before anything of ours runs: a low limit there lets one person starve all others
        super().__init__(NO_LIMIT)
        self._places = asyncio.Semaphore(at_once)
        self._waiting_each = waiting_each
        self._lanes: dict[int, OneLane] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        try:
            await self._in_turn(update, coroutine)
        finally:
            # A coroutine dropped, or cancelled while it waited, was never awaited
            if inspect.iscoroutine(coroutine):
                coroutine.close()

    async def _in_turn(self, update: object, coroutine: Awaitable[Any]) -> None:
        person = _whose(update)
        if person is None:
            await self._in_place(coroutine)
            return
        lane = self._lanes.setdefault(person, OneLane())
        if lane.updates > self._waiting_each:
            _tell_full(lane, update)
            return
        lane.updates += 1
        try:
            async with lane.lock:
                await self._in_place(coroutine)
        finally:
            lane.updates -= 1
            if not lane.updates:
                del self._lanes[person]

    async def _in_place(self, coroutine: Awaitable[Any]) -> None:
        async with self._places:
            await coroutine


def _whose(update: object) -> int | None:
    if not isinstance(update, Update):
        return None
    who = update.effective_user or update.effective_chat
    return who.id if who else None


def _tell_full(lane: OneLane, update: object) -> None:
    if not lane.full and isinstance(update, Update):
        lane.full = True
        logger.warning("update %s and what follows it are dropped: too many wait in that lane", update.update_id)
