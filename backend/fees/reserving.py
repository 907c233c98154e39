"""What an order takes of a quota or a waiver while it may be paid, and gives back when it ends unpaid.

Free ones and the uses of a waiver are numbered rows, so that two who take the last at once cannot
both have it.
"""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from backend.clock import local_date
from backend.errors import Refused
from backend.fees.fee import Fee, terms
from backend.fees.price import Price, quota_key
from backend.fees.waiver_workflow import State
from backend.models import FreeCopy, Order, OrderLine, Waiver, WaiverUse
from backend.models.base import Base
from backend.work import Work


def reserve(work: Work, line: OrderLine, fee: Fee, of: str, price: Price) -> None:
    """Take what the price rests on; raises Refused where somebody else has just taken the last."""
    line.free = price.free_left > 0 or price.list_fen == 0
    line.list_fen, line.policy_version = price.list_fen, price.version
    line.waiver_id, line.waived_fen = None, 0
    if price.free_left:
        _take_free_copy(work, line, fee, of, price)
    elif price.waived:
        waiver = _locked(work, price.waived.waiver_id)
        counts = waiver.state == State.GRANTED and waiver.until >= local_date(work.now)
        if not (counts and _take_use(work, line, waiver)):
            raise Refused("waiver_gone", number=waiver.number)
        line.waiver_id, line.waived_fen = price.waived.waiver_id, price.waived.off_fen


def release(work: Work, line: OrderLine) -> None:
    """Its order has ended unpaid."""
    for table in (FreeCopy, WaiverUse):
        work.session.execute(delete(table).where(table.order_line_id == line.id))


def take_again(work: Work, line: OrderLine) -> bool:
    """Its order has ended, and is paid all the same; False where the waiver it rested on is gone.

    Money that came late may come after the waiver's last day: it was agreed to before.
    """
    if line.waiver_id is None:
        return True
    waiver = _locked(work, line.waiver_id)
    return waiver.state == State.GRANTED and _take_use(work, line, waiver)


def _take_free_copy(work: Work, line: OrderLine, fee: Fee, of: str, price: Price) -> None:
    """The lowest that nobody has; the primary key decides a race (T2)."""
    order = work.session.get_one(Order, line.order_id)
    kind = quota_key(fee, of)
    mine = FreeCopy.student_id == order.buyer_id, FreeCopy.kind == kind
    taken = work.session.scalars(select(FreeCopy.ordinal).where(*mine)).all()
    ordinal = _lowest(taken, terms(work, fee, price.version).free)
    if ordinal is None or not _insert(
        work,
        FreeCopy(
            institution_id=work.institution,
            student_id=order.buyer_id,
            kind=kind,
            ordinal=ordinal,
            order_line_id=line.id,
        ),
    ):
        raise Refused("free_copy_gone", fee.rule)


def _locked(work: Work, waiver_id: int) -> Waiver:
    return work.session.get_one(Waiver, waiver_id, with_for_update=True, populate_existing=True)


def _take_use(work: Work, line: OrderLine, waiver: Waiver) -> bool:
    of_it = select(WaiverUse.ordinal).where(WaiverUse.waiver_id == waiver.id)
    ordinal = _lowest(work.session.scalars(of_it).all(), waiver.times)
    return ordinal is not None and _insert(
        work,
        WaiverUse(
            institution_id=work.institution,
            waiver_id=waiver.id,
            ordinal=ordinal,
            order_line_id=line.id,
        ),
    )


def _lowest(taken: Collection[int], most: int) -> int | None:
    return next((n for n in range(1, most + 1) if n not in taken), None)


def _insert(work: Work, row: Base) -> bool:
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        return False
    return True
