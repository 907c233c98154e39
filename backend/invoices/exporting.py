"""What finance exports for its invoicing system: all that waits, at once, and each of it once."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from backend import authority, numbering
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.invoices import lines, requesting
from backend.invoices.states import BATCH_LETTER, KIND, RED_WORKFLOW, WORKFLOW, RedState, State
from backend.models import (
    Application,
    InvoiceBatch,
    InvoiceBatchRow,
    InvoiceOrder,
    InvoiceRed,
    Order,
)
from backend.policy import store
from backend.work import Work

MOST_ROWS = 500  # in one batch; what is more waits for the next
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the next batch holds, and how much: ``fen`` of invoices, ``red_fen`` of red letters.

    ``digest`` is of exactly this: what comes or goes meanwhile makes another one.
    """

    applications: tuple[Application, ...]
    reds: tuple[InvoiceRed, ...]
    fen: int
    red_fen: int
    left_over: int
    digest: str

    @property
    def rows(self) -> int:
        return len(self.applications) + len(self.reds)


def waiting(work: Work, *, lock: bool = False) -> Waiting:
    """The oldest first; finance only. ``lock``: of two officers the second waits, and then finds what
    is left."""
    authority.require(work, Role.FINANCE)
    filed = select(Application).where(
        Application.institution_id == work.institution,
        Application.kind == KIND,
        Application.state == State.FILED,
    )
    red = select(InvoiceRed).where(
        InvoiceRed.institution_id == work.institution, InvoiceRed.state == RedState.REQUESTED
    )
    if lock:
        filed, red = filed.with_for_update(), red.with_for_update()
        again = {"populate_existing": True}
        filed, red = filed.execution_options(**again), red.execution_options(**again)
    applications = work.session.scalars(filed.order_by(Application.id)).all()
    reds = work.session.scalars(red.order_by(InvoiceRed.id)).all()
    # Red letters take back what was said to the tax bureau: they go first.
    chosen_reds = tuple(reds[:MOST_ROWS])
    chosen = tuple(applications[: MOST_ROWS - len(chosen_reds)])
    seen = [(one.number, one.version) for one in chosen] + [(one.number, 0) for one in chosen_reds]
    return Waiting(
        chosen,
        chosen_reds,
        _sum_fen(work, chosen),
        sum(one.amount_fen for one in chosen_reds),
        len(applications) + len(reds) - len(chosen) - len(chosen_reds),
        sha256(repr(seen).encode()).hexdigest(),
    )


def count(work: Work, since: datetime | None = None) -> int:
    """How many rows wait to be exported, all or those that have waited since then."""
    filed = select(func.count()).where(
        Application.institution_id == work.institution,
        Application.kind == KIND,
        Application.state == State.FILED,
    )
    red = select(func.count()).where(
        InvoiceRed.institution_id == work.institution, InvoiceRed.state == RedState.REQUESTED
    )
    if since is not None:
        filed = filed.where(Application.since <= since)
        red = red.where(InvoiceRed.asked_at <= since)
    return int(work.session.scalar(filed) or 0) + int(work.session.scalar(red) or 0)


def export(work: Work, digest: str, consent: Consent) -> InvoiceBatch:
    """Put what waits into a new batch; its files are made from the batch (``batch_files``).

    ``digest`` is of what the officer saw. Raises NotAllowed, Refused ``nothing_to_export``,
    ``export_changed``.
    """
    officer = authority.require(work, Role.FINANCE)
    requesting.policy_for(work)
    now = waiting(work, lock=True)
    if not now.rows:
        raise Refused("nothing_to_export")
    if now.digest != digest:
        raise Refused("export_changed")
    batch = InvoiceBatch(
        institution_id=work.institution,
        number=numbering.next_number(work, BATCH_LETTER),
        made_by=officer,
        made_at=work.now,
        consent_id=keep(work, consent),
        policy_version=store.version_in_force(work, "invoice"),
    )
    work.session.add(batch)
    work.session.flush()
    for place, application in enumerate(now.applications, 1):
        _put_invoice(work, batch, place, application)
    for place, red in enumerate(now.reds, len(now.applications) + 1):
        _put_red(work, batch, place, red)
    work.session.flush()
    return batch


def batches(work: Work) -> list[tuple[InvoiceBatch, int]]:
    """The latest first, each with how many rows it has. Finance only."""
    authority.require(work, Role.FINANCE)
    rows = work.session.execute(
        select(InvoiceBatch, func.count())
        .join(InvoiceBatchRow, InvoiceBatchRow.batch_id == InvoiceBatch.id)
        .where(InvoiceBatch.institution_id == work.institution)
        .group_by(InvoiceBatch.id)
        .order_by(InvoiceBatch.id.desc())
        .limit(SHOWN)
    )
    return [(batch, count) for batch, count in rows]


def batch_of(work: Work, number: str) -> InvoiceBatch:
    """Finance only. Raises Refused ``no_such_batch``."""
    authority.require(work, Role.FINANCE)
    found = work.session.scalar(
        select(InvoiceBatch).where(
            InvoiceBatch.institution_id == work.institution,
            InvoiceBatch.number == number.strip().upper(),
        )
    )
    if found is None:
        raise Refused("no_such_batch", number=number)
    return found


def _put_invoice(work: Work, batch: InvoiceBatch, place: int, application: Application) -> None:
    request = requesting.request_of(work, application)
    WORKFLOW.take(work, application, "export", why=batch.number)
    work.session.add(
        InvoiceBatchRow(
            batch_id=batch.id,
            place=place,
            institution_id=work.institution,
            application_id=application.id,
            buyer=request.buyer,
            title_sealed=request.title_sealed,
            tax_number_sealed=request.tax_number_sealed,
            amount_fen=lines.amount_fen(work, application),
            orders=_order_numbers(work, application),
        )
    )


def _put_red(work: Work, batch: InvoiceBatch, place: int, red: InvoiceRed) -> None:
    application = work.session.get_one(Application, red.application_id)
    request = requesting.request_of(work, application)
    RED_WORKFLOW.take(work, red, "export", why=batch.number)
    work.session.add(
        InvoiceBatchRow(
            batch_id=batch.id,
            place=place,
            institution_id=work.institution,
            application_id=application.id,
            red_id=red.id,
            buyer=request.buyer,
            title_sealed=request.title_sealed,
            tax_number_sealed=request.tax_number_sealed,
            amount_fen=red.amount_fen,
            orders=[work.session.get_one(Order, red.order_id).number],
        )
    )


def _order_numbers(work: Work, application: Application) -> list[str]:
    ids = [line.order_id for line in lines.lines_of(work, application)]
    return list(
        work.session.scalars(select(Order.number).where(Order.id.in_(ids)).order_by(Order.id))
    )


def _sum_fen(work: Work, applications: tuple[Application, ...]) -> int:
    total = select(func.coalesce(func.sum(InvoiceOrder.amount_fen), 0)).where(
        InvoiceOrder.application_id.in_([one.id for one in applications]),
        InvoiceOrder.released_at.is_(None),
    )
    return int(work.session.scalar(total) or 0)
