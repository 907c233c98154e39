"""Asking the provider: to pay back what is decided, and how it stands. Never inside a transaction.

A refund has one number, so that the provider does it once, however often it is asked, also after a crash
between its answer and our storing it. What the provider has closed did not happen and never will under
that number: it gets another one, when finance wants it asked for once more, and not before.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from backend import charges
from backend.models import Application, Charge, Refund
from backend.office import Office
from backend.payments.provider import (
    PaymentProvider,
    ProviderRefused,
    ProviderUnreachable,
    RefundAsked,
)
from backend.refunds import money, settle
from backend.refunds.booking import LEFT_LYING
from backend.refunds.states import (
    KIND,
    WITH_PROVIDER,
    Heard,
    State,
    find,
    locked,
    refund_of,
    take,
)
from backend.work import Work

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
TOLD_AFTER = 5  # tries in vain, half an hour: then finance hears that it waits
PATIENT = "NOT_ENOUGH"  # the merchant's balance; it is there again after the next payments
ANOTHER_PROVIDER = "ANOTHER_PROVIDER"
Write = Callable[[Work], object]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """``seen`` is the version of the case when the provider was asked."""

    number: str
    what: RefundAsked
    provider: str
    merchant: str  # to whom the payment went; "" where that is the only one there was
    state: str
    seen: int


def pay_back(office: Office, application: str) -> None:
    """Have the provider take on what is decided, or say how it goes on; safe to run at any time."""
    with office.read() as work:
        asking = _asking(work, application)
    if asking is None:
        return
    provider = office.payments
    if provider is None:  # a process that has none; another one has
        write: Write = partial(_later, asking=asking)
    elif not _took_it(provider, asking):
        write = partial(_elsewhere, asking=asking)
    else:
        try:
            write = _asked(provider, asking)
        except ProviderUnreachable:
            write = partial(_later, asking=asking)
    with office.work() as work:
        write(work)


def look(office: Office, application: str) -> None:
    """Ask at once, since somebody waits for the answer; ``key`` is announced."""
    pay_back(office, application)
    with office.work() as work:
        looked(work, application)


def look_soon(work: Work, application: str) -> None:
    """Have that done: ``Refund.tried_at`` then says that it was, be it in vain."""
    stamp = work.now.isoformat()
    work.enqueue("look_at_refund", f"{application}:{stamp}", application=application)


def key(application: str) -> str:
    return f"refund:{application}"


def looked(work: Work, application: str, *, ok: bool = True) -> None:
    work.emit("job.done", key(application), ok=ok)


def sweep(work: Work) -> int:
    """Ask (again) for whatever is due; returns for how many. Run every minute."""
    due = work.session.execute(
        select(Application, Refund)
        .join(Refund, Refund.application_id == Application.id)
        .where(
            Application.institution_id == work.institution,
            Application.kind == KIND,
            Application.state.in_(WITH_PROVIDER),
            Refund.next_try_at <= work.now,
        )
        .order_by(Refund.next_try_at)
        .limit(100)
        .with_for_update(of=Refund, skip_locked=True)
    ).all()
    for application, refund in due:
        refund.next_try_at = work.now + LEFT_LYING
        key = f"{application.number}:{application.version}:{work.now:%Y%m%d%H%M}"
        work.enqueue("pay_back", key, application=application.number)
    return len(due)


def _took_it(provider: PaymentProvider, asking: Asking) -> bool:
    """Another merchant's refunds are unknown to it, which says nothing of them."""
    same = provider.name == asking.provider
    return same and asking.merchant in ("", provider.payee.merchant)


