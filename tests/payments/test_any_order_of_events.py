"""Whatever happens in whatever order: nobody pays twice, nothing is given away, no money is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from backend import orders, transcripts
from backend.database import Database
from backend.errors import Refused
from backend.models import Base
from backend.orders import State
from backend.payments import settle
from backend.payments.provider import PaymentNotice
from backend.payments.settle import Outcome
from tests.payments.scene import Scene

WAYS = (
    "confirm",
    "save",
    "cancel",
    "pay",
    "pay_twice",
    "notice",
    "repeat",
    "ask",
    "expire",
    "withdraw",
)
STEPS = st.lists(st.tuples(st.sampled_from(WAYS), st.integers(0, 3)), max_size=25)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_money_and_documents_always_agree(database: Database, steps: list[tuple[str, int]]) -> None:
    with fresh(database) as scene:
        history = History(scene)
        for way, which in steps:
            history.step(way, which)
            history.check()


@contextmanager
def fresh(database: Database) -> Iterator[Scene]:
    """An empty database and a new bank for each example."""
    with database.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
    with TemporaryDirectory() as folder:
        yield Scene(database, Path(folder))


class History:
    """Two applications, what the student and the bank do to them, and what was seen on the way."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.applications = [scene.approved(), scene.approved()]
        self.orders: list[str] = []
        self.paid: dict[str, PaymentNotice] = {}  # by transaction: what the bank has taken
        self.told: list[PaymentNotice] = []  # what we have been told
        self.settled: set[str] = set()  # orders that were seen paid

    def step(self, way: str, which: int) -> None:
        application = self.applications[which % len(self.applications)]
        order = self.orders[which % len(self.orders)] if self.orders else None
        waiting = [one for one in self.paid.values() if one not in self.told]
        match way:
            case "confirm":
                self._try(lambda: self.orders.append(self.scene.confirm(application)))
            case "save":
                self._try(lambda: self.scene.save(application))
            case "cancel" if order:
                self._try(lambda: self.scene.cancel(order))
            case "pay" if order:
                self._try(lambda: self._pay(order))
            case "pay_twice" if order:  # at another counter: a transaction of its own
                extra = self.scene.notice(order, f"X{len(self.paid)}")
                self.paid[extra.transaction_id] = extra
            case "notice" if waiting:
                self._take(waiting[which % len(waiting)])
            case "repeat" if self.told:
                assert self._take(self.told[which % len(self.told)]) is Outcome.REPEATED
            case "ask":
                self.scene.pass_time(timedelta(minutes=1))
                self._ask()
            case "expire":
                self.scene.expire()
            case "withdraw":
                self._try(lambda: self.scene.withdraw(application))

    def check(self) -> None:
        told = {one.transaction_id for one in self.told}
        recorded = {one.transaction_id: one for one in self.scene.payments()}
        assert recorded.keys() == told, "every transaction we know of is recorded, once"
        with self.scene.office.read() as work:
            everything = orders.of_person(work, self.scene.buyer)
            for order in everything:
                own = [one for one in recorded.values() if one.order_id == order.id]
                settled = [one for one in own if one.state == "settled"]
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
        for one in recorded.values():
            announced = [
                e for e in self.scene.events if e.facts.get("transaction") == one.transaction_id
            ]
            assert len(announced) == (one.state != "settled"), "finance hears of each once"

    def _pay(self, order: str) -> None:
        before = self.scene.sandbox.query(order)
        self.scene.sandbox.pay(self.scene.token(order), self.scene.clock.now())
        after = self.scene.sandbox.query(order)
        assert before is None or after == before, "the bank takes the money once"
        if after is not None:
            self.paid[after.transaction_id] = after

    def _take(self, notice: PaymentNotice) -> Outcome:
        if notice not in self.told:
            self.told.append(notice)
        return self.scene.take(notice)

    def _ask(self) -> None:
        settle.query_open_orders(self.scene.office)
        known = {one.transaction_id for one in self.scene.payments()}
        for one in self.paid.values():
            if one.transaction_id in known and one not in self.told:
                self.told.append(one)

    def _try(self, action: Callable[[], object]) -> None:
        """What is refused changes nothing, which ``check`` sees."""
        with suppress(Refused):
            action()
