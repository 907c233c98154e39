"""What finance exported and has not sent back: it is issued elsewhere, and nobody else would notice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from backend import authority
from backend.authority import Role
from backend.invoices.states import KIND, RedState, State
from backend.models import Application, InvoiceRed, InvoiceRequest
from backend.policy import store
from backend.work import Work
from backend.workdays import after_workdays

USUAL = 5  # working days after which finance are asked, where they have promised none


@dataclass(frozen=True, slots=True)
class Unreturned:
    """An invoice or a red letter by its number. ``application`` is the invoice's number; ``due_at``
    until when it was to be there."""

    number: str
    application: str
    due_at: datetime


def unreturned(work: Work) -> list[Unreturned]:
    """All that was exported and is not issued yet, the first to be due first. Finance only."""
    authority.require(work, Role.FINANCE)
    return _all(work)


def late(work: Work, at: datetime | None = None) -> list[Unreturned]:
    """Of those, what was to be there by now, or by that time."""
    return [one for one in _all(work) if one.due_at <= (at or work.now)]


def _all(work: Work) -> list[Unreturned]:
    calendar, days = store.calendar(work), store.invoice(work).issue_workdays or USUAL
    invoices = work.session.execute(
        select(Application.number, Application.since, InvoiceRequest.due_at)
        .join(InvoiceRequest, InvoiceRequest.application_id == Application.id)
        .where(
            Application.institution_id == work.institution,
            Application.kind == KIND,
            Application.state == State.EXPORTED,
        )
    )
    reds = work.session.execute(
        select(InvoiceRed.number, Application.number, InvoiceRed.asked_at)
        .join(Application, Application.id == InvoiceRed.application_id)
        .where(InvoiceRed.institution_id == work.institution, InvoiceRed.state == RedState.EXPORTED)
    )
    found = [
        Unreturned(number, number, due_at or after_workdays(since, days, calendar))
        for number, since, due_at in invoices
    ]
    found += [
        Unreturned(number, invoice, after_workdays(asked_at, days, calendar))
        for number, invoice, asked_at in reds
    ]
    return sorted(found, key=lambda one: (one.due_at, one.number))
