"""The payer's phone: what opens in WeChat after scanning, following a link, or within a page."""

from contextlib import suppress
from pathlib import Path
from sqlite3 import Row
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.peers.wechatpay import charges, crypto, pages
from tests.peers.wechatpay.clock import read
from tests.peers.wechatpay.errors import ApiError
from tests.peers.wechatpay.platform import Platform

STYLE = Path(__file__).with_name("phone.css")
TRADE_TYPES = {"pay": "NATIVE", "h5": "MWEB", "jsapi": "JSAPI"}
SIGNED = ("appId", "timeStamp", "nonceStr", "package", "signType", "paySign")
POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'"
Given = dict[str, str]


def routes(platform: Platform) -> list[Route]:
    phone = Phone(platform)
    return [
        Route("/phone", phone.history),
        Route("/phone/scan", phone.scan),
        Route("/phone/phone.css", lambda _: Response(STYLE.read_bytes(), media_type="text/css")),
        *(Route(f"/phone/{way}", phone.pay, methods=["GET", "POST"]) for way in TRADE_TYPES),
    ]


def shown(html: str, status: int = 200) -> HTMLResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(html, status, headers | {"Referrer-Policy": "no-referrer"})


class Phone:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def history(self, _: Request) -> Response:
        return await run_in_threadpool(self._history)

    def _history(self) -> Response:
        store = self._platform.store
        paid = store.rows(
            "SELECT * FROM charge WHERE paid_at IS NOT NULL ORDER BY paid_at DESC LIMIT 100"
        )
        return shown(pages.history(paid, store.rows("SELECT * FROM refund ORDER BY created_at")))

    async def scan(self, request: Request) -> Response:
        """As the camera does with what a QR code says."""
        url = request.query_params.get("code_url", "").strip()
        code = dict(parse_qsl(urlsplit(url).query)).get("pr", "")
        if not url.startswith("weixin://wxpay/bizpayurl?") or not code:
            return shown(pages.not_payable(*UNKNOWN), 404)
        return RedirectResponse(f"/phone/pay?{urlencode({'pr': code})}", 303)

    async def pay(self, request: Request) -> Response:
        way = request.url.path.rpartition("/")[2]
        if request.method == "GET":
            given = dict(request.query_params)
            return await run_in_threadpool(self._look, way, given)
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        given = {name: values[0] for name, values in form.items()}
        return await run_in_threadpool(self._press, way, given)

    def _look(self, way: str, given: Given) -> Response:
        found = self._charge(way, given)
        if isinstance(found, Response):
            return found
        if found["paid_at"]:
            return shown(pages.paid(found, self._platform.payee, back(given)))
        return shown(pages.to_pay(found, self._platform.payee, f"/phone/{way}", given))

    def _press(self, way: str, given: Given) -> Response:
        found = self._charge(way, given)
        if isinstance(found, Response):
            return found
        if not found["paid_at"]:
            with suppress(ApiError):  # somebody was quicker: the page says how it stands
                charges.pay(self._platform, found["number"])
        return RedirectResponse(f"/phone/{way}?{urlencode(given)}", 303)

    def _charge(self, way: str, given: Given) -> Row | Response:
        """The charge, paid or still to be; or the page that says why it cannot be paid."""
        code = given.get("pr" if way == "pay" else "prepay_id", "")
        if way == "jsapi":
            if not self._signed(given):
                return shown(pages.not_payable(*WRONG_SIGNATURE), 400)
            code = given["package"].removeprefix("prepay_id=")
        found = charges.by_code(self._platform, code)
        if found is None or found[0]["trade_type"] != TRADE_TYPES[way]:
            return shown(pages.not_payable(*UNKNOWN), 404)
        charge, good = found
        if way == "jsapi" and charge["appid"] != given["appId"]:
            return shown(pages.not_payable(*WRONG_SIGNATURE), 400)
        if words := self._why_not(charge, good):
            return shown(pages.not_payable(*words), 410)
        return charge

    def _why_not(self, charge: Row, good: bool) -> tuple[str, str, str, str] | None:
        if charge["paid_at"]:
            return None
        if charge["state"] == "CLOSED":
            return CLOSED
        if read(charge["payable_until"]) <= self._platform.clock.now():
            return TOO_LATE
        return None if good else OLD_CODE

    def _signed(self, given: Given) -> bool:
        """Whether the merchant has signed what its page gives to WeChat."""
        if any(name not in given for name in SIGNED) or given["signType"] != "RSA":
            return False
        message = crypto.lines(*(given[name] for name in SIGNED[:4]))
        return crypto.fits(self._platform.keys.merchant_key, message, given["paySign"])


def back(given: Given) -> str:
    """Where the merchant wants the payer to go afterwards; only to a page."""
    url = given.get("redirect_url", "")
    return url if urlsplit(url).scheme in ("http", "https") else ""


AGAIN = ("请回到商家页面，重新获取付款码。", "Go back to the merchant for a new code.")
UNKNOWN = ("付款码无效", "Not a payment code", *AGAIN)
OLD_CODE = ("付款码已过期", "This code has expired", *AGAIN)
CLOSED = ("订单已关闭", "The order is closed", "没有扣款。", "Nothing was charged.")
TOO_LATE = (
    "订单已超过最晚支付时间",
    "Past its time",
    "没有扣款。请回到商家页面重新下单。",
    "Nothing was charged. Go back to the merchant and order again.",
)
WRONG_SIGNATURE = (
    "支付验证签名失败",
    "The merchant's signature is wrong",
    "没有扣款。请联系商家。",
    "Nothing was charged. Tell the merchant.",
)
