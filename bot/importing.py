"""``registrar import``: files into the registry one by one, and what came of each."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from backend.clock import SystemClock
from backend.database import Database
from backend.migrations.run import upgrade
from backend.registry.importing import import_file
from backend.registry.report import Report
from bot.prepare import check_folder, load_first_data, sealer
from bot.settings import Settings


class Import:
    """``kind`` None: the headings tell; ``report``: where rows that are refused are written."""

    def __init__(
        self, settings: Settings, kind: str | None, *, all_or_nothing: bool, report: Path | None
    ) -> None:
        self._settings = settings
        self._kind = kind
        self._all_or_nothing = all_or_nothing
        self._report = report
        self._written: set[Path] = set()

    def run(self, files: Sequence[Path]) -> int:
        """Exit status: 1 where anything was refused."""
        if self._report and not may_be_written(self._report):
            print(
                f"{self._report}：报告写不到这里（没有这个文件夹，或不能写），什么也没有导入。"
                " No report can be written there; nothing was imported.",
                file=sys.stderr,
            )
            return 1
        database = Database(self._settings.database)
        try:
            upgrade(database)
            check_folder(self._settings, database)
            load_first_data(self._settings, database, SystemClock().now())
            good = [self._take(database, path, alone=len(files) == 1) for path in files]
        finally:
            database.close()
        return 0 if all(good) else 1

    def _take(self, database: Database, path: Path, *, alone: bool) -> bool:
        """Whether every row was taken."""
        if not path.is_file():
            print(f"{path}: 没有这个文件 no such file", file=sys.stderr)
            return False
        progress = Progress()
        with database.write() as session:
            report = import_file(
                session,
                sealer(self._settings),
                self._settings.institution,
                self._kind,
                path,
                all_or_nothing=self._all_or_nothing,
                now=SystemClock().now(),
                progress=progress.show,
            )
        progress.end()
        for line in lines(path, report):
            print(line)
        if self._report and report.problems:
            written = self._free(report_of(self._report, path, alone=alone))
            report.write_csv(written)
            print(f"  拒收原因已写入 the reasons are in {written}")
        return report.applied and not report.refused

    def _free(self, path: Path) -> Path:
        """Files of one name from several folders have a report each."""
        count, free = 1, path
        while free in self._written:
            count += 1
            free = path.with_stem(f"{path.stem}-{count}")
        self._written.add(free)
        return free


class Progress:
    """How many rows have been read, for whoever watches; a file or a pipe is told nothing."""

    def __init__(self) -> None:
        self._shown = False

    def show(self, rows: int) -> None:
        if sys.stderr.isatty():
            self._shown = True
            print(f"\r{rows} …", end="", flush=True, file=sys.stderr)

    def end(self) -> None:
        if self._shown:
            print(file=sys.stderr)


def may_be_written(report: Path) -> bool:
    """Known before anything is imported."""
    return (
        report.parent.is_dir()
        and os.access(report if report.exists() else report.parent, os.W_OK)
        and not report.is_dir()
    )


def report_of(report: Path, table: Path, *, alone: bool) -> Path:
    """One report for each file: ``refused.csv``, or ``refused-grades.csv`` where there are more."""
    return report if alone else report.with_stem(f"{report.stem}-{table.stem}")


def lines(path: Path, report: Report) -> list[str]:
    """Counts, and every refused row with the reason in both languages."""
    found = [": ".join(filter(None, (path.name, report.kind)))]
    if not report.applied:
        found[0] += "（没有导入 nothing was imported）"
    if report.applied or report.rows:
        found.append(counts(report))
    if report.ignored_columns:
        found.append(f"  不认识的列 ignored columns: {', '.join(report.ignored_columns)}")
    for problem in report.problems:
        where = (
            f"第 {problem.line} 行 line {problem.line}" if problem.line else "整个文件 whole file"
        )
        what = f"{problem.column} “{problem.value}”" if problem.value else problem.column
        found.append(f"  {' '.join(filter(None, (where, what)))}: {problem.zh} {problem.en}")
    return found


def counts(report: Report) -> str:
    """Where nothing was written in the end, what would have been."""
    would = "" if report.applied else "本来会 would have been: "
    ended = f"撤销 ended {report.ended}，" if report.ended else ""
    return (
        f"  {would}新增 added {report.added}，更新 changed {report.changed}，"
        f"未变 unchanged {report.unchanged}，{ended}拒收 refused {report.refused}"
    )
