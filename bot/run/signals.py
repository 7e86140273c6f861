"""Run a coroutine until it ends or the process is asked to stop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

T = TypeVar("T")


def until_signal(main: Coroutine[Any, Any, T]) -> T | None:
    """
    Run the coroutine and return its result; on SIGINT or SIGTERM cancel it. A second signal cuts its clean-up short.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_until_signal(main))


async def _until_signal(main: Coroutine[Any, Any, T]) -> T | None:
    running = asyncio.ensure_future(main)
    loop = asyncio.get_running_loop()
    for each in STOP_SIGNALS:
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, running.cancel)
    with suppress(asyncio.CancelledError):
        return await running
    return None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
