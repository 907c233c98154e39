"""A provider for plays and tests: it keeps everything in memory, and money comes when it is told to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.clock import SHANGHAI, Clock, local_date
from backend.payments.provider import (
    CURRENCY,
    ONE,
    AlreadyPaid,
    Bill,
    BillPayment,
    BillRefund,
    ChargeAsked,
    ChargeFound,
    ChargeState,
    ForgedNotice,
    OpenedAs,
    Payee,
    PaymentNotice,
    ProviderRefused,
    ProviderUnreachable,
    RefundAsked,
    RefundNotice,
    RefundState,
    Way,
)

NAME = "by_hand"
READY = time(10)  # of the next day's morning: then there is a bill


@dataclass
class Held:
    """A charge as this provider knows it."""

    asked: ChargeAsked
    closed: bool = False
    paid: PaymentNotice | None = None


@dataclass
class ByHand:
    """``away`` makes it unreachable; ``takes_back`` is how refunds end.

    Its bills hold ``strange`` payments too; of a payment or refund, by its own number, ``unbilled``
    leaves it out and ``billed_as`` has it with another amount (fen).
    """

    clock: Clock
    name: str = NAME
    payee: Payee = ONE
    ways: frozenset[Way] = frozenset(Way)
    away: bool = False
    takes_back: RefundState = RefundState.SUCCESS
    charges: dict[str, Held] = field(default_factory=dict)
    refunds: dict[str, RefundNotice] = field(default_factory=dict)
    numbered: int = 0
    strange: list[PaymentNotice] = field(default_factory=list)
    unbilled: set[str] = field(default_factory=set)
    billed_as: dict[str, int] = field(default_factory=dict)
    taken_on: dict[str, datetime] = field(default_factory=dict)  # refunds, by our numbers

    def open(self, asked: ChargeAsked) -> str:
        self._reachable()
        held = self.charges.setdefault(asked.number, Held(asked))
        if held.paid is not None:
            raise AlreadyPaid("ORDERPAID")
        if held.closed:
            raise ProviderRefused("ORDER_CLOSED")
        return f"{asked.way}:{asked.number}"

    def query(self, charge_number: str, payee: Payee | None = None) -> ChargeFound:
        self._reachable()
        held = self.charges.get(charge_number)
        if held is None:
            return ChargeFound(ChargeState.UNKNOWN)
        if held.paid is not None:
            return ChargeFound(ChargeState.PAID, held.paid)
        return ChargeFound(ChargeState.CLOSED if held.closed else ChargeState.OPEN)

    def close(self, charge_number: str, payee: Payee | None = None) -> None:
        self._reachable()
        held = self.charges.get(charge_number)
        if held is None:
            return
        if held.paid is not None:
            raise AlreadyPaid("ORDERPAID")
        held.closed = True

    def refund(self, asked: RefundAsked) -> RefundNotice:
        self._reachable()
        known = self.refunds.get(asked.number)
        if known is not None:
            return known
        back = sum(
            one.amount_fen
            for one in self.refunds.values()
            if one.transaction_id == asked.transaction_id and one.state is not RefundState.CLOSED
        )
        if back + asked.amount_fen > asked.total_fen:
            raise ProviderRefused("INVALID_REQUEST", "more than was paid")
        state = self.takes_back
        made = RefundNotice(
            self.name,
            asked.number,
            self._number("BR"),
            asked.transaction_id,
            asked.charge_number,
            asked.amount_fen,
            state,
            self.clock.now() if state is RefundState.SUCCESS else None,
        )
        self.refunds[asked.number] = made
        self.taken_on[asked.number] = self.clock.now()
        return made

    def query_refund(self, number: str) -> RefundNotice | None:
        self._reachable()
        return self.refunds.get(number)

    def bill(self, day: date, also: Collection[Payee] = ()) -> Bill | None:
        self._reachable()
        ready = datetime.combine(day + timedelta(days=1), READY, SHANGHAI)
        if self.clock.now() < ready:
            return None
        paid = [held.paid for held in self.charges.values() if held.paid is not None]
        payments = tuple(
            BillPayment(
                one.transaction_id,
                one.charge_number,
                self.billed_as.get(one.transaction_id, one.amount_fen),
                0,
                one.paid_at,
            )
            for one in (*paid, *self.strange)
            if local_date(one.paid_at) == day and one.transaction_id not in self.unbilled
        )
        refunds = tuple(
            BillRefund(
                one.refund_id,
                one.number,
                one.transaction_id,
                self.billed_as.get(one.number, one.amount_fen),
                0,
                one.state,
            )
            for one in self.refunds.values()
            if local_date(self.taken_on[one.number]) == day and one.number not in self.unbilled
        )
        rows = [f"{one.transaction_id},{one.amount_fen}" for one in payments]
        rows += [f"{one.number},-{one.amount_fen}" for one in refunds]
        return Bill(day, payments, refunds, "\n".join(rows).encode())

    def in_wechat(self, prepay_id: str, now: datetime) -> Mapping[str, str]:
        return {"package": f"prepay_id={prepay_id}"}

    def read_notice(
        self,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
        opened_as: OpenedAs | None = None,
    ) -> PaymentNotice | RefundNotice:
        raise ForgedNotice("nobody sends notices here")

    def stop(self) -> None:
        """It goes on in the next assistant of the play."""

    # --- what a play does -------------------------------------------------------------------------

    def pay(self, charge_number: str, **changed: Any) -> PaymentNotice | None:
        """Somebody pays; None where it cannot be paid. ``changed`` makes it a wrong payment."""
        held = self.charges.get(charge_number)
        if held is None or held.closed or self.clock.now() >= held.asked.expires_at:
            return None
        if held.paid is None:
            plain = PaymentNotice(
                self.name,
                self._number("BH"),
                charge_number,
                held.asked.amount_fen,
                CURRENCY,
                self.clock.now(),
            )
            held.paid = replace(plain, **changed)
        return held.paid

    def refund_ends(self, number: str, state: RefundState) -> RefundNotice:
        """What was being paid back has arrived, or has not."""
        known = self.refunds[number]
        self.refunds[number] = replace(
            known, state=state, at=self.clock.now() if state is RefundState.SUCCESS else None
        )
        return self.refunds[number]

    def _number(self, letters: str) -> str:
        self.numbered += 1
        return f"{letters}{self.numbered:06}"

    def _reachable(self) -> None:
        if self.away:
            raise ProviderUnreachable
