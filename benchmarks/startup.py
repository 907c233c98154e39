"""From the command to the ready line on a prepared installation, and the memory it then holds."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.installation import copied
from benchmarks.measure import Row, Section, shown
from benchmarks.processes import (
    Server,
    bare,
    children,
    free_port,
    memory,
    registrar,
    settled,
    started,
)
from bot.settings import Settings

STARTS = 3
SECONDS = 45.0  # on a busy machine no further start is made after these


def importing() -> float:
    """Seconds of CPU to import the application and do nothing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import bot.serving, bot.app"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    data = copied(original, folder / "startup").data
    ours: list[Server] = []
    floor: list[Server] = []
    imports: list[float] = []
    held: list[tuple[str, float, float]] = []
    end = time.monotonic() + SECONDS
    for number in range(STARTS + 1):  # the first start makes the queue's tables; not counted
        last = number == STARTS or (number > 1 and time.monotonic() > end)
        port = free_port()
        with started(*registrar(data, port), port) as server:
            if number:
                ours.append(server)
            if last:
                settled(server.process.pid)
                held = residents(server.process.pid)
        port = free_port()
        with started(*bare(port), port) as server:
            if number:
                floor.append(server)
            empty = memory(server.process.pid)
        if number:
            imports.append(importing())
        if last:
            break
    beside = "bare Starlette server"
    cpu = median(server.cpu for server in ours)
    rows = [
        ratio_row(
            "command to ready line, wall",
            median(server.wall for server in ours),
            beside,
            [one.wall for one in floor],
        ),
        ratio_row("command to ready line, CPU", cpu, beside, [one.cpu for one in floor]),
        ratio_row("command to ready line, CPU", cpu, "only importing it", imports),
    ]
    for name, resident, proportional in held:
        rows.append(
            Row(
                f"memory of {name}",
                f"{resident:.0f} MiB",
                beside,
                f"{empty[0]:.0f} MiB",
                resident / empty[0] if empty[0] else None,
                f"{proportional:.0f} MiB proportional",
            )
        )
    yield Section(
        "Start-up and memory",
        rows,
        f"Medians of {len(ours)} starts of `registrar serve --demo` on a prepared folder."
        " Memory is resident, once the workers have loaded.",
    )


def ratio_row(what: str, ours: float, beside: str, theirs: list[float]) -> Row:
    return Row(what, shown(ours), beside, shown(median(theirs)), ours / median(theirs))


def residents(pid: int) -> list[tuple[str, float, float]]:
    """Every process of the server with its memory, the parent first; then all together."""
    found = [("the server", *memory(pid))]
    found += [(f"its process {n}", *memory(one)) for n, one in enumerate(children(pid), 1)]
    _names, resident, proportional = zip(*found, strict=True)
    return [*found, ("all together", sum(resident), sum(proportional))]
