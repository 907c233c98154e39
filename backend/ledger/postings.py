"""What is entered when money moves. Called in the transaction in which it happens, last of all.

Every function may be called again with the same facts: it comes to the same entry, whose number it
returns. Amounts are fen and positive; times are aware. All raise Contradiction when the fact is
in the ledger with other amounts, and ValueError for amounts that cannot be.
A waiver moves nothing and has no posting: the price list shows it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select

from backend.ledger.accounts import Account, income, platform
from backend.ledger.book import Line, Overdrawn, lines_of, owed, post, posted
from backend.models import LedgerEntry, LedgerLine
from backend.work import Work


class Kind(StrEnum):
    """What an entry is about."""

    PAYMENT = "payment"
    REFUND_DECIDED = "refund_decided"
    REFUND_EXECUTED = "refund_executed"
    FEE = "fee"
    HELD_FOR_ORDER = "held_for_order"
    HANDED_OVER = "handed_over"
    PORTAL_REFUND = "portal_refund"


class Standing(StrEnum):
    """What became of a share of a payment. All but the first is held."""

    SETTLED = "settled"
    LATE = "late"
    DOUBLE = "double"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Share:
    """What one order had of a payment. ``kind`` is that of its application (``goods.py``)."""

    order_id: int
    kind: str
    amount_fen: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Source:
    """Where the money of a refund is taken from: the income of an order, or what is held.

    ``kind`` None: held. ``order_id`` may then be None too: whatever is held of the payment.
    """

    order_id: int | None
    kind: str | None
    amount_fen: int


def payment_received(
    work: Work,
    *,
    provider: str,
    transaction_id: str,
    amount_fen: int,
    paid_at: datetime,
    shares: Sequence[Share] = (),
    rest: Standing = Standing.UNKNOWN,
) -> int:
    """A payment in yuan has come in: platform to income, or to held.

    What no share has (all of it, where there are none) is held because of ``rest``. Money in
    another currency is not for this ledger; ``checking.py`` names it until finance has seen to it.
    """
    reference = f"{provider}:{transaction_id}"
    _positive(amount_fen, *(one.amount_fen for one in shares))
    lines = [Line(platform(provider), amount_fen, payment=reference)]
    for one in shares:
        settled = one.standing is Standing.SETTLED
        lines.append(
            Line(
                income(one.kind) if settled else Account.HELD,
                -one.amount_fen,
                one.order_id,
                reference,
                "" if settled else one.standing,
            )
        )
    left = sum(one.amount_fen for one in lines)
    if left < 0:
        raise ValueError(f"{reference}: the shares are more than was paid")
    if left and rest is Standing.SETTLED:
        raise ValueError(f"{reference}: the shares are less than was paid")
    lines.append(Line(Account.HELD, -left, payment=reference, why=rest))
    key = f"payment:{reference}"
    return post(work, key, Kind.PAYMENT, key, paid_at, lines)


def refund_decided(
    work: Work,
    *,
    number: str,
    provider: str,
    transaction_id: str,
    sources: Iterable[Source],
    at: datetime,
) -> int:
    """Finance has decided to pay back: income, or held, to payable.

    It is owed from now on until it is gone, however often the provider fails. Raises Overdrawn when a
    source does not have so much of this payment (any more).
    """
    reference = f"{provider}:{transaction_id}"
    taken = _taken(sources, reference)
    key = _refund(number, "decided")
    if posted(work, key) is None:
        _require(work, key, reference, taken)
    total = sum(one.amount_fen for one in taken)
    lines = (*taken, Line(Account.PAYABLE, -total, payment=reference))
    return post(work, key, Kind.REFUND_DECIDED, f"refund:{number}", at, lines)


def refund_executed(
    work: Work,
    *,
    number: str,
    amount_fen: int,
    at: datetime,
    paid_by: str = "",
) -> int:
    """The provider has paid it back: payable to platform.

    ``paid_by`` names another platform than the payment's where it was paid back in another way ("bank").

    Raises Overdrawn when it was not decided, ValueError when another amount was.
    """
    payable, reference = _decided(work, number)
    if payable != amount_fen:
        raise ValueError(f"refund {number}: {payable} fen were decided, not {amount_fen}")
    provider = paid_by or reference.partition(":")[0]
    lines = (
        Line(Account.PAYABLE, amount_fen, payment=reference),
        Line(platform(provider), -amount_fen, payment=reference),
    )
    key = _refund(number, "executed")
    return post(work, key, Kind.REFUND_EXECUTED, f"refund:{number}", at, lines)


def provider_fee(work: Work, *, provider: str, day: date, fee_fen: int, at: datetime) -> int | None:
    """What the provider's bill says it kept that day, less what it gave back (so it may be negative).

    None: it kept nothing.
    """
    if not fee_fen:
        return None
    key = f"bill:{provider}:{day.isoformat()}"
    lines = (Line(Account.FEES, fee_fen), Line(platform(provider), -fee_fen))
    return post(work, f"{key}:fee", Kind.FEE, key, at, lines)


def fee_entered(work: Work, *, provider: str, day: date) -> int:
    """What was entered as kept by the provider that day, in fen. Takes no turn."""
    key = f"bill:{provider}:{day.isoformat()}:fee"
    entered = (
        select(func.coalesce(func.sum(LedgerLine.amount_fen), 0))
        .join(
            LedgerEntry,
            (LedgerEntry.institution_id == LedgerLine.institution_id)
            & (LedgerEntry.number == LedgerLine.number),
        )
        .where(
            LedgerEntry.institution_id == work.institution,
            LedgerEntry.key == key,
            LedgerLine.account == Account.FEES,
        )
    )
    return int(work.session.execute(entered).scalar_one())


def held_for_order(
    work: Work,
    *,
    number: str,
    provider: str,
    transaction_id: str,
    held_for: int | None,
    order_id: int,
    kind: str,
    amount_fen: int,
    at: datetime,
) -> int:
    """Finance have found the order that held money is for: held to its income.

    ``number`` is that of the disposal, ``held_for`` the order that it was held for, where there was
    one. Raises Overdrawn when there is not so much of this payment.
    """
    reference = f"{provider}:{transaction_id}"
    _positive(amount_fen)
    taken = Line(Account.HELD, amount_fen, held_for, reference)
    given = Line(income(kind), -amount_fen, order_id, reference)
    return _disposed(work, f"held:{number}", Kind.HELD_FOR_ORDER, number, at, [taken], given)


def handed_over(
    work: Work,
    *,
    number: str,
    provider: str,
    transaction_id: str,
    held_for: int | None,
    amount_fen: int,
    at: datetime,
) -> int:
    """Finance have passed held money on in another way. Raises Overdrawn."""
    reference = f"{provider}:{transaction_id}"
    _positive(amount_fen)
    taken = Line(Account.HELD, amount_fen, held_for, reference)
    given = Line(Account.HANDED_OVER, -amount_fen, held_for, reference)
    return _disposed(work, f"held:{number}", Kind.HANDED_OVER, number, at, [taken], given)


def refunded_in_portal(
    work: Work,
    *,
    number: str,
    refund: str,
    provider: str,
    transaction_id: str,
    sources: Iterable[Source],
    at: datetime,
) -> int:
    """It went back from the provider's own pages, as its bill says: income, or held, to platform.

    ``refund`` is its number in the bill, which is entered once. Raises Overdrawn.
    """
    reference = f"{provider}:{transaction_id}"
    taken = _taken(sources, reference)
    given = Line(platform(provider), -sum(one.amount_fen for one in taken), payment=reference)
    key = f"portal:{provider}:{refund}"
    return _disposed(work, key, Kind.PORTAL_REFUND, number, at, taken, given)


def _disposed(
    work: Work,
    key: str,
    kind: Kind,
    number: str,
    at: datetime,
    taken: Sequence[Line],
    given: Line,
) -> int:
    if posted(work, key) is None:
        _require(work, key, given.payment or "", taken)
    return post(work, key, kind, f"held:{number}", at, [*taken, given])


def _taken(sources: Iterable[Source], reference: str) -> list[Line]:
    taken = [
        Line(
            Account.HELD if one.kind is None else income(one.kind),
            one.amount_fen,
            one.order_id,
            reference,
        )
        for one in sources
    ]
    _positive(*(one.amount_fen for one in taken))
    return taken


def _decided(work: Work, number: str) -> tuple[int, str]:
    """What a refund is to pay back and of which payment."""
    decided = posted(work, _refund(number, "decided"))
    if decided is None:
        raise Overdrawn(_refund(number, "executed"))
    (line,) = (one for one in lines_of(work, decided) if one.account == Account.PAYABLE)
    return -line.amount_fen, line.payment or ""


def _require(work: Work, key: str, reference: str, taken: Sequence[Line]) -> None:
    """What is taken from each account, and of each order's income, is there."""
    wanted: dict[tuple[str, int | None], int] = {}
    for one in taken:
        place = (one.account, None if one.account == Account.HELD else one.order_id)
        wanted[place] = wanted.get(place, 0) + one.amount_fen
    for (account, order_id), amount in wanted.items():
        if owed(work, account, reference, order_id) < amount:
            raise Overdrawn(key)


def _refund(number: str, event: str) -> str:
    return f"refund:{number}:{event}"


def _positive(*amounts: int) -> None:
    if not amounts or min(amounts) <= 0:
        raise ValueError("an amount is a positive number of fen")
