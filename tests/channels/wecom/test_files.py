"""Pictures and files, both ways."""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backend.blobs import NewFile, keep
from backend.clock import SystemClock
from backend.database import Database
from backend.files import written
from backend.migrations.run import upgrade
from backend.models import Blob, Delivery, Outbound
from bot import attachments
from bot.channels.wecom.api import Api, TooLarge
from bot.channels.wecom.fetching import BEGINNING
from bot.channels.wecom.lent import Lent
from bot.sections import WecomSettings
from tests.backend.scene import Scene
from tests.channels.wecom.conftest import NewHouse
from tests.channels.wecom.house import SEALER, House
from tests.peers.wecom.simulator import SETTINGS, Phone

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 100
PDF = b"%PDF-1.7\n" + b"page" * 1000
GET = "/cgi-bin/media/get"


@pytest.mark.parametrize(
    ("kind", "data", "given", "name", "media_type"),
    [
        ("image", PNG, {"media_type": "image/png"}, "photo.jpg", "image/png"),
        ("file", PDF, {"name": "证书 2.pdf"}, "证书 2.pdf", "application/pdf"),
        ("file", b"a,b\n1,2\n", {"name": "a/b.csv", "media_type": "text/csv"}, "a_b.csv", "text/csv"),
        ("file", b'{"errcode": 40007}', {"name": "x.json", "media_type": "application/json"}, "x.json", "application/json"),
    ],
)  # fmt: skip
def test_a_picture_or_file_arrives_whole_with_its_name(
    house: House,
    student: Phone,
    kind: str,
    data: bytes,
    given: dict[str, str],
    name: str,
    media_type: str,
) -> None:
    student.says("你好")
    assert student.sends(kind, data, **given)["statuses"] == [200]
    house.settle()
    attached = house.heard(student.userid)[-1]
    assert attached.kind == "attached"
    assert attached.body["name"] == name
    assert attached.body["type"] == media_type
    assert attached.body["size"] == len(data)
    assert attached.body["recompressed"] is (kind == "image")
    blob, stored = house.blob(attached.body["blob"])
    assert stored == data
    assert blob.owner_id == house.account(student.userid).person_id  # type: ignore[union-attr]
    assert blob.expires_at is not None
    kept_for = timedelta(days=1) if kind == "image" else timedelta(hours=1)  # it is checked
    assert blob.expires_at - house.office.clock.now() <= kept_for
    told = {"photo.jpg": "照片检查", "证书 2.pdf": "正在核对"}.get(name, "文件收到了")
    assert told in student.words()


def test_whoever_sends_pictures_is_told_once_how_the_original_comes(
    house: House, student: Phone
) -> None:
    student.says("你好")
    for _ in range(2):
        student.sends("image", PNG, media_type="image/png")
        house.settle()
    student.sends("file", PDF, name="a.pdf")
    house.settle()
    assert student.words().count("图片可能被微信压缩过") == 1


