"""A job that has failed for good: those who can mend it are told, and those who wait for it."""

from collections.abc import Callable
from typing import Any

from backend import broadcasts, document_checks, issuing, transcripts
from backend.documents.errors import NotNow
from backend.exam import score_files
from backend.invoices import batch_files, uploading
from backend.ledger import exporting
from backend.models import Snapshot
from backend.office import Office
from backend.photos import batch_running, codes, importing, looking, missing_table
from backend.pictures import checking
from backend.proofs import samples
from backend.reconciliation import comparison_files, fetching
from backend.refunds import executing as refunds
from backend.reviewing import sheets
from backend.work import Work

Payload = dict[str, Any]
SUBJECTS = ("application", "digest", "number", "picture", "sample", "person", "blob", "orders")


def give_up(office: Office, name: str, payload: Payload, lacking: str = "") -> None:
    """``lacking``: what somebody else does not give now; then the job is asked for again."""
    subject = next(str(payload[one]) for one in SUBJECTS if one in payload)
    with office.work() as work:
        if lacking and (waits := WAITING.get(name)):
            waits(work, subject, lacking)
            return
        work.emit("job.failed", subject, job=name)
        if ends := ENDS.get(name):
            ends(work, subject, payload)


def lacking(error: Exception) -> str:
    """What a job failed for that somebody else has to give; empty for any other failure."""
    tries = getattr(error, "errors", None)  # of the queue's own error
    last = tries[-1] if tries else error
    return last.lacking if isinstance(last, NotNow) else ""


def issue_transcript(work: Work, number: str, _: Payload) -> None:
    case = transcripts.locked(work, number)
    if case.state == transcripts.State.PAID:
        transcripts.WORKFLOW.take(work, case, "get_stuck", why="job failed", glyphs="")


def draw_preview(work: Work, digest: str, _: Payload) -> None:
    snapshot = work.session.get_one(Snapshot, (work.institution, digest))
    snapshot.drawing_since = None
    failed(work, f"preview:{digest}")


def failed(work: Work, key: str) -> None:
    """Whoever waits for it waits no longer."""
    work.emit("job.done", key, ok=False)


WAITING: dict[str, Callable[[Work, str, str], None]] = {"issue_transcript": issuing.delayed}
ENDS: dict[str, Callable[[Work, str, Payload], None]] = {
    "broadcast": lambda work, subject, _: broadcasts.give_up(work, subject),
    "check_photos": lambda work, subject, _: batch_running.give_up(work, subject),
    "check_picture": lambda work, _, payload: checking.give_up(
        work, "check_picture", payload["picture"]
    ),
    "draw_photo_code": lambda work, subject, _: failed(work, codes.picture_key(int(subject))),
    "draw_preview": draw_preview,
    "draw_sample": lambda work, subject, payload: failed(
        work, samples.key(subject, payload["language"])
    ),
    "draw_scores": lambda work, subject, payload: failed(
        work, score_files.key(subject, str(payload["form"]))
    ),
    "draw_sheet": lambda work, subject, payload: failed(
        work, sheets.key(subject, int(payload["person"]))
    ),
    "export_ledger": lambda work, subject, _: exporting.give_up(work, subject),
    "export_invoices": lambda work, subject, payload: batch_files.give_up(
        work, subject, int(payload["person"]), str(payload["moment"])
    ),
    "export_photo_missing": lambda work, subject, payload: missing_table.give_up(
        work, int(subject), str(payload["moment"])
    ),
    "fetch_photo_code": lambda work, subject, _: codes.give_up_asking(work, int(subject)),
    "import_photo_table": lambda work, subject, _: importing.give_up(work, subject),
    "issue_transcript": issue_transcript,
    "look_at_photo": lambda work, subject, _: looking.give_up(work, subject),
    "look_at_refund": lambda work, subject, _: refunds.give_up(work, subject),
    "pay_back": lambda work, subject, _: refunds.give_up(work, subject),
    "read_picture": lambda work, _, payload: checking.give_up(
        work, "read_picture", payload["picture"]
    ),
    "export_reconciliation": lambda work, subject, payload: comparison_files.give_up(
        work, subject, int(payload["person"]), str(payload["moment"])
    ),
    "reconcile": lambda work, subject, _: fetching.give_up(work, subject),
    "take_invoices": lambda work, subject, _: uploading.give_up(work, subject),
    "verify_file": lambda work, subject, _: document_checks.give_up(work, subject),
}
