"""What happens outside the chat to money in a conversation script: who pays, what the provider says and bills."""

from datetime import date

from sqlalchemy import select

from backend import charges, orders
from backend.clock import SetClock
from backend.ledger import checking, postings
from backend.ledger.postings import Share, Standing
from backend.models import Charge, ChargeOrder, Order
from backend.payments import settle
from backend.payments.provider import CURRENCY, PaymentNotice, RefundAsked, Way
from backend.reconciliation import days, fetching
from bot.outside_refunds import OutsideRefunds
from bot.script import Impossible


class OutsideMoney(OutsideRefunds):
    """Whoever pays, and the provider that they pay at."""

    clock: SetClock

    def go_to_pay(self, *numbers: str) -> None:
        """Somebody follows the link of one order, or of several together."""
        self._opened(*numbers)

    def _opened(self, *numbers: str) -> str:
        with self.assistant.office.work() as work:
            charge = charges.begin(work, numbers, Way.NATIVE, self.till.name)
            asked = charges.asked(charge)
        link = self.till.open(asked)
        with self.assistant.office.work() as work:
            charges.opened(work, asked.number, link)
        return asked.number

    def pay(self, number: str, *more: str) -> None:
        """Somebody pays, and the provider's notice comes in."""
        self.settle(self._paid(number, *more))

    def provider_away(self, *_: str) -> None:
        """The payment provider does not answer."""
        self.till.away = True

    def provider_back(self, *_: str) -> None:
        """It answers again."""
        self.till.away = False

    def pay_unheard(self, *numbers: str) -> None:
        """Somebody pays, and the notice is lost."""
        self._paid(*numbers)

    def notify(self, number: str, *_: str) -> None:
        """The notice of a payment comes (again)."""
        notice = self.till.query(self._charge(number)).paid
        if notice is None:
            raise LookupError(f"{number} has not been paid")
        self.settle(notice)

    def _paid(self, *numbers: str) -> PaymentNotice:
        notice = self.till.pay(self._opened(*numbers))
        if notice is None:
            raise LookupError(f"{numbers} cannot be paid")
        return notice

    def _charge(self, order: str) -> str:
        """The number of the latest charge of an order."""
        with self.assistant.office.read() as work:
            number = work.session.scalar(
                select(Charge.number)
                .join(ChargeOrder, ChargeOrder.charge_id == Charge.id)
                .join(Order, Order.id == ChargeOrder.order_id)
                .where(Order.number == order)
                .order_by(Charge.id.desc())
                .limit(1)
            )
        if number is None:
            raise Impossible(f"没有人去付过 {order} nobody has gone to pay this order")
        return number

    def settle(self, notice: PaymentNotice) -> None:
        with self.assistant.office.work() as work:
            settle.take(work, notice)

    def pay_other(self, number: str, yuan: str) -> None:
        """A notice about another sum than the order's."""
        fen = int(yuan) * 100
        self._money(self._opened(number), f"other-{number}", fen)

    def pay_late(self, number: str, yuan: str) -> None:
        """A notice about money that came at the last moment, and is heard of after the order has ended."""
        fen = int(yuan) * 100
        self._money(self._charge(number), f"late-{number}", fen)

    def _money(self, charge: str, transaction: str, fen: int) -> None:
        notice = PaymentNotice(self.till.name, transaction, charge, fen, CURRENCY, self.clock.now())
        self.till.strange.append(notice)
        self.settle(notice)

    def bill_otherwise(self, transaction: str, yuan: str) -> None:
        """The bill has a payment (or a refund, by our number) with another amount; "没有": not at all."""
        transaction = self.at_provider(transaction)
        if yuan == "没有":
            self.till.unbilled.add(transaction)
        else:
            self.till.billed_as[transaction] = int(yuan) * 100

    def bill_rightly(self, transaction: str, *_: str) -> None:
        """The provider has mended its bill."""
        transaction = self.at_provider(transaction)
        self.till.unbilled.discard(transaction)
        self.till.billed_as.pop(transaction, None)

    def reconcile(self, *_: str) -> None:
        """The hourly look whether the provider's bills are there and agree."""
        days.ask(self.assistant.office)

    def reconcile_again(self, day: str, *_: str) -> None:
        """A day that was compared already is compared once more."""
        fetching.reconcile(self.assistant.office, date.fromisoformat(day))

    def pay_unknown(self, transaction: str, yuan: str) -> None:
        """Money comes in that nothing here has asked for."""
        self._money("X000000-0000", transaction, int(yuan) * 100)

    def refund_in_portal(self, transaction: str, yuan: str) -> None:
        """Somebody of finance pays back in the provider's own pages."""
        fen, number = int(yuan) * 100, f"5030{len(self.till.refunds) + 1:04}"
        self.till.refund(RefundAsked(number, transaction, "", fen, 10_000_000, ""))

    def book_wrongly(self, number: str, yuan: str) -> None:
        """Income of an order is entered that nobody has paid."""
        fen = int(yuan) * 100
        with self.assistant.office.work() as work:
            order = work.session.scalars(select(Order).where(Order.number == number)).one()
            kind = orders.application_of(work, order).kind
            postings.payment_received(
                work,
                provider=self.till.name,
                transaction_id=f"wrong-{number}",
                amount_fen=fen,
                paid_at=work.now,
                shares=[Share(order.id, kind, fen, Standing.SETTLED)],
            )

    def look_at_books(self, *_: str) -> None:
        """The hourly look at whether the ledger adds up."""
        checking.tell(self.assistant.office)
