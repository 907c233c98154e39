"""Files that are too large, sent to a real server: their sender is told so, and which."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.templating import Jinja2Templates

import bot
from backend.registry.limits import MEGABYTE
from bot import bodies, uploads_photos
from bot.bodies import Bodies
from bot.limits import Limit
from bot.play import Stage
from bot.uploads import Uploads
from bot.uploads_photos import PhotoUploads
from tests.channels import test_photo_uploads, test_uploads
from tests.channels.site import PATIENCE, waited
from tests.channels.test_delivery import Phone

NAME = "学位证书扫描.pdf"


@pytest.fixture
def here(stage: Callable[..., Stage]) -> Stage:
    return stage()


@pytest.fixture
def base(here: Stage) -> Iterator[str]:
    templates = Jinja2Templates(Path(bot.__file__ or "").parent / "templates")
    parts = (here.assistant.reception, here.assistant.links, templates, Limit(600, 200))
    app = Starlette(
        routes=[*Uploads(*parts).routes(), *PhotoUploads(*parts).routes()],
        middleware=[Middleware(Bodies)],
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
        )
        thread.start()
        waited(lambda: server.started, "the server to start")
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE)


def sent_whole(url: str, megabytes: int, name: str = NAME) -> str:
    """As browsers do: the whole form is sent before anybody looks for an answer."""
    where = httpx.URL(url)
    head = (
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    tail = b"\r\n--b--\r\n"
    length = len(head) + megabytes * MEGABYTE + len(tail)
    origin = f"{where.scheme}://{where.netloc.decode()}"
    with socket.create_connection((where.host, where.port or 80), PATIENCE) as wire:
        wire.sendall(
            f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc.decode()}\r\n"
            f"Origin: {origin}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            f"Content-Length: {length}\r\nConnection: close\r\n\r\n".encode()
        )
        wire.sendall(head)
        for _ in range(megabytes):
            wire.sendall(bytes(MEGABYTE))
        wire.sendall(tail)
        answer = b""
        while got := wire.recv(65536):
            answer += got
    return answer.decode()


@pytest.mark.parametrize("megabytes", [21, 29])
def test_whoever_sends_too_large_a_file_is_told_so_and_which(
    here: Stage, base: str, megabytes: int
) -> None:
    path = test_uploads.link_for(here, Phone(here, "enrolled", "700"))
    answer = sent_whole(base + path, megabytes)
    assert " 413 " in answer.splitlines()[0]
    assert f"《{NAME}》没有收下：文件太大，最大 20 MB" in answer


def test_so_are_clients_that_do_not_say_how_long_it_will_be(here: Stage, base: str) -> None:
    path = test_uploads.link_for(here, Phone(here, "enrolled", "700"))

    def form() -> Iterator[bytes]:
        yield f'--b\r\nContent-Disposition: form-data; name="file"; filename="{NAME}"'.encode()
        yield b"\r\n\r\n"
        for _ in range(25):
            yield bytes(MEGABYTE)
        yield b"\r\n--b--\r\n"

    kind = {"content-type": "multipart/form-data; boundary=b", "origin": base}
    answer = httpx.post(
        base + path, content=form(), headers=kind, trust_env=False, timeout=PATIENCE
    )
    assert answer.status_code == 413
    assert f"《{NAME}》没有收下" in answer.text


def test_so_is_an_officer_with_too_large_an_archive(
    here: Stage, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_photos, "MOST_ARCHIVE", MEGABYTE)
    path = test_photo_uploads.link_for(here, Phone(here, "unit_officer", "700"))
    answer = sent_whole(base + path, 25, "毕业照.zip")
    assert " 413 " in answer.splitlines()[0]
    assert "《毕业照.zip》没有收下：压缩包太大" in answer


def test_so_is_whoever_sends_to_a_link_that_is_over(base: str) -> None:
    answer = sent_whole(base + "/upload/" + "x" * 40, 22)
    assert " 410 " in answer.splitlines()[0]


def test_a_body_without_end_is_not_read_to_its_end(
    base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bodies.UPLOADS, "/upload/", MEGABYTE)
    with pytest.raises(ConnectionError):
        sent_whole(base + "/upload/" + "x" * 40, 200)
