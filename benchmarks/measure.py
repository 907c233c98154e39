"""Taking measurements so that they can be compared: interleaved, with medians, in one run.

Other work on the machine slows whatever is running just then. Contestants that take turns are
slowed alike, so their ratio stands where their absolute figures do not.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

MILLI = 1e3
MICRO = 1e6


@dataclass(slots=True)
class Series:
    """Repeated measurements of one thing, in seconds."""

    cpu: list[float] = field(default_factory=list)  # of all threads of this process
    wall: list[float] = field(default_factory=list)

    @contextmanager
    def once(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)

    @property
    def typical_cpu(self) -> float:
        return median(self.cpu)

    @property
    def typical_wall(self) -> float:
        return median(self.wall)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure of ours and what it is held against."""

    what: str
    ours: str
    beside: str  # the floor or the peer: its name
    theirs: str
    ratio: float | None = None  # ours / theirs; None where dividing means nothing
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: list[Row]
    explanation: str = ""


def interleaved(
    contestants: Mapping[str, Callable[[], object]], *, rounds: int, warm: int = 2
) -> dict[str, Series]:
    """Let each run in turn, ``rounds`` times, after ``warm`` rounds that do not count."""
    series = {name: Series() for name in contestants}
    for number in range(warm + rounds):
        for name, run in contestants.items():
            with (series[name] if number >= warm else Series()).once():
                run()
    return series


def shown(seconds: float) -> str:
    """With a unit that suits it, to three figures."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 1e-3:
        return f"{seconds * MILLI:.3g} ms"
    return f"{seconds * MICRO:.3g} µs"


def cpu_row(what: str, ours: Series, beside: str, theirs: Series, note: str = "") -> Row:
    return Row(
        f"{what}, CPU",
        shown(ours.typical_cpu),
        beside,
        shown(theirs.typical_cpu),
        ours.typical_cpu / theirs.typical_cpu,
        note,
    )


def wall_row(what: str, ours: Series, beside: str, theirs: Series, note: str = "") -> Row:
    return Row(
        f"{what}, wall",
        shown(ours.typical_wall),
        beside,
        shown(theirs.typical_wall),
        ours.typical_wall / theirs.typical_wall,
        note,
    )
