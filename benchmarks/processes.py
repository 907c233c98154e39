"""Servers as they are really started, each in a process of its own, and what they take."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY = "ready"
PATIENCE = 60.0  # seconds until a server counts as failed
PROC = Path("/proc")


class Failed(RuntimeError):
    """A server did not come up; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[str]
    url: str
    wall: float  # seconds until the ready line
    cpu: float  # seconds of the server's own process until then


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def registrar(data: Path, port: int) -> tuple[list[str], dict[str, str]]:
    environment = os.environ | {
        "REGISTRAR_DATA": str(data),
        "REGISTRAR_PORT": str(port),
        "REGISTRAR_BASE_URL": f"http://127.0.0.1:{port}",
    }
    return [str(Path(sys.executable).with_name("registrar")), "serve", "--demo"], environment


def bare(port: int) -> tuple[list[str], dict[str, str]]:
    """Starlette with an empty route, on the same server."""
    return [sys.executable, "-m", "benchmarks.bare", str(port)], dict(os.environ)


@contextmanager
def started(command: list[str], environment: dict[str, str], port: int) -> Iterator[Server]:
    """Runs from the ready line to the end of the block. Raises Failed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = []
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
            if time.perf_counter() - began > PATIENCE:
                raise Failed("".join(said))
        else:
            raise Failed("".join(said))
        wall = time.perf_counter() - began
        yield Server(process, f"http://127.0.0.1:{port}", wall, cpu_seconds(process.pid))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of one process, or 0 where it cannot be told."""
    path = PROC / str(pid) / "stat"
    if not path.exists():
        return 0.0
    entries = path.read_text().rpartition(")")[2].split()
    return (int(entries[11]) + int(entries[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """All processes that this one has started, and theirs."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            entries = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(entries[1]) == pid:
            child = int(folder.name)
            found += [child, *children(child)]
    return found


def memory(pid: int) -> tuple[float, float]:
    """Resident and proportional MiB (pages shared with others count in part)."""
    resident = proportional = 0.0
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return resident, proportional
    for line in lines:
        name, _colon, value = line.partition(":")
        if name in ("Rss", "Pss"):
            kilobytes = int(value.split()[0])
            if name == "Rss":
                resident = kilobytes / 1024
            else:
                proportional = kilobytes / 1024
    return resident, proportional


def settled(pid: int, patience: float = 15.0) -> None:
    """Wait until the workers have loaded what they need: no more CPU is spent than when idle."""
    end = time.monotonic() + patience
    before = -1.0
    while time.monotonic() < end:
        now = sum(cpu_seconds(one) for one in (pid, *children(pid)))
        if before >= 0 and now - before < 0.08:
            return
        before = now
        time.sleep(1)
