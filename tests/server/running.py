"""A real ``registrar serve --demo`` in a process of its own, on a free port and a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "var"
COMMAND = Path(sys.executable).with_name("registrar")
PATIENCE = 40.0  # seconds after which a test gives up; no test asks how long anything takes
READY = "准备好了"


class GaveUp(AssertionError):
    """What a test waits for has not come."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def with_fonts_and_model(folder: Path) -> Path:
    """A data folder with nothing in it but what takes long to make."""
    from bot.prepare import FONTS, MODEL, prepare_fonts, prepare_model  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    CACHE.mkdir(exist_ok=True)
    for name, make in ((FONTS, prepare_fonts), (MODEL, prepare_model)):
        make(CACHE / name, lambda _: None)
        (folder / name).symlink_to(CACHE / name)
    return folder


def environment(data: Path, port: int = 8000) -> dict[str, str]:
    """Ours without other settings of the assistant."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRAR_")}
    return env | {
        "REGISTRAR_DATA": str(data),
        "REGISTRAR_PORT": str(port),
        "REGISTRAR_BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "default",
    }


def command(
    data: Path, *arguments: str, stdin: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run ``registrar`` with these arguments to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=environment(data) | more,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Running:
    """The server; it can be stopped, killed and started again on the same data and port."""

    def __init__(
        self,
        data: Path,
        port: int | None = None,
        arguments: tuple[str, ...] = ("serve", "--demo"),
        **settings: str,
    ) -> None:
        self.data = data
        self.arguments = arguments
        self.settings = settings
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def start(self) -> str:
        """Returns the line that says it is ready."""
        self.starts += 1
        began = len(self.output())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, *self.arguments],
                env=environment(self.data, self.port) | self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in self.output()[began:].splitlines():
                if READY in line:
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.kill()
        raise GaveUp(f"the server has not become ready:\n{self.output()[began:]}")

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> int:
        """As Ctrl-C or a service manager does; returns the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise GaveUp("the server does not stop when told") from None

    def kill(self) -> None:
        """As a power cut does, to this process and nothing else."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def left_behind(self) -> list[int]:
        """Processes of its session that are still there."""
        assert self.process is not None
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(int(entry.name))
        return found
