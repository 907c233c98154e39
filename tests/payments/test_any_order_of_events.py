"""Whatever happens in whatever order: nobody pays twice, nothing is given away, no money is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import orders, transcripts
from backend.database import Database
from backend.errors import Refused
from backend.ledger import checking
from backend.orders import State
from backend.payments import asking, settle
from backend.payments.provider import (
    PaymentNotice,
    ProviderRefused,
    ProviderUnreachable,
    Way,
)
from backend.payments.settle import Outcome
from tests.databases import AnotherDatabase
from tests.payments.scene import Scene

OF_PEOPLE = (
    "confirm",
    "save",
    "cancel",
    "show",
    "show_together",
    "show_elsewhere",
    "expire",
    "withdraw",
)
OF_MONEY = ("pay", "pay_twice", "notice", "repeat", "crash", "away", "ask", "close")
WAYS = OF_PEOPLE + OF_MONEY
STEPS = st.lists(st.tuples(st.sampled_from(WAYS), st.integers(0, 3)), max_size=25)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_money_and_documents_always_agree(
    another_database: AnotherDatabase, steps: list[tuple[str, int]]
) -> None:
    with fresh(another_database) as scene:
        history = History(scene)
        for way, which in steps:
            history.step(way, which)
            history.check()
        history.finish()


@contextmanager
def fresh(another_database: AnotherDatabase) -> Iterator[Scene]:
    """A new database and a new provider for each example."""
    with another_database() as url, TemporaryDirectory() as folder:
        database = Database(url)
        try:
            yield Scene(database, Path(folder))
        finally:
            database.close()


class Crash(Exception):
    """The process ends in the middle of what it does."""


class History:
    """Two applications, what the student and the provider do to them, and what was seen on the way."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.applications = [scene.approved(), scene.approved()]
        self.orders: list[str] = []
        self.charges: list[str] = []
        self.paid: dict[str, PaymentNotice] = {}  # by transaction: what the provider has taken
        self.settled: set[str] = set()  # orders that were seen paid

    def step(self, way: str, which: int) -> None:
        if way in OF_PEOPLE:
            self._people(way, which)
        else:
            self._money(way, which)

    def _people(self, way: str, which: int) -> None:
        application = self.applications[which % len(self.applications)]
        order = self.orders[which % len(self.orders)] if self.orders else None
        match way:
            case "confirm":
                self._try(lambda: self.orders.append(self.scene.confirm(application)))
            case "save":
                self._try(lambda: self.scene.save(application))
            case "cancel" if order:
                self._try(lambda: self.scene.cancel(order))
            case "show" if order:
                self._show(order)
            case "show_together" if len(self.orders) > 1:
                self._show(*self.orders[-2:])
            case "show_elsewhere" if order:
                self._show(order, way=Way.H5)
            case "expire":
                self.scene.expire()
            case "withdraw":
                self._try(lambda: self.scene.withdraw(application))

    def _money(self, way: str, which: int) -> None:
        charge = self.charges[which % len(self.charges)] if self.charges else None
        told = {one.transaction_id for one in self.scene.payments()}
        waiting = [one for number, one in self.paid.items() if number not in told]
        known = [one for number, one in self.paid.items() if number in told]
        match way:
            case "pay" if charge:
                self._pay(charge)
            case "pay_twice" if known:  # as no provider should, in a transaction of its own
                again = replace(known[which % len(known)], transaction_id=f"X{len(self.paid)}")
                self.paid[again.transaction_id] = again
            case "notice" if waiting:
                self.scene.take(waiting[which % len(waiting)])
            case "repeat" if known:
                assert self.scene.take(known[which % len(known)]) is Outcome.REPEATED
            case "crash" if waiting:
                with suppress(Crash), self.scene.office.work() as work:
                    settle.take(work, waiting[which % len(waiting)])
                    raise Crash
            case "away":
                self.scene.till.away = not self.scene.till.away
            case "ask":
                self.scene.pass_time(timedelta(minutes=6))
                asking.ask(self.scene.office)
            case "close" if self.orders:
                asking.close_charges(self.scene.office, self.orders[which % len(self.orders)])

    def check(self) -> None:
        recorded = self.scene.payments()
        assert {one.transaction_id for one in recorded} <= self.paid.keys(), "no money is invented"
        assert len({one.transaction_id for one in recorded}) == len(recorded), "each is kept once"
        shares = self.scene.shares()
        for one in recorded:
            own = [share for share in shares if share.payment_id == one.id]
            assert sum(share.amount_fen for share in own) == one.amount_fen, "to the last fen"
            held = {share.state for share in own if share.state != "settled"}
            assert (one.state == "settled") == (not held), "what waits for finance is named"
            announced = [
                e for e in self.scene.events if e.facts.get("transaction") == one.transaction_id
            ]
            assert len(announced) == sum(share.state != "settled" for share in own), "heard of once"
        with self.scene.office.read() as work:
            assert checking.check(work).faults == (), "the books add up at any time"
            everything = orders.of_person(work, self.scene.buyer)
            for order in everything:
                settled = [
                    one for one in shares if one.order_id == order.id and one.state == "settled"
                ]
                assert len(settled) == (order.state == State.PAID), "paid once, or not at all"
                assert all(one.amount_fen == order.total_fen for one in settled)
            paid = {order.number for order in everything if order.state == State.PAID}
            made = {
                one.number
                for one in transcripts.of_person(work, self.scene.buyer)
                if one.state == transcripts.State.PAID
            }
            bought = {
                orders.application_of(work, order).number
                for order in everything
                if order.state == State.PAID
            }
        assert made == bought, "a document for each paid order, and for nothing else"
        assert len(paid) == len(bought), "nobody pays two orders for one document"
        assert len(self.scene.issues()) == len(bought)
        assert self.settled <= paid, "what was paid stays paid"
        self.settled = paid

    def finish(self) -> None:
        """The provider is there again and is asked: every payment it has taken is known at last."""
        self.scene.till.away = False
        self.scene.pass_time(timedelta(minutes=6))
        asking.ask(self.scene.office)
        self.check()
        known = {one.transaction_id for one in self.scene.payments()}
        taken = {held.paid.transaction_id for held in self.scene.till.charges.values() if held.paid}
        assert taken <= known, "no payment is lost, whatever became of its notice"

    def _show(self, *numbers: str, way: Way = Way.NATIVE) -> None:
        with suppress(Refused, ProviderUnreachable, ProviderRefused):
            self.charges.append(self.scene.charge(*numbers, way=way))

    def _pay(self, charge: str) -> None:
        notice = self.scene.till.pay(charge)
        if notice is not None:
            self.paid[notice.transaction_id] = notice

    def _try(self, action: Callable[[], object]) -> None:
        """What is refused changes nothing, which ``check`` sees."""
        with suppress(Refused):
            action()
