"""Whatever is posted in whatever order: it adds up at any time, nothing appears or vanishes."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.database import Database
from backend.ledger import postings
from backend.ledger.accounts import income
from backend.ledger.balances import balances
from backend.ledger.book import Overdrawn
from backend.ledger.postings import Share, Source, Standing
from backend.models import LedgerEntry, LedgerLine
from backend.work import Work
from tests.databases import AnotherDatabase
from tests.ledger.books import START, Books

KINDS = ("transcript", "photo_fee", "graduation")
WAYS = ("pay", "pay", "decide", "decide", "execute", "fee", "again", "crash")
NUMBER = st.integers(0, 5)
STEPS = st.lists(st.tuples(st.sampled_from(WAYS), NUMBER, NUMBER), max_size=30)
Action = Callable[[Work], object]


class Crash(Exception):
    """The process dies, or something later in the turn fails."""


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_every_fen_is_somewhere_at_any_time(
    another_database: AnotherDatabase, steps: list[tuple[str, int, int]]
) -> None:
    with another_database() as url:
        database = Database(url)
        try:
            history = History(Books(database))
            for way, which, much in steps:
                history.step(way, which, much)
                history.check()
        finally:
            database.close()


class Refund:
    """As the test sees it: how much is paid back, and whether it is gone."""

    def __init__(self, fen: int) -> None:
        self.fen, self.gone = fen, False


class History:
    def __init__(self, books: Books) -> None:
        self.books = books
        self.orders = [books.order(f"D{number}") for number in range(3)]
        self.expected: Counter[str] = Counter()
        self.facts = 0
        self.payments: list[tuple[str, list[Share], int]] = []  # with what no share has
        self.refunds: list[Refund] = []
        self.taken: Counter[tuple[str, str, int | None]] = Counter()  # of payment, account, order
        self.done: list[Action] = []
        self.seen: list[tuple[datetime, dict[str, int]]] = []

    def step(self, way: str, which: int, much: int) -> None:
        self.books.pass_time(timedelta(minutes=1))
        match way:
            case "pay":
                self.pay(which, much)
            case "decide" if self.payments:
                self.decide(which, much)
            case "execute" if self.refunds:
                self.execute(which)
            case "fee":
                self.fee(much)
            case "again" if self.done:
                self.post(self.done[which % len(self.done)], {}, new=False)
            case "crash":
                self.crash(which)

    def pay(self, which: int, much: int) -> None:
        """Shares of up to three orders, in each standing, and a rest."""
        transaction = f"T{len(self.payments)}"
        shares = [
            Share(order, KINDS[i], 100 * (i + 1 + much), list(Standing)[(which + i * much) % 3])
            for i, order in enumerate(self.orders[: which % 4])
        ]
        rest = 70 * much or (0 if shares else 500)
        amount = sum(one.amount_fen for one in shares) + rest
        moved = Counter({"platform:wechat": amount, "held": -rest})
        for one in shares:
            settled = one.standing is Standing.SETTLED
            moved[income(one.kind) if settled else "held"] -= one.amount_fen
        self.post(
            lambda work: postings.payment_received(
                work,
                provider="wechat",
                transaction_id=transaction,
                amount_fen=amount,
                paid_at=START,
                shares=shares,
                rest=Standing.MISMATCH,
            ),
            moved,
        )
        self.payments.append((transaction, shares, rest))

    def there(self, transaction: str, shares: list[Share], rest: int, order: int | None) -> int:
        """What is left of an order's income, or (None) of what is held of this payment."""
        settled = [one for one in shares if one.standing is Standing.SETTLED]
        if order is not None:
            own = sum(one.amount_fen for one in settled if one.order_id == order)
            return own - self.taken[transaction, "income", order]
        held = rest + sum(one.amount_fen for one in shares) - sum(o.amount_fen for o in settled)
        return held - self.taken[transaction, "held", None]

    def decide(self, which: int, much: int) -> None:
        """A part, all, or more than there is of an order's income or of what is held."""
        transaction, shares, rest = self.payments[which % len(self.payments)]
        share = shares[much % len(shares)] if shares and much % 2 else None
        order = share.order_id if share else None
        amount = 60 * (much + 1) * (which + 1)
        source = Source(order, share.kind if share else None, amount)
        number = f"R{len(self.refunds)}"
        account = income(share.kind) if share else "held"
        fits = self.there(transaction, shares, rest, order) >= amount

        def act(work: Work) -> object:
            return postings.refund_decided(
                work,
                number=number,
                provider="wechat",
                transaction_id=transaction,
                sources=[source],
                at=START,
            )

        self.post(act, {account: amount, "payable": -amount}, fits=fits)
        if fits:
            self.taken[transaction, "income" if share else "held", order] += amount
            self.refunds.append(Refund(amount))

    def execute(self, which: int) -> None:
        place = which % len(self.refunds)
        refund, number = self.refunds[place], f"R{place}"

        def act(work: Work) -> object:
            return postings.refund_executed(work, number=number, amount_fen=refund.fen, at=START)

        moved = {"payable": refund.fen, "platform:wechat": -refund.fen}
        self.post(act, {} if refund.gone else moved, new=not refund.gone)
        refund.gone = True

    def fee(self, much: int) -> None:
        day, fen = date(2026, 11, 1) + timedelta(days=self.facts), much - 2

        def act(work: Work) -> object:
            return postings.provider_fee(work, provider="wechat", day=day, fee_fen=fen, at=START)

        self.post(act, {"fees": fen, "platform:wechat": -fen}, new=fen != 0)

    def crash(self, which: int) -> None:
        """Something is posted, and then the turn does not come to its end."""

        def act(work: Work) -> None:
            if self.done:
                self.done[which % len(self.done)](work)
            postings.payment_received(
                work, provider="wechat", transaction_id="lost", amount_fen=999, paid_at=START
            )
            raise Crash

        with suppress(Crash), self.books.work() as work:
            act(work)

    def post(
        self, act: Action, moved: dict[str, int], *, fits: bool = True, new: bool = True
    ) -> None:
        try:
            with self.books.work() as work:
                act(work)
        except Overdrawn:
            assert not fits, "what is there can be moved"
            return
        assert fits, "more than there is was moved"
        if new:
            self.expected.update(moved)
            self.facts += 1
            self.done.append(act)

    def check(self) -> None:
        with self.books.work() as work:
            now = balances(work)
            assert sum(now.values()) == 0
            for moment, then in self.seen:
                assert balances(work, moment) == then, "the past stays as it was"
            numbers = list(work.session.scalars(select(LedgerEntry.number)))
            loose = work.session.scalars(
                select(LedgerLine.number).where(LedgerLine.number.not_in(numbers))
            ).all()
        assert {one: fen for one, fen in now.items() if fen} == {
            one: fen for one, fen in self.expected.items() if fen
        }
        assert sorted(numbers) == list(range(1, self.facts + 1)), "each fact once, without gaps"
        assert not loose
        earned = {account: fen for account, fen in now.items() if account.startswith("income:")}
        assert all(
            fen <= 0 for fen in (*earned.values(), now.get("held", 0), now.get("payable", 0))
        )
        self.seen.append((self.books.clock.now() + timedelta(seconds=1), now))
