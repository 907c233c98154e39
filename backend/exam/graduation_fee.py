"""毕业审定费 (the review fee, E6g): who may pay it when, and what becomes of a window that went by.

It is paid within its own window, after the approval. Where no fee is set, a case stays approved and
its applicant asks the examining university.
"""

from datetime import timedelta

from sqlalchemy import select

from backend import orders
from backend.consent import Consent
from backend.errors import Refused
from backend.exam import graduation_cases, windows
from backend.exam.graduation_cases import KIND, RULE, WORKFLOW, State
from backend.models import Application, Order
from backend.policy import store
from backend.policy.exam import Service
from backend.work import Work
from backend.workflow import already_handled


def fee(work: Work, application: Application) -> int | None:
    """In fen: what was told when it was filed; set only later, what is in force today."""
    told = graduation_cases.request_of(work, application).fee_fen
    return told if told is not None else store.exam(work).graduation.review_fee_fen


def order(work: Work, number: str, price_fen: int, consent: Consent) -> Order:
    """Agree to pay; ``price_fen`` is what the person was told. To be paid before the window closes.

    Raises Refused outside the pay window and where no fee is set, AlreadyHandled where it is not
    to be paid now.
    """
    application = graduation_cases.own(work, number)
    price = fee(work, application)
    if price is None:
        raise Refused("fee_not_set", RULE)
    window = windows.require(work, Service.GRADUATION_PAYMENT, RULE)
    if not WORKFLOW.allows(application.state, "order"):
        raise already_handled(work, application)
    if price != price_fen:
        raise Refused("fee_changed", RULE, fee=price)
    closes = window.closes_at + timedelta(minutes=1)  # the last minute belongs to the window
    hours = store.exam(work).graduation.order_hours
    until = min(work.now + timedelta(hours=hours), closes) if hours else closes
    made = orders.confirm(work, application, price, until, consent)
    if made.total_fen == 0:
        orders.settle(work, made)
    return made


def open_due(work: Work) -> int:
    """The pay window is open: whoever is approved may pay. Returns how many; safe to repeat."""
    if not windows.standing(work, Service.GRADUATION_PAYMENT).open:
        return 0
    opened = 0
    for application in _in_state(work, State.APPROVED, State.LAPSED):
        if fee(work, application) is not None:
            WORKFLOW.take(work, application, "open_payment")
            opened += 1
    return opened


def close_due(work: Work) -> int:
    """The pay window is over: what is not paid has lapsed. Run it after ``orders.expire_due``.

    Orders end with the window, also where it was shortened after they had been confirmed.
    """
    if windows.standing(work, Service.GRADUATION_PAYMENT).open:
        return 0
    orders.expire(work, KIND)
    due = _in_state(work, State.PAYABLE)
    for application in due:
        WORKFLOW.take(work, application, "window_over")
    return len(due)


def _in_state(work: Work, *states: State) -> list[Application]:
    return list(
        work.session.scalars(
            select(Application)
            .where(
                Application.institution_id == work.institution,
                Application.kind == KIND,
                Application.state.in_(states),
            )
            .order_by(Application.id)
            .with_for_update(skip_locked=True)
        )
    )
