"""Imports what the student registry exports. Doing it again changes nothing.

Rows are written with the keys people know (numbers and codes). A row that cannot be taken is
refused with its reason and the others go in, unless everything is wanted or nothing.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.orm import Session, SessionTransaction

from backend.models import AuditEntry, Institution
from backend.registry.columns import kind_of, places
from backend.registry.entry import Registry
from backend.registry.limits import UnreadableFile
from backend.registry.report import Problem, Report
from backend.registry.tables import lines
from backend.registry.taking import Taking
from backend.sealing import Sealer

LOCK = 7265  # imports of all processes wait for one another


def import_file(
    session: Session,
    sealer: Sealer,
    institution: str,
    kind: str | None,
    path: Path,
    *,
    all_or_nothing: bool,
    now: datetime,
    strict: bool = True,
    actor: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Takes one CSV or XLSX file into the registry, in the caller's transaction.

    ``kind`` is a key of ``COLUMNS``; without it the headings decide. ``strict`` wants ID numbers
    of residents with a right check digit; otherwise passports are taken as well. ``progress`` is
    told how many rows have been read. With ``all_or_nothing`` one refused row undoes everything;
    a file that cannot be read to its end always does. ``actor`` is who imports, for the audit.
    """
    report = Report(kind)
    if session.get(Institution, institution) is None:
        return refused_file(report, "unknown_institution", {})
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    undo = session.begin_nested()
    try:
        with lines(path) as rows:
            headings = next(rows).cells
            report.kind = kind = kind or kind_of(headings)
            found, report.ignored_columns = places(kind, headings)
            registry = Registry(session, institution, sealer, now, actor)
            Taking(registry, report, kind, found, strict=strict).take(rows, len(headings), progress)
    except UnreadableFile as unreadable:
        undo.rollback()
        return refused_file(report, unreadable.code, unreadable.facts)
    finish(undo, report, all_or_nothing)
    if report.applied:
        record(session, institution, report, path, now=now, actor=actor)
    return report


def refused_file(report: Report, code: str, facts: dict[str, object]) -> Report:
    return Report(
        report.kind,
        applied=False,
        problems=[*report.problems, Problem(0, "", "", code, facts)],
        ignored_columns=report.ignored_columns,
    )


def finish(undo: SessionTransaction, report: Report, all_or_nothing: bool) -> None:
    if all_or_nothing and report.refused:
        undo.rollback()
        report.applied = False
    else:
        undo.commit()


def record(
    session: Session,
    institution: str,
    report: Report,
    path: Path,
    *,
    now: datetime,
    actor: int | None,
) -> None:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    session.execute(
        insert(AuditEntry).values(
            institution_id=institution,
            at=now,
            actor_id=actor,
            subject=f"import:{report.kind}",
            event="imported",
            from_state="",
            to_state="",
            why=f"added {report.added}, changed {report.changed}, unchanged {report.unchanged}, "
            f"ended {report.ended}, refused {report.refused}, sha256 {digest}",
        )
    )
