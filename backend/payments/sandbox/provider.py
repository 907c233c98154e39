"""The sandbox as a payment provider: for demonstrations, where no money may flow."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from backend.clock import Clock
from backend.errors import Refused
from backend.models import Order
from backend.orders import State
from backend.payments.provider import CURRENCY, ForgedNotice, MalformedNotice, PaymentNotice
from backend.payments.sandbox.bank import Bank, Charge, ChargeConflict
from backend.payments.sandbox.courier import Courier
from backend.payments.sandbox.signature import Signer

Text = Annotated[str, Field(min_length=1, max_length=64)]


class SandboxInProduction(RuntimeError):
    """Documents would be given away for play money."""


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    merchant: Text
    transaction_id: Text
    order_number: Text
    amount_fen: Annotated[int, Field(gt=0, le=2**53)]
    currency: Text
    paid_at: AwareDatetime


class SandboxProvider:
    """``folder`` keeps the bank's ledger and key; they belong to one database and go with it.

    ``notify_url`` is where this very program takes notices; call ``start`` once it listens.
    Raises SandboxInProduction.
    """

    name = "sandbox"

    def __init__(
        self,
        folder: Path,
        *,
        merchant: str,
        notify_url: str,
        clock: Clock,
        production: bool,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if production:
            raise SandboxInProduction(
                "the sandbox payment provider takes no real money and cannot be used in"
                " production: configure a real payment provider"
            )
        self._merchant = merchant
        self._bank = Bank(folder / "sandbox-bank.db")
        self._signer = Signer.at(folder / "sandbox-bank.pem")
        self.courier = Courier(self._bank, self._signer, notify_url, clock, transport)

    def start(self) -> None:
        """Begin to deliver, first of all what a restart has interrupted."""
        self.courier.start()

    def stop(self) -> None:
        self.courier.stop()

    def pay_url(self, order: Order) -> str:
        """The cashier's page; the token in it is all one needs to pay this order, and only it."""
        if order.state == State.CONFIRMED and order.total_fen > 0 and order.expires_at:
            try:
                charge = self._bank.register(
                    merchant=self._merchant,
                    order_number=order.number,
                    purpose_zh=order.title_zh,
                    purpose_en=order.title_en,
                    amount_fen=order.total_fen,
                    currency=CURRENCY,
                    expires_at=order.expires_at,
                )
            except ChargeConflict:
                raise Refused("paid_as_another", number=order.number) from None
            return f"/pay/{charge.token}"
        known = self._bank.by_order(self._merchant, order.number)
        if known is None or known.amount_fen != order.total_fen:
            raise Refused("order_not_payable", number=order.number, state=str(order.state))
        return f"/pay/{known.token}"

    def charge(self, token: str) -> Charge | None:
        """What the cashier shows."""
        found = self._bank.by_token(token)
        return found if found and found.merchant == self._merchant else None

    def pay(self, token: str, now: datetime) -> Charge | None:
        """Pay an open charge, once; the notice goes out by itself. None: no such charge."""
        if self.charge(token) is None:
            return None
        charge = self._bank.pay(token, now)
        self.courier.wake()
        return charge

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentNotice:
        self._signer.verify(headers, body, now)
        try:
            read = _Body.model_validate_json(body)
        except ValidationError as error:
            raise MalformedNotice(f"{error.error_count()} faults in the body") from None
        if read.merchant != self._merchant:
            raise ForgedNotice("another merchant")
        return PaymentNotice(
            self.name,
            read.transaction_id,
            read.order_number,
            read.amount_fen,
            read.currency,
            read.paid_at.astimezone(UTC),
        )

    def query(self, order_number: str) -> PaymentNotice | None:
        charge = self._bank.by_order(self._merchant, order_number)
        if charge is None or charge.paid_at is None or charge.transaction_id is None:
            return None
        return PaymentNotice(
            self.name,
            charge.transaction_id,
            charge.order_number,
            charge.amount_fen,
            charge.currency,
            charge.paid_at,
        )
