"""WeChat Pay as an independent program plays it, and this program's merchant account with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.payments.provider import (
    ChargeAsked,
    ForgedNotice,
    MalformedNotice,
    PaymentNotice,
    RefundNotice,
    Way,
)
from backend.payments.wechat.provider import WechatPay
from bot.settings import Settings
from bot.wechat_pay import wechat_pay
from tests.peers.wechatpay import Server


@dataclass
class Account:
    """The merchant's side; ``told`` is what notices were taken for, refusals by their reason."""

    server: Server
    folder: Path
    provider: WechatPay = field(init=False)
    told: list[PaymentNotice | RefundNotice | str] = field(default_factory=list)

    def now(self) -> datetime:
        """The program is as far ahead as the peer is."""
        return self.server.platform.clock.now()

    def settings(self, **changed: Any) -> Settings:
        merchant, keys = self.server.merchant, self.folder / "merchant"
        given = {
            "mchid": merchant.mchid,
            "appid": merchant.appid,
            "merchant_serial": merchant.serial,
            "private_key": keys / "apiclient_key.pem",
            "certificate": keys / "apiclient_cert.pem",
            "apiv3_key": merchant.api_v3_key,
            "public_keys": {merchant.public_key_id: keys / "pub_key.pem"},
            "ways": list(Way),
            "gateway": self.server.url,
        }
        base = "https://registrar.example.edu.cn"
        return Settings(base_url=base, wechat_pay={**given, **changed})

    def connect(self, **changed: Any) -> WechatPay:
        made = wechat_pay(self.settings(**changed), self)
        assert made is not None
        return made

    def ask(self, number: str, fen: int = 2000, way: Way = Way.NATIVE) -> ChargeAsked:
        until = self.now() + timedelta(hours=1)
        return ChargeAsked(number, "成绩单", fen, until, way, "202.38.64.1", "oDemo-openid")

    def paid(self, number: str, fen: int = 2000) -> PaymentNotice:
        """Opened, paid and told."""
        self.provider.open(self.ask(number, fen))
        self.server.control.pay(number)
        assert set(self.server.deliver()) == {"204"}  # what others left behind comes as well
        (told,) = [
            one
            for one in self.told
            if isinstance(one, PaymentNotice) and one.charge_number == number
        ]
        return told

    def take(self, request: httpx.Request) -> httpx.Response:
        try:
            self.told.append(
                self.provider.read_notice(request.headers, request.content, self.now())
            )
        except MalformedNotice as error:
            self.told.append(error.reason)
            return httpx.Response(400)
        except ForgedNotice as error:
            self.told.append(error.reason)
            return httpx.Response(401)
        return httpx.Response(204)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """One account for all tests of a file, as its keys take long to make."""
    folder = tmp_path_factory.mktemp("wechatpay")
    here: list[Account] = []

    def take(request: httpx.Request) -> httpx.Response:
        return here[0].take(request)

    transport = httpx.MockTransport(take)
    with Server(folder, courier=False, refund_after=timedelta(), transport=transport) as server:
        here.append(Account(server, folder))
        here[0].provider = here[0].connect()
        yield here[0]
        here[0].provider.stop()


@pytest.fixture
def account(office: Account) -> Account:
    office.told.clear()
    office.server.control.recover()
    return office
