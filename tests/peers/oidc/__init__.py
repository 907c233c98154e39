"""npm's oidc-provider, installed once from the lock file beside this, and run in node."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE = 60.0  # seconds


class Unavailable(RuntimeError):
    """It cannot run here; the message says what is missing."""


def installed() -> str:
    """The path of node, once the provider is there. Raises Unavailable."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        raise Unavailable("node or npm is missing")
    if not (HERE / "node_modules" / "oidc-provider").is_dir():
        fasteners = __import__("fasteners")
        with fasteners.InterProcessLock(f"{tempfile.gettempdir()}/registrar-oidc-peer.lock"):
            if not (HERE / "node_modules" / "oidc-provider").is_dir():
                command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
                done = subprocess.run(command, cwd=HERE, capture_output=True, check=False)
                if done.returncode:
                    raise Unavailable("npm cannot fetch oidc-provider")
    return node


class OidcPeer:
    """The provider in a process of its own."""

    def __init__(self, client_id: str, client_secret: str, redirect_uri: str) -> None:
        node = installed()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the peer
        self._process = subprocess.Popen(
            [node, "provider.mjs", str(port), client_id, client_secret, redirect_uri],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(ready,), daemon=True).start()
        deadline = time.monotonic() + PATIENCE
        while not ready.wait(0.1):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._log.seek(0)
                said = self._log.read().decode(errors="replace")
                self.stop()
                raise Unavailable(f"oidc-provider does not start: {said[-400:]}")

    def _listen(self, ready: threading.Event) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("ready"):
                ready.set()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()
