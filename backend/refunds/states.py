"""Why money goes back, and how a refund may stand. Finance decides (T10 names it for money matters)."""

from enum import StrEnum
from typing import Any

from backend import cases
from backend.models import Application, Refund
from backend.numbering import random_end
from backend.policy import store
from backend.work import Work
from backend.workdays import after_workdays
from backend.workflow import NEW, Edge, Workflow

KIND, LETTER, RULE = "refund", "R", "T10"


class Reason(StrEnum):
    WRONG_DOCUMENT = "wrong_document"  # what it says is wrong
    DOUBLE_PAYMENT = "double_payment"
    REVOKED_DOCUMENT = "revoked_document"
    LATE_PAYMENT = "late_payment"  # nothing waited for it any more
    MISMATCH = "mismatch"  # not the amount that was asked for
    UNUSED = "unused"  # paid, and nothing was made of it yet
    UNKNOWN_PAYER = "unknown_payer"  # nothing here asked for it; it goes back by its transaction


# What payers may ask for, each within days of its own (``backend/policy/refund.py``).
BY_PAYERS = tuple(one for one in Reason if one is not Reason.UNKNOWN_PAYER)


class State(StrEnum):
    ASKED = "asked"
    CONFIRMING = "confirming"  # one of finance agrees; a second has to
    DOCUMENT = "document"  # finance agrees; academic affairs have to revoke the document first
    APPROVED = "approved"  # the provider is being asked
    SENT = "sent"  # the provider has taken it on
    ABNORMAL = "abnormal"  # it does not arrive: finance has to act
    REFUNDED = "refunded"
    BY_HAND = "by_hand"  # finance has paid it back in another way
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by whoever asked


class Heard(StrEnum):
    """What the provider said last when it was asked how a refund stands."""

    PROCESSING = "processing"
    ABNORMAL = "abnormal"
    CLOSED = "closed"
    NOTHING = "nothing"  # it knows of no such refund
    ELSEWHERE = "elsewhere"  # another provider took the payment, and cannot be asked here


DECIDABLE = frozenset({State.ASKED, State.CONFIRMING})
WITHDRAWABLE = frozenset({State.ASKED, State.CONFIRMING, State.DOCUMENT})
WAITING = frozenset({*WITHDRAWABLE, State.ABNORMAL})  # for people, who are reminded
WITH_PROVIDER = frozenset({State.APPROVED, State.SENT, State.ABNORMAL})
DONE = frozenset({State.REFUNDED, State.BY_HAND})
GIVEN_UP = frozenset({State.REFUSED, State.WITHDRAWN})  # its money may be asked for again
OVER = DONE | GIVEN_UP


def moved(work: Work, application: Application, edge: Edge[Application]) -> dict[str, Any]:
    return {"holder": edge.holder, "since": work.now, "remind_at": None, "escalate_at": None}


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    Edge("ask", NEW, State.ASKED, "finance", RULE),
    Edge("propose", NEW, State.ASKED, "finance", RULE),
    Edge("withdraw", State.ASKED, State.WITHDRAWN),
    Edge("withdraw", State.CONFIRMING, State.WITHDRAWN),
    Edge("withdraw", State.DOCUMENT, State.WITHDRAWN),
    Edge("refer", State.ASKED, State.CONFIRMING, "finance", RULE),
    Edge(
        "refer", State.CONFIRMING, State.CONFIRMING, "finance", RULE
    ),  # the first has left finance
    Edge("refuse", State.ASKED, State.REFUSED, "", RULE),
    Edge("refuse", State.CONFIRMING, State.REFUSED, "", RULE),
    Edge("await_document", State.ASKED, State.DOCUMENT, "academic_affairs", RULE),
    Edge("await_document", State.CONFIRMING, State.DOCUMENT, "academic_affairs", RULE),
    Edge("document_kept", State.DOCUMENT, State.ASKED, "finance", RULE),
    Edge("document_ended", State.DOCUMENT, State.APPROVED, "system", RULE),
    Edge("approve", State.ASKED, State.APPROVED, "system", RULE),
    Edge("approve", State.CONFIRMING, State.APPROVED, "system", RULE),
    Edge("send", State.APPROVED, State.SENT, "system"),
    Edge("send", State.ABNORMAL, State.SENT, "system"),
    Edge("fail", State.APPROVED, State.ABNORMAL, "finance"),
    Edge("fail", State.SENT, State.ABNORMAL, "finance"),
    Edge("again", State.ABNORMAL, State.APPROVED, "system"),
    Edge("by_hand", State.ASKED, State.BY_HAND, "", RULE),
    Edge("by_hand", State.CONFIRMING, State.BY_HAND, "", RULE),
    Edge("by_hand", State.ABNORMAL, State.BY_HAND),
    Edge("succeed", State.SENT, State.REFUNDED),
    moved=moved,
)


def take(work: Work, application: Application, event: str, why: str = "", **facts: object) -> None:
    """One step; whoever it waits for then is reminded in time, by the policy it was filed under."""
    WORKFLOW.take(work, application, event, why=why, **facts)
    if application.state not in WAITING:
        return
    policy, calendar = store.refund(work, application.policy_version), store.calendar(work)
    if days := policy.remind_after_days:
        application.remind_at = after_workdays(work.now, days, calendar)
    if days := policy.escalate_after_days:
        application.escalate_at = after_workdays(work.now, days, calendar)
    work.session.flush()


def find(work: Work, number: str) -> Application | None:
    return cases.find(work, number, [KIND])


def known_as(work: Work, number: str) -> Application | None:
    """The refund that the provider knows by this number, or knew by it until it was closed there.

    None where another refund had our number before a backup was restored.
    """
    application = find(work, own_number(number))
    if application is None:
        return None
    same = first_number(refund_of(work, application).asked_as) == first_number(number)
    return application if same else None


def number_for_provider(number: str) -> str:
    """``R260302-0001-7KQW``: its number at the provider, which knows each number for ever."""
    return f"{number}-{random_end()}"


def own_number(number: str) -> str:
    """``R260302-0001``, which people know it by, for ``R260302-0001-7KQW-2``."""
    return "-".join(number.split("-")[:2])


def first_number(number: str) -> str:
    """``R260302-0001-7KQW`` for ``R260302-0001-7KQW-2``, its number after that was closed."""
    return "-".join(number.split("-")[:3])


def next_number(number: str) -> str:
    """``R260302-0001-7KQW-2`` after ``R260302-0001-7KQW``."""
    first = first_number(number)
    return f"{first}-{int(number.removeprefix(first).removeprefix('-') or 1) + 1}"


def own(work: Work, number: str) -> Application:
    return cases.own(work, number, [KIND])


def refund_of(work: Work, application: Application) -> Refund:
    return work.session.get_one(Refund, application.id)


def payer(work: Work, application: Application) -> int | None:
    """Who gets the money. None: nobody here knows; then its applicant is who of finance filed it."""
    unknown = refund_of(work, application).reason == Reason.UNKNOWN_PAYER
    return None if unknown else application.applicant_id


def of_person(work: Work, person_id: int) -> list[Application]:
    """Newest first."""
    return [one for one in cases.of_person(work, person_id) if one.kind == KIND]


def locked(work: Work, number: str) -> Application:
    """For whoever has asked the provider and now writes: it does not move meanwhile."""
    application = find(work, number)
    if application is None:
        raise LookupError(f"there is no refund {number}")
    work.session.refresh(application, with_for_update=True)
    return application
