"""npm's telegram-test-api, installed once from the lock file beside this, and run in node."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

HERE = Path(__file__).parent
CACHE = Path(__file__).parents[4] / "var" / "peers"
FILES = ("package.json", "package-lock.json", "run.js")
TOKEN = "4200000002:AAE-emulator_0123456789"


class Unavailable(Exception):
    """What is missing to run it."""


def installed() -> Path:
    """A folder with the pinned packages. Raises Unavailable."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        raise Unavailable("node or npm is missing")
    digest = sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    folder = CACHE / f"telegram-emulator-{digest}"
    if (folder / "installed").exists():
        return folder
    mine = folder.with_name(f"{folder.name}-{time.time_ns()}")
    mine.mkdir(parents=True)
    for name in FILES:
        shutil.copy(HERE / name, mine)
    arguments = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(arguments, cwd=mine, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(mine)
        raise Unavailable("npm cannot fetch telegram-test-api")
    (mine / "installed").touch()
    try:
        mine.rename(folder)
    except OSError:  # another run was quicker
        shutil.rmtree(mine)
    return folder


class Emulator:
    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, **fields: Any) -> Any:
        request = Request(
            self.url + path,
            json.dumps(fields).encode(),
            {"content-type": "application/json"},
            method="POST",
        )
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)["result"]

    def history(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.post("/getUpdatesHistory", token=TOKEN)
        return found


@contextmanager
def running() -> Iterator[Emulator]:
    folder = installed()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    node = shutil.which("node") or "node"
    process = subprocess.Popen(
        [node, "run.js", str(port)],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline().strip() == "ready", "the emulator does not start"
        yield Emulator(f"http://127.0.0.1:{port}")
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
