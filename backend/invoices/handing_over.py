"""An issued invoice reaches its owner: its files are kept for them, and the case goes on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from backend import blobs
from backend.invoices import lines, requesting
from backend.invoices.matching import Match
from backend.invoices.states import RED_WORKFLOW, WORKFLOW, RedState, State
from backend.models import Application, Blob, InvoiceFile, InvoiceRed
from backend.policy import store
from backend.work import Work
from backend.workdays import after_months

T = TypeVar("T")
Came = tuple[Match, str, str, str]  # the match, the file's hash, its kind, its id in the store


def take(work: Work, came: Sequence[Came]) -> None:
    """Files that fit, all of one upload: each invoice is announced once, whatever came for it."""
    until = after_months(work.now, store.invoice(work).download_months)
    for found, digest, kind, blob_id in came:
        if found.application is not None:
            _keep(work, found.application, found.red, (digest, kind, blob_id), until)
            _note_number(work, found)
    for application in _each(found.application for found, *_file in came if found.red is None):
        issue(work, application)
    for red in _each(found.red for found, *_file in came):
        issue_red(work, red)


def issue(work: Work, application: Application) -> None:
    """It is issued; what was paid back meanwhile is to be taken back from now on."""
    if application.state != State.EXPORTED:
        work.emit("invoice.more_files", application.number)
        return
    WORKFLOW.take(work, application, "issue")
    requesting.request_of(work, application).issued_at = work.now
    for red in lines.reds_of(work, application):
        if red.state == RedState.WAITING:
            RED_WORKFLOW.take(work, red, "ask", why=red.why)
            WORKFLOW.take(work, application, "request_red", why=red.why)
    work.session.flush()


def issue_red(work: Work, red: InvoiceRed) -> None:
    """The red letter is issued; the case is over when none is due any more."""
    if red.state != RedState.EXPORTED:
        return
    RED_WORKFLOW.take(work, red, "issue")
    application = work.session.get_one(Application, red.application_id)
    due = {RedState.REQUESTED, RedState.EXPORTED}
    left = any(one.state in due for one in lines.reds_of(work, application))
    WORKFLOW.take(work, application, "issue_one_red" if left else "issue_red", red=red.number)


def files_of(work: Work, application: Application, red_number: str = "") -> list[Blob]:
    """Those that are there still, in the order in which they came; of one red letter, by its number."""
    found = (
        select(Blob)
        .join(InvoiceFile, InvoiceFile.blob_id == Blob.id)
        .where(InvoiceFile.application_id == application.id, Blob.deleted_at.is_(None))
        .order_by(Blob.created_at, Blob.name)
    )
    if red_number:
        of_it = InvoiceRed.number == red_number
        found = found.join(InvoiceRed, InvoiceRed.id == InvoiceFile.red_id).where(of_it)
    return list(work.session.scalars(found))


def _keep(
    work: Work,
    application: Application,
    red: InvoiceRed | None,
    file: tuple[str, str, str],
    until: datetime,
) -> None:
    digest, kind, blob_id = file
    blobs.keep(work, blob_id, expires_at=until)
    work.session.add(
        InvoiceFile(
            blob_id=blob_id,
            institution_id=work.institution,
            application_id=application.id,
            red_id=red.id if red else None,
            kind=kind,
            sha256=digest,
        )
    )
    work.session.flush()


def _note_number(work: Work, found: Match) -> None:
    if not found.invoice_number or found.application is None:
        return
    row = found.red or requesting.request_of(work, found.application)
    row.invoice_number = row.invoice_number or found.invoice_number


def _each(found: Iterable[T | None]) -> list[T]:
    """Each once, in their order."""
    return list(dict.fromkeys(one for one in found if one is not None))
