"""What a provider says when it is asked, for a notice alone is never relied on.

An open charge is asked about until the provider has closed it or been paid; only then do its orders
expire. While the provider does not answer they wait, and nothing is lost.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from backend import charges, orders
from backend.errors import AlreadyHandled
from backend.models import Charge
from backend.office import Office
from backend.payments import settle
from backend.payments.provider import (
    AlreadyPaid,
    ChargeState,
    NotOurs,
    Payee,
    PaymentProvider,
    ProviderRefused,
    ProviderUnreachable,
)
from backend.work import Work

OFTEN, SELDOM = timedelta(minutes=1), timedelta(minutes=5)
YOUNG = timedelta(minutes=15)  # most are paid before
# Longer than any request to open one takes: until then one that the provider does not know yet may still
# be opened there.
IN_FLIGHT = timedelta(minutes=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Open:
    """A charge that the provider is to be asked about. ``over``: its money is not wanted any more;
    ``in_flight``: it may be about to be opened there this very moment."""

    number: str
    payee: Payee
    over: bool
    in_flight: bool


def ask(office: Office) -> int:
    """Ask about every charge that is due; returns how many payments were found that no notice brought.

    Run it before ``orders.expire_due``. No database session is held while the provider is asked.
    """
    provider, found = office.payments, 0
    if provider is None:
        return 0
    with office.read() as work:
        due = list(_due(work, provider.name))
    for charge in due:
        try:
            found += _about(office, provider, charge)
        except (NotOurs, ProviderRefused) as error:  # the others do not wait for it
            log.error(
                "the payment provider says nothing of %s that counts: %s", charge.number, error
            )
            _asked(office, charge)
        except ProviderUnreachable as error:
            log.warning("the payment provider does not answer; asked again later: %s", error)
            _asked(office, charge)  # so that another is the first to be asked about
            return found
    return found


def close_charges(office: Office, order: str) -> None:
    """Close what is open for an order at the provider, unless somebody has paid it.

    Where that fails, the next round of ``ask`` does it.
    """
    provider = office.payments
    with office.read() as work:
        found = orders.find(work, order)
        theirs = [_open(work, one) for one in charges.open_of(work, found)] if found else []
    if provider is None:
        return
    for charge in theirs:
        if charge.over:
            end(office, provider, charge)


def end(office: Office, provider: PaymentProvider, charge: Open) -> None:
    """Close it at the provider, unless somebody has paid it; the next round of ``ask`` does what fails."""
    try:
        _about(office, provider, charge)
    except (ProviderUnreachable, ProviderRefused) as error:
        log.warning("%s could not be closed yet: %s", charge.number, error)


def learn(office: Office, number: str) -> None:
    """Ask now, for whoever looks at the page. Raises ProviderUnreachable and ProviderRefused."""
    with office.read() as work:
        charge = charges.find(work, number)
        found = replace(_open(work, charge), over=False) if charge is not None else None
    if office.payments is not None and found is not None:
        _about(office, office.payments, found)


def _about(office: Office, provider: PaymentProvider, charge: Open) -> int:
    said = provider.query(charge.number, charge.payee)
    if said.paid is not None:
        with office.work() as work:
            known = settle.recorded(work, said.paid)
            # One that was recorded and settled nothing, of a wrong amount, is over. One that was recorded
            # of another charge says nothing of this one, and finance hear of it.
            over = known is not None and known.charge_number == charge.number
            good = not over and settle.take(work, said.paid) in settle.GOOD
            _note(work, charge.number, closed=over)
            return good
    closed = said.state is ChargeState.CLOSED
    coming = said.state is ChargeState.UNKNOWN and charge.in_flight
    if charge.over and not closed and not coming:
        try:
            provider.close(charge.number, charge.payee)
        except AlreadyPaid:
            return 0  # this very moment; the next round hears of it
        closed = True
    with office.work() as work:
        _note(work, charge.number, closed=closed)
    return 0


def _asked(office: Office, charge: Open) -> None:
    with office.work() as work:
        _note(work, charge.number, closed=False)


def _note(work: Work, number: str, *, closed: bool) -> None:
    charge = charges.find(work, number, locked=True)
    if charge is None or charge.state != charges.State.OPEN:
        return
    charge.asked_at = work.now
    if closed:
        with suppress(AlreadyHandled):  # it was paid this very moment
            charges.WORKFLOW.take(work, charge, "close")


def _due(work: Work, provider: str) -> list[Open]:
    """Those about which nothing has been heard for the longest time first."""
    of_age = work.now - OFTEN
    waiting = work.session.scalars(
        select(Charge)
        .where(
            Charge.institution_id == work.institution,
            Charge.provider == provider,
            Charge.state == charges.State.OPEN,
            Charge.opened_at <= of_age,
            or_(Charge.asked_at.is_(None), Charge.asked_at <= of_age),
        )
        .order_by(func.coalesce(Charge.asked_at, Charge.opened_at), Charge.id)
    ).all()
    found = [(charge, _open(work, charge)) for charge in waiting]
    return [known for one, known in found if known.over or _its_turn(one, work.now)]


def _open(work: Work, charge: Charge) -> Open:
    return Open(
        charge.number,
        charges.payee_of(charge),
        over=_over(work, charge),
        in_flight=charge.opening_at > work.now - IN_FLIGHT,
    )


def _over(work: Work, charge: Charge) -> bool:
    return charge.expires_at <= work.now or charges.ended(work, charge) is not None


def _its_turn(charge: Charge, now: datetime) -> bool:
    young = charge.opened_at > now - YOUNG
    return young or charge.asked_at is None or charge.asked_at <= now - SELDOM
