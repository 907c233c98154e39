"""A link alone opens no picture of a proof: its owner and whoever decides on it must be signed in."""

import asyncio
from dataclasses import dataclass
from io import BytesIO

import httpx
import pytest
from PIL import Image
from sqlalchemy import delete
from starlette.applications import Starlette

from backend import blobs
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed
from backend.models import Application, Blob, ProofPicture
from backend.models import Role as RoleRow
from backend.proofs import keeping
from backend.reviewing import sheets
from backend.reviewing.kinds import find
from bot.hub import Hub
from bot.links import Links
from bot.tokens import Tokens
from bot.web.files import Files
from bot.web.sessions import COOKIE, Sessions
from tests.pictures import making
from tests.proofs.conftest import Desk


@dataclass
class Door:
    """Asks for files as a browser does."""

    desk: Desk

    def __post_init__(self) -> None:
        office = self.desk.scene.office
        self.links = Links("http://registrar.test", Tokens("a secret for links, 32 bytes long."))
        self.sessions = Sessions(office, Hub())
        routes = Files(office, self.links, self.sessions).routes()
        self.app = Starlette(routes=routes)

    def get(self, blob_id: str, person: int | None) -> httpx.Response:
        url = self.links.file(blob_id, self.desk.scene.clock.now())
        cookies = {COOKIE: self.sessions.begin(person)} if person is not None else {}

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, cookies=cookies) as client:
                return await client.get(url)

        return asyncio.run(ask())


@pytest.fixture
def door(desk: Desk) -> Door:
    return Door(desk)


def filed(desk: Desk, owner: int, *pictures: int) -> None:
    """A case of the physicists' university with these pictures."""
    scene = desk.scene
    with scene.office.work(owner) as work:
        consent = keep(work, Consent(owner, "这些内容", "zh", "facts"))
        case = Application(
            institution_id="demo",
            number="M260302-0001",
            kind="exemption",
            applicant_id=owner,
            unit_id=scene.physics,
            state="pending",
            holder="exam_reviewer",
            since=work.now,
            filed_at=work.now,
            policy_version=1,
            version=1,
            consent_id=consent,
        )
        work.session.add(case)
        work.session.flush()
        proof = keeping.new(
            work, owner, "cet", "4", "999052312001234", "2018-06", "上海", "", pictures
        )
        keeping.attach(work, case.id, [proof.id])


def test_only_its_owner_and_whoever_decides_see_a_picture(door: Door) -> None:
    desk = door.desk
    scene = desk.scene
    owner = scene.person("K1", making.NAME)
    picture = desk.picture(desk.send(owner, making.cet().png()))
    reviewer = scene.staff("R1", Role.EXAM_REVIEWER, scene.physics)
    of_another = scene.staff("R2", Role.EXAM_REVIEWER, scene.maths)
    office = scene.staff("X1", Role.EXAM_OFFICE)
    officer = scene.officer()
    assert picture.blob_id
    assert door.get(picture.blob_id, None).status_code == 401
    assert door.get(picture.blob_id, owner).content.startswith(b"\x89PNG")
    assert door.get(picture.blob_id, reviewer).status_code == 403  # nothing has been filed
    filed(desk, owner, picture.id)
    everybody = (owner, reviewer, office, of_another, officer, scene.person("K2"))
    for blob_id in (picture.blob_id, picture.thumb_blob_id or ""):
        seen = [door.get(blob_id, person).status_code for person in everybody]
        assert seen == [200, 200, 200, 403, 403, 403]
    answer = door.get(picture.blob_id, owner)
    assert answer.headers["cache-control"] == "no-store"


def test_nobody_sees_an_original_not_even_its_owner(door: Door) -> None:
    owner = door.desk.scene.person("K1", making.NAME)
    picture = door.desk.picture(door.desk.send(owner, making.cet().png()))
    assert door.get(picture.original_blob_id, owner).status_code == 403
    assert door.get(picture.original_blob_id, None).status_code == 401


