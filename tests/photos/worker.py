"""A process that checks a batch and is killed in the middle: ``worker URL FOLDER NUMBER FILE``."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from backend.blobs import BlobStore
from backend.clock import SystemClock
from backend.database import Database
from backend.jobs import DirectJobs
from backend.office import Office
from backend.photos import batch_running
from backend.pictures.studio import Here
from tests.backend.scene import SEALER


class Dying(Here):
    """Looks at so many pictures, and then there is a power cut."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def run(self, task: str, *arguments: object) -> Any:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().run(task, *arguments)


def main(url: str, folder: Path, number: str, left: int) -> None:
    nobody: Any = None
    office = Office(
        institution="demo",
        database=Database(url),
        clock=SystemClock(),
        jobs=DirectJobs(),
        blobs=BlobStore(str(folder / "blobs"), SEALER),
        workshop=nobody,
        payments=nobody,
        base_url="http://registrar.test",
        sealer=SEALER,
        studio=Dying(left),
    )
    batch_running.run(office, number)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
