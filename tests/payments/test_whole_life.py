"""Payments, late notices, refunds, waivers, prices that change, and a process that dies at any moment:
no yuan appears, vanishes or is charged twice, and no document is delivered unpaid."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend import orders
from backend.database import Database
from backend.held.states import Way
from backend.ledger import checking
from backend.ledger.accounts import BANK, Account, income, platform
from backend.ledger.balances import balances
from backend.models import Disposal, DisposalPart, LedgerLine, Order, Refund
from backend.refunds.states import DONE, WITH_PROVIDER, State
from backend.transcripts import KIND
from backend.transcripts import State as Transcript
from backend.work import Work
from tests.databases import AnotherDatabase
from tests.payments.whole_life import Life
from tests.refunds.scene import Scene

BOUGHT = (
    Transcript.PAID,
    Transcript.STUCK,
    Transcript.ISSUED,
    Transcript.EXPIRED,
    Transcript.REVOKED,
)
COMMON = ("order", "order", "show", "show", "pay", "pay", "notice", "notice", "make", "allow")
RARE = (
    "cancel",
    "show_together",
    "pay_other",
    "ask_back",
    "ask_back",
    "take_back",
    "twice",
    "stray",
    "away",
    "refuses",
    "hangs",
    "dies_after_paying_back",
    "ends",
    "refund_notice",
    "waive",
    "reprice",
    "refuse",
    "again",
    "by_hand",
    "refund_in_portal",
    "held_back",
    "held_for_order",
    "held_for_order",
    "held_hand_over",
    "revoke",
    "a_while",
    "a_day",
)
STEP = st.tuples(
    st.sampled_from(COMMON + RARE), st.integers(0, 7), st.sampled_from((0, 0, 0, 0, 1, 2))
)

# Where it begins, so that few steps lead far: nothing yet, a document, an order paid twice over.
ONE = [("order", 0, 0), ("show", 0, 0), ("pay", 0, 0), ("notice", 0, 0), ("make", 0, 0)]
TWO = [*ONE[:2], ("show", 1, 0), ("pay", 0, 0), ("pay", 1, 0), *ONE[3:], ("notice", 1, 0)]
BEGINNINGS = st.sampled_from(([], ONE, TWO))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(beginning=BEGINNINGS, steps=st.lists(STEP, min_size=5, max_size=30))
def test_whatever_happens_the_books_the_money_and_the_documents_agree(
    another_database: AnotherDatabase,
    beginning: list[tuple[str, int, int]],
    steps: list[tuple[str, int, int]],
) -> None:
    with another_database() as url, TemporaryDirectory() as folder:
        database = Database(url)
        try:
            life = Life(Scene(database, Path(folder)))
            for way, which, dies_in in [*beginning, *steps]:
                life.step(way, which, dies_in)
                check(life)
            life.finish()
            check(life)
            nothing_is_left_over(life)
        finally:
            database.close()


def check(life: Life) -> None:
    """True after every step, whatever is on its way."""
    with life.office.read() as work:
        assert checking.check(work).faults == (), "the books add up"
        standing = Counter(balances(work))
        documents_are_paid_for_once(life, work)
    recorded = life.recorded()
    assert {one.transaction_id for one in recorded} <= life.sent.keys(), "no yuan appears"
    back, bank, waiting = refunded(life)
    came = sum(one.amount_fen for one in recorded)
    portal = sum(disposed(life, Way.PORTAL).values())
    assert standing[platform(life.bank.name)] == came - back - portal
    assert standing[Account.HANDED_OVER] == -sum(disposed(life, Way.ELSEWHERE).values())
    assert standing[platform(BANK)] == -bank
    assert standing[Account.PAYABLE] == -waiting, "what is decided is owed until it is gone"
    assert standing[Account.HELD] <= 0
    paid = sum(one.amount_fen for one in life.sent.values())
    assert back + portal <= life.bank.gone() <= paid, "never more goes back than came"


def documents_are_paid_for_once(life: Life, work: Work) -> None:
    """What each application has earned is what its one paid order cost, while it stands."""
    earned: Counter[int] = Counter()
    lines = work.session.execute(
        select(LedgerLine.order_id, LedgerLine.amount_fen).where(LedgerLine.account == income(KIND))
    )
    for order_id, fen in lines:
        order = work.session.get_one(Order, order_id)
        earned[orders.application_of(work, order).id] -= fen
    bought: dict[int, list[Order]] = {}
    for order in life.orders(orders.State.PAID):
        bought.setdefault(orders.application_of(work, order).id, []).append(order)
    for one in life.applications():
        paid = bought.get(one.id, [])
        assert len(paid) <= 1, "nobody is charged twice"
        if one.state in BOUGHT:
            assert len(paid) == 1, "no document is delivered unpaid"
            by_portal = disposed(life, Way.PORTAL)[paid[0].id]
            assert earned[one.id] == paid[0].total_fen - by_portal, "nor for less, nor for more"
        else:
            assert earned[one.id] == 0, "what is not given costs nothing"


def refunded(life: Life) -> tuple[int, int, int]:
    """Paid back by the provider, by hand, and what is decided and still to be paid back, in fen."""
    found: Counter[str] = Counter()
    with life.office.read() as work:
        for one in life.scene.refunds():
            found[one.state] += work.session.get_one(Refund, one.id).amount_fen
    assert {State.REFUNDED, State.BY_HAND} == DONE
    return (
        found[State.REFUNDED],
        found[State.BY_HAND],
        sum(found[state] for state in WITH_PROVIDER),
    )


def disposed(life: Life, way: Way) -> Counter[int | None]:
    """What finance have done with money by hand in this way, by order, in fen."""
    found: Counter[int | None] = Counter()
    with life.office.read() as work:
        parts = work.session.execute(
            select(DisposalPart.order_id, DisposalPart.amount_fen)
            .join(Disposal, Disposal.id == DisposalPart.disposal_id)
            .where(Disposal.way == way, Disposal.state == "done")
        )
        for order, fen in parts:
            found[order] += fen
    return found


def nothing_is_left_over(life: Life) -> None:
    """All that was ever paid is a document that is there, or is back with whoever paid it."""
    back, bank, waiting = refunded(life)
    assert waiting == 0, "what is decided is paid back"
    portal = disposed(life, Way.PORTAL)
    assert back + sum(portal.values()) == life.bank.gone(), "each once"
    assert {one.transaction_id for one in life.recorded()} == life.sent.keys(), "no yuan vanishes"
    kept = sum(one.amount_fen for one in life.sent.values()) - back - bank
    kept -= sum(portal.values()) + sum(disposed(life, Way.ELSEWHERE).values())
    given = {one.id for one in life.applications() if one.state in BOUGHT}
    with life.office.read() as work:
        prices = [
            order.total_fen - portal[order.id]
            for order in life.orders(orders.State.PAID)
            if orders.application_of(work, order).id in given
        ]
        held = balances(work).get(Account.HELD, 0)
    assert kept == sum(prices)
    assert held == 0, "whatever fitted nothing could be settled"
    states = {order.state for order in life.orders()}
    assert states <= {orders.State.PAID, orders.State.EXPIRED, orders.State.CLOSED}
