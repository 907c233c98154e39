"""Who judges what strangers send, apart from where people are served."""

from contextlib import suppress
from hashlib import sha256
from queue import LifoQueue
from threading import Thread
from typing import Protocol

from backend.documents.verdict import Verdict, reason
from backend.pictures.studio import GIGABYTE, Failed, Lost, NotStarted, Room
from backend.verification.findings import Findings, FoundFile, Question

MAX_BYTES = 10 * 1024 * 1024  # an issued transcript of 200 courses has about 0.1 MB
READY, JUDGE = "backend.verification.judge:ready", "backend.verification.judge:judge"
SECONDS = 5.0  # for one file; a genuine one takes some hundredths of that
_STAY = 7 * 86_400.0  # seconds: whoever verifies a file should not wait for imports


class Inspector(Protocol):
    """The methods block: call them from a thread or a job, never in a transaction."""

    def judge(self, data: bytes, question: Question) -> Findings:
        """What these bytes are is told by the bytes alone. Never raises, whatever they are."""
        ...

    def warm(self) -> None:
        """Be ready for the first file, without keeping anybody waiting."""
        ...

    def close(self) -> None:
        """End its processes."""
        ...


class Processes:
    """Judges in processes of their own, which have bounds of memory and time and give way to others.

    Nothing starts before the first file or ``warm``. A file that kills its process or takes too long
    is ``too_costly``, and the next one finds a new process.
    """

    def __init__(
        self, processes: int = 2, *, memory: int = GIGABYTE, seconds: float = SECONDS
    ) -> None:
        self._rooms = [Room(memory, seconds, _STAY, READY) for _ in range(processes)]
        self._free: LifoQueue[Room] = LifoQueue()  # the one that is warm first
        for room in self._rooms:
            self._free.put(room)

    def judge(self, data: bytes, question: Question) -> Findings:
        if len(data) > MAX_BYTES:
            return _only(data, "too_large")
        room = self._free.get()
        try:
            found: Findings = room.ask(JUDGE, data, question)
        except NotStarted:
            return _only(data, "not_checked")
        except (Lost, Failed):
            return _only(data, "too_costly")
        finally:
            self._free.put(room)
        return found

    def warm(self) -> None:
        """Start a process now, without waiting for it."""
        Thread(target=self._warm, daemon=True).start()

    def _warm(self) -> None:
        room = self._free.get()
        try:
            with suppress(Lost):  # the first file will say so
                room.start()
        finally:
            self._free.put(room)

    def close(self) -> None:
        for room in self._rooms:
            room.close()


class Away:
    """Nobody is there to judge: of every file it says that nothing can be said."""

    def judge(self, data: bytes, question: Question) -> Findings:
        return _only(data, "not_checked")

    def warm(self) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        """Nothing has been opened."""


def _only(data: bytes, code: str) -> Findings:
    digest = sha256(data).hexdigest()
    return Findings(Verdict(False, (reason(code),), digest, size=len(data)), FoundFile(len(data)))
