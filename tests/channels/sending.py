"""What waits is sent while something else happens, as in the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.deliver import Dispatcher


@asynccontextmanager
async def sending(*dispatchers: Dispatcher) -> AsyncIterator[list[asyncio.Task[None]]]:
    """None of them is left behind: a task that nobody waits for fails whatever test comes next."""
    running = [asyncio.create_task(one.run()) for one in dispatchers]
    try:
        yield running
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
