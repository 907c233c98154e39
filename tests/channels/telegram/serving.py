"""A server in a thread of its own, and coroutines run where it runs."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram import Telegram

T = TypeVar("T")


class Serving:
    def __init__(self, make: Callable[[str], Telegram]) -> None:
        """``make`` is given the address at which the server will be reached."""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.telegram = make(self.url)
        self.loop = asyncio.new_event_loop()
        app = Starlette(routes=self.telegram.routes(), lifespan=self._lifespan)
        config = uvicorn.Config(app, lifespan="on", ws="none", log_level="warning")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._serve, daemon=True)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await self.telegram.start()
        yield
        await self.telegram.stop()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.server.serve(sockets=[self.socket]))
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def __enter__(self) -> "Serving":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive(), "the server does not end"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)
