"""What has become of the money of a paid order, for lists and pages that show the order."""

from enum import StrEnum

from backend.held import states as held
from backend.models import Order
from backend.refunds import asking, money
from backend.refunds.states import DONE
from backend.work import Work


class Standing(StrEnum):
    KEPT = "kept"
    GOING_BACK = "going_back"  # somebody has asked for it, or decided it
    PARTLY_BACK = "partly_back"
    BACK = "back"


def of_order(work: Work, order: Order) -> Standing:
    """Of what settled it; money that came twice or too late is not the order's."""
    settled = [one for one in money.of_order(work, order) if one.standing == money.SETTLED]
    paid = sum(one.amount_fen for one in settled)
    left = sum(money.left(work, one) for one in settled)
    if left == paid:
        return Standing.KEPT
    refunds = [refund for one in settled for refund in asking.live(work, one)]
    undecided = any(held.waiting_of(work, one) is not None for one in settled)
    if undecided or any(one.state not in DONE for one in refunds):
        return Standing.GOING_BACK
    return Standing.PARTLY_BACK if left else Standing.BACK
