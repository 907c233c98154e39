"""Asking for an invoice: for which paid orders, made out to whom; correcting it, giving it up.

Finance issues invoices (T10). An order is on one invoice at most; only what was paid, and was not paid
back, is on it. All else is policy of the institution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend import cases, numbering, orders
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.invoices import buyers, lines
from backend.invoices.buyers import Buyer
from backend.invoices.states import CANCELLABLE, KIND, LETTER, RULE, WORKFLOW
from backend.models import Application, InvoiceOrder, InvoiceRequest, Order
from backend.policy import store
from backend.policy.entries import NotSet
from backend.policy.invoice import InvoicePolicy
from backend.work import Work
from backend.workdays import after_months, after_workdays
from backend.workflow import NEW, already_handled

MOST_ORDERS = 20  # on one invoice


@dataclass(frozen=True, slots=True)
class Line:
    """A paid order, what of it can be on an invoice, and until when that can be asked for."""

    order: Order
    amount_fen: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """``lines``: what an invoice can be asked for, the latest first. Of the other paid orders, how many
    are on an invoice, cost nothing (or all of it was paid back, or is to be), and are too old."""

    lines: tuple[Line, ...]
    invoiced: int
    nothing_left: int
    too_late: int


def policy_for(work: Work) -> InvoicePolicy:
    """Raises Refused ``policy_not_set`` until finance has decided what invoices say."""
    policy = store.invoice(work)
    for entry in ("months_after_payment", "goods_name", "tax_code", "tax_rate"):
        if getattr(policy, entry) is None:
            raise NotSet(entry, RULE, policy.office)
    return policy


def due_at(work: Work) -> datetime | None:
    """Until when what is asked for now is issued; None where finance promises nothing."""
    days = store.invoice(work).issue_workdays
    return after_workdays(work.now, days, store.calendar(work)) if days else None


def offer(work: Work) -> Offer:
    """For the person who acts."""
    months = policy_for(work).months_after_payment or 0
    found: list[Line] = []
    invoiced = nothing_left = too_late = 0
    for order in orders.of_person(work, work.actor or 0):
        if order.state != orders.State.PAID:
            continue
        line = _line(work, order, months)
        if line.amount_fen <= 0:
            nothing_left += 1
        elif lines.live_line(work, order.id) is not None:
            invoiced += 1
        elif line.until < work.now:
            too_late += 1
        else:
            found.append(line)
    return Offer(tuple(found), invoiced, nothing_left, too_late)


def file(work: Work, order_ids: Sequence[int], buyer: Buyer, consent: Consent) -> Application:
    """Ask for one invoice for all of these orders of the person who acts.

    Raises Refused ``no_order_chosen``, ``order_not_paid``, ``order_invoiced``, ``nothing_to_invoice``,
    ``invoice_too_late``, ``too_many_orders``, ``bad_title``, ``bad_tax_number``; NotAllowed for
    somebody else's order.
    """
    policy = policy_for(work)
    made_out_to = buyers.require_own(work, buyer)
    wanted = _require(work, order_ids, policy)
    application = Application(
        institution_id=work.institution,
        number=numbering.next_number(work, LETTER),
        kind=KIND,
        applicant_id=consent.person_id,
        unit_id=orders.application_of(work, wanted[0].order).unit_id,
        state=NEW,
        filed_at=work.now,
        policy_version=store.version_in_force(work, "invoice"),
        consent_id=keep(work, consent),
    )
    WORKFLOW.take(work, application, "file")
    title, number = buyers.sealed(work, made_out_to)
    work.session.add(
        InvoiceRequest(
            application_id=application.id,
            institution_id=work.institution,
            buyer=made_out_to.kind,
            title_sealed=title,
            tax_number_sealed=number,
            rejected_why="",
            invoice_number="",
            due_at=due_at(work),
        )
    )
    try:
        with work.savepoint():
            for one in wanted:
                _add_line(work, application, one)
            work.session.flush()
    except IntegrityError:  # on another invoice at this very moment
        raise Refused("order_invoiced", order=wanted[0].order.number, number="") from None
    return application


def correct(work: Work, number: str, buyer: Buyer, consent: Consent) -> Application:
    """Made out to somebody else, before finance has exported it, or after it was sent back."""
    application = own(work, number)
    if not WORKFLOW.allows(application.state, "correct"):
        raise already_handled(work, application)
    made_out_to = buyers.require_own(work, buyer)
    keep(work, consent)
    WORKFLOW.take(work, application, "correct")
    request = request_of(work, application)
    request.buyer = made_out_to.kind
    request.title_sealed, request.tax_number_sealed = buyers.sealed(work, made_out_to)
    request.rejected_why, request.due_at = "", due_at(work)
    work.session.flush()
    return application


def cancel(work: Work, number: str, consent: Consent) -> Application:
    """The person does not want it any more, and may ask again; not once it has been exported."""
    application = own(work, number)
    keep(work, consent)
    WORKFLOW.take(work, application, "cancel")
    for line in lines.lines_of(work, application):
        line.released_at = work.now
    work.session.flush()
    return application


def cancellable(application: Application) -> bool:
    return application.state in CANCELLABLE


def own(work: Work, number: str) -> Application:
    return cases.own(work, number, [KIND])


def find(work: Work, number: str) -> Application | None:
    return cases.find(work, number, [KIND])


def of_person(work: Work, person_id: int) -> list[Application]:
    """Newest first."""
    return [one for one in cases.of_person(work, person_id) if one.kind == KIND]


def request_of(work: Work, application: Application) -> InvoiceRequest:
    return work.session.get_one(InvoiceRequest, application.id)


def of_order(work: Work, order_id: int) -> Application | None:
    """The invoice that the order is on now."""
    line = lines.live_line(work, order_id)
    return work.session.get_one(Application, line.application_id) if line is not None else None


def orders_of(work: Work, application: Application) -> list[Order]:
    """All that it is, or was, for."""
    return list(
        work.session.scalars(
            select(Order)
            .join(InvoiceOrder, InvoiceOrder.order_id == Order.id)
            .where(InvoiceOrder.application_id == application.id)
            .order_by(Order.id)
        )
    )


def orders_on(work: Work, application: Application) -> list[Order]:
    """What it is for now; all that it was for, where nothing is left."""
    now = {line.order_id for line in lines.lines_of(work, application)}
    return [order for order in orders_of(work, application) if not now or order.id in now]


def _require(work: Work, order_ids: Sequence[int], policy: InvoicePolicy) -> list[Line]:
    """The orders, which do not move until the end, with what each is to be invoiced for."""
    ids = set(order_ids)
    if not ids:
        raise Refused("no_order_chosen")
    if len(ids) > MOST_ORDERS:
        raise Refused("too_many_orders", most=MOST_ORDERS)
    found = lines.lock_orders(work, ids)
    if len(found) != len(ids) or any(order.buyer_id != work.actor for order in found):
        raise NotAllowed
    wanted = [_line(work, order, policy.months_after_payment or 0) for order in found]
    for one in wanted:
        _require_line(work, one, policy)
    return wanted


def _require_line(work: Work, one: Line, policy: InvoicePolicy) -> None:
    number = one.order.number
    if one.order.state != orders.State.PAID:
        raise Refused("order_not_paid", order=number)
    if one.amount_fen <= 0:
        raise Refused("nothing_to_invoice", order=number)
    if (line := lines.live_line(work, one.order.id)) is not None:
        invoice = work.session.get_one(Application, line.application_id)
        raise Refused("order_invoiced", order=number, number=invoice.number)
    if one.until < work.now:
        months = policy.months_after_payment
        raise Refused("invoice_too_late", order=number, months=months, office=policy.office)


def _line(work: Work, order: Order, months: int) -> Line:
    paid_at = order.paid_at or work.now
    return Line(order, lines.left_fen(work, order), after_months(paid_at, months))


def _add_line(work: Work, application: Application, one: Line) -> None:
    work.session.add(
        InvoiceOrder(
            institution_id=work.institution,
            application_id=application.id,
            order_id=one.order.id,
            amount_fen=one.amount_fen,
        )
    )
