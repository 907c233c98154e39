"""A graduate who pays for every copy, and a provider to pay at."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend import charges, orders, transcripts
from backend.consent import Consent
from backend.database import Database
from backend.documents.facts import Gpa, Language
from backend.models import Charge, Payment, PaymentShare
from backend.orders import State
from backend.payments import asking, settle
from backend.payments.by_hand import NAME, ByHand
from backend.payments.provider import PaymentNotice, PaymentProvider, Way
from backend.payments.settle import Outcome
from tests.backend import scene as institution

START = institution.START
PRICE = 500
LIFETIME = timedelta(hours=24)


class Scene(institution.Scene):
    """No copy is free, no preview is asked for, and an order stands for a day."""

    def __init__(
        self,
        database: Database,
        folder: Path,
    ) -> None:
        self.charged: dict[str, str] = {}  # by order: the charge that it is paid by
        super().__init__(database, folder)
        self.set_policy(
            "transcript",
            date(2020, 5, 1),
            free_copies=0,
            price_fen=PRICE,
            preview_before_order=False,
            order_hours=LIFETIME // timedelta(hours=1),
        )
        self.buyer = self.graduate()
        self.events.clear()

    def provider(self) -> PaymentProvider:
        self.till = ByHand(self.clock)
        return self.till

    # what the buyer, the provider and time do

    def approved(self) -> str:
        """The number of an application that may be ordered now."""
        return self.file(self.buyer, Language.ZH, Gpa.WITHOUT)

    def confirm(self, number: str | None = None) -> str:
        """Confirm an order of 5 yuan; its number."""
        return super().confirm(number or self.approved())

    def save(self, application: str) -> str:
        with self.office.work(self.buyer) as work:
            case = transcripts.own(work, application)
            return orders.save(work, case, PRICE, self.agreed()).number

    def cancel(self, order: str) -> None:
        with self.office.work(self.buyer) as work:
            orders.cancel(work, order, self.agreed())

    def withdraw(self, application: str) -> None:
        with self.office.work(self.buyer) as work:
            transcripts.withdraw(work, application, self.agreed())

    def expire(self) -> None:
        """Let the time of all open orders run out."""
        self.pass_time(LIFETIME + timedelta(seconds=1))
        asking.ask(self.office)
        with self.office.work() as work:
            orders.expire_due(work)

    def take(self, notice: PaymentNotice) -> Outcome:
        with self.office.work() as work:
            return settle.take(work, notice)

    def charge(self, *numbers: str, way: Way = Way.NATIVE) -> str:
        """The number of the open charge for these orders, which the provider knows too."""
        with self.office.work() as work:
            charge = charges.begin(work, numbers, way, NAME)
            asked = charges.asked(charge)
        link = self.till.open(asked)
        with self.office.work() as work:
            charges.opened(work, asked.number, link)
        for one in numbers:
            self.charged[one] = asked.number
        return asked.number

    def notice(self, order: str, transaction: str = "SB1", **changed: Any) -> PaymentNotice:
        """The provider's word that the charge of the order, the last one it had, is paid."""
        number = self.charged.get(order) or self.charge(order)
        plain = PaymentNotice(NAME, transaction, number, PRICE, "CNY", self.clock.now())
        return replace(plain, **changed)

    def pay(self, order: str) -> PaymentNotice:
        """Pay at the provider; what it says about it."""
        notice = self.till.pay(self.charged.get(order) or self.charge(order))
        assert notice is not None
        return notice

    def agreed(self, person: int | None = None) -> Consent:
        return super().agreed(person or self.buyer)

    # what is to be seen

    def state(self, number: str) -> State:
        return State(self.order(number).state)

    def application_state(self, order: str) -> str:
        with self.office.read() as work:
            found = orders.find(work, order)
            assert found is not None
            return orders.application_of(work, found).state

    def payments(self) -> list[Payment]:
        with self.office.read() as work:
            return list(work.session.scalars(select(Payment).order_by(Payment.id)))

    def shares(self) -> list[PaymentShare]:
        with self.office.read() as work:
            return list(work.session.scalars(select(PaymentShare)))

    def payment_states(self) -> list[tuple[str, str]]:
        return [(one.transaction_id, one.state) for one in self.payments()]

    def trail(self, transaction: str = "SB1") -> list[str]:
        """What the record says about a transaction."""
        return [entry.event for entry in self.audit(f"payment:{NAME}:{transaction}")]

    def charge_states(self) -> list[str]:
        with self.office.read() as work:
            return list(work.session.scalars(select(Charge.state).order_by(Charge.id)))

    def told_finance(self) -> list[str]:
        """What was announced about payments."""
        return [one.name for one in self.events if one.name.startswith("payment.")]

    def issues(self) -> list[str]:
        """Applications whose document is being made."""
        return self.jobs_asked("issue_transcript")
