"""A page for files that a channel would change: one file, once, into one's own conversation."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.templating import Jinja2Templates

import bot
from backend import accounts, blobs, tasks
from backend.identity import links
from backend.models import Blob, Inbound
from bot import attachments, uploads
from bot.limits import Limit
from bot.play import Stage
from bot.uploads import Uploads
from tests.channels.test_delivery import Phone, later

ORIGIN = {"origin": "http://testserver"}
PICTURE = b"\x89PNG" + bytes(2000)


class Browser:
    def __init__(self, app: Starlette) -> None:
        self._app = app

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self._ask("POST", path, **sent)

    def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
                return await http.request(method, path, **sent)

        return asyncio.run(ask())


@pytest.fixture
def here(stage: Callable[..., Stage]) -> Stage:
    return stage()


@pytest.fixture
def page(here: Stage) -> Browser:
    templates = Jinja2Templates(Path(bot.__file__ or "").parent / "templates")
    assistant = here.assistant
    made = Uploads(assistant.reception, assistant.links, templates, Limit(600, 200))
    return Browser(Starlette(routes=made.routes()))


def link_for(here: Stage, phone: Phone) -> str:
    with here.assistant.office.work() as work:
        account = accounts.find(work, phone.channel, phone.address)
        assert account is not None
        made = links.new(work, links.UPLOAD, account=account.id, person=account.person_id)
        return "/upload/" + here.assistant.links.one_time("upload", made.id)


def send(page: Browser, path: str, data: bytes = PICTURE, name: str = "证件照.png") -> int:
    answer = page.post(path, files={"file": (name, data, "image/png")}, headers=ORIGIN)
    return answer.status_code


def heard(here: Stage) -> list[dict[str, object]]:
    with here.assistant.office.read() as work:
        rows = work.session.scalars(select(Inbound).where(Inbound.kind == "attached"))
        return [one.body for one in rows]


def test_whoever_says_so_in_the_chat_is_given_the_page(here: Stage) -> None:
    student = Phone(here, "enrolled", "700")
    student.say("上传文件")
    here.cast("小林", "enrolled")
    told = here.play("小林 > 上传文件")
    assert "[上传文件 ↗]" in told


def test_the_original_comes_into_the_conversation_byte_by_byte(here: Stage, page: Browser) -> None:
    path = link_for(here, Phone(here, "enrolled", "700"))
    shown = page.get(path)
    assert shown.status_code == 200
    assert shown.headers.get("referrer-policy") != "no-referrer", (
        "a browser's form would be refused"
    )
    assert send(page, path) == 200
    (body,) = heard(here)
    assert (body["name"], body["size"]) == ("证件照.png", len(PICTURE))
    with here.assistant.office.read() as work:
        blob = work.session.get_one(Blob, body["blob"])
    assert here.assistant.office.blobs.get(blob.key) == PICTURE


def test_a_link_is_good_once_and_not_for_long(here: Stage, page: Browser) -> None:
    phone = Phone(here, "enrolled", "700")
    path = link_for(here, phone)
    assert [send(page, path), send(page, path)] == [200, 410]
    assert len(heard(here)) == 1
    other = link_for(here, phone)
    later(here, links.LIFETIME)
    assert page.get(other).status_code == 410
    assert send(page, other) == 410


@pytest.mark.parametrize("token", ["x", "x" * 60, "../../etc/passwd", "%00"])
def test_a_guessed_link_opens_nothing(page: Browser, token: str) -> None:
    assert page.get(f"/upload/{token}").status_code in (404, 410)


def test_a_page_of_somebody_else_cannot_send_a_file_in_ones_name(
    here: Stage, page: Browser
) -> None:
    path = link_for(here, Phone(here, "enrolled", "700"))
    foreign = page.post(
        path, files={"file": ("a.png", PICTURE)}, headers={"origin": "https://evil.example"}
    )
    assert foreign.status_code == 410
    assert heard(here) == []


def test_what_is_too_large_or_nothing_is_said_and_the_link_stays_good(
    here: Stage, page: Browser
) -> None:
    path = link_for(here, Phone(here, "enrolled", "700"))
    assert send(page, path, bytes(21 * 1024 * 1024)) == 413
    assert page.post(path, data={"file": ""}, headers=ORIGIN).status_code == 400
    assert send(page, path) == 200


def test_what_the_store_does_not_take_or_is_one_too_many_leaves_the_link_good(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link_for(here, Phone(here, "academic_affairs", "700"))

    def full(*_: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as patch:
        patch.setattr(here.assistant.office.blobs, "put", full)
        with pytest.raises(OSError, match="no space"):
            send(page, path)
    with monkeypatch.context() as patch:
        patch.setattr(attachments, "IN_PERIOD", 0)
        refused = page.post(path, files={"file": ("成绩.png", PICTURE)}, headers=ORIGIN)
    assert (refused.status_code, "<form" in refused.text) == (429, True)
    assert heard(here) == []
    assert send(page, path) == 200


def test_of_two_that_send_with_one_link_at_once_one_is_taken_and_the_other_is_told(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link_for(here, Phone(here, "academic_affairs", "700"))
    statuses: list[int] = []
    real = uploads.received

    def slowly(*what: Any) -> dict[str, Any]:
        monkeypatch.setattr(uploads, "received", real)
        statuses.append(send(page, path))
        return real(*what)

    monkeypatch.setattr(uploads, "received", slowly)
    statuses.append(send(page, path))
    assert statuses == [200, 410]
    assert len(heard(here)) == 1
    with here.assistant.office.read() as work:
        left = work.session.scalars(select(Blob).where(Blob.deleted_at.is_(None))).all()
    assert len(left) == 1


def test_nobody_fills_the_disk_with_files_that_nothing_needs(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "UNCLAIMED_MOST", 2 * len(PICTURE) + 1)
    # a student's picture would be checked as a photo; nothing takes theirs
    phone, other = Phone(here, "academic_affairs", "700"), Phone(here, "exam_office", "701")
    assert [send(page, link_for(here, phone)) for _ in range(3)] == [200, 200, 429]
    assert send(page, link_for(here, other)) == 200  # nobody pays for another's files
    assert len(heard(here)) == 3
    later(here, timedelta(hours=1))
    tasks.sweep_files(here.assistant.office)
    assert send(page, link_for(here, phone)) == 200
    with here.assistant.office.read() as work:
        gone = work.session.scalars(select(Blob.erased_at).order_by(Blob.created_at)).all()
    assert [one is None for one in gone] == [False, False, False, True]


def test_files_that_a_talk_needs_are_kept_and_have_an_end_too(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "UNCLAIMED_MOST", len(PICTURE) + 1)
    monkeypatch.setattr(attachments, "HELD_MOST", 2 * len(PICTURE) + 1)
    phone = Phone(here, "enrolled", "700")
    for _ in range(2):
        assert send(page, link_for(here, phone)) == 200
        with here.assistant.office.work() as work:
            for body in heard(here):
                until = work.now + timedelta(days=30)
                blobs.keep(work, str(body["blob"]), expires_at=until)
    assert send(page, link_for(here, phone)) == 429


def test_many_small_files_are_too_many(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "IN_PERIOD", 2)
    phone = Phone(here, "enrolled", "700")
    assert [send(page, link_for(here, phone)) for _ in range(2)] == [200, 200]
    files = {"file": ("成绩.png", PICTURE, "image/png")}
    refused = page.post(link_for(here, phone), files=files, headers=ORIGIN)
    assert refused.status_code == 429
    assert "《成绩.png》没有收下：刚才发的文件太多了" in refused.text
    later(here, attachments.PERIOD)
    assert send(page, link_for(here, phone)) == 200


def test_a_file_of_somebody_unknown_is_not_stored(here: Stage, page: Browser) -> None:
    phone = Phone(here, "enrolled", "700")
    with here.assistant.office.work() as work:
        account = accounts.find(work, phone.channel, phone.address)
        assert account is not None
        account.person_id = None
    assert send(page, link_for(here, phone)) == 200
    (body,) = heard(here)
    assert "blob" not in body


def test_a_link_of_an_account_that_is_not_theirs_any_more_takes_nothing(
    here: Stage, page: Browser
) -> None:
    phone = Phone(here, "enrolled", "700")
    path = link_for(here, phone)
    with here.assistant.office.work() as work:
        account = accounts.find(work, phone.channel, phone.address)
        assert account is not None
        account.person_id = None
    assert send(page, path) == 410
    assert heard(here) == []


def test_what_the_name_of_a_photo_says_is_known_and_the_number_in_it_is_not_kept(
    here: Stage, page: Browser
) -> None:
    path = link_for(here, Phone(here, "enrolled", "700"))
    assert send(page, path, name="110101199003070011.png") == 200
    (body,) = heard(here)
    assert body["name"] == "文件.png"
    assert isinstance(body["named"], dict)
    assert body["named"]["kind"] == "id_number"
    assert body["named"]["valid_check_digit"]
    assert "110101199003070011" not in str(body)
    assert body["recompressed"] is False
