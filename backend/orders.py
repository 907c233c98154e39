"""Orders: what is to be paid for an application, when it must be paid, and what happens then.

A saved order has agreed to nothing yet. Confirming it fixes the price and reserves the free copy;
an order that is not paid in time expires, as one that is cancelled closes, and gives the free copy
back (T2, T6).
"""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from backend import authority, numbering, previews, transcripts
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.documents.facts import TranscriptFacts
from backend.errors import NotAllowed, Refused
from backend.models import Application, FreeCopy, Order, OrderLine
from backend.offers import Kind, KindOffer
from backend.policy import store
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow, already_handled


class State(StrEnum):
    SAVED = "saved"
    CONFIRMED = "confirmed"  # to be paid
    PAID = "paid"
    EXPIRED = "expired"
    CLOSED = "closed"


WORKFLOW: Workflow[Order] = Workflow(
    "order",
    Edge("save", NEW, State.SAVED, rule="T6"),
    Edge("confirm", NEW, State.CONFIRMED, rule="T6"),
    Edge("confirm", State.SAVED, State.CONFIRMED, rule="T6"),
    Edge("pay", State.CONFIRMED, State.PAID, rule="T7"),
    Edge("expire", State.CONFIRMED, State.EXPIRED),
    Edge("pay_late", State.EXPIRED, State.PAID, rule="T7"),
    Edge("close", State.SAVED, State.CLOSED),
    Edge("cancel", State.CONFIRMED, State.CLOSED),
    Edge("pay_late", State.CLOSED, State.PAID, rule="T7"),
)


def save(work: Work, application: Application, price_fen: int, consent: Consent) -> Order:
    """Save and return (T6): keeps the place, binds nobody. The applicant's own, once approved."""
    if application.applicant_id != work.actor:
        raise Refused("no_such_application", number=application.number)
    if application.state != transcripts.State.APPROVED:
        raise already_handled(work, application)
    order = open_order(work, application) or _create(work, application, price_fen)
    if order.state == NEW:
        order.consent_id = keep(work, consent)
        WORKFLOW.take(work, order, "save")
    return order


def confirm(
    work: Work, application: Application, facts: TranscriptFacts, price: KindOffer, consent: Consent
) -> Order:
    """Confirm the order of an approved application (T6); a free copy is settled at once (T7).

    The document will be made from these very facts, so the person must have seen them; ``price`` is
    what they were told, and a free copy that is gone by now refuses.
    """
    if application.applicant_id != work.actor:
        raise Refused("no_such_application", number=application.number)
    policy = store.transcript(work, application.policy_version)
    previews.require_seen(work, policy, facts.digest)
    lock_all(work, application.id)
    # First of all, so that of two who confirm at once the slower has changed nothing yet.
    transcripts.WORKFLOW.take(work, application, "order")
    request = transcripts.request_of(work, application)
    order = open_order(work, application) or _create(work, application, price.next_copy_fen)
    line = line_of(work, order)
    line.free = price.free_left > 0
    line.price_fen = order.total_fen = price.next_copy_fen
    order.consent_id = keep(work, consent)
    order.expires_at = work.now + timedelta(hours=policy.order_lifetime_hours())
    request.snapshot = facts.digest
    WORKFLOW.take(work, order, "confirm")
    if line.free:
        _reserve_free_copy(work, line, price.kind, policy.free_copies)
    if order.total_fen == 0:
        settle(work, order)
    return order


def settle(work: Work, order: Order, *, late: bool = False) -> None:
    """The order is paid (or was free): from now on the document is being made (T7)."""
    application = work.session.get_one(Application, line_of(work, order).application_id)
    event = "pay_late" if late else "pay"
    WORKFLOW.take(work, order, event)
    order.paid_at = work.now
    transcripts.WORKFLOW.take(work, application, event)
    order_issue(work, application)


def order_issue(work: Work, application: Application) -> None:
    """Have the paid document made; each version of the application at most once."""
    key = f"{application.number}:{application.version}"
    work.enqueue("issue_transcript", key, application=application.number)


def withdraw(work: Work, number: str, consent: Consent) -> Application:
    """The applicant changes their mind before anything is paid; a saved order goes with it."""
    lock_all(work, transcripts.own(work, number).id)
    application = transcripts.withdraw(work, number, consent)
    order = open_order(work, application)
    if order is not None:
        WORKFLOW.take(work, order, "close")
    return application


def cancel(work: Work, number: str, consent: Consent) -> Application:
    """The buyer changes their mind before paying: the application stays approved, and is returned.

    Money that comes in all the same is settled like that of an expired order.
    """
    order = own(work, number)
    keep(work, consent)
    return _release(work, order, "cancel", "order_cancelled")


def close_saved(work: Work, number: str) -> Application:
    """The buyer does not want what was only saved; it had bound nobody."""
    order = own(work, number)
    WORKFLOW.take(work, order, "close")
    return application_of(work, order)