def test_other_files_open_with_their_link_as_before(door: Door) -> None:
    desk = door.desk
    blob_id = desk.blob(desk.scene.person("K1"), making.cet().png())
    assert door.get(blob_id, None).status_code == 200
    with desk.scene.office.read() as work:
        assert not work.session.get_one(Blob, blob_id).private


def sheet_of(desk: Desk, person: int) -> Blob | None:
    with desk.scene.office.work(person) as work:
        case = find(work, "M260302-0001")
        assert case is not None
        return sheets.sheet(work, case)


def drawn(desk: Desk, person: int) -> Blob:
    assert sheet_of(desk, person) is None
    desk.scene.direct.run_all(desk.scene.office)
    sheet = sheet_of(desk, person)
    assert sheet is not None
    return sheet


def test_a_sheet_of_all_pictures_opens_for_whoever_asked_for_it_and_as_long_as_they_decide(
    door: Door,
) -> None:
    desk = door.desk
    scene = desk.scene
    owner = scene.person("K1", making.NAME)
    one = desk.send(owner, making.cet().png())
    other = desk.send(owner, making.pets().png(), place="picture.a.2")
    reviewer = scene.staff("R1", Role.EXAM_REVIEWER, scene.physics)
    colleague = scene.staff("R2", Role.EXAM_REVIEWER, scene.physics)
    filed(desk, owner, one, other)
    sheet = drawn(desk, reviewer)
    seen = [door.get(sheet.id, person).status_code for person in (reviewer, colleague, owner)]
    assert seen == [200, 403, 403]
    with Image.open(BytesIO(door.get(sheet.id, reviewer).content)) as picture:
        assert picture.size == (sheet.width, sheet.height)
        assert picture.width > picture.height, "two sheets of paper stand side by side"
    assert drawn(desk, colleague).id != sheet.id
    with scene.office.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == reviewer))
    assert door.get(sheet.id, reviewer).status_code == 403, "who reviews no more sees it no more"


def test_a_sheet_is_gone_after_two_hours_and_drawn_anew_for_who_looks_again(door: Door) -> None:
    desk = door.desk
    scene = desk.scene
    owner = scene.person("K1", making.NAME)
    reviewer = scene.staff("R1", Role.EXAM_REVIEWER, scene.physics)
    filed(desk, owner, desk.send(owner, making.cet().png()))
    sheet = drawn(desk, reviewer)
    scene.pass_time(sheets.KEPT)
    with scene.office.work() as work:
        blobs.expire_due(work)
    assert door.get(sheet.id, reviewer).status_code in (404, 410)
    assert drawn(desk, reviewer).id != sheet.id


def test_nobody_has_a_sheet_drawn_of_what_they_do_not_decide(door: Door) -> None:
    desk = door.desk
    scene = desk.scene
    owner = scene.person("K1", making.NAME)
    filed(desk, owner, desk.send(owner, making.cet().png()))
    for person in (owner, scene.staff("R2", Role.EXAM_REVIEWER, scene.maths)):
        with pytest.raises(NotAllowed):
            sheet_of(desk, person)


def test_a_picture_whose_file_is_gone_leaves_an_empty_frame_and_keeps_the_numbers(
    door: Door,
) -> None:
    desk = door.desk
    scene = desk.scene
    owner = scene.person("K1", making.NAME)
    one = desk.send(owner, making.cet().png())
    other = desk.send(owner, making.pets().png(), place="picture.a.2")
    reviewer = scene.staff("R1", Role.EXAM_REVIEWER, scene.physics)
    filed(desk, owner, one, other)
    with scene.office.work() as work:
        blob_id = work.session.get_one(ProofPicture, one).blob_id
        assert blob_id is not None
        work.session.get_one(Blob, blob_id).deleted_at = work.now
    assert drawn(desk, reviewer).width == 1512, "both have their place"
