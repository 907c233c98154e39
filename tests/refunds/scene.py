"""A graduate who pays for transcripts, two of finance, two of academic affairs, and a provider."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend import charges, revocations, transcripts
from backend.authority import Role
from backend.database import Database
from backend.documents.facts import Gpa, Language
from backend.ledger.accounts import Account
from backend.models import Application, LedgerLine, PaidBack, Refund
from backend.payments import settle as payments
from backend.payments.provider import PaymentNotice, PaymentProvider, RefundState, Way
from backend.refunds import asking, deciding, executing, mending, money, settle, states
from backend.refunds.money import Share
from backend.refunds.states import Reason, State
from tests.backend import scene as institution
from tests.refunds.provider import Provider

PRICE = 500
DAY = date(2026, 3, 2)  # on which it begins
KINDS = tuple((language, gpa) for language in Language for gpa in Gpa)


class Scene(institution.Scene):
    """No copy is free, and no preview is asked for."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.set_policy(
            "transcript",
            date(2020, 5, 1),
            free_copies=0,
            price_fen=PRICE,
            preview_before_order=False,
            order_hours=24,
        )
        self.buyer = self.graduate()
        self.finance = self.staff("F1", Role.FINANCE)
        self.second = self.staff("F2", Role.FINANCE)
        self.colleague = self.staff("A2", Role.ACADEMIC_AFFAIRS)
        self.events.clear()

    def provider(self) -> PaymentProvider:
        self.bank = Provider(self.clock)
        return self.bank

    def policy(self, **changed: Any) -> None:
        self.set_policy("refund", date(2020, 5, 1), **changed)

    # --- paying -----------------------------------------------------------------------------

    def ordered(self, kind: int = 0, buyer: int | None = None) -> str:
        return self.confirm(self.file(buyer or self.buyer, *KINDS[kind]))

    def charge(self, *orders: str, way: Way = Way.NATIVE) -> str:
        with self.office.work() as work:
            charge = charges.begin(work, list(orders), way, self.bank.name, self.bank.payee)
            self.bank.open(charges.asked(charge))
            return charge.number

    def pay(self, *orders: str, way: Way = Way.NATIVE, **changed: object) -> PaymentNotice:
        """Somebody pays, and the notice comes in; what the provider said."""
        notice = self.bank.pay(self.charge(*orders, way=way), **changed)
        assert notice is not None
        self.receive(notice)
        return notice

    def receive(self, notice: PaymentNotice) -> payments.Outcome:
        with self.office.work() as work:
            return payments.take(work, notice)

    def pay_twice(self, order: str) -> None:
        """By two ways, at the same time."""
        both = [self.charge(order, way=way) for way in (Way.NATIVE, Way.H5)]
        for number in both:
            notice = self.bank.pay(number)
            assert notice is not None
            self.receive(notice)

    def work_off(self) -> None:
        self.direct.run_all(self.office)

    def bought(self, kind: int = 0, buyer: int | None = None) -> str:
        """The order of a transcript that was paid and issued."""
        order = self.ordered(kind, buyer)
        self.pay(order)
        self.work_off()
        return order

    # --- refunds ----------------------------------------------------------------------------

    def share(self, order: str, standing: str = "settled") -> Share:
        with self.office.read() as work:
            (found,) = [
                one
                for one in money.of_person(work, self.order(order).buyer_id)
                if one.order and one.order.number == order and one.standing == standing
            ]
            return found

    def ask(self, order: str, standing: str = "settled", words: str = "名字错了") -> str:
        held = self.share(order, standing)
        with self.office.work(held.buyer_id) as work:
            found = asking.candidate(work, held)
            if found.refused:
                raise found.refused
            assert found.reason is not None
            return asking.ask(work, held, found.reason, words, self.agreed(held.buyer_id)).number

    def allow(self, *numbers: str, by: int | None = None) -> None:
        actor = by or self.finance
        with self.office.work(actor) as work:
            deciding.approve(work, numbers, self.agreed(actor))

    def refuse(self, number: str, why: str = "成绩单没有错", by: int | None = None) -> None:
        actor = by or self.finance
        with self.office.work(actor) as work:
            deciding.refuse(work, number, why, self.agreed(actor))

    def again(self, number: str) -> None:
        with self.office.work(self.finance) as work:
            mending.again(work, number, self.agreed(self.finance))

    def by_hand(
        self, number: str, reference: str = "2026030200017", on: date = DAY, by: int | None = None
    ) -> None:
        actor = by or self.finance
        with self.office.work(actor) as work:
            mending.by_hand(work, number, reference, on, self.agreed(actor))

    def look_at(self, number: str) -> None:
        """The provider is asked at once, as before something is paid by hand."""
        executing.look(self.office, number)

    def take_back(self, number: str) -> None:
        buyer = self.case(number).applicant_id
        with self.office.work(buyer) as work:
            asking.withdraw(work, number, self.agreed(buyer))

    def revoke(self, application: str) -> None:
        """By both of academic affairs."""
        with self.office.work(self.affairs) as work:
            agreed = self.agreed(self.affairs)
            number = revocations.propose(work, application, "名字错了", agreed).number
        with self.office.work(self.colleague) as work:
            revocations.confirm(work, number, self.agreed(self.colleague))

    def notify(self, number: str) -> settle.Outcome:
        """The provider says how the refund stands there."""
        with self.office.work() as work:
            return settle.take(work, self.bank.refunds[self.asked_as(number)])

    def end(self, number: str, state: RefundState = RefundState.SUCCESS) -> settle.Outcome:
        """It has ended at the provider, which says so."""
        self.bank.refund_ends(self.asked_as(number), state)
        outcome = self.notify(number)
        self.work_off()
        return outcome

    def sweep(self, after: timedelta = timedelta()) -> None:
        self.pass_time(after)
        with self.office.work() as work:
            executing.sweep(work)
        self.work_off()

    # --- what is to be seen -----------------------------------------------------------------

    def case(self, number: str) -> Application:
        with self.office.read() as work:
            found = states.find(work, number)
            assert found is not None
            return found

    def refund(self, number: str) -> Refund:
        with self.office.read() as work:
            return states.refund_of(work, self.case(number))

    def asked_as(self, number: str) -> str:
        """What the provider calls it now; other numbers are its own."""
        with self.office.read() as work:
            found = states.find(work, number)
            return states.refund_of(work, found).asked_as if found else number

    def state(self, number: str) -> State:
        return State(self.case(number).state)

    def refunds(self) -> list[Application]:
        with self.office.read() as work:
            return list(
                work.session.scalars(
                    select(Application)
                    .where(Application.kind == states.KIND)
                    .order_by(Application.id)
                )
            )

    def only(self, reason: Reason) -> str:
        """The number of the one refund for this reason."""
        (found,) = [
            one.number for one in self.refunds() if self.refund(one.number).reason == reason
        ]
        return found

    def service_state(self, order: str) -> str:
        return self.application(self.application_of(order)).state

    def application_of(self, order: str) -> str:
        return self.share(order).application.number

    def taken(self) -> list[tuple[int, int]]:
        """Of every payment: what was paid, and what of it goes back."""
        with self.office.read() as work:
            rows = work.session.scalars(select(PaidBack).order_by(PaidBack.payment_id))
            return [(one.paid_fen, one.taken_fen) for one in rows]

    def balance(self, account: str) -> int:
        with self.office.read() as work:
            lines = work.session.scalars(select(LedgerLine).where(LedgerLine.account == account))
            return sum(one.amount_fen for one in lines)

    def still_owed(self) -> int:
        return -self.balance(Account.PAYABLE)

    def made(self) -> list[str]:
        """Applications whose document was issued."""
        with self.office.read() as work:
            return [
                one.number
                for one in transcripts.of_person(work, self.buyer)
                if one.state == transcripts.State.ISSUED
            ]
