"""A process that runs jobs, and may be made to die: ``worker URL FOLDER how``.

``hang``: the press never finishes. ``hang_stamped``: the time stamps are there, and nothing goes on.
``die_kept``: killed when all is written but not committed. ``die_when_done``: killed when the work is committed, before the
queue knows. ``work``: everything goes well, until somebody closes its standard input.
"""

import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from backend import issuing, tasks
from backend.blobs import BlobStore
from backend.clock import SystemClock
from backend.database import Database
from backend.documents.facts import TranscriptFacts
from backend.documents.materials import Evidence, Issue, Level, Made
from backend.documents.workshop import Workshop
from backend.jobs import DurableJobs, JobRunner
from backend.office import Office
from backend.work import Work
from tests.backend.scene import SEALER, Press


class NotingPress(Press):
    """Leaves a line in a file for every document it begins."""

    def __init__(self, begun: Path, how: str) -> None:
        super().__init__()
        self.begun = begun
        self.how = how

    def make(
        self,
        facts: TranscriptFacts,
        issue: Issue,
        barred: Mapping[str, str],
        level: Level = Level.B_B,
        evidence: Evidence | None = None,
    ) -> Made:
        with self.begun.open("a") as file:
            file.write(f"{self.how}\n")
        while self.how == "hang":
            time.sleep(1)
        return super().make(facts, issue, barred, level, evidence)


def die_when_done(work: Work) -> None:
    if any(event.name == "transcript.issue" for event in work.events):
        work.after_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))


def die_kept(work: Work) -> None:
    if any(event.name == "transcript.issue" for event in work.events):
        os.kill(os.getpid(), signal.SIGKILL)


DEATHS = {"die_when_done": die_when_done, "die_kept": die_kept}


def main(url: str, folder: Path, how: str) -> None:
    database = Database(url)
    jobs = DurableJobs(database)
    nobody: Any = None
    office = Office(
        institution="demo",
        database=database,
        clock=SystemClock(),
        jobs=jobs,
        blobs=BlobStore(str(folder / "blobs"), SEALER),
        workshop=cast(Workshop, NotingPress(folder / "begun", how)),
        payments=nobody,
        base_url="http://registrar.test",
        announce=DEATHS.get(how, lambda _: None),
    )
    if how == "hang_stamped":
        finish = issuing.finish

        def and_hang(made: Made, *rest: Any) -> bytes:
            finish(made, *rest)
            (folder / "stamped").touch()
            while True:
                time.sleep(1)

        issuing.finish = and_hang
    tasks.housekeeping = lambda office: None
    runner = JobRunner(office, jobs, version="test")
    runner.start()
    sys.stdin.read()
    runner.stop()
    (folder / "stopped").touch()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
