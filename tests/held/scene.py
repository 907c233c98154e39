"""Money that fits nothing, two of finance, and a provider whose portal somebody may use."""

from datetime import date
from typing import Any

from sqlalchemy import delete, select

from backend.held import deciding, ending, listing, portal
from backend.held.listing import Item
from backend.ledger import checking
from backend.ledger.accounts import Account, income, platform
from backend.models import Disposal
from backend.models import Role as RoleRow
from backend.payments.provider import CURRENCY, PaymentNotice, RefundAsked
from backend.transcripts import KIND
from tests.reconciliation import scene as reconciliation

DAY = reconciliation.DAY


class Scene(reconciliation.Scene):
    def second_from(self, fen: int) -> None:
        self.set_policy("refund", date(2020, 5, 1), second_from_fen=fen)

    def stray(self, transaction: str = "S1", fen: int = 500) -> None:
        """Money that nothing here has asked for."""
        notice = PaymentNotice(self.bank.name, transaction, "X-0", fen, CURRENCY, self.clock.now())
        self.bank.strange.append(notice)
        self.receive(notice)

    def dismiss(self, person: int) -> None:
        """They are of finance no more."""
        with self.office.work() as work:
            work.session.execute(delete(RoleRow).where(RoleRow.person_id == person))

    def refund_in_portal(self, transaction: str, fen: int, number: str = "50300017") -> None:
        """Somebody pays it back in the provider's own pages."""
        self.bank.refund(RefundAsked(number, transaction, "", fen, 100_000, ""))

    # what finance do

    def items(self) -> tuple[Item, ...]:
        with self.office.read(self.finance) as work:
            return listing.everything(work).items

    def item(self) -> Item:
        (only,) = self.items()
        return only

    def pay_back(self, key: str, why: str = "付错了", by: int | None = None) -> str:
        actor = by or self.finance
        with self.office.work(actor) as work:
            return ending.pay_back(work, key, why, self.agreed(actor)).number

    def for_order(
        self, key: str, order: str, why: str = "看过付款记录", by: int | None = None
    ) -> str:
        actor = by or self.finance
        with self.office.work(actor) as work:
            return ending.for_order(work, key, order, why, self.agreed(actor)).number

    def hand_over(self, key: str, by: int | None = None) -> str:
        actor = by or self.finance
        with self.office.work(actor) as work:
            agreed = self.agreed(actor)
            return ending.hand_over(work, key, "银行转账", "某公司", "付错学校", agreed).number

    def confirm(self, number: str, by: int | None = None) -> Any:
        if not number.startswith("Q"):
            return super().confirm(number)
        actor = by or self.second
        with self.office.work(actor) as work:
            return deciding.confirm(work, number, self.agreed(actor)).state

    def refuse_disposal(self, number: str, by: int | None = None) -> None:
        actor = by or self.second
        with self.office.work(actor) as work:
            deciding.refuse(work, number, "依据不够", self.agreed(actor))

    def choices(self, number: str) -> list[str]:
        with self.office.read(self.finance) as work:
            return [one.key for one in portal.choices(work, portal.to_enter(work, number))]

    def enter(self, number: str, key: str | None = None, by: int | None = None) -> str:
        actor = by or self.finance
        key = key or self.choices(number)[0]
        with self.office.work(actor) as work:
            return portal.enter(work, number, key, "付款人要求", self.agreed(actor)).number

    # what is to be seen

    def disposals(self) -> list[Disposal]:
        with self.office.read() as work:
            return list(work.session.scalars(select(Disposal).order_by(Disposal.id)))

    def held(self) -> int:
        return -self.balance(Account.HELD)

    def handed_over(self) -> int:
        return -self.balance(Account.HANDED_OVER)

    def earned(self) -> int:
        return -self.balance(income(KIND))

    def at_platform(self) -> int:
        return self.balance(platform(self.bank.name))

    def books_add_up(self) -> bool:
        with self.office.read() as work:
            return checking.check(work).faults == ()

    def billed(self) -> int:
        """What all bills so far say that there is."""
        paid = [one.paid for one in self.bank.charges.values() if one.paid is not None]
        came = sum(one.amount_fen for one in (*paid, *self.bank.strange))
        return came - self.bank.gone()
