"""From asking to the money in the payer's pocket, with WeChat Pay as an independent program plays it."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from backend import charges
from backend.database import Database
from backend.payments.provider import PaymentProvider, Way
from backend.payments.wechat.provider import WechatPay
from backend.refunds.states import Reason, State
from bot import payment_notices
from bot.settings import Settings
from bot.wechat_pay import NOTIFY, wechat_pay
from tests.peers.wechatpay import Server
from tests.refunds.scene import PRICE, Scene

MINUTES = timedelta(minutes=16)


class Merchant(Scene):
    """Its money is at WeChat Pay, whose notices come through the program's own door."""

    server: Server
    wechat: WechatPay

    def __init__(self, database: Database, folder: Path, contract: Path) -> None:
        shutil.copytree(contract, folder / "wechatpay")
        super().__init__(database, folder)
        self.door = Starlette(routes=payment_notices.routes(self.office))

    def provider(self) -> PaymentProvider:
        self.server = Server(
            self.folder / "wechatpay",
            courier=False,
            now=self.clock.now,
            refund_after=timedelta(minutes=1),
            transport=httpx.MockTransport(self.hear),
        ).start()
        merchant, keys = self.server.merchant, self.server.platform.folder / "merchant"
        made = wechat_pay(
            Settings(
                base_url="https://registrar.example.edu.cn",
                wechat_pay={
                    "mchid": merchant.mchid,
                    "appid": merchant.appid,
                    "merchant_serial": merchant.serial,
                    "private_key": keys / "apiclient_key.pem",
                    "apiv3_key": merchant.api_v3_key,
                    "public_keys": {merchant.public_key_id: keys / "pub_key.pem"},
                    "ways": list(Way),
                    "gateway": self.server.url,
                },
            ),
            self.clock,
        )
        assert made is not None
        self.wechat = made
        return made

    def hear(self, request: httpx.Request) -> httpx.Response:
        names = [name for name in request.headers if name.startswith("wechatpay-")]
        sent = {name: request.headers[name] for name in names}

        async def post() -> int:
            inside = httpx.ASGITransport(self.door)
            async with httpx.AsyncClient(transport=inside, base_url="https://registrar.test") as to:
                return (await to.post(NOTIFY, content=request.content, headers=sent)).status_code

        return httpx.Response(asyncio.run(post()))

    def charge(self, *orders: str, way: Way = Way.NATIVE) -> str:
        with self.office.work() as work:
            asked = charges.asked(charges.begin(work, list(orders), way, self.wechat.name))
        self.wechat.open(replace(asked, payer_ip="202.38.64.1"))
        return asked.number

    def heard(self) -> list[str]:
        return self.server.deliver()

    def at_wechat(self) -> list[tuple[str, str, int]]:
        """The refunds there: number, state, amount."""
        rows = self.server.platform.store.rows(
            "SELECT number, status, amount FROM refund ORDER BY created_at, rowid"
        )
        return [(row["number"], row["status"], row["amount"]) for row in rows]

    def decided(self) -> str:
        """What was paid and is not made yet is not wanted any more, and finance agrees."""
        order = self.ordered()
        self.server.control.pay(self.charge(order))
        assert self.heard() == ["204"]
        number = self.ask(order)
        self.allow(number)
        return number

    def end(self) -> None:
        self.wechat.stop()
        self.server.stop()


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A contract with WeChat Pay that is made already: its keys take their time."""
    folder = tmp_path_factory.mktemp("contract")
    Server(folder)
    return folder


@pytest.fixture
def merchant(database: Database, tmp_path: Path, contract: Path) -> Iterator[Merchant]:
    made = Merchant(database, tmp_path, contract)
    yield made
    made.end()


def settled(scene: Merchant, number: str) -> None:
    """The payer has the money, everybody agrees that they have it, and nobody moves it again."""
    assert scene.state(number) == State.REFUNDED
    assert scene.taken() == [(PRICE, PRICE)]
    assert (scene.still_owed(), scene.balance("platform:wechat")) == (0, 0)
    assert scene.told("refund.succeed") == [number]
    scene.sweep(timedelta(days=1))
    assert scene.server.control.repeat(scene.asked_as(number)) != []
    scene.work_off()
    assert scene.told("refund.succeed") == [number]
    assert [one for one in scene.at_wechat() if one[1] == "SUCCESS"] == [
        (scene.refund(number).asked_as, "SUCCESS", PRICE)
    ]


def test_asked_decided_sent_told_and_done_with_a_crash_after_each_step(merchant: Merchant) -> None:
    scene = merchant
    number = scene.decided()
    scene.direct.waiting.clear()  # the process dies with the job it has just been given
    assert scene.at_wechat() == []
    scene.server.control.next_refund(seconds=3600)
    scene.server.control.outage("cut", path="/v3/refund", done=True)  # and after WeChat has done it
    scene.sweep(MINUTES)
    assert scene.at_wechat() == [(scene.asked_as(number), "PROCESSING", PRICE)]
    assert scene.state(number) == State.APPROVED, "nobody here has heard of it"
    scene.sweep(MINUTES)
    assert scene.state(number) == State.SENT
    assert scene.told("refund.succeed") == []
    scene.pass_time(timedelta(hours=1))
    scene.server.control.mishaps(copies=3)
    assert scene.heard() == ["204"] * 3
    scene.server.control.mishaps()
    settled(scene, number)


def test_the_money_is_known_to_be_back_although_no_notice_ever_comes(merchant: Merchant) -> None:
    scene = merchant
    number = scene.decided()
    scene.work_off()
    scene.server.control.mishaps(forget=1)
    scene.pass_time(timedelta(minutes=1))
    assert scene.heard() == []
    scene.server.control.mishaps()
    scene.sweep(timedelta(minutes=5))
    settled(scene, number)


def test_a_notice_before_our_own_answer_is_taken_once(merchant: Merchant) -> None:
    scene = merchant
    number = scene.decided()
    scene.server.control.outage("cut", path="/v3/refund", done=True)
    scene.work_off()
    scene.pass_time(timedelta(minutes=1))
    assert scene.heard() == ["204"]
    settled(scene, number)


def test_what_the_payers_account_does_not_take_arrives_once_it_is_mended(
    merchant: Merchant,
) -> None:
    scene = merchant
    scene.server.control.next_refund("ABNORMAL")
    number = scene.decided()
    scene.work_off()
    assert scene.heard() == ["204"]
    scene.work_off()
    assert (scene.state(number), scene.refund(number).trouble) == (State.ABNORMAL, "abnormal")
    assert scene.told("refund.fail") == [number]
    scene.server.control.settle(
        scene.asked_as(number)
    )  # finance mends it on the pages of WeChat Pay
    assert scene.heard() == ["204"]
    settled(scene, number)


def test_what_wechat_has_closed_is_paid_under_another_number_and_only_then(
    merchant: Merchant,
) -> None:
    """So it is after seven days without enough money to pay back from."""
    scene = merchant
    scene.server.control.next_refund("CLOSED")
    number = scene.decided()
    scene.work_off()
    assert scene.heard() == ["204"]
    scene.work_off()
    assert (scene.state(number), scene.refund(number).trouble) == (State.ABNORMAL, "closed")
    scene.sweep(timedelta(days=1))
    first = scene.asked_as(number)
    assert scene.at_wechat() == [(first, "CLOSED", PRICE)], "nobody has asked for it once more"
    scene.again(number)
    scene.work_off()
    scene.pass_time(timedelta(minutes=1))
    assert scene.heard() == ["204"]
    assert scene.refund(number).asked_as == f"{first}-2"
    settled(scene, number)


def test_paid_twice_one_of_the_two_goes_back_and_the_document_stays(merchant: Merchant) -> None:
    scene = merchant
    order = scene.ordered()
    both = [scene.charge(order, way=way) for way in (Way.NATIVE, Way.H5)]
    for one in both:
        scene.server.control.pay(one)
        assert scene.heard() == ["204"]
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.allow(number)
    scene.server.control.balance(0)
    scene.work_off()
    assert scene.refund(number).trouble == "NOT_ENOUGH"
    scene.server.control.balance(None)
    scene.sweep(timedelta(hours=1))
    scene.pass_time(timedelta(minutes=1))
    assert scene.heard() == ["204"]
    assert scene.state(number) == State.REFUNDED
    assert scene.service_state(order) == "issued"
    assert (scene.still_owed(), scene.balance("platform:wechat")) == (0, PRICE)
