"""With the real client, against a program that plays WeChat Pay and writes the bills."""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import httpx
import pytest

from backend import charges
from backend.database import Database
from backend.ledger.accounts import Account
from backend.payments.provider import PaymentNotice, PaymentProvider, RefundNotice, Way
from backend.payments.wechat.provider import WechatPay
from backend.refunds import settle as refund_notices
from bot.wechat_pay import wechat_pay
from tests.payments.wechat.conftest import Account as Merchant
from tests.peers.wechatpay import Server
from tests.reconciliation import scene as bills
from tests.reconciliation.scene import DAY

NEXT = DAY + timedelta(days=1)


class Scene(bills.Scene):
    """The clock is the peer's as well; only what is delivered is heard."""

    server: Server

    def provider(self) -> PaymentProvider:
        self.server = Server(
            self.folder / "wechatpay",
            now=self.clock.now,
            courier=False,
            refund_after=timedelta(),
            transport=httpx.MockTransport(self.hear),
        )
        self.server.start()
        merchant = Merchant.__new__(Merchant)
        merchant.server, merchant.folder = self.server, self.server.platform.folder
        made = wechat_pay(merchant.settings(), self.clock)
        assert made is not None
        self.wechat: WechatPay = made
        self.bank = made
        return made

    def hear(self, request: httpx.Request) -> httpx.Response:
        said = self.wechat.read_notice(request.headers, request.content, self.clock.now())
        if isinstance(said, PaymentNotice):
            self.receive(said)
        else:
            with self.office.work() as work:
                assert isinstance(said, RefundNotice)
                refund_notices.take(work, said)
        return httpx.Response(204)

    def charge(self, *orders: str, way: Way = Way.NATIVE) -> str:
        with self.office.work() as work:
            made = charges.asked(
                charges.begin(work, list(orders), way, self.wechat.name), payer_ip="202.38.64.1"
            )
        self.wechat.open(made)
        return made.number

    def scanned(self, order: str, way: Way = Way.NATIVE) -> str:
        """Somebody pays; the number of the charge. The notice is on its way."""
        number = self.charge(order, way=way)
        self.server.control.pay(number)
        return number

    def stop(self) -> None:
        self.wechat.stop()
        self.server.stop()


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(database, tmp_path)
    yield made
    made.stop()


def test_a_lost_payment_is_found_by_the_bill_and_what_was_paid_for_is_made(scene: Scene) -> None:
    heard, lost = scene.ordered(0), scene.ordered(1)
    scene.scanned(heard)
    assert scene.server.deliver() == ["204"]
    scene.server.control.mishaps(forget=1)
    scene.scanned(lost)
    assert scene.server.deliver() == []
    assert (scene.paid(heard), scene.paid(lost)) == (True, False)
    scene.morning()
    assert scene.paid(lost)
    assert len(scene.made()) == 2
    assert scene.kinds() == [("payment", "only_billed", "explained")]
    bill = scene.bill()
    assert (bill.payments, bill.paid_fen, bill.fee_fen) == (2, 1000, 6)
    assert scene.balance(Account.FEES) == 6
    scene.compare_again()
    assert len(scene.payments()) == 2
    assert scene.heard() == [("differs", DAY.isoformat())]


def test_a_bill_that_is_not_ready_or_does_not_arrive_is_asked_for_again(scene: Scene) -> None:
    scene.scanned(scene.ordered())
    scene.server.deliver()
    scene.at(NEXT, time(9, 30))
    assert not scene.compare_again()
    assert scene.bill().trouble == "not_ready"
    with scene.server.unreachable():
        scene.morning()
    assert (scene.bill().trouble, scene.heard()) == ("unreachable", [])
    scene.pass_time(timedelta(hours=1))
    scene.look()
    assert scene.heard() == [("agreed", DAY.isoformat())]


def test_what_wechat_books_otherwise_is_named_row_by_row(scene: Scene) -> None:
    numbers = [scene.scanned(scene.ordered(kind)) for kind in range(2)]
    scene.server.deliver()
    dear, gone = (scene.wechat.query(number).paid for number in numbers)
    assert dear is not None
    assert gone is not None
    scene.server.control.book(DAY.isoformat(), "amount", dear.transaction_id, 999)
    scene.server.control.book(DAY.isoformat(), "missing", gone.transaction_id)
    scene.server.control.book(DAY.isoformat(), "extra", amount=555)
    scene.morning()
    assert sorted((one.kind, one.state) for one in scene.differences()) == [
        ("only_billed", "open"),
        ("only_here", "open"),
        ("other_amount", "open"),
    ]
    assert len([one for one in scene.heard() if one[0] == "differs"]) == 1


def test_a_day_without_trade_agrees_and_has_no_file(scene: Scene) -> None:
    scene.scanned(scene.ordered())
    scene.server.deliver()
    scene.morning()
    scene.morning(NEXT)
    bill = scene.bill(NEXT)
    assert (bill.payments, bill.blob_id) == (0, None)
    assert bill.compared_at is not None


def test_a_refund_is_in_the_bill_of_the_day_on_which_wechat_took_it_on(scene: Scene) -> None:
    order = scene.ordered()
    numbers = [scene.charge(order, way=way) for way in (Way.NATIVE, Way.H5)]
    for number in numbers:  # in two windows at once
        scene.server.control.pay(number)
    scene.server.deliver()
    (refund,) = scene.refunds()
    scene.at(NEXT, time(23, 0))
    scene.allow(refund.number)
    scene.work_off()
    scene.server.deliver()
    scene.morning(NEXT)
    assert (scene.bill().refunds, scene.bill(NEXT).refunds) == (0, 1)
    assert scene.kinds() == []
