"""Links open what they were made for to whom they were given, and other paths lead nowhere."""

from __future__ import annotations

import base64
import socket
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.tokens import Tokens
from tests.server.conftest import NewGuest
from tests.server.guest import CHAT, Guest, get, send, shown
from tests.server.running import Running

ENROLLED_INSTITUTE = "20241800000002"


@pytest.fixture(scope="module")
def preview(server: Running) -> str:
    """The address of a preview picture."""
    student = Guest(server.base, ENROLLED_INSTITUTE)
    student.apply()
    url: str = [one for one in student.messages() if one["pictures"]][-1]["pictures"][0]["url"]
    student.close()
    return url


def test_preview_needs_its_exact_link(server: Running, preview: str) -> None:
    assert httpx.get(preview, trust_env=False).status_code == 200
    head, _slash, token = preview.rpartition("/")
    body, _dot, mark = token.partition(".")
    until, _dot, blob = base64.urlsafe_b64decode(body + "==").decode().partition(".")
    later = base64.urlsafe_b64encode(f"{int(until) + 9999999}.{blob}".encode()).decode().rstrip("=")
    for forged in (later + "." + mark, body, body + ".", body + "." + mark[::-1], blob, "x" * 9000):
        answer = httpx.get(f"{head}/{forged}", trust_env=False)
        assert answer.status_code == 404
        assert "链接已失效" in answer.text


def test_link_that_has_expired_says_so(server: Running, preview: str) -> None:
    tokens = Tokens((server.data / "secrets" / "links").read_text().strip())
    now = datetime.now(UTC)
    blob = tokens.read("file", preview.rsplit("/", 1)[-1], now)
    assert blob is not None
    old = tokens.make("file", blob, now - timedelta(hours=3), timedelta(hours=2))
    assert get(server, f"/files/{old}").status_code == 404
    nothing = tokens.make("file", "no-such-blob", now, timedelta(hours=2))
    assert get(server, f"/files/{nothing}").status_code == 410
    order = tokens.make("order", "D250101-0001", now - timedelta(days=8), timedelta(days=7))
    assert get(server, f"/checkout/{order}").status_code == 404


@pytest.mark.parametrize("token", ["x", "x.y", "MS4x.AAAA", "..%2f..", "%00", "é"])
def test_forged_link_to_pay_leads_nowhere(server: Running, token: str) -> None:
    answer = get(server, f"/checkout/{token}")
    assert answer.status_code == 404
    assert "location" not in answer.headers
    pressed = send(server, "POST", f"/checkout/{token}", data={"form_token": "x", "way": "native"})
    assert pressed.status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2f%2e%2e%2fpyproject.toml",
        "/static//etc/passwd",
        "/files/../../etc/passwd",
        "/files/..%2f..%2fsecrets%2flinks",
        "/v/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out_of_the_public_folder(server: Running, path: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as wire:  # httpx tidies paths
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := wire.recv(65536):
            answer += part
    assert answer.split()[1] in (b"404", b"400"), answer[:300]


def test_address_that_leads_nowhere_is_answered_in_words(server: Running) -> None:
    answer = get(server, "/nowhere")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert "There is no such page" in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/api/messages"),
        ("DELETE", "/api/messages"),
        ("PUT", "/api/session"),
        ("GET", "/api/attachments"),
        ("POST", "/files/x"),
        ("POST", "/"),
        ("PUT", "/v/x"),
        ("GET", "/pay/notify/wechat"),
    ],
)
def test_method_that_is_not_offered_is_refused(server: Running, method: str, path: str) -> None:
    answer = send(server, method, path, headers=CHAT)
    assert answer.status_code in (404, 405), answer.status_code


@pytest.mark.parametrize(
    "path",
    ["/", "/v", "/v/x", "/api/people", "/api/session", "/files/x", "/nowhere", "/pay/notify/x"],
)
def test_every_answer_carries_the_headers_that_protect_its_reader(
    server: Running, path: str
) -> None:
    answer = get(server, path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_answers_about_persons_are_kept_by_no_cache(guest: NewGuest) -> None:
    student = guest("graduated")
    for path in ("/api/session", "/api/messages"):
        assert "no-store" in student.http.get(path).headers.get("cache-control", ""), path


def test_payment_notice_that_the_provider_did_not_sign_settles_nothing(
    server: Running, guest: NewGuest
) -> None:
    graduate = guest("20151800000003")
    graduate.apply("我想开一份中文成绩单，带绩点")
    graduate.press("保存，以后再办")
    order = next(
        word for one in graduate.messages() for word in shown(one).split() if word.startswith("D2")
    )
    notice = {"event_type": "TRANSACTION.SUCCESS", "resource": {"out_trade_no": order}}
    signed = {
        "Wechatpay-Serial": "PUB_KEY_ID_0110000000000000000000000000000000",
        "Wechatpay-Timestamp": str(int(time.time())),
        "Wechatpay-Nonce": "n",
        "Wechatpay-Signature": base64.b64encode(b"x" * 256).decode(),
    }
    for headers in ({}, signed):
        answer = send(server, "POST", "/pay/notify/wechat", json=notice, headers=headers)
        assert answer.status_code in (400, 401)
        assert answer.json()["code"] == "FAIL"
    assert "收到付款" not in str(graduate.messages())