def test_nobody_who_talks_to_a_person_is_interrupted_by_a_remark(
    house: House, student: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.remarks.handoff.is_talking", lambda work, person: True)
    student.says("你好")
    student.sends("image", PNG, media_type="image/png")
    house.settle()
    assert "图片可能被微信压缩过" not in student.words()


def test_a_file_of_somebody_unknown_is_not_even_fetched(house: House) -> None:
    stranger = house.phone("stranger", "somebody-else")
    stranger.says("你好")
    stranger.sends("file", PDF, name="a.pdf")
    house.settle()
    attached = house.heard("somebody-else")[-1]
    assert (attached.kind, attached.body["name"]) == ("attached", "a.pdf")
    assert "blob" not in attached.body
    assert house.simulator.calls(GET) == 0
    assert kept(house) == []


def test_a_file_too_many_is_refused_in_words(
    house: House, student: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "IN_PERIOD", 1)
    student.says("你好")
    for name in ("a.csv", "b.csv"):
        student.sends("file", b"a,b\n1,2\n", name=name, media_type="text/csv")
        house.settle()
    assert "文件太多了" in student.words()
    assert [one.kind for one in house.heard(student.userid)] == ["said", "attached"]
    assert len(kept(house)) == 1


def test_a_file_that_is_brought_again_is_taken_once(house: House, student: Phone) -> None:
    student.sends("file", PDF, name="a.pdf", times=3)
    house.settle()
    student.does("", again=True)
    house.settle()
    assert len(house.heard(student.userid)) == 1


def test_a_file_that_is_too_large_is_refused_in_words(house: House, student: Phone) -> None:
    student.says("你好")
    student.sends("file", b"x" * (20 * 1024 * 1024 + 1), name="big.pdf")
    house.settle()
    assert "超过 20 MB" in student.words()
    assert [one.kind for one in house.heard(student.userid)] == ["said"]
    assert kept(house) == []


def test_a_file_that_wecom_has_no_more_is_asked_for_again(house: House, student: Phone) -> None:
    student.says("你好")
    house.simulator.control("misbehave", path=GET, errcode=40007)
    student.sends("file", PDF, name="a.pdf")
    house.settle()
    assert "请再发一次" in student.words()
    assert len(house.heard(student.userid)) == 1


def test_a_file_sent_during_an_outage_is_fetched_afterwards(
    house: House, student: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    house.simulator.control("misbehave", path=GET, status=503, times=4)
    with caplog.at_level(logging.WARNING):
        student.sends("file", PDF, name="a.pdf")
        house.settle()
    assert house.heard(student.userid) == []
    house.run(house.wecom.fetching.sweep())
    house.settle()
    (attached,) = house.heard(student.userid)
    assert house.blob(attached.body["blob"])[1] == PDF


def test_a_file_whose_process_died_is_fetched_by_another(
    new_house: NewHouse, house: House, student: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.wecom.fetching, "_start", lambda _: None)
    student.sends("file", PDF, name="a.pdf")
    assert house.heard(student.userid) == []
    other = new_house(house.stage)
    other.run(other.wecom.fetching.sweep())
    other.settle()
    (attached,) = house.heard(student.userid)
    assert attached.body["size"] == len(PDF)
    assert house.wecom.fetching._lent.names(BEGINNING) == []


def test_a_document_too_large_for_wecom_comes_as_a_link(house: House, student: Phone) -> None:
    outbound = said_with_file(house, student, b"%PDF-" + b"x" * (20 * 1024 * 1024))
    house.run(house.dispatcher.settle())
    assert outbound.body["files"][0]["name"] in student.words()
    assert "/files/" in student.words()


def test_a_document_that_is_gone_is_said_to_be_gone(house: House, student: Phone) -> None:
    said_with_file(house, student, PDF)
    with house.office.work() as work:
        for blob in work.session.scalars(select(Blob)):
            blob.deleted_at = work.now
    house.run(house.dispatcher.settle())
    assert "已不能下载" in student.words()


def test_a_document_that_wecom_lost_is_uploaded_again(house: House, student: Phone) -> None:
    said_with_file(house, student, PDF)
    house.run(house.dispatcher.settle())
    house.simulator.control("forget_media")
    with house.office.work() as work:
        again = work.session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
        assert again is not None
        again.state, again.remote, again.ended_at = "waiting", [], None
    house.later(hours=5)
    house.run(house.dispatcher.settle())
    files = [one for one in student.shown() if one["kind"] == "file"]
    assert [base64.b64decode(one["data"]) for one in files] == [PDF, PDF]
    assert house.simulator.calls("/cgi-bin/media/upload") == 2


def test_a_document_for_many_is_uploaded_once(house: House, student: Phone, officer: Phone) -> None:
    outbound = said_with_file(house, student, PDF)
    officer.says("你好")
    house.settle()
    account = house.account(officer.userid)
    assert account is not None
    with house.office.work() as work:
        work.session.add(delivery(outbound, account.id, work.now))
    house.run(house.dispatcher.settle())
    assert any(one["kind"] == "file" for one in officer.shown())
    assert house.simulator.calls("/cgi-bin/media/upload") == 1


def test_a_file_is_not_read_when_its_sender_says_it_is_too_large(tmp_path: Path) -> None:
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 1024 * 1024

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("gettoken"):
            return httpx.Response(200, json={"errcode": 0, "access_token": "t", "expires_in": 7200})
        stated = request.url.params["media_id"]
        headers = {"content-type": "application/pdf", "content-disposition": "attachment"}
        length = {"content-length": str(50 * 1024 * 1024)} if stated == "stated" else {}
        return httpx.Response(200, headers=headers | length, content=endless())

    async def fetch() -> None:
        settings = WecomSettings.model_validate(SETTINGS)
        lent = Lent(Scene(new_database(tmp_path), tmp_path).office, SEALER, "wecom:test")
        api = Api(settings, lent, SystemClock().now, transport=httpx.MockTransport(answer))
        with pytest.raises(TooLarge):
            await api.media("stated")
        assert read == []
        with pytest.raises(TooLarge):
            await api.media("not stated")
        assert len(read) <= 21
        await api.close()

    asyncio.run(fetch())


def new_database(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'registrar.db'}")
    upgrade(database)
    return database


# --- helpers ------------------------------------------------------------------------------


def kept(house: House) -> list[Blob]:
    with house.office.read() as work:
        return list(work.session.scalars(select(Blob)))


def said_with_file(house: House, phone: Phone, data: bytes) -> Outbound:
    """A message with a document is on its way to this phone."""
    phone.says("你好")
    house.settle()
    account = house.account(phone.userid)
    assert account is not None
    (blob_id,) = written(
        house.office, [NewFile(data, account.person_id, "a.pdf", "application/pdf")]
    )
    body = {
        "text": "",
        "language": "zh",
        "card": None,
        "buttons": [],
        "pictures": [],
        "files": [
            {
                "blob_id": blob_id,
                "name": "a.pdf",
                "size": len(data),
                "media_type": "application/pdf",
            }
        ],
    }
    with house.office.work() as work:
        keep(work, blob_id, expires_at=None)
        outbound = Outbound(
            institution_id=work.institution,
            conversation_id=account.conversation_id,
            account_id=account.id,
            seq=1000,
            body=body,
            actions=[],
            token="token-of-a-message",
            created_at=work.now,
        )
        work.session.add(outbound)
        work.session.flush()
        work.session.add(delivery(outbound, account.id, work.now))
    return outbound


def delivery(outbound: Outbound, account_id: int, now: datetime) -> Delivery:
    return Delivery(
        institution_id=outbound.institution_id,
        account_id=account_id,
        channel="wecom",
        outbound_id=outbound.id,
        kind="say",
        rank=0,
        state="waiting",
        remote=[],
        made_at=now,
        attempts=0,
    )
