"""Finance decide about money by hand: one person, or two from the refund policy's amount on.

Orders are locked first, then the applications they are for, then the payment's row; the ledger last.
"""

from collections.abc import Sequence

from backend import authority, numbering, orders
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.held import doing, states
from backend.held.states import LETTER, RULE, WORKFLOW, State, Way
from backend.models import Application, Disposal, DisposalPart, Order
from backend.policy import store
from backend.refunds import money
from backend.refunds.money import Share
from backend.work import Work
from backend.workflow import NEW, already_handled

Parts = Sequence[tuple[Share, int]]


def needs_second(work: Work, amount_fen: int) -> bool:
    return amount_fen >= store.refund(work).second_from_fen


def require_second(work: Work, amount_fen: int, parts: Parts) -> bool:
    """Whether another has to agree. Raises Refused ``nobody_for_held`` where there is no other."""
    if not needs_second(work, amount_fen):
        return False
    if not seconds(work, work.actor, parts):
        raise Refused("nobody_for_held", RULE, office="technical_support")
    return True


def seconds(work: Work, first: int | None, parts: Parts) -> list[int]:
    """Who may agree with the first."""
    out = {first, *states.people(work, parts)}
    return [one for one in authority.people(work, Role.FINANCE) if one not in out]


def begin(
    work: Work,
    way: Way,
    parts: Parts,
    why: str,
    consent: Consent,
    *,
    target: Order | None = None,
    how: str = "",
    given_to: str = "",
    difference_id: int | None = None,
) -> Disposal:
    """Decide it, and do it where nobody else has to agree; ``parts`` are of one payment.

    Raises NotAllowed, and Refused where it is gone already, or where there is nobody else.
    """
    first = authority.require(work, Role.FINANCE)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    parts = lock(work, parts, target)
    not_ones_own(work, parts, target)
    amount = sum(fen for _share, fen in parts)
    second = require_second(work, amount, parts)
    for share, fen in parts:
        _reserve(work, share, fen)
    disposal = Disposal(
        institution_id=work.institution,
        number=numbering.next_number(work, LETTER),
        payment_id=parts[0][0].payment.id,
        way=way,
        amount_fen=amount,
        target_order_id=target.id if target else None,
        how=how,
        given_to=given_to,
        difference_id=difference_id,
        why=why,
        state=NEW,
        decided_by=first,
        decided_at=work.now,
        consent_id=keep(work, consent),
    )
    WORKFLOW.take(work, disposal, "refer" if second else "decide", why=why)
    for place, (share, fen) in enumerate(parts, 1):
        work.session.add(
            DisposalPart(
                disposal_id=disposal.id,
                place=place,
                institution_id=work.institution,
                order_id=share.order.id if share.order else None,
                amount_fen=fen,
            )
        )
    work.session.flush()
    if not second:
        doing.do(work, disposal, parts)
    return disposal


def to_see(work: Work, number: str) -> Disposal:
    """Any, for finance; raises NotAllowed."""
    authority.require(work, Role.FINANCE)
    disposal = states.find(work, number)
    if disposal is None:
        raise NotAllowed
    return disposal


def to_agree(work: Work, number: str) -> Disposal:
    """Raises NotAllowed, AlreadyHandled, and Refused to whoever was the first."""
    disposal = to_see(work, number)
    if disposal.state != State.CONFIRMING:
        raise already_handled(work, disposal)
    if disposal.decided_by == work.actor:
        raise Refused("own_held_look", RULE, number=disposal.number)
    return disposal


def confirm(work: Work, number: str, consent: Consent) -> Disposal:
    """The second person agrees: it is done. Where the first is not of finance any more, the second
    becomes the first, and another has to agree."""
    disposal = to_agree(work, number)
    person = authority.require(work, Role.FINANCE)
    target = work.session.get(Order, disposal.target_order_id) if disposal.target_order_id else None
    parts = lock(work, states.parts(work, disposal), target)
    not_ones_own(work, parts, target)
    kept = keep(work, consent)
    if not authority.holds(work, disposal.decided_by, Role.FINANCE):
        require_second(work, disposal.amount_fen, parts)
        WORKFLOW.take(work, disposal, "refer_again")
        disposal.decided_by, disposal.decided_at, disposal.consent_id = person, work.now, kept
        work.session.flush()
        return disposal
    WORKFLOW.take(work, disposal, "confirm", why=disposal.why)
    disposal.second_by, disposal.second_consent_id = person, kept
    work.session.flush()
    doing.do(work, disposal, parts)
    return disposal


def refuse(work: Work, number: str, why: str, consent: Consent) -> Disposal:
    """By the second person, or by the first who takes it back: the money is held as before."""
    disposal = to_see(work, number)
    if disposal.state != State.CONFIRMING:
        raise already_handled(work, disposal)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    keep(work, consent)
    WORKFLOW.take(work, disposal, "refuse", why=why)
    disposal.refused_why = why
    money.release(work, disposal.payment_id, disposal.amount_fen)
    work.session.flush()
    return disposal


def lock(work: Work, parts: Parts, target: Order | None) -> list[tuple[Share, int]]:
    """What it is about does not move until the end; the parts as they then stand."""
    of_orders = [share.order for share, _fen in parts if share.order is not None]
    services = {share.service.id: share.service for share, _fen in parts if share.service}
    if target is not None:
        of_orders.append(target)
        wanted = orders.application_of(work, target)
        services[wanted.id] = wanted
    for each in (*of_orders, *services.values()):
        work.session.expire(each)  # what was read of them before is read anew
    orders.lock_all(work, *services)
    for one in sorted(services):
        work.session.get_one(Application, one, with_for_update=True, populate_existing=True)
    return [
        (money.share(work, share.payment.id, share.order.id if share.order else None), fen)
        for share, fen in parts
    ]


def not_ones_own(work: Work, parts: Parts, target: Order | None) -> None:
    concerned = states.people(work, parts)
    if target is not None:
        concerned.add(target.buyer_id)
    if work.actor in concerned:
        raise Refused("own_held", RULE, office="finance")


def _reserve(work: Work, share: Share, fen: int) -> None:
    try:
        money.reserve(work, share, fen)
    except Refused as gone:
        raise Refused("held_gone", RULE) from gone
