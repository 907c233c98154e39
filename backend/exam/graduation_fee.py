"""毕业审定费 (the review fee, E6g): who may pay it when, and what becomes of a window that went by.

It is paid within its own window, after the approval. Where no fee is set, a case stays approved and
its applicant asks the examining university.
"""

from sqlalchemy import select

from backend import orders
from backend.consent import Consent
from backend.exam import graduation_cases, windows
from backend.exam.graduation_cases import KIND, WORKFLOW, State
from backend.fees import ordering
from backend.fees.price import Price
from backend.models import Application, Order
from backend.policy import store
from backend.policy.exam import Service
from backend.work import Work


def fee(work: Work) -> int | None:
    """As published today, in fen; None where none is set."""
    return store.exam(work).graduation.review_fee_fen


def order(work: Work, number: str, told: Price, consent: Consent) -> Order:
    """Agree to pay; ``told`` is the price the person was shown. To be paid before the window closes.

    Raises Refused outside the pay window and where no fee is set, AlreadyHandled where it is not
    to be paid now.
    """
    return ordering.confirm(work, graduation_cases.own(work, number), told, consent)


def open_due(work: Work) -> int:
    """The pay window is open: whoever is approved may pay. Returns how many; safe to repeat."""
    if fee(work) is None or not windows.standing(work, Service.GRADUATION_PAYMENT).open:
        return 0
    opened = 0
    for application in _in_state(work, State.APPROVED, State.LAPSED):
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
