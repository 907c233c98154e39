"""A ledger with nobody around it, and a second account of what should be in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from backend.clock import SetClock
from backend.database import Database
from backend.jobs import DirectJobs
from backend.ledger import postings
from backend.ledger.accounts import income
from backend.ledger.balances import balances
from backend.ledger.postings import Share, Source, Standing
from backend.models import Institution, Order, Person
from backend.work import Work

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
KIND = "transcript"


class Books:
    """One institution with one buyer, whose orders are only rows."""

    def __init__(self, database: Database, institution: str = "one") -> None:
        self.database, self.institution = database, institution
        self.clock = SetClock(START)
        with self.work() as work:
            work.session.add(Institution(id=institution, name_zh="一", name_en="One"))
            work.session.flush()
            buyer = Person(institution_id=institution, number="1", name="林小满")
            work.session.add(buyer)
            work.session.flush()
            self.buyer = buyer.id

    @contextmanager
    def work(self) -> Iterator[Work]:
        with self.database.write() as session:
            yield Work(
                session,
                institution=self.institution,
                actor=None,
                clock=self.clock,
                jobs=DirectJobs(),
            )

    def pass_time(self, by: timedelta) -> None:
        self.clock.set(self.clock.now() + by)

    def order(self, number: str = "D261123-0001", price_fen: int = 500) -> int:
        with self.work() as work:
            order = Order(
                institution_id=self.institution,
                number=number,
                title_zh="电子成绩单",
                title_en="Electronic transcript",
                buyer_id=self.buyer,
                state="paid",
                total_fen=price_fen,
                created_at=work.now,
            )
            work.session.add(order)
            work.session.flush()
            return order.id

    def balances(self) -> dict[str, int]:
        """Without accounts that have nothing."""
        with self.work() as work:
            return {account: fen for account, fen in balances(work).items() if fen}

    # what happens, with the same amounts unless it is said otherwise

    def paid(self, order: int, transaction: str = "4200A", fen: int = 500) -> int:
        return self.received(transaction, fen, [Share(order, KIND, fen, Standing.SETTLED)])

    def received(
        self,
        transaction: str,
        fen: int,
        shares: list[Share],
        rest: Standing = Standing.UNKNOWN,
    ) -> int:
        with self.work() as work:
            return postings.payment_received(
                work,
                provider="wechat",
                transaction_id=transaction,
                amount_fen=fen,
                paid_at=START,
                shares=shares,
                rest=rest,
            )

    def decided(
        self,
        sources: list[Source],
        number: str = "R2611-0001",
        transaction: str = "4200A",
    ) -> int:
        with self.work() as work:
            return postings.refund_decided(
                work,
                number=number,
                provider="wechat",
                transaction_id=transaction,
                sources=sources,
                at=START,
            )

    def executed(self, fen: int = 500, number: str = "R2611-0001") -> int:
        with self.work() as work:
            return postings.refund_executed(work, number=number, amount_fen=fen, at=START)


INCOME = income(KIND)
