"""A provider that keeps its word about refunds, and can fail at every point where one may."""

from backend.payments.by_hand import ByHand
from backend.payments.provider import (
    ProviderRefused,
    ProviderUnreachable,
    RefundAsked,
    RefundNotice,
    RefundState,
)


class Crash(BaseException):
    """The process dies here. No handler of the program sees it."""


class Provider(ByHand):
    """``crash_after`` dies once it has paid back, before anybody hears of it; ``balance_fen`` is what
    the merchant has to pay back with; ``refusing`` is answered to every new refund, ``broken`` to
    whatever is asked about refunds."""

    crash_after = False
    balance_fen: int | None = None
    refusing = ""
    broken = ""
    asked: int = 0

    def refund(self, asked: RefundAsked) -> RefundNotice:
        self.asked += 1
        if self.away:
            raise ProviderUnreachable
        if self.broken:
            raise ProviderRefused(self.broken)
        if asked.number not in self.refunds:
            if self.refusing:
                raise ProviderRefused(self.refusing)
            if self.balance_fen is not None and asked.amount_fen > self.balance_fen:
                raise ProviderRefused("NOT_ENOUGH")
        made = super().refund(asked)
        if self.crash_after:
            self.crash_after = False
            raise Crash
        return made

    def query_refund(self, number: str) -> RefundNotice | None:
        found = super().query_refund(number)
        if self.broken:
            raise ProviderRefused(self.broken)
        return found

    def gone(self) -> int:
        """All that has left the merchant, in fen."""
        back = RefundState.SUCCESS
        return sum(one.amount_fen for one in self.refunds.values() if one.state is back)
