"""What was paid for and has been had, so that nobody pays it back any more."""

from datetime import date

from backend.errors import Refused
from backend.models import PhotoFee
from backend.photos import attendance, fee_workflow
from backend.refunds.money import SETTLED, Share
from backend.work import Work


def used(work: Work, held: Share) -> date | None:
    """The day on which it was: for the fee of the shooting, when the picture of its season was taken (P3)."""
    if held.standing != SETTLED or held.application.kind != fee_workflow.KIND:
        return None
    fee = work.session.get_one(PhotoFee, held.application.id)
    return attendance.taken_in(work, fee.season_id, fee.person_id)


def require_unused(work: Work, held: Share, number: str) -> None:
    """Raises Refused: it may have been had since the refund was asked for."""
    day = used(work, held)
    if day is not None:
        raise Refused("refund_used_since", "P3", number=number, day=day.isoformat())
