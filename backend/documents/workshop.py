"""The workshop that draws and signs documents in processes of its own.

Importing this module is cheap: reportlab, pyHanko and the rest are imported in the worker
processes only, where the fonts and the key stay loaded.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from backend.documents.facts import TranscriptFacts
from backend.documents.materials import Evidence, Issue, Level, Made, Picture, Proved, Seal
from backend.documents.score_facts import ScoreFacts

if TYPE_CHECKING:
    from backend.documents.keyring import Keyring  # imports cryptography


class Workshop:
    """Draws previews and makes signed transcripts in processes of its own.

    Nothing starts before the first use or `warm`. Fonts must have been prepared in
    `fonts_folder` (`fonts.prepare`). Without a keyring nothing can be made. The methods block; call them from a worker thread or a job.
    Errors of the work itself come back as they are: MissingGlyph, SigningRefused, TokenAway, ValueError.
    """

    def __init__(
        self, fonts_folder: Path, keyring: "Keyring | None", seal: Seal, *, processes: int = 1
    ) -> None:
        self.keyring = keyring
        self._setting = (fonts_folder, keyring, seal)
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False
        self._lock = Lock()

    def preview(self, facts: TranscriptFacts) -> list[Picture]:
        """The pages as pictures, with a watermark, without QR code and seal (T6)."""
        pictures: list[Picture] = self._run("preview", facts)
        return pictures

    def score_table(self, facts: ScoreFacts, as_of: str) -> bytes:
        """A candidate's scores as a PDF (E3)."""
        pdf: bytes = self._run("score_table", facts, as_of)
        return pdf

    def score_pictures(self, facts: ScoreFacts, as_of: str) -> list[Picture]:
        """The same as pictures, one for each page (E3)."""
        pictures: list[Picture] = self._run("score_pictures", facts, as_of)
        return pictures

    def make(
        self,
        facts: TranscriptFacts,
        issue: Issue,
        barred: Mapping[str, str] | None = None,
        level: Level = Level.B_B,
        evidence: Evidence | None = None,
    ) -> Made:
        """The signed file, by the key that signs at the moment of issue (T8).

        ``barred`` are certificates that must not be used, as for Keyring.current. From B-T on the time
        stamp is still to come (`finishing`). Raises NoEvidence when ``evidence`` is of another key.
        """
        made: Made = self._run("make", facts, issue, dict(barred or {}), level, evidence)
        return made

    def check_stamp(
        self, token: bytes, digest: bytes, chain: bytes, now: datetime
    ) -> tuple[bytes, ...]:
        """The certificates of a time stamp, as `proving.check_stamp`. Raises ValueError."""
        path: tuple[bytes, ...] = self._run("check_stamp", token, digest, chain, now)
        return path

    def prove(
        self,
        certificate: bytes,
        chain: tuple[bytes, ...],
        ocsps: tuple[bytes, ...],
        crls: tuple[bytes, ...],
        now: datetime,
        *,
        stamping: bool,
    ) -> Proved:
        """What these answers prove of a certificate, as `proving.prove`."""
        proof: Proved = self._run("prove", certificate, chain, ocsps, crls, now, stamping)
        return proof

    def sample(self, name: str, language: str) -> Picture:
        """The sample of a proof, with what is to be copied ringed (E10)."""
        picture: Picture = self._run("sample", name, language)
        return picture

    def warm(self) -> list[Future[Any]]:
        """Start the processes now, so that the first preview need not wait for the imports."""
        pool = self._started()
        return [pool.submit(_call, "warm") for _ in range(self._processes)]

    def close(self) -> None:
        """Finish what is running and end the processes."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, task: str, *args: object) -> Any:
        pool = self._started()
        try:
            return pool.submit(_call, task, *args).result()
        except BrokenProcessPool:
            # A worker that was killed must not end issuing. Tasks change nothing outside, so one
            # more try is safe.
            with self._lock:
                if self._pool is pool:
                    self._pool = None
            return self._started().submit(_call, task, *args).result()

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._closed:
                raise RuntimeError("the workshop is closed")
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes,
                    mp_context=get_context("spawn"),
                    initializer=_call,
                    initargs=("start", *self._setting),
                )
            return self._pool


def _call(task: str, *args: object) -> Any:
    # By name: naming the module at the top would import everything in the serving process.
    function: Callable[..., Any] = getattr(import_module("backend.documents.worker"), task)
    return function(*args)
