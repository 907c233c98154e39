"""Whoever leaves in the middle of a body, or sends it without end, keeps nobody awake."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message

from backend.registry.limits import MEGABYTE
from bot import bodies
from bot.bodies import Bodies
from tests.server.conftest import NewGuest
from tests.server.running import PATIENCE, Running

PART = {"type": "http.request", "body": b"x", "more_body": True}
LAST = {"type": "http.request", "body": b"x", "more_body": False}
LEFT = {"type": "http.disconnect"}


async def read(request: Request) -> Response:
    return Response(str(len(await request.body())))


async def in_short(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


def sent(path: str, receive: Callable[[], Awaitable[Message]]) -> list[int]:
    """The status of each answer to a request with this body."""
    app = Starlette(
        routes=[Route(path, read, methods=["POST"])],
        middleware=[Middleware(Bodies)],
        exception_handlers={HTTPException: in_short},
    )
    answers: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answers.append(message["status"])

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    asyncio.run(app(scope, receive, send))
    return answers


def parts(*messages: Message) -> Callable[[], Awaitable[Message]]:
    came = iter(messages)

    async def receive() -> Message:
        return next(came)

    return receive


def test_whoever_leaves_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    assert sent("/x", parts(PART, LEFT)) == []
    assert caplog.records == []


@pytest.mark.parametrize(
    ("path", "within"),
    [
        ("/x", "READ_WITHIN"),
        ("/api/attachments", "UPLOADED_WITHIN"),
        ("/upload/t", "UPLOADED_WITHIN"),
    ],
)
def test_body_that_does_not_end_is_refused(
    monkeypatch: pytest.MonkeyPatch, path: str, within: str
) -> None:
    other = {"READ_WITHIN", "UPLOADED_WITHIN"} - {within}
    monkeypatch.setattr(bodies, within, 0.05)
    monkeypatch.setattr(bodies, other.pop(), 3600.0)

    async def drop() -> Message:
        await asyncio.sleep(0.01)
        return PART

    assert sent(path, drop) == [408]


def test_body_that_came_whole_is_answered_however_long_that_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "READ_WITHIN", 0.01)
    seen: list[Any] = []

    async def slow(scope: Any, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        seen.append(await receive())
        await asyncio.sleep(0.05)
        seen.append(await receive())

    asyncio.run(Bodies(slow)({"type": "http", "path": "/x"}, parts(LAST, LEFT), None))  # type: ignore[arg-type]
    assert seen == [LAST, LEFT]


def test_senders_who_leave_are_no_errors_in_the_servers_log(
    server: Running, guest: NewGuest
) -> None:
    student = guest("20151800000001")
    heads = {
        "/api/messages": "Content-Type: application/json",
        "/api/attachments": "Content-Type: multipart/form-data; boundary=b",
        "/pay/notify/wechat": "Content-Type: application/json",
    }
    before = len(server.output())
    for path, kind in heads.items():
        with socket.create_connection(("127.0.0.1", server.port)) as wire:
            wire.sendall(
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Requested-With: chat\r\n"
                f"Authorization: Bearer {student.token}\r\n{kind}\r\nContent-Length: 900\r\n\r\n"
                "--b\r\n".encode()
            )
    student.say("谢谢")
    assert "Traceback" not in server.output()[before:]


@pytest.mark.parametrize(
    "more", [0, 30, 300], ids=["and waits", "and sends on for a while", "and sends on without end"]
)
def test_whoever_sends_a_body_that_is_too_long_is_told_so(
    server: Running, guest: NewGuest, more: int
) -> None:
    student = guest("20151800000001")
    head = (
        "POST /api/attachments HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Requested-With: chat\r\n"
        f"Authorization: Bearer {student.token}\r\nContent-Length: {900 * MEGABYTE}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="big"\r\n\r\n'
    )
    with (
        ThreadPoolExecutor(1) as pool,
        socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as wire,
    ):

        def send() -> None:
            with contextlib.suppress(ConnectionError):  # it has been answered and closed
                wire.sendall(head.encode())
                for _ in range(21 + more):
                    wire.sendall(bytes(MEGABYTE))

        sending = pool.submit(send)
        answer = wire.recv(4096)
        sending.result(timeout=PATIENCE)
    assert b" 413 " in answer.splitlines()[0]
