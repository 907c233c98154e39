"""The cashier as a browser and a bank meet it."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.templating import Jinja2Templates

import bot
from backend.clock import SystemClock
from backend.database import Database
from backend.orders import State
from backend.payments.sandbox.courier import notice_body
from backend.payments.sandbox.signature import Signer
from bot import cashier
from tests.payments.scene import LIFETIME, Scene

TEMPLATES = Jinja2Templates(Path(bot.__file__).parent / "templates")
SAME_SITE = {"origin": "http://registrar.test", "sec-fetch-site": "same-origin"}
NOTIFY = "/pay/notify/sandbox"


def application(scene: Scene) -> Starlette:
    return Starlette(
        routes=cashier.routes(
            sandbox=scene.sandbox,
            transact=scene.office.work,
            clock=scene.clock,
            templates=TEMPLATES,
        )
    )


class Browser:
    """Sends requests to the pages without a network in between."""

    def __init__(self, scene: Scene) -> None:
        self._app = application(scene)

    def send(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://registrar.test"
            ) as client:
                return await client.request(
                    method, path, content=content, data=data, headers=headers
                )

        return asyncio.run(go())

    def press_pay(self, path: str, page: httpx.Response, **headers: str) -> httpx.Response:
        field = re.search(r'name="form_token" value="([^"]+)"', page.text)
        assert field is not None
        return self.send(
            "POST", path, data={"form_token": field[1]}, headers={**SAME_SITE, **headers}
        )


@pytest.fixture
def browser(scene: Scene) -> Browser:
    return Browser(scene)


def pay_url(scene: Scene, order: str) -> str:
    return scene.sandbox.pay_url(scene.order(order))


def signed(scene: Scene, order: str) -> tuple[dict[str, str], bytes]:
    charge = scene.sandbox.charge(scene.token(order))
    assert charge is not None
    body = notice_body(charge)
    signer = Signer.at(scene.folder / "sandbox-bank.pem")
    return signer.headers(body, scene.clock.now()), body


def test_one_sees_what_one_pays_before_paying_and_that_it_is_paid_after(
    scene: Scene, browser: Browser
) -> None:
    order = scene.confirm()
    path = pay_url(scene, order)
    page = browser.send("GET", path)
    assert page.status_code == 200
    for text in (order, "5.00", "电子成绩单", "2026-03-03 09:00", "<button"):
        assert text in page.text
    answer = browser.press_pay(path, page)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    after = browser.send("GET", path)
    assert "已支付" in after.text
    assert "<form" not in after.text
    for one in (page, answer, after):
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in one.headers["content-security-policy"]


def test_pressing_pay_again_does_nothing_more(scene: Scene, browser: Browser) -> None:
    order = scene.confirm()
    path = pay_url(scene, order)
    page = browser.send("GET", path)
    browser.press_pay(path, page)
    first = scene.sandbox.query(order)
    assert browser.press_pay(path, page).status_code == 303
    assert first is not None
    assert scene.sandbox.query(order) == first


def test_looking_at_the_page_pays_nothing(scene: Scene, browser: Browser) -> None:
    order = scene.confirm()
    browser.send("GET", pay_url(scene, order))
    assert scene.sandbox.query(order) is None


def test_an_expired_order_says_so_and_takes_no_money(scene: Scene, browser: Browser) -> None:
    order = scene.confirm()
    path = pay_url(scene, order)
    page = browser.send("GET", path)
    scene.pass_time(LIFETIME)
    expired = browser.send("GET", path)
    assert expired.status_code == 410
    assert "已过期" in expired.text
    assert "<form" not in expired.text
    browser.press_pay(path, page)
    assert scene.sandbox.query(order) is None


def test_a_mistyped_address_is_told_so(browser: Browser) -> None:
    for method in ("GET", "POST"):
        answer = browser.send(method, "/pay/nothing-here", headers=SAME_SITE)
        assert answer.status_code == 404
        assert "没有这个订单" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.test"},
        {"origin": "null"},
        {"origin": "http://elsewhere.test", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
def test_another_site_cannot_make_one_pay(
    scene: Scene, browser: Browser, headers: dict[str, str]
) -> None:
    order = scene.confirm()
    charge = scene.sandbox.charge(scene.token(order))
    assert charge is not None
    answer = browser.send(
        "POST", pay_url(scene, order), data={"form_token": charge.form_token}, headers=headers
    )
    assert answer.status_code == 403
    assert scene.sandbox.query(order) is None


@pytest.mark.parametrize("content", [b"", b"form_token=", b"form_token=guess", b"x=1&x=2"])
def test_a_form_that_is_not_the_pages_own_pays_nothing(
    scene: Scene, browser: Browser, content: bytes
) -> None:
    order = scene.confirm()
    answer = browser.send("POST", pay_url(scene, order), content=content, headers=SAME_SITE)
    assert answer.status_code == 403
    assert scene.sandbox.query(order) is None


def test_a_huge_or_broken_form_is_refused(scene: Scene, browser: Browser) -> None:
    path = pay_url(scene, scene.confirm())
    huge = browser.send("POST", path, content=b"x" * 5000, headers=SAME_SITE)
    broken = browser.send("POST", path, content=b"\xff\xfe", headers=SAME_SITE)
    assert (huge.status_code, broken.status_code) == (413, 400)


def test_a_notice_is_acknowledged_each_time_and_counts_once(scene: Scene, browser: Browser) -> None:
    order = scene.confirm()
    scene.pay(order)
    headers, body = signed(scene, order)
    for _ in range(3):
        answer = browser.send("POST", NOTIFY, content=body, headers=headers)
        assert answer.status_code == 204
    assert scene.state(order) is State.PAID
    assert len(scene.payments()) == 1


def test_a_bad_notice_gets_a_clear_answer_and_pays_nothing(scene: Scene, browser: Browser) -> None:
    order, other = scene.confirm(), scene.confirm()
    scene.pay(order)
    headers, body = signed(scene, order)
    changed = body.replace(order.encode(), other.encode())
    scene.pass_time(timedelta(seconds=301))
    answers = [
        browser.send("POST", NOTIFY, content=content, headers=given).status_code
        for content, given in [
            (changed, headers),
            (body, headers),  # too old by now
            (body, {}),
            (b"", {}),
            (b"x" * 70_000, headers),
        ]
    ]
    assert answers == [401, 401, 400, 400, 413]
    assert scene.payments() == []
    assert scene.state(order) is State.CONFIRMED


def test_a_notice_about_no_order_of_ours_is_not_acknowledged(
    scene: Scene, browser: Browser
) -> None:
    order = scene.confirm()
    scene.pay(order)
    _, body = signed(scene, order)
    body = body.replace(order.encode(), b"D260302-9999")
    headers = Signer.at(scene.folder / "sandbox-bank.pem").headers(body, scene.clock.now())
    answer = browser.send("POST", NOTIFY, content=body, headers=headers)
    assert answer.status_code == 404
    assert scene.told_finance() == ["payment.unknown"]


def test_a_failing_database_makes_the_bank_try_again(scene: Scene) -> None:
    order = scene.confirm()
    scene.pay(order)
    headers, body = signed(scene, order)
    scene.office.announce = broken
    answer = Browser(scene).send("POST", NOTIFY, content=body, headers=headers)
    assert answer.status_code == 503
    assert scene.payments() == []
    assert scene.state(order) is State.CONFIRMED


def broken(_: object) -> None:
    raise OSError("disk full")


def test_paying_in_the_browser_reaches_the_order_over_the_network(
    database: Database, tmp_path: Path
) -> None:
    """The whole way: page, form, bank, courier, signed notice, settlement."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        site = f"http://127.0.0.1:{listening.getsockname()[1]}"
        scene = Scene(database, tmp_path / "bank", site=site)
        scene.clock.set(SystemClock().now())
        order = scene.confirm()
        arrived = threading.Event()
        scene.office.announce = lambda work: work.after_commit(arrived.set)
        with served(scene, listening), httpx.Client(base_url=site, trust_env=False) as client:
            path = pay_url(scene, order)
            field = re.search(r'name="form_token" value="([^"]+)"', client.get(path).text)
            assert field is not None
            client.post(path, data={"form_token": field[1]}, headers={"origin": site})
            assert arrived.wait(timeout=30)
    assert scene.state(order) is State.PAID
    assert len(scene.payments()) == 1


@contextmanager
def served(scene: Scene, listening: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(application(scene), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    scene.sandbox.start()
    try:
        yield
    finally:
        scene.sandbox.stop()
        server.should_exit = True
        thread.join()
