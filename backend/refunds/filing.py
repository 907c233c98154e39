"""Filing a refund: its row, its number, and its money reserved."""

from sqlalchemy import func, select

from backend import numbering
from backend.errors import NotAllowed
from backend.models import Application, Refund, Unit
from backend.policy import store
from backend.refunds import money
from backend.refunds.money import Share
from backend.refunds.states import KIND, LETTER, Reason, number_for_provider, take
from backend.work import Work
from backend.workflow import NEW


def file(
    work: Work, held: Share, reason: Reason, *, words: str = "", consent_id: int | None
) -> Application:
    """All that is left of it. ``consent_id`` None: nobody has asked, the program or finance propose it.

    Where nobody knows who paid, whoever acts stands for them.
    ``held`` must be locked. Raises Refused ``refund_nothing_left``.
    """
    amount = money.reserve(work, held)
    application = Application(
        institution_id=work.institution,
        number=numbering.next_number(work, LETTER),
        kind=KIND,
        applicant_id=_applicant(work, held),
        unit_id=held.service.unit_id if held.service else _any_unit(work),
        state=NEW,
        holder="",
        since=work.now,
        filed_at=work.now,
        policy_version=store.version_in_force(work, "refund"),
        consent_id=consent_id,
    )
    take(work, application, "propose" if consent_id is None else "ask", why=reason)
    work.session.add(
        Refund(
            application_id=application.id,
            institution_id=work.institution,
            payment_id=held.payment.id,
            order_id=held.order.id if held.order else None,
            amount_fen=amount,
            reason=reason,
            asked_as=number_for_provider(application.number),
            words=words,
        )
    )
    work.session.flush()
    return application


def _applicant(work: Work, held: Share) -> int:
    found = held.buyer_id or work.actor
    if found is None:
        raise NotAllowed
    return found


def _any_unit(work: Work) -> int:
    """Money that is for nothing is of no unit, and every case is of one; finance are of all of them."""
    units = select(func.min(Unit.id)).where(Unit.institution_id == work.institution)
    return work.session.scalars(units).one()
