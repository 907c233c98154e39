"""All that is held, as the ledger has it: to the fen what its account comes to."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from backend.authority import Role, require
from backend.errors import NotAllowed
from backend.held import states
from backend.ledger.accounts import Account
from backend.ledger.balances import balances
from backend.models import Application, Disposal, LedgerLine, Payment
from backend.refunds import asking, money
from backend.refunds.money import Share
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Item:
    """Held of one payment, for one order where there is one. ``refund`` and ``disposal`` are what is
    under way with it; where neither is, finance have to decide."""

    share: Share
    amount_fen: int
    refund: Application | None
    disposal: Disposal | None

    @property
    def key(self) -> str:
        return self.share.key

    @property
    def free(self) -> bool:
        return self.refund is None and self.disposal is None


@dataclass(frozen=True, slots=True)
class Held:
    """Oldest first. ``total_fen`` is what the account has, whatever the list finds of it."""

    items: tuple[Item, ...]
    total_fen: int


def everything(work: Work) -> Held:
    """For finance; raises NotAllowed."""
    require(work, Role.FINANCE)
    reference = Payment.provider + ":" + Payment.transaction_id
    held = func.sum(-LedgerLine.amount_fen)
    rows = work.session.execute(
        select(Payment.id, LedgerLine.order_id, held)
        .join(LedgerLine, LedgerLine.payment == reference)
        .where(
            LedgerLine.institution_id == work.institution,
            Payment.institution_id == work.institution,
            LedgerLine.account == Account.HELD,
        )
        .group_by(Payment.id, Payment.paid_at, LedgerLine.order_id)
        .having(held > 0)
        .order_by(Payment.paid_at, Payment.id, LedgerLine.order_id)
    )
    items = tuple(_item(work, payment, order, int(fen)) for payment, order, fen in rows)
    return Held(items, -balances(work).get(Account.HELD, 0))


def undecided(work: Work) -> list[Item]:
    """What nobody has begun to settle; for finance."""
    return [one for one in everything(work).items if one.free]


def to_see(work: Work, key: str) -> Item | None:
    """None: it is not held any more. Raises NotAllowed."""
    require(work, Role.FINANCE)
    found = _share(work, key)
    fen = _held_fen(work, found)
    return (
        _item(work, found.payment.id, found.order.id if found.order else None, fen) if fen else None
    )


def key_of(work: Work, provider: str, transaction_id: str) -> str | None:
    """Of a payment that fits no order at all."""
    found = work.session.scalar(
        select(Payment.id).where(
            Payment.institution_id == work.institution,
            Payment.provider == provider,
            Payment.transaction_id == transaction_id,
        )
    )
    return None if found is None else f"{found}.0"


def _share(work: Work, key: str) -> Share:
    try:
        found = money.with_key(work, key)
    except (LookupError, ValueError, NoResultFound) as unknown:
        raise NotAllowed from unknown
    if found.payment.institution_id != work.institution:
        raise NotAllowed
    return found


def _held_fen(work: Work, share: Share) -> int:
    reference = f"{share.payment.provider}:{share.payment.transaction_id}"
    of_order = (
        LedgerLine.order_id == share.order.id if share.order else LedgerLine.order_id.is_(None)
    )
    query = select(func.coalesce(func.sum(-LedgerLine.amount_fen), 0)).where(
        LedgerLine.institution_id == work.institution,
        LedgerLine.account == Account.HELD,
        LedgerLine.payment == reference,
        of_order,
    )
    return int(work.session.execute(query).scalar_one())


def _item(work: Work, payment_id: int, order_id: int | None, fen: int) -> Item:
    share = money.share(work, payment_id, order_id)
    refunds = asking.live(work, share)
    return Item(share, fen, refunds[0] if refunds else None, states.waiting_of(work, share))