def _asked(provider: PaymentProvider, asking: Asking) -> Write:
    """Asks, and returns what is to be written of the answer. Raises ProviderUnreachable.

    That it will not say how a refund stands says nothing of the refund, which may well be under way.
    What is not known there is asked for anew, unless finance have it in hand: they may be paying it in
    another way.
    """
    known = None
    if asking.state != State.APPROVED:
        try:
            known = provider.query_refund(asking.what.number)
        except ProviderRefused as refused:
            log.warning("the provider will not say how %s stands: %s", asking.number, refused)
            return partial(_later, asking=asking, trouble=refused.code)
        if known is None and asking.state == State.ABNORMAL:
            return partial(_later, asking=asking, heard=Heard.NOTHING)
    if known is None:  # under this number still the same, where it was lost there
        try:
            known = provider.refund(asking.what)
        except ProviderRefused as refused:
            log.warning("the provider will not pay back %s: %s", asking.number, refused)
            return partial(_refused, asking=asking, refused=refused)
    return partial(settle.answered, notice=known, seen=asking.seen)


def pause_after(tries: int) -> timedelta:
    """Twice as long after each."""
    return min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)


def give_up(work: Work, number: str) -> None:
    """The job itself has failed for good; the sweep tries again, and nobody waits any longer."""
    application = locked(work, number)
    if application.state in WITH_PROVIDER:
        refund = refund_of(work, application)
        refund.tried_at, refund.next_try_at = work.now, work.now + LONGEST_PAUSE
    looked(work, number, ok=False)


def _asking(work: Work, number: str) -> Asking | None:
    application = find(work, number)
    if application is None or application.state not in WITH_PROVIDER:
        return None  # another run has done it
    refund = refund_of(work, application)
    payment = money.share_of(work, refund).payment
    what = RefundAsked(
        number=refund.asked_as,
        transaction_id=payment.transaction_id,
        charge_number=payment.charge_number,
        amount_fen=refund.amount_fen,
        total_fen=payment.amount_fen,
        reason=f"退款 {application.number}",
    )
    charge = work.session.get(Charge, payment.charge_id) if payment.charge_id else None
    merchant = charges.payee_of(charge).merchant if charge else ""
    state, seen = application.state, application.version
    return Asking(number, what, payment.provider, merchant, state, seen)


def _later(work: Work, asking: Asking, trouble: str = "", heard: str = "") -> None:
    """It has got no further; it is asked again, with growing pauses, and finance hears of it once."""
    application = locked(work, asking.number)
    if application.version != asking.seen:
        return
    refund = refund_of(work, application)
    refund.tries += 1
    refund.tried_at = work.now
    refund.next_try_at = work.now + pause_after(refund.tries)
    if heard:
        refund.heard, refund.heard_at = heard, work.now
    if application.state == State.ABNORMAL:
        return  # its trouble is what finance have to mend
    another = bool(trouble) and trouble != refund.trouble
    refund.trouble = trouble or refund.trouble
    here = application.state == State.APPROVED
    in_vain = refund.tries == TOLD_AFTER and not (here and refund.trouble)
    if (here and another) or in_vain:
        work.emit("refund.delayed", application.number, trouble=refund.trouble)


def _elsewhere(work: Work, asking: Asking) -> None:
    """Whoever took the payment is not asked here any more."""
    if asking.state == State.APPROVED:
        _failed(work, asking, ANOTHER_PROVIDER, asking.provider, Heard.ELSEWHERE)
    else:
        _later(work, asking, ANOTHER_PROVIDER, Heard.ELSEWHERE)


def _refused(work: Work, asking: Asking, refused: ProviderRefused) -> None:
    """It will not pay it back: finance have to act, or money has to come."""
    if refused.code == PATIENT:
        _later(work, asking, refused.code)
    else:
        _failed(work, asking, refused.code, str(refused))


def _failed(work: Work, asking: Asking, trouble: str, why: str, heard: str = "") -> None:
    """It goes on being asked about: an earlier request, whose answer was lost, may be under way."""
    application = locked(work, asking.number)
    if application.version != asking.seen:
        return
    refund = refund_of(work, application)
    refund.tries, refund.tried_at, refund.trouble = 0, work.now, trouble
    refund.heard, refund.heard_at = heard, work.now if heard else None
    refund.next_try_at = work.now + FIRST_PAUSE
    take(work, application, "fail", why=why)
