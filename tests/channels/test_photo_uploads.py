"""A page for archives too large for the chat: only for whoever uploads pictures, once, in parts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.templating import Jinja2Templates

import bot
from backend import accounts, tasks
from backend.blobs import NewFile
from backend.errors import Refused
from backend.identity import links
from backend.models import Blob, PhotoArchive
from backend.photos import archive, batch_intake
from bot import attachments, rows
from bot.limits import Limit
from bot.play import Stage
from bot.uploads_photos import PhotoUploads
from tests.channels.test_delivery import Phone, later
from tests.channels.test_uploads import ORIGIN, Browser, heard
from tests.photos import making

ZIP = making.archive({f"{name}.jpg": making.jpeg() for name in range(3)})


@pytest.fixture
def here(stage: Callable[..., Stage]) -> Stage:
    return stage()


@pytest.fixture
def page(here: Stage) -> Browser:
    templates = Jinja2Templates(Path(bot.__file__ or "").parent / "templates")
    assistant = here.assistant
    uploads = PhotoUploads(assistant.reception, assistant.links, templates, Limit(600, 200))
    return Browser(Starlette(routes=uploads.routes()))


def link_for(here: Stage, phone: Phone) -> str:
    with here.assistant.office.work() as work:
        account = accounts.find(work, phone.channel, phone.address)
        assert account is not None
        made = links.new(work, links.PHOTOS, account=account.id, person=account.person_id)
        return "/photos/" + here.assistant.links.one_time("photos", made.id)


def send(page: Browser, path: str, data: bytes = ZIP) -> int:
    files = {"file": ("毕业照.zip", data, "application/zip")}
    return page.post(path, files=files, headers=ORIGIN).status_code


def test_an_archive_comes_in_parts_and_is_whole_again(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_intake, "PART", 10_000)
    officer = Phone(here, "unit_officer", "700")
    path = link_for(here, officer)
    shown = page.get(path)
    assert "512 MB" in shown.text
    assert [send(page, path), send(page, path)] == [200, 410]
    (body,) = heard(here)
    assert (body["name"], body["size"]) == ("毕业照.zip", len(ZIP))
    office = here.assistant.office
    with office.read(officer.person) as work:
        kept = work.session.scalars(select(PhotoArchive)).one()
        stored = batch_intake.stored(work, str(body["blob"]))
        assert len(stored.parts) == len(kept.parts) == -(-len(ZIP) // 10_000)
        keys = [work.session.get_one(batch_intake.Blob, blob).key for blob, _size in stored.parts]
    parts = archive.Parts(
        [size for _blob, size in stored.parts], lambda n: office.blobs.get(keys[n])
    )
    assert parts.read() == ZIP


def test_students_have_no_such_page_and_a_dismissed_officer_loses_it(
    here: Stage, page: Browser
) -> None:
    student = Phone(here, "enrolled", "701")
    assert page.get(link_for(here, student)).status_code == 410
    officer = Phone(here, "unit_officer", "700")
    path = link_for(here, officer)
    here.people["刘老师"] = officer.person
    here.dismiss("刘老师")
    assert send(page, path) == 410
    assert heard(here) == []


def test_what_is_no_archive_or_comes_too_late_or_from_elsewhere_is_not_taken(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Phone(here, "unit_officer", "700")
    path = link_for(here, officer)
    foreign = page.post(path, files={"file": ("照片.rar", b"Rar!")}, headers=ORIGIN)
    assert (foreign.status_code, "《照片.rar》没有收下" in foreign.text) == (400, True)
    assert page.post(path, data={"file": ""}, headers=ORIGIN).status_code == 400
    foreign = page.post(
        path, files={"file": ("a.zip", ZIP)}, headers={"origin": "https://a.example"}
    )
    assert foreign.status_code == 410
    monkeypatch.setattr(batch_intake, "MOST_ARCHIVE", 1000)
    large = page.post(path, files={"file": ("毕业照.zip", ZIP)}, headers=ORIGIN)
    assert (large.status_code, "《毕业照.zip》没有收下" in large.text) == (413, True)
    monkeypatch.undo()
    assert send(page, path) == 200
    other = link_for(here, officer)
    later(here, links.LIFETIME)
    assert send(page, other) == 410


def blobs_of(here: Stage) -> list[Blob]:
    with here.assistant.office.read() as work:
        return list(work.session.scalars(select(Blob)))


def kept_of(here: Stage) -> int:
    return sum(blob.deleted_at is None for blob in blobs_of(here))


def test_an_archive_that_the_store_does_not_take_leaves_the_link_good(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link_for(here, Phone(here, "unit_officer", "700"))

    def full(*_: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as patch:
        patch.setattr(here.assistant.office.blobs, "put", full)
        with pytest.raises(OSError, match="no space"):
            send(page, path)
    assert heard(here) == []
    assert send(page, path) == 200


def test_what_breaks_off_before_it_is_heard_counts_for_nobody_and_leaves_the_link_good(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_intake, "HELD_MOST", len(ZIP) + 10)
    path = link_for(here, Phone(here, "unit_officer", "700"))

    def killed(*_: object) -> None:
        raise SystemError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "arrive", killed)
        with pytest.raises(SystemError):
            send(page, path)
    with here.assistant.office.read() as work:
        assert work.session.scalars(select(PhotoArchive)).all() == []
    assert send(page, path) == 200


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """What happens between the first look at the link and the end of the first upload."""
    real = batch_intake.put

    def put(*what: Any) -> batch_intake.Stored:
        monkeypatch.setattr(batch_intake, "put", real)
        act()
        return real(*what)

    monkeypatch.setattr(batch_intake, "put", put)


def test_of_two_that_send_with_one_link_at_once_one_is_taken_and_the_other_is_told(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link_for(here, Phone(here, "unit_officer", "700"))
    faster: list[int] = []
    meanwhile(monkeypatch, lambda: faster.append(send(page, path)))
    late = page.post(path, files={"file": ("毕业照.zip", ZIP)}, headers=ORIGIN)
    assert (faster, late.status_code) == ([200], 410)
    assert "这个链接已经用过" in late.text
    assert (len(heard(here)), len(blobs_of(here)), kept_of(here)) == (1, 2, 1)


def test_of_two_archives_at_once_that_fit_only_alone_one_is_refused_and_loses_nothing(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Phone(here, "unit_officer", "700")
    path, other = link_for(here, officer), link_for(here, officer)
    faster: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(batch_intake, "HELD_MOST", 2 * len(ZIP) - 1)
        meanwhile(patch, lambda: faster.append(send(page, other)))
        refused = page.post(path, files={"file": ("毕业照.zip", ZIP)}, headers=ORIGIN)
    assert (faster, refused.status_code) == ([200], 429)
    assert "《毕业照.zip》没有收下：您传的压缩包已经放满了" in refused.text
    assert "<form" in refused.text
    assert (len(heard(here)), kept_of(here)) == (1, 1)
    assert send(page, path) == 200  # when there is room again, with the same link


def test_an_upload_that_outlasts_its_link_is_taken(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link_for(here, Phone(here, "unit_officer", "700"))
    meanwhile(monkeypatch, lambda: later(here, links.LIFETIME))
    assert send(page, path) == 200
    assert len(heard(here)) == 1


def test_an_archive_is_the_senders_for_a_day_and_two_large_ones_are_enough(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, other = Phone(here, "unit_officer", "700"), Phone(here, "academic_affairs", "701")
    monkeypatch.setattr(batch_intake, "HELD_MOST", len(ZIP) + 10)
    assert send(page, link_for(here, officer)) == 200
    (part,) = blobs_of(here)
    assert (part.owner_id, part.private) == (None, True)
    again = link_for(here, officer)
    refused = page.post(again, files={"file": ("毕业照.zip", ZIP)}, headers=ORIGIN)
    assert refused.status_code == 429
    assert "《毕业照.zip》没有收下：您传的压缩包已经放满了" in refused.text
    assert len(blobs_of(here)) == 1
    with here.assistant.office.read(other.person) as work, pytest.raises(Refused):
        batch_intake.stored(work, part.id)
    later(here, 2 * links.LIFETIME * 6)
    tasks.sweep_files(here.assistant.office)
    with here.assistant.office.read(officer.person) as work:
        assert work.session.get_one(Blob, part.id).deleted_at is None
    later(here, batch_intake.UPLOAD_KEPT)
    tasks.sweep_files(here.assistant.office)
    assert send(page, link_for(here, officer)) == 200


def test_an_officer_who_has_sent_a_large_archive_still_sends_files_in_the_chat(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_intake, "PART", 1000)
    monkeypatch.setattr(attachments, "HELD_MOST", len(ZIP))
    officer = Phone(here, "unit_officer", "700")
    assert send(page, link_for(here, officer)) == 200
    assert len(blobs_of(here)) > attachments.IN_PERIOD
    file = NewFile(ZIP[:-1], officer.person, "名单.csv", "text/csv")
    assert "blob" in attachments.received(here.assistant.office, file)


def test_an_archive_whose_beginning_has_ended_before_its_end_came_is_said_to_be_gone(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Phone(here, "unit_officer", "700")
    real = batch_intake.put

    def slowly(*what: Any) -> batch_intake.Stored:
        archive = real(*what)
        later(here, 2 * links.LIFETIME * 6)
        tasks.sweep_files(here.assistant.office)
        return archive

    monkeypatch.setattr(batch_intake, "put", slowly)
    path = link_for(here, officer)
    files = {"file": ("毕业照.zip", ZIP, "application/zip")}
    answer = page.post(path, files=files, headers=ORIGIN)
    assert (answer.status_code, "太慢" in answer.text) == (410, True)
    assert heard(here) == []
