"""``registrar photos``: a folder or a ZIP archive of graduation photos, checked here and now (R15, R16)."""

import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from sqlalchemy import select

from backend.errors import Refused
from backend.models import Blob, PhotoBatch
from backend.office import Office
from backend.photos import batch_intake, batch_running, batch_steering
from backend.photos.archive import MOST_ENTRY
from backend.photos.batch_steering import State
from backend.photos.verdict_words import MENDING
from backend.registry import units
from bot.assemble import office_alone
from bot.settings import Settings

SHOWN = 20
WHY = {
    "bad_archive": "打不开这个压缩包 the archive cannot be opened",
    "archive_too_large": "压缩包太大 the archive is too large",
    "too_many_photos": "文件太多 too many files",
}


class Photos:
    """``year`` is the enrolment year, needed where files are named by ID numbers; ``unit`` a code."""

    def __init__(
        self, settings: Settings, *, year: int | None, unit: str | None, report: Path | None
    ) -> None:
        self._settings = settings
        self._year = year
        self._unit = unit
        self._report = report

    def run(self, source: Path) -> int:
        """Exit status: 1 where anything failed."""
        if not source.exists():
            print(f"{source}: 没有这个文件或文件夹 no such file or folder", file=sys.stderr)
            return 1
        with office_alone(self._settings) as office:
            unit_id = self._unit_id(office)
            if self._unit and unit_id is None:
                print(f"没有这个培养单位 no such unit: {self._unit}", file=sys.stderr)
                return 1
            try:
                with opened(source) as file:
                    archive = batch_intake.put(office, file, source.name)
            except Refused as refused:
                print(f"{source}: {WHY[refused.code]}", file=sys.stderr)
                return 1
            with office.work() as work:
                number = batch_intake.begin(work, archive, unit_id, self._year, None).number
            return self._check(office, number)

    def go_on(self, number: str) -> int:
        """Where an earlier run ended, or was ended."""
        with office_alone(self._settings) as office:
            with office.work() as work:
                batch = work.session.scalar(select(PhotoBatch).where(PhotoBatch.number == number))
                if batch is None:
                    print(f"没有这个编号 no such number: {number}", file=sys.stderr)
                    return 1
                if batch.state in (State.STOPPED, State.FAILED):
                    batch_steering.take_up(work, batch)
            return self._check(office, number)

    def _unit_id(self, office: Office) -> int | None:
        with office.read() as work:
            unit = units.by_code(work, self._unit) if self._unit else None
            return unit.id if unit else None

    def _check(self, office: Office, number: str) -> int:
        print(f"{number}")
        try:
            batch_running.run(office, number, progress=tell)
        finally:
            office.studio.close()
        with office.read() as work:
            batch = batch_steering.of_number(work, number)
            failures = batch_steering.failures(work, batch, SHOWN)
            state, passed, failed = batch.state, batch.passed, batch.failed
            report = work.session.get(Blob, batch.report_id) if batch.report_id else None
            place = report.key if report else ""
        if sys.stderr.isatty():
            print(file=sys.stderr)
        print(f"  通过 passed {passed}，不通过 failed {failed}")
        for name, code in failures:
            print(f"  {name}: {' '.join(MENDING[code])}")
        if failed > len(failures):
            print(f"  … 其余的见报告 the others are in the report ({failed - len(failures)})")
        if self._report and place:
            self._report.write_bytes(office.blobs.get(place))
            print(f"  报告已写入 the report is in {self._report}")
        if state != State.DONE:
            print(
                f"  没有做完，接着做 not finished, go on with: registrar photos --go-on {number}",
                file=sys.stderr,
            )
        return 0 if state == State.DONE and not failed else 1


def tell(done: int, total: int) -> None:
    """For whoever watches; a file or a pipe is told nothing."""
    if sys.stderr.isatty():
        print(f"\r{done} / {total}", end="", flush=True, file=sys.stderr)


@contextmanager
def opened(source: Path) -> Iterator[BinaryIO]:
    """An archive as it is; a folder's files as one, byte for byte."""
    if source.is_file():
        with source.open("rb") as file:
            yield file
        return
    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            for path in sorted(source.rglob("*")):
                if path.is_file() and path.stat().st_size <= MOST_ENTRY:
                    packed.write(path, path.relative_to(source).as_posix())
                elif path.is_file():  # its name is told as a failure, its bytes are not wanted
                    packed.writestr(path.relative_to(source).as_posix(), b"")
        file.seek(0)
        yield file
