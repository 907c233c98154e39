"""The real server, in Rasa's own environment and on the model of the examples as they are."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_urlsafe

import httpx
import pytest

from bot.sections import RasaSettings
from tests.server.running import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0  # seconds for TensorFlow and the model to load on a busy machine


class RasaServer:
    """``make rasa`` on a free port, with a token of its own; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = token_urlsafe(24)
        self.log = folder / "rasa.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        given = {"RASA_PORT": str(self.port), "RASA_TOKEN": self.token}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["sh", ROOT / "tools" / "rasa.sh", "serve"],
                env=os.environ | given,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.answers():
                return
            time.sleep(0.5)
        self.kill()
        pytest.fail(f"Rasa's server has not become ready:\n{self.log.read_text()[-3000:]}")

    def answers(self) -> bool:
        try:
            return self.get("/status").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def get(self, path: str, **query: str) -> httpx.Response:
        query = {"token": self.token} | query
        return httpx.get(self.url + path, params=query, timeout=30, trust_env=False)

    def parse(self, text: str) -> httpx.Response:
        query = {"token": self.token}
        return httpx.post(
            f"{self.url}/model/parse",
            params=query,
            json={"text": text},
            timeout=30,
            trust_env=False,
        )

    def kill(self) -> None:
        """As a power cut does."""
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def settings(self) -> RasaSettings:
        """The deadline is long: whether a busy machine is quick enough is not asked here."""
        return RasaSettings.model_validate(
            {"url": self.url, "token": self.token, "deadline_ms": 5000}
        )


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaServer]:
    server = RasaServer(tmp_path_factory.mktemp("rasa"))
    server.start()
    yield server
    server.kill()
