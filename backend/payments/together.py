"""Several orders of one buyer, paid at once."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from backend import orders
from backend.models import Order
from backend.work import Work

_PLUS = "+"


def joined(numbers: Iterable[str]) -> str:
    """``D260302-0001+D260302-0002``, as links and jobs name them."""
    return _PLUS.join(numbers)


def numbers_in(joint: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in joint.split(_PLUS) if one))


def waiting(work: Work, person_id: int) -> list[Order]:
    """All their orders that can be paid now, the one that ends first at the front."""
    mine = work.session.scalars(
        select(Order)
        .where(
            Order.institution_id == work.institution,
            Order.buyer_id == person_id,
            Order.state == orders.State.CONFIRMED,
        )
        .order_by(Order.expires_at, Order.id)
    )
    return [one for one in mine if orders.payable(work, one)]


def total(together: Sequence[Order]) -> int:
    """In fen."""
    return sum(one.total_fen for one in together)
