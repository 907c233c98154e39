"""Starting the server: prepare, say where it is, and serve until stopped."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable

import uvicorn

from bot.prepare import prepare
from bot.settings import Settings


def serve(settings: Settings, say: Callable[[str], None], began: float) -> int:
    """Returns the exit status. ``began`` is when the command was started (monotonic seconds)."""
    if taken(settings.host, settings.port):
        say(
            f"{settings.host}:{settings.port} 已被占用；设 REGISTRAR_PORT 换一个端口。"
            f" The port is in use; choose another with REGISTRAR_PORT."
        )
        return 1
    prepare(settings, say)
    from bot.app import application  # noqa: PLC0415 - after the progress has been shown

    app = application(settings)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_level="warning", ws_max_size=256 * 1024
    )
    server = Announcing(config, lambda: say(ready(settings, time.monotonic() - began)), say)
    logging.getLogger("dbos").setLevel(logging.ERROR)
    asyncio.run(server.serve())
    return 0


def ready(settings: Settings, seconds: float) -> str:
    demo = "（演示 demo）" if settings.demo else ""
    return f"准备好了{demo} · ready in {seconds:.1f} s · {settings.base_url}  (Ctrl-C 停止 to stop)"


class Announcing(uvicorn.Server):
    """Says that it is there once it really listens, and that it is about to go."""

    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], None], say: Callable[[str], None]
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._say = say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._say("正在停止，先做完手上的 · stopping as soon as what is under way is done")
        await super().shutdown(sockets)


def taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
