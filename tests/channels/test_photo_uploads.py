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
from backend.identity import links
from backend.models import Blob, PhotoArchive
from backend.photos import archive, bulk
from bot import uploads_photos
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
    monkeypatch.setattr(bulk, "PART", 10_000)
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
        stored = bulk.stored(work, str(body["blob"]))
        assert len(stored.parts) == len(kept.parts) == -(-len(ZIP) // 10_000)
        keys = [work.session.get_one(bulk.Blob, blob).key for blob, _size in stored.parts]
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
    assert send(page, path, b"no archive") == 400
    assert page.post(path, data={"file": ""}, headers=ORIGIN).status_code == 400
    foreign = page.post(
        path, files={"file": ("a.zip", ZIP)}, headers={"origin": "https://a.example"}
    )
    assert foreign.status_code == 410
    monkeypatch.setattr(bulk, "MOST_ARCHIVE", 1000)
    assert send(page, path) == 413
    monkeypatch.undo()
    assert send(page, path) == 200
    other = link_for(here, officer)
    later(here, links.LIFETIME)
    assert send(page, other) == 410


def blobs_of(here: Stage) -> list[Blob]:
    with here.assistant.office.read() as work:
        return list(work.session.scalars(select(Blob)))


def test_what_a_used_link_sends_again_never_comes_into_the_store(
    here: Stage, page: Browser
) -> None:
    officer = Phone(here, "unit_officer", "700")
    path = link_for(here, officer)

    def faster(*_: object) -> bool:
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads_photos.links, "use", faster)
        assert send(page, path) == 410
    assert blobs_of(here) == []


def test_an_archive_is_the_senders_for_a_day_and_counts_among_what_is_theirs(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Phone(here, "unit_officer", "700")
    monkeypatch.setattr(uploads_photos, "ALL_MOST", len(ZIP) + 10)
    assert send(page, link_for(here, officer)) == 200
    (part,) = blobs_of(here)
    assert (part.owner_id, part.private) == (officer.person, True)
    again = link_for(here, officer)
    assert send(page, again) == 429
    assert len(blobs_of(here)) == 1
    later(here, 2 * links.LIFETIME * 6)
    tasks.sweep_files(here.assistant.office)
    with here.assistant.office.read(officer.person) as work:
        assert work.session.get_one(Blob, part.id).deleted_at is None


def test_an_archive_whose_beginning_has_ended_before_its_end_came_is_said_to_be_gone(
    here: Stage, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Phone(here, "unit_officer", "700")
    real = bulk.put

    def slowly(*what: Any) -> bulk.Stored:
        archive = real(*what)
        later(here, 2 * links.LIFETIME * 6)
        tasks.sweep_files(here.assistant.office)
        return archive

    monkeypatch.setattr(bulk, "put", slowly)
    path = link_for(here, officer)
    files = {"file": ("毕业照.zip", ZIP, "application/zip")}
    answer = page.post(path, files=files, headers=ORIGIN)
    assert (answer.status_code, "太慢" in answer.text) == (410, True)
    assert heard(here) == []
