"""The studio, where pictures of strangers are decoded and read: in processes of their own.

Each has bounds of memory and time, starts at its first use, and ends by itself when nothing was asked
of it for a while. What kills its process is tried once more, in case the process was not to blame.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock
from typing import Any, Protocol

from backend.pictures import reader, worker
from backend.pictures.reader import SIDE, Reader
from backend.pictures.seen import Looked, Read

MOST_PIXELS = 40_000_000
GIGABYTE = 1 << 30
IDLE_SECONDS = 600.0
STARTING_SECONDS = 60.0  # a busy machine may need long to import everything


class Lost(Exception):
    """What was asked killed its process twice, or took too long."""


class NotStarted(Lost):
    """There is no process that could do it."""


class Failed(Exception):
    """The work itself raised an error, which says what it was."""


class Studio(Protocol):
    """The methods block: call them from a job, never in a transaction."""

    @property
    def can_read(self) -> bool:
        """Whether text can be read here at all."""
        ...

    @property
    def finds_faces(self) -> bool:
        """Whether anything here looks for faces."""
        ...

    def look(self, data: bytes) -> Looked:
        """Decode and measure a picture. Raises Lost."""
        ...

    def read(self, data: bytes, side: int = SIDE) -> Read | None:
        """The text of a picture that can be decoded; None: no reader here. Raises Lost, Failed."""
        ...

    def run(self, task: str, *arguments: object) -> Any:
        """``task`` ("module:function") in the process that decodes. Raises Lost, Failed."""
        ...

    def close(self) -> None:
        """End the processes."""
        ...


@dataclass
class Room:
    """One process and what it is doing; one thing at a time."""

    memory: int  # bytes of addresses
    seconds: float  # for one thing, the start of the process included where it has no task
    idle: float = IDLE_SECONDS
    first: str = ""  # task with which a process starts, in a time of its own
    _lock: Lock = field(default_factory=Lock)
    _process: BaseProcess | None = None
    _line: Connection | None = None

    def ask(self, task: str, *arguments: object) -> Any:
        with self._lock:
            for _attempt in (1, 2):
                with suppress(EOFError, OSError):
                    return self._answer(task, arguments)
                self._end()  # it was killed, or has just gone home
            raise Lost(task)

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def close(self) -> None:
        with self._lock:
            self._end()

    def start(self) -> None:
        """Have the process there before anything is asked. Raises Lost."""
        with self._lock:
            self._started()

    def _answer(self, task: str, arguments: tuple[object, ...]) -> Any:
        return self._told(self._started(), task, arguments, self.seconds)

    def _told(
        self, line: Connection, task: str, arguments: tuple[object, ...], seconds: float
    ) -> Any:
        line.send((task, arguments))
        if not line.poll(seconds):
            self._end()
            raise Lost(task)
        how, answer = line.recv()
        if how == "failed":
            raise Failed(answer)
        return answer

    def _started(self) -> Connection:
        if self._process is not None and not self._process.is_alive():
            self._end()
        if self._line is None:
            context = get_context("spawn")
            here, there = context.Pipe()
            self._process = context.Process(
                target=worker.serve, args=(there, self.memory, self.idle), daemon=True
            )
            self._process.start()
            there.close()
            self._line = here
            if self.first:
                self._begin(here)
        return self._line

    def _begin(self, line: Connection) -> None:
        try:
            self._told(line, self.first, (), STARTING_SECONDS)
        except (Lost, Failed, EOFError, OSError) as error:
            self._end()
            raise NotStarted(self.first) from error

    def _end(self) -> None:
        process, line = self._process, self._line
        self._process = self._line = None
        if line is not None:
            line.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()


class Apart:
    """The studio that serves: one process decodes, another reads, which is slow and large."""

    def __init__(self) -> None:
        self.light = Room(memory=2 * GIGABYTE, seconds=20)
        self.reading = Room(memory=4 * GIGABYTE, seconds=45)

    @property
    def can_read(self) -> bool:
        return reader.installed()

    @property
    def finds_faces(self) -> bool:
        return reader.installed()  # OpenCV comes with the extra

    def look(self, data: bytes) -> Looked:
        looked: Looked = self.light.ask("backend.pictures.worker:look", data, MOST_PIXELS)
        return looked

    def read(self, data: bytes, side: int = SIDE) -> Read | None:
        if not self.can_read:
            return None
        read: Read = self.reading.ask("backend.pictures.worker:read", data, side)
        return read

    def run(self, task: str, *arguments: object) -> Any:
        return self.light.ask(task, *arguments)

    def close(self) -> None:
        self.light.close()
        self.reading.close()


class Here:
    """The same in this very process, for plays: nothing in them is hostile, and nothing waits.

    Whatever is installed, it sees what it is told to: a play is the same on every machine.
    """

    def __init__(self, read_by: Reader | None = None, *, finds_faces: bool = False) -> None:
        self.read_by = read_by
        self.finds_faces = finds_faces

    @property
    def can_read(self) -> bool:
        return self.read_by is not None

    def look(self, data: bytes) -> Looked:
        return worker.look(data, MOST_PIXELS)

    def read(self, data: bytes, side: int = SIDE) -> Read | None:
        return None if self.read_by is None else self.read_by.read(data, side)

    def run(self, task: str, *arguments: object) -> Any:
        return worker.call(task, *arguments)

    def close(self) -> None:
        """Nothing has been opened."""
