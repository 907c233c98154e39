"""The web application as it is served, on the parts of one stage: pages, chat, payment, uploads."""

import asyncio
import base64
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import fields as fields_of
from io import BytesIO
from typing import Any
from unittest.mock import patch

import httpx
import uvicorn
import zxingcpp
from PIL import Image

from bot.app import application
from bot.assemble import Assistant
from bot.play import Stage
from bot.receive import Reception
from dialogs.catalog import engine
from tests.server.guest import from_page, with_code

PATIENCE = 30.0


class Lent(Assistant):
    """The stage's own, which goes on when the server ends."""

    def close(self) -> None:
        """Nothing is closed here."""


class Site:
    def __init__(self, stage: Stage, listening: socket.socket) -> None:
        """``stage`` has been told the port of ``listening``."""
        self.stage = stage
        self.base = stage.assistant.settings.base_url
        self.socket = listening

        def assemble(_: object, *, spoken: Callable[..., None], **__: Any) -> Assistant:
            own = stage.assistant
            own.reception = Reception(
                own.office, engine(), own.interpreter, wake=stage.pump.wake, spoken=spoken
            )
            return Lent(**{one.name: getattr(own, one.name) for one in fields_of(Assistant)})

        with patch("bot.app.assemble", assemble):
            app = application(stage.assistant.settings)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        asyncio.run(self.server.serve(sockets=[self.socket]))

    def __enter__(self) -> "Site":
        self.thread.start()
        waited(lambda: self.server.started, "the server to start")
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the server does not end"

    # --- somebody with a browser ------------------------------------------------------------

    def get(self, url: str) -> httpx.Response:
        """Follow a link that was shown."""
        assert url.startswith(self.base), url
        answer = httpx.get(url, follow_redirects=True, trust_env=False, timeout=PATIENCE)
        assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.text}"
        return answer

    def pay(self, url: str) -> None:
        """By the code on the page behind this link."""
        with httpx.Client(follow_redirects=True, trust_env=False, timeout=PATIENCE) as browser:
            page = with_code(browser, url)
            (code,) = re.findall(r'src="data:image/png;base64,([^"]+)"', page.text)
            (said,) = zxingcpp.read_barcodes(Image.open(BytesIO(base64.b64decode(code))))
            notice = self.stage.till.pay(said.text.partition(":")[2])
            assert notice is not None, said.text
            self.stage.settle(notice)
            assert "已支付" in browser.get(url).text

    def upload(self, url: str, name: str, data: bytes, kind: str) -> None:
        """On the page of the one-time link."""
        page = self.get(url)
        file = {"file": (name, data, kind)}
        done = httpx.post(url, files=file, headers=from_page(page), trust_env=False)
        assert done.status_code == 200, done.text


def waited(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