def to_mend(work: Work, number: str) -> Application:
    """A paid application whose document could not be made; for academic affairs only (T10).

    Raises NotAllowed, and AlreadyHandled when it is not stuck any more.
    """
    authority.require(work, Role.ACADEMIC_AFFAIRS)
    application = transcripts.find(work, number)
    if application is None:
        raise NotAllowed
    if application.state != transcripts.State.STUCK:
        raise already_handled(work, application)
    return application


def mend(work: Work, number: str, consent: Consent) -> Application:
    """Make it from what the registry says now: academic affairs have seen that and agree."""
    application = to_mend(work, number)
    keep(work, consent)
    transcripts.take_fresh_snapshot(work, application)
    transcripts.WORKFLOW.take(work, application, "retry")
    order_issue(work, application)
    return application


def expire_due(work: Work) -> int:
    """Close every confirmed order whose time is over; returns how many. Safe to repeat."""
    due = work.session.scalars(
        select(Order)
        .where(
            Order.institution_id == work.institution,
            Order.state == State.CONFIRMED,
            Order.expires_at <= work.now,
        )
        .order_by(Order.id)
        .with_for_update(skip_locked=True)  # one that is being paid this moment is not expired
    ).all()
    for order in due:
        _release(work, order, "expire", "order_expired")
    return len(due)


def _release(work: Work, order: Order, event: str, told: str) -> Application:
    """A confirmed order ends unpaid: its free copy is there again, its application as before it."""
    line = line_of(work, order)
    WORKFLOW.take(work, order, event)
    work.session.execute(delete(FreeCopy).where(FreeCopy.order_line_id == line.id))
    application = work.session.get_one(Application, line.application_id)
    transcripts.WORKFLOW.take(work, application, told)
    return application


def lock_all(work: Work, application_id: int) -> None:
    """Its orders as they stand now; they do not move until the end.

    Whoever needs a case and its orders locks the orders first, in the order of their ids.
    """
    work.session.scalars(
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.application_id == application_id)
        .order_by(Order.id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    ).all()


def find(work: Work, number: str) -> Order | None:
    return work.session.scalar(
        select(Order).where(
            Order.institution_id == work.institution, Order.number == number.strip().upper()
        )
    )


def own(work: Work, number: str) -> Order:
    """An order of the person who acts; anybody else's does not exist for them."""
    order = find(work, number)
    if order is None or order.buyer_id != work.actor:
        raise Refused("no_such_order", number=number)
    return order


def of_person(work: Work, person_id: int) -> list[Order]:
    """Newest first."""
    return list(
        work.session.scalars(
            select(Order)
            .where(Order.institution_id == work.institution, Order.buyer_id == person_id)
            .order_by(Order.id.desc())
        )
    )


def open_order(work: Work, application: Application) -> Order | None:
    """The saved or confirmed order of an application."""
    return work.session.scalar(
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(
            OrderLine.application_id == application.id,
            Order.state.in_((State.SAVED, State.CONFIRMED)),
        )
    )


def latest_order(work: Work, application: Application) -> Order | None:
    return work.session.scalar(
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.application_id == application.id)
        .order_by(Order.id.desc())
        .limit(1)
    )


def line_of(work: Work, order: Order) -> OrderLine:
    """The one line that an order has: one document is ordered at a time."""
    return work.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()


def application_of(work: Work, order: Order) -> Application:
    return work.session.get_one(Application, line_of(work, order).application_id)


def _create(work: Work, application: Application, price_fen: int) -> Order:
    order = Order(
        institution_id=work.institution,
        number=numbering.next_number(work, "D"),
        buyer_id=application.applicant_id,
        state=NEW,
        total_fen=price_fen,
        created_at=work.now,
    )
    work.session.add(order)
    work.session.flush()
    work.session.add(
        OrderLine(
            institution_id=work.institution,
            order_id=order.id,
            application_id=application.id,
            price_fen=price_fen,
            free=price_fen == 0,
        )
    )
    work.session.flush()
    return order


def _reserve_free_copy(work: Work, line: OrderLine, kind: Kind, quota: int) -> None:
    """Take the lowest free copy that nobody has; the primary key decides a race (T2)."""
    buyer = work.actor
    taken = set(
        work.session.scalars(
            select(FreeCopy.ordinal).where(FreeCopy.student_id == buyer, FreeCopy.kind == str(kind))
        )
    )
    ordinal = next((n for n in range(1, quota + 1) if n not in taken), None)
    if ordinal is None:
        raise Refused("free_copy_gone", "T2")
    try:
        with work.session.begin_nested():
            work.session.add(
                FreeCopy(
                    institution_id=work.institution,
                    student_id=buyer,
                    kind=str(kind),
                    ordinal=ordinal,
                    order_line_id=line.id,
                )
            )
    except IntegrityError:
        raise Refused("free_copy_gone", "T2") from None
