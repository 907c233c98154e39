"""What durable jobs do. Each may run again after a crash: done once or twice, it comes to the same.

No database session is held while a document is drawn or a provider is asked.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend import (
    absences,
    approvals,
    blobs,
    broadcasts,
    credentials,
    document_checks,
    follows,
    handoff,
    issuing,
    orders,
    revocations,
    signing,
    telling,
    transcripts,
    unclear,
)
from backend.blobs import NewFile
from backend.documents import font_files
from backend.documents.errors import MissingGlyph
from backend.documents.facts import TranscriptFacts
from backend.exam import graduation_fee, score_files, superseded, transfer_in_due
from backend.files import written
from backend.identity import throttle
from backend.invoices import batch_files, prompting, uploading
from backend.ledger import checking as ledger
from backend.ledger import exporting
from backend.models import Application, Broadcast, PreviewPage, Snapshot
from backend.office import Office
from backend.payments import asking, showing
from backend.photos import (
    batch_running,
    codes,
    importing,
    looking,
    missing_table,
    reminders,
    schedule_publishing,
)
from backend.pictures import checking
from backend.proofs import samples
from backend.publications import drafts
from backend.reconciliation import comparison_files, days, fetching
from backend.refunds import executing as refunds
from backend.refunds import overdue as refunds_overdue
from backend.reviewing import overdue, sheets
from backend.sharing import sweeps as sharing
from backend.work import Work

log = logging.getLogger(__name__)

PREVIEW_KEPT = timedelta(days=7)
LEFT_LYING = timedelta(minutes=15)  # a job that is not done by then may have been lost


def draw_preview(office: Office, digest: str) -> None:
    """Draw the watermarked pages of a snapshot and wake whoever waits for them (T6)."""
    with office.read() as work:
        snapshot = work.session.get_one(Snapshot, (work.institution, digest))
        facts = TranscriptFacts.from_json(snapshot.facts)
        owner = snapshot.student_id
    missing = ""
    try:
        pictures = office.workshop.preview(facts)
    except MissingGlyph as error:
        pictures, missing = [], "".join(error.characters)
    pages = written(
        office,
        [
            NewFile(
                picture.png,
                owner,
                f"preview-{number}.png",
                "image/png",
                (picture.width, picture.height),
            )
            for number, picture in enumerate(pictures, 1)
        ],
    )
    with office.work() as work:
        snapshot = work.session.get_one(Snapshot, (work.institution, digest))
        if snapshot.drawing_since is None:
            return  # another run has done it
        snapshot.drawing_since = None
        snapshot.undrawable = missing
        snapshot.undrawable_in = font_files.edition() if missing else None
        if missing:
            work.emit("transcript.undrawable", digest, student=owner, glyphs=missing)
        for number, blob_id in enumerate(pages, 1):
            blobs.keep(work, blob_id, expires_at=work.now + PREVIEW_KEPT)
            page = PreviewPage(
                institution_id=work.institution, digest=digest, page=number, blob_id=blob_id
            )
            work.session.merge(page)
        work.emit("job.done", f"preview:{digest}")


def sweep_files(office: Office) -> list[str]:
    """End every file whose time is over, then take its bytes away; the ids of those that are gone.

    A link says at once that the file is gone. What a crash leaves behind, the next sweep takes.
    """
    with office.work() as work:
        blobs.expire_due(work)
    with office.read() as work:
        over = blobs.deleted(work)
        shared = blobs.in_use(work, {key for _, key in over})
    gone = []
    for blob_id, key in over:
        try:
            if key not in shared:  # others have the same file
                office.blobs.delete(key)
        except Exception:  # the store is away, or this one file is in its way; the others go on
            log.exception("the bytes of file %s could not be deleted", blob_id)
        else:
            gone.append(blob_id)
    if gone:
        with office.work() as work:
            blobs.note_erased(work, gone)
    return gone


def ask_again(work: Work) -> int:
    """Ask once more, every hour, for what should long have been made; returns for how many. Transcripts,
    which may wait for a time stamp, are asked for every quarter of one.

    A job is lost when even giving it up has failed, or its queue with a restored backup. One that
    only waits is asked for twice: whichever runs first leaves nothing to the other.
    """
    late, hour = work.now - LEFT_LYING, f"{work.now:%Y%m%d%H}"
    paid = select(Application.number).where(
        Application.institution_id == work.institution,
        Application.kind == "transcript",
        Application.state == transcripts.State.PAID,
        Application.since < late,
    )
    drawing = select(Snapshot.digest).where(
        Snapshot.institution_id == work.institution, Snapshot.drawing_since < late
    )
    announced = select(Broadcast.number).where(
        Broadcast.institution_id == work.institution,
        Broadcast.ended_at.is_(None),
        Broadcast.made_at < late,
    )
    asked = 0
    for job, name, left, when in (
        ("issue_transcript", "application", paid, f"{hour}{work.now.minute // 15}"),
        ("draw_preview", "digest", drawing, hour),
        ("broadcast", "number", announced, hour),
    ):
        for subject in work.session.scalars(left).all():
            work.enqueue(job, f"{subject}:again:{when}", **{name: subject})
            asked += 1
    return asked


def housekeeping(office: Office) -> None:
    """Everything that time alone brings about; run every minute, safe to repeat.

    What the provider has received is asked first, so that no order expires that has been paid.
    """
    try:
        asking.ask(office)
    except Exception:
        log.exception("asking the payment provider failed")
    for sweep in (
        orders.expire_due,
        showing.try_again,
        graduation_fee.close_due,
        graduation_fee.open_due,
        absences.sweep,
        approvals.remind_due,
        approvals.escalate_due,
        refunds.sweep,
        refunds_overdue.remind_due,
        refunds_overdue.escalate_due,
        superseded.end_due,
        overdue.remind_due,
        overdue.escalate_due,
        telling.send_digests,
        handoff.run_out_due,
        credentials.expire_due,
        follows.forget_due,
        revocations.lapse_due,
        unclear.expire_due,
        drafts.expire_due,
        reminders.send_due,
        schedule_publishing.end_due,
        batch_running.ask_again,
        checking.sweep,
        transfer_in_due.miss_due,
        transfer_in_due.tell_due,
        transfer_in_due.remind_due,
        sharing.expire_due,
        sharing.warn_due,
        sharing.forget_views_due,
        throttle.forget_due,
        prompting.prompt_due,
        ask_again,
    ):
        try:
            with office.work() as work:
                sweep(work)
        except Exception:  # the others must not wait for it; it comes again in a minute
            log.exception("a sweep failed")
    for look in (signing.keep_known, issuing.refresh_evidence, sweep_files, ledger.look, days.look):
        try:
            look(office)
        except Exception:
            log.exception("a sweep failed")


JOBS: dict[str, Callable[..., None]] = {
    "broadcast": broadcasts.run,
    "check_photos": batch_running.run,
    "draw_photo_code": codes.draw,
    "export_ledger": exporting.make,
    "export_invoices": batch_files.make,
    "export_photo_missing": missing_table.make,
    "fetch_photo_code": codes.fetch,
    "import_photo_table": importing.run,
    "look_at_photo": looking.look,
    "look_at_refund": refunds.look,
    "check_picture": checking.look,
    "close_charges": asking.close_charges,
    "draw_preview": draw_preview,
    "draw_scores": score_files.draw,
    "draw_sample": samples.draw,
    "draw_sheet": sheets.draw,
    "issue_transcript": issuing.issue_transcript,
    "pay_back": refunds.pay_back,
    "read_document": drafts.read,
    "read_picture": checking.read,
    "export_reconciliation": comparison_files.make,
    "reconcile": fetching.run,
    "show_qr": showing.show,
    "take_invoices": uploading.run,
    "verify_file": document_checks.verify_file,
}


def run(office: Office, name: str, payload: dict[str, Any]) -> None:
    """Run one job by its name."""
    if payload["institution"] != office.institution:
        raise ValueError("a job of another institution")
    arguments = {key: value for key, value in payload.items() if key != "institution"}
    JOBS[name](office, **arguments)
