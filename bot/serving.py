"""Starting the server: prepare, say where it is, and serve until stopped."""

import contextlib
import fcntl
import logging
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from bot.listening import taken
from bot.prepare import prepare
from bot.settings import Settings

LOCK = "serving.lock"
IN_USE = (
    "{}:{} 已被占用；设 REGISTRAR_PORT 换一个端口。"
    " The port is in use; choose another with REGISTRAR_PORT."
)


def serve(settings: Settings, say: Callable[[str], None], began: float) -> int:
    """Returns the exit status. ``began`` is when the command was started (monotonic seconds)."""
    if taken(settings.host, settings.port):
        say(IN_USE.format(settings.host, settings.port))
        return 1
    with contextlib.ExitStack() as held:
        if settings.on_sqlite:
            other = held.enter_context(alone(settings.data / LOCK, settings.base_url))
            if other is not None:
                say(
                    f"这个数据目录已经有一个服务在用：{other}；SQLite 上只能有一个。"
                    f" A server is already using this data: {other}; on SQLite there can be one only."
                )
                return 1
        return serve_alone(settings, say, began)


def serve_alone(settings: Settings, say: Callable[[str], None], began: float) -> int:
    prepare(settings, say)
    from bot.demo_wechat import played  # noqa: PLC0415 - after the progress has been shown
    from bot.ready_money import at_start  # noqa: PLC0415

    with played(settings) as complete:
        for line in at_start(complete):
            say(line)
        return serve_prepared(complete, say, began)


def serve_prepared(settings: Settings, say: Callable[[str], None], began: float) -> int:
    from bot.app import application  # noqa: PLC0415 - after the progress has been shown

    app = application(settings)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_level="warning", ws_max_size=256 * 1024
    )
    server = Announcing(config, lambda: say(ready(settings, time.monotonic() - began)), say)
    logging.getLogger("dbos").setLevel(logging.ERROR)
    try:
        server.run()  # on the fastest event loop that is installed
    except SystemExit:  # the port was taken in this very moment
        say(IN_USE.format(settings.host, settings.port))
        return 1
    return 0


@contextlib.contextmanager
def alone(lock: Path, address: str) -> Iterator[str | None]:
    """Nobody else serves with this folder; otherwise the address of whoever does."""
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield file.read().strip() or "?"
            return
        file.truncate(0)
        file.write(address)
        file.flush()
        yield None


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
