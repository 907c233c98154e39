"""At the bank: what is asked for is what the order costs, and it is taken once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from backend.database import Database
from backend.errors import Refused
from backend.payments.sandbox import ChargeState
from backend.payments.sandbox.bank import PAUSES
from tests.payments.scene import LIFETIME, Scene


def test_an_order_leads_to_the_same_charge_however_often_it_is_asked_for(scene: Scene) -> None:
    first, second = scene.confirm(), scene.confirm()
    urls = {scene.sandbox.pay_url(scene.order(first)) for _ in range(3)}
    assert len(urls) == 1
    assert scene.sandbox.pay_url(scene.order(second)) not in urls
    assert len(scene.token(first)) >= 43  # 256 bits: nobody guesses another's order


def test_the_charge_asks_for_what_the_order_costs_until_the_order_expires(scene: Scene) -> None:
    number = scene.confirm()
    charge = scene.sandbox.charge(scene.token(number))
    assert charge is not None
    order = scene.order(number)
    assert (charge.amount_fen, charge.expires_at) == (order.total_fen, order.expires_at)


def test_an_order_that_was_only_saved_cannot_be_paid(scene: Scene) -> None:
    order = scene.save(scene.approved())
    with pytest.raises(Refused, match="order_not_payable"):
        scene.sandbox.pay_url(scene.order(order))


def test_paying_four_times_at_once_takes_the_money_once(scene: Scene) -> None:
    token = scene.token(scene.confirm())
    with ThreadPoolExecutor(4) as pool:
        charges = list(pool.map(lambda _: scene.sandbox.pay(token, scene.clock.now()), range(4)))
    assert len({charge and charge.transaction_id for charge in charges}) == 1


def test_no_money_is_taken_for_an_expired_order(scene: Scene) -> None:
    order = scene.confirm()
    token = scene.token(order)
    scene.pass_time(LIFETIME)
    charge = scene.sandbox.pay(token, scene.clock.now())
    assert charge is not None
    assert charge.state(scene.clock.now()) is ChargeState.EXPIRED
    assert scene.sandbox.query(order) is None


def test_another_merchants_charge_can_neither_be_seen_nor_paid(scene: Scene) -> None:
    order = scene.confirm()
    token = scene.token(order)
    stranger = scene.open_bank("somebody-else")
    assert stranger.charge(token) is None
    assert stranger.pay(token, scene.clock.now()) is None
    assert scene.sandbox.query(order) is None


def test_an_order_rolled_back_does_not_block_the_next_one_of_its_number(scene: Scene) -> None:
    order = scene.order(scene.confirm())
    given_up = scene.sandbox.pay_url(order)
    order.total_fen = 1000
    assert scene.sandbox.pay_url(order) != given_up
    assert scene.sandbox.charge(given_up.rpartition("/")[2]) is None


def test_a_ledger_of_another_database_does_not_give_documents_away(scene: Scene) -> None:
    number = scene.confirm()
    scene.pay(number)
    order = scene.order(number)
    order.expires_at = scene.clock.now() + timedelta(days=9)
    with pytest.raises(Refused, match="paid_as_another"):
        scene.sandbox.pay_url(order)


class Line:
    """Answers the bank's notices with what a test tells it."""

    def __init__(self) -> None:
        self.answers: list[int | None] = []
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = self.answers.pop(0) if self.answers else 204
        if answer is None:
            raise httpx.ConnectError("nobody listens")
        return httpx.Response(answer)


def wired(database: Database, folder: Path) -> tuple[Scene, Line]:
    line = Line()
    return Scene(database, folder, transport=httpx.MockTransport(line)), line


def test_a_notice_is_repeated_until_it_is_acknowledged(database: Database, tmp_path: Path) -> None:
    scene, line = wired(database, tmp_path)
    order = scene.confirm()
    paid = scene.pay(order)
    line.answers = [None, 503, 401, 302]
    for pause in PAUSES[:4]:
        assert scene.sandbox.courier.deliver_due() == 0
        scene.pass_time(timedelta(seconds=pause - 0.5))
        assert scene.sandbox.courier.deliver_due() == 0  # not yet
        scene.pass_time(timedelta(seconds=0.5))
    assert len(line.sent) == 4
    scene.pass_time(timedelta(minutes=10))
    assert scene.sandbox.courier.deliver_due() == 1
    last = line.sent[-1]
    # Signed anew each time: the first one's time would be too old by now.
    assert scene.sandbox.read_notice(last.headers, last.content, scene.clock.now()) == paid
    scene.pass_time(timedelta(days=2))
    assert scene.sandbox.courier.deliver_due() == 0
    assert len(line.sent) == 5


def test_a_notice_that_nobody_takes_is_given_up_in_the_end(
    database: Database, tmp_path: Path
) -> None:
    scene, line = wired(database, tmp_path)
    scene.pay(scene.confirm())
    line.answers = [500] * 100
    for _ in range(50):
        scene.sandbox.courier.deliver_due()
        scene.pass_time(timedelta(hours=7))
    assert len(line.sent) == len(PAUSES) + 1


def test_a_notice_survives_a_restart(database: Database, tmp_path: Path) -> None:
    scene, line = wired(database, tmp_path)
    order = scene.confirm()
    paid = scene.pay(order)
    again = scene.open_bank()
    assert again.courier.deliver_due() == 1
    (request,) = line.sent
    assert again.read_notice(request.headers, request.content, scene.clock.now()) == paid
