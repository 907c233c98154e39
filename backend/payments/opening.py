"""Having a charge opened at the provider: the same one, however often somebody goes to pay.

No database session is held while the provider is asked.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend import audit, charges
from backend.errors import Refused
from backend.models import Charge
from backend.office import Office
from backend.payments import asking
from backend.payments.provider import (
    AlreadyPaid,
    ChargeAsked,
    PaymentProvider,
    ProviderRefused,
    ProviderUnreachable,
    Way,
)
from backend.work import Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A charge that can be paid until then by ``link``, which is as ``PaymentProvider.open`` says."""

    number: str
    link: str
    until: datetime


def ready(
    office: Office,
    numbers: Sequence[str],
    way: Way,
    *,
    payer_ip: str = "",
    openid: str = "",
    lasts: timedelta = timedelta(),
) -> Ready:
    """The open charge for exactly these orders, with what it is paid by, which ``lasts`` at least as long
    unless its orders end before.

    Raises Refused as ``charges.begin`` does, and ``no_payments`` where nothing can be paid here in
    this way; ProviderUnreachable; ProviderRefused, which finance has been told of; AlreadyPaid, as a rule
    once the payment has been settled.
    """
    provider = office.payments
    if provider is None or way not in provider.ways:
        raise Refused("no_payments", office="finance")
    begun = _begun(office, provider, numbers, way, payer_ip, openid, lasts)
    if isinstance(begun, Ready):
        return begun
    try:
        return _opened(office, provider, begun, provider.open(begun))
    except AlreadyPaid:
        with suppress(
            ProviderUnreachable, ProviderRefused
        ):  # then the next round of asking hears it
            asking.learn(office, begun.number)
        raise
    except ProviderRefused as refused:
        again = _anew(office, provider, begun, numbers)
        if again is None:
            _tell(office, begun, refused)
            raise
        return _opened(office, provider, again, provider.open(again))


def found(work: Work, charge: Charge) -> Ready | None:
    """What it is paid by, where the provider has said so and it still holds."""
    link = charges.link_of(work, charge)
    if not link or charge.link_until is None:
        return None
    return Ready(charge.number, link, min(charge.link_until, charge.expires_at))


def _begun(
    office: Office,
    provider: PaymentProvider,
    numbers: Sequence[str],
    way: Way,
    payer_ip: str,
    openid: str,
    lasts: timedelta,
) -> Ready | ChargeAsked:
    """What is there, or what the provider is to be asked for."""
    with office.work() as work:
        charge = charges.begin(work, numbers, way, provider.name, provider.payee)
        known = found(work, charge)
        if known is not None and known.until >= min(work.now + lasts, charge.expires_at):
            return known
        return charges.asked(charge, payer_ip=payer_ip, openid=openid)


def _opened(office: Office, provider: PaymentProvider, asked: ChargeAsked, link: str) -> Ready:
    """Raises Refused, and has it closed, where its orders were paid or ended while the provider was asked."""
    with office.work() as work:
        if charges.opened(work, asked.number, link):
            until = work.now + charges.LINK_GOOD[asked.way]
            return Ready(asked.number, link, min(until, asked.expires_at))
        charge = charges.find(work, asked.number)
        gone = charges.ended(work, charge) if charge is not None else None
    asking.end(
        office, provider, asking.Open(asked.number, provider.payee, over=True, in_flight=False)
    )
    number, state = (gone.number, gone.state) if gone is not None else ("", "")
    raise Refused("order_not_payable", number=number, state=state)


def _anew(
    office: Office, provider: PaymentProvider, refused: ChargeAsked, numbers: Sequence[str]
) -> ChargeAsked | None:
    """Another charge, where the one that was refused has been closed at the provider meanwhile."""
    asking.learn(office, refused.number)
    with office.work() as work:
        charge = charges.find(work, refused.number)
        if charge is None or charge.state != charges.State.CLOSED:
            return None
        new = charges.begin(work, numbers, refused.way, provider.name, provider.payee)
        return charges.asked(new, payer_ip=refused.payer_ip, openid=refused.openid)


def _tell(office: Office, asked: ChargeAsked, refused: ProviderRefused) -> None:
    """Whoever can mend it hears of each charge once, however often it is tried."""
    log.error("the payment provider will not open %s: %s", asked.number, refused)
    subject = f"charge:{asked.number}"
    with office.work() as work:
        charge = charges.find(work, asked.number)
        if charge is None or audit.last(work, subject, "refused") is not None:
            return
        audit.record(work, subject, "refused", charge.state, charge.state, str(refused))
        numbers = [one.number for one in charges.orders_of(work, charge)]
        work.emit("payment.refused", numbers[0], charge=asked.number, code=refused.code)
