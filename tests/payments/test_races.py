"""Two at once: money is counted once, and whoever comes second is told so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from backend import orders
from backend.errors import AlreadyHandled
from backend.orders import State
from backend.payments import settle
from backend.payments.provider import PaymentNotice
from backend.payments.settle import Outcome
from tests.payments.scene import LIFETIME, Scene


def at_once(*actions: Callable[[], object]) -> list[object]:
    """All start together; what each returns, or the AlreadyHandled it raises."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return action()
        except AlreadyHandled as late:
            return late

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def taking(scene: Scene, notice: PaymentNotice) -> Callable[[], object]:
    return lambda: scene.take(notice)


def test_the_same_notice_four_times_at_once_is_one_payment(scene: Scene) -> None:
    order = scene.confirm()
    outcomes = at_once(*[taking(scene, scene.notice(order)) for _ in range(4)])
    assert sorted(str(one) for one in outcomes) == ["repeated"] * 3 + ["settled"]
    assert scene.payment_states() == [("SB1", "settled")]
    assert len(scene.issues()) == 1


def test_two_payments_at_once_settle_one_and_keep_the_other(scene: Scene) -> None:
    order = scene.confirm()
    outcomes = at_once(*[taking(scene, scene.notice(order, f"SB{n}")) for n in (1, 2)])
    assert sorted(str(one) for one in outcomes) == ["double", "settled"]
    assert sorted(state for _, state in scene.payment_states()) == ["double", "settled"]
    assert len(scene.issues()) == 1


def test_one_transaction_for_two_orders_at_once_pays_one_of_them(scene: Scene) -> None:
    first, second = scene.confirm(), scene.confirm()
    outcomes = at_once(taking(scene, scene.notice(first)), taking(scene, scene.notice(second)))
    assert sorted(str(one) for one in outcomes) == ["mismatch", "settled"]
    assert len(scene.payments()) == 1
    assert sorted((scene.state(first), scene.state(second))) == [State.CONFIRMED, State.PAID]


def test_late_money_and_a_withdrawal_at_once_never_lose_the_money(scene: Scene) -> None:
    application = scene.approved()
    order = scene.confirm(application)
    scene.charge(order)
    scene.expire()
    outcome, withdrawn = at_once(
        taking(scene, scene.notice(order)), lambda: scene.withdraw(application)
    )
    (payment,) = scene.payments()
    if outcome is Outcome.HONOURED:
        assert isinstance(withdrawn, AlreadyHandled)
        assert (payment.state, scene.application_state(order)) == ("settled", "paid")
    else:
        assert outcome is Outcome.LATE
        assert (payment.state, scene.application_state(order)) == ("late", "withdrawn")
        assert scene.told_finance() == ["payment.late"]


def test_money_and_expiry_at_once_never_lose_the_money(scene: Scene) -> None:
    order = scene.confirm()
    notice = scene.notice(order)
    scene.clock.set(scene.order(order).expires_at or scene.clock.now())

    def expire() -> int:
        with scene.office.work() as work:
            return orders.expire_due(work)

    outcome, _ = at_once(taking(scene, notice), expire)
    assert outcome in (Outcome.SETTLED, Outcome.HONOURED)
    assert scene.state(order) is State.PAID
    assert scene.payment_states() == [("SB1", "settled")]
    assert len(scene.issues()) == 1


def test_one_payment_under_way_does_not_keep_other_orders_from_expiring(scene: Scene) -> None:
    paying, other = scene.confirm(), scene.confirm()
    notice = scene.notice(paying)
    scene.pass_time(LIFETIME)

    def expire() -> int:
        with scene.office.work() as work:
            return orders.expire_due(work)

    with ThreadPoolExecutor(1) as pool:
        with scene.office.work() as work:
            settle.take(work, notice)
            sweep = pool.submit(expire)
            if scene.office.database.dialect != "sqlite":  # which has one writer at a time
                assert sweep.result(timeout=30) == 1
        assert sweep.result(timeout=30) == 1
    assert (scene.state(paying), scene.state(other)) == (State.PAID, State.EXPIRED)
