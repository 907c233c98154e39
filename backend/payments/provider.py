"""The port to whoever takes the money: where to pay, what was paid, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from backend.models import Order

CURRENCY = "CNY"
TOLERANCE = timedelta(seconds=300)  # how old, or how far ahead, a notice's own time may be


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """A provider's word, already verified, that money has come in for an order."""

    provider: str
    transaction_id: str  # the provider's own; unique within the provider
    order_number: str
    amount_fen: int
    currency: str  # ISO 4217
    paid_at: datetime  # aware


class ForgedNotice(Exception):
    """Nothing shows that this comes from the provider. ``reason`` is for the log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MalformedNotice(ForgedNotice):
    """Not even the form of a notice."""


class ProviderUnreachable(Exception):
    """The provider gave no answer; to be asked again later."""


class PaymentProvider(Protocol):
    @property
    def name(self) -> str:
        """Kept with every payment; never changes."""
        ...

    def pay_url(self, order: Order) -> str:
        """Where the order is paid: an absolute path of this site, or a URL.

        The same order always leads to the same charge. Raises Refused when it is not to be paid.
        """
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentNotice:
        """Raises ForgedNotice when signature, time (``TOLERANCE``) or merchant are wrong."""
        ...

    def query(self, order_number: str) -> PaymentNotice | None:
        """What the provider has received for the order; raises ProviderUnreachable."""
        ...
