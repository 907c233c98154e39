"""What is asked of WeChat Pay is signed, and what it answers counts only where it has signed, just now."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from threading import Thread

import httpx
import pytest

from backend.clock import SetClock
from backend.payments.provider import (
    AlreadyPaid,
    ChargeAsked,
    ChargeFound,
    ChargeState,
    ProviderRefused,
    ProviderUnreachable,
    Way,
)
from backend.payments.wechat import core
from backend.payments.wechat.provider import WechatPay
from tests.payments.wechat.far_end import (
    KEY_ID,
    NEXT,
    NEXT_ID,
    NOW,
    STRANGE,
    THEIRS,
    FarEnd,
    line,
    merchant,
    public_pem,
    signed,
    signed_by_us,
    transaction,
)

NUMBER = "C2026030200001"
NATIVE = ChargeAsked(NUMBER, "成绩单", 2000, NOW + timedelta(hours=1), Way.NATIVE)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[FarEnd, WechatPay]]:
    end = FarEnd()
    provider = line(end)
    yield end, provider
    provider.stop()


@pytest.fixture
def far_end(shared: tuple[FarEnd, WechatPay]) -> FarEnd:
    end = shared[0]
    end.sign = signed
    end.asked.clear()
    return end.says(200, transaction(trade_state="NOTPAY"))


@pytest.fixture
def provider(shared: tuple[FarEnd, WechatPay]) -> WechatPay:
    return shared[1]


def over(handler: Callable[[httpx.Request], httpx.Response]) -> WechatPay:
    return WechatPay(merchant(), SetClock(NOW), httpx.MockTransport(handler))


# --- what goes out --------------------------------------------------------------------------


def test_every_request_is_signed_as_it_is_sent(far_end: FarEnd, provider: WechatPay) -> None:
    provider.query(NUMBER)
    far_end.says(200, {"code_url": "weixin://wxpay/bizpayurl?pr=1"})
    provider.open(NATIVE)
    far_end.says(204)
    provider.close(NUMBER)
    assert [request.method for request in far_end.asked] == ["GET", "POST", "POST"]
    for request in far_end.asked:
        signed_by_us(request)
        assert request.headers["wechatpay-serial"] == KEY_ID
        assert request.headers["accept"] == "application/json"
        assert request.headers["user-agent"]


def test_no_request_fails_for_a_number_that_has_to_be_escaped(
    far_end: FarEnd, provider: WechatPay
) -> None:
    far_end.says(200, transaction(trade_state="NOTPAY", out_trade_no="C|2026*0302_a-b"))
    assert provider.query("C|2026*0302_a-b").state is ChargeState.OPEN
    assert "%7C" in far_end.asked[-1].url.raw_path.decode()
    signed_by_us(far_end.asked[-1])


@pytest.mark.parametrize(
    "number", ["", "12345", "x" * 33, "../../x", "a?mchid=1", "订单订单订单", "a b c d"]
)
def test_a_number_leads_to_no_other_address(provider: WechatPay, number: str) -> None:
    for call in (provider.query, provider.close):
        with pytest.raises(ValueError, match="no number"):
            call(number)


def test_answers_are_waited_for_as_long_as_people_wait() -> None:
    given: dict[str, float] = {}

    def handler(request: httpx.Request) -> httpx.Response:
        given.update(request.extensions["timeout"])
        raise httpx.ReadTimeout("late", request=request)

    provider = over(handler)
    with pytest.raises(ProviderUnreachable, match="ReadTimeout"):
        provider.query(NUMBER)
    assert (given["connect"], given["read"]) == (5.0, 10.0)
    provider.stop()


def test_building_one_asks_nobody() -> None:
    end = FarEnd()
    line(end).stop()
    assert end.asked == []


# --- what counts ----------------------------------------------------------------------------


def dropped(name: str) -> Callable[[bytes], dict[str, str]]:
    return lambda body: {key: value for key, value in signed(body).items() if key != name}


def probe(body: bytes) -> dict[str, str]:
    return {**signed(body), "Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + "A" * 300}


NOT_THEIRS: dict[str, Callable[[bytes], Mapping[str, str]]] = {
    "unsigned": lambda _: {},
    "signed by a stranger": lambda body: signed(body, by=STRANGE),
    "unknown serial": lambda body: signed(body, by=STRANGE, serial="5157F09EFDC096DE"),
    "another body": lambda body: signed(body + b" "),
    "of long ago": lambda body: signed(body, at=NOW - timedelta(seconds=301)),
    "of tomorrow": lambda body: signed(body, at=NOW + timedelta(days=1)),
    "probe": probe,
    **{f"no {name}": dropped(name) for name in signed(b"")},
}


@pytest.mark.parametrize("sign", NOT_THEIRS.values(), ids=NOT_THEIRS)
@pytest.mark.parametrize("status", [200, 204, 400, 401, 404])
def test_nothing_is_decided_by_an_answer_that_is_not_wechat_pays(
    far_end: FarEnd,
    provider: WechatPay,
    sign: Callable[[bytes], Mapping[str, str]],
    status: int,
) -> None:
    far_end.sign = sign
    for said in (None, {"code": "ORDER_NOT_EXIST"}, {"code": "ORDERPAID"}, transaction()):
        far_end.says(status, said)
        with pytest.raises(ProviderUnreachable, match="not WeChat Pay's"):
            provider.query(NUMBER)
    assert len(far_end.asked) == 4  # and no certificate was fetched


def test_an_administrator_reads_why_the_merchant_is_not_known(
    far_end: FarEnd, provider: WechatPay
) -> None:
    far_end.sign = lambda _: {}
    far_end.says(401, {"code": "SIGN_ERROR", "message": "错误的签名，验签失败"})
    with pytest.raises(ProviderUnreachable, match="401 SIGN_ERROR"):
        provider.query(NUMBER)


def test_answers_count_with_either_key_while_it_is_changed() -> None:
    end = FarEnd().says(200, transaction(trade_state="NOTPAY"))
    provider = line(end, public_keys={NEXT_ID: public_pem(NEXT), KEY_ID: public_pem(THEIRS)})
    for by, serial in ((THEIRS, KEY_ID), (NEXT, NEXT_ID)):
        end.sign = lambda body, by=by, serial=serial: signed(body, by=by, serial=serial)
        assert provider.query(NUMBER) == ChargeFound(ChargeState.OPEN)
        assert end.asked[-1].headers["wechatpay-serial"] == NEXT_ID
    provider.stop()


def test_nobody_is_followed_elsewhere() -> None:
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        elsewhere = {"location": "https://elsewhere.example/"}
        return httpx.Response(307, headers=elsewhere, stream=httpx.ByteStream(b""))

    provider = over(handler)
    with pytest.raises(ProviderUnreachable):
        provider.query(NUMBER)
    assert len(seen) == 1
    provider.stop()


@pytest.mark.parametrize(
    "body", [b"x" * (core.LARGEST_ANSWER + 1), b"", b"[]", b"{", b"null", b"\xff"]
)
def test_an_answer_that_says_nothing_breaks_nothing(
    far_end: FarEnd, provider: WechatPay, body: bytes
) -> None:
    for status in (200, 400):
        far_end.status, far_end.body = status, body
        with pytest.raises(ProviderUnreachable):
            provider.query(NUMBER)


def test_an_answer_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b" "

    monkeypatch.setattr(core, "LONGEST_ANSWER", 0.0)
    provider = over(lambda _: httpx.Response(200, stream=Drip()))
    with pytest.raises(ProviderUnreachable, match="too long"):
        provider.query(NUMBER)
    provider.stop()


# --- what it means --------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_who_asks_for_patience_is_asked_again_later(
    far_end: FarEnd, provider: WechatPay, status: int
) -> None:
    far_end.sign = lambda _: {}  # also by a server on the way
    far_end.says(status, {"code": "ORDERPAID"})
    with pytest.raises(ProviderUnreachable, match=str(status)):
        provider.query(NUMBER)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "SYSTEM_ERROR"),
        (403, "FREQUENCY_LIMITED"),
        (403, "FREQUENCY_LIMIT_EXCEED"),
        (202, "PROCESSING"),
        (400, ""),
        (301, "MOVED"),
    ],
)
def test_what_may_go_better_later_is_no_refusal(
    far_end: FarEnd, provider: WechatPay, status: int, code: str
) -> None:
    far_end.says(status, {"code": code})
    with pytest.raises(ProviderUnreachable):
        provider.query(NUMBER)


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "PARAM_ERROR"), (403, "NO_AUTH"), (403, "NOT_ENOUGH"), (401, "SIGN_ERROR")],
)
def test_a_refusal_is_told_with_its_code_and_words(
    far_end: FarEnd, provider: WechatPay, status: int, code: str
) -> None:
    far_end.says(status, {"code": code, "message": "因为" * 500})
    with pytest.raises(ProviderRefused) as caught:
        provider.query(NUMBER)
    assert (caught.value.code, len(caught.value.words)) == (code, 200)
    assert not isinstance(caught.value, AlreadyPaid)


@pytest.mark.parametrize("code", ["ORDERPAID", "ORDER_PAID"])
def test_what_is_paid_is_not_paid_again(far_end: FarEnd, provider: WechatPay, code: str) -> None:
    far_end.says(400, {"code": code, "message": "该订单已支付"})
    with pytest.raises(AlreadyPaid):
        provider.open(NATIVE)
    with pytest.raises(AlreadyPaid):
        provider.close(NUMBER)


def test_many_threads_ask_at_once(far_end: FarEnd, provider: WechatPay) -> None:
    found: list[ChargeFound] = []
    threads = [Thread(target=lambda: found.append(provider.query(NUMBER))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ChargeFound(ChargeState.OPEN)] * 16
    for request in far_end.asked:
        signed_by_us(request)
    nonces = {
        request.headers["authorization"].split('nonce_str="')[1][:32] for request in far_end.asked
    }
    assert len(nonces) == 16
