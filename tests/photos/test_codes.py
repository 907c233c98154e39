"""A collection code reaches its owner and nobody else, and is never made up (P2)."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from backend import giving_up
from backend.authority import Role
from backend.errors import Refused
from backend.models import Blob, PhotoSchedule, PhotoSlot
from backend.photos import codes, drafting
from backend.photos.codes_provider import CodesUnreachable, HttpCodes
from backend.registry.importing import import_file
from tests.backend.scene import SEALER, Scene
from tests.peers.codes import CodesPeer
from tests.photos import season

PAYLOAD = "DEMO-NOT-CHSI-0001"


@pytest.fixture
def peer() -> Iterator[CodesPeer]:
    peer = CodesPeer(codes={"20210001": {"payload": PAYLOAD, "valid_until": "2026-12-31"}})
    yield peer
    peer.close()


@pytest.fixture
def student(scene: Scene) -> int:
    number = season.draft(scene, (scene.physics, season.DAY, season.time(9, 0)))
    season.publish(scene, number, season.affairs(scene))
    return scene.student("20210001")


def asked(scene: Scene, person: int) -> str:
    """What the provider is said to have answered."""
    with scene.office.work(person) as work:
        codes.ask(work, person)
    scene.direct.run_all(scene.office)
    with scene.office.work(person) as work:
        return codes.ask(work, person).answer


def test_a_code_of_the_provider_is_kept_sealed_and_shown_as_a_picture(
    scene: Scene, student: int, peer: CodesPeer
) -> None:
    scene.office.codes = HttpCodes(peer.url, peer.key)
    assert asked(scene, student) == "code"
    with scene.office.work(student) as work:
        code = codes.of(work, student)
        assert code is not None
        assert PAYLOAD.encode() not in code.payload_sealed
        assert (SEALER.open(code.payload_sealed), code.valid_until) == (PAYLOAD, date(2026, 12, 31))
        assert codes.picture(work, code) is None
    scene.direct.run_all(scene.office)
    with scene.office.work(student) as work:
        code = codes.of(work, student)
        assert code is not None
        blob = codes.picture(work, code)
    assert blob is not None
    assert (blob.owner_id, blob.private) == (student, True)
    picture = Image.open(BytesIO(scene.blobs.get(blob.key)))
    assert picture.size[0] == picture.size[1] == blob.width
    assert picture.size[0] >= 300


def test_nobody_else_is_given_the_picture(scene: Scene, student: int) -> None:
    season.give_code(scene, student, PAYLOAD)
    other = scene.student("20210002")
    with scene.office.work(other) as work:
        code = codes.of(work, student)
        assert code is not None
        with pytest.raises(Refused, match="not_allowed"):
            codes.picture(work, code)


def test_a_new_code_is_never_shown_as_the_old_picture(scene: Scene, student: int) -> None:
    seen: set[str] = set()
    for payload in (PAYLOAD, f"{PAYLOAD}-new"):
        season.give_code(scene, student, payload)
        with scene.office.work(student) as work:
            code = codes.of(work, student)
            assert code is not None
            assert codes.picture(work, code) is None
        scene.direct.run_all(scene.office)
        with scene.office.work(student) as work:
            code = codes.of(work, student)
            assert code is not None
            blob = codes.picture(work, code)
            assert blob is not None
            seen.add(blob.sha256)
    assert len(seen) == 2


def test_the_picture_goes_after_half_an_hour_and_is_drawn_anew(scene: Scene, student: int) -> None:
    season.give_code(scene, student, PAYLOAD)
    with scene.office.work(student) as work:
        code = codes.of(work, student)
        assert code is not None
        codes.picture(work, code)
    scene.direct.run_all(scene.office)
    scene.clock.set(scene.clock.now() + timedelta(minutes=31))
    with scene.office.work(student) as work:
        code = codes.of(work, student)
        assert code is not None
        assert codes.picture(work, code) is None


@pytest.mark.parametrize("answer", [(500, b""), (200, b"no json"), (200, b"{}"), (401, b"{}")])
def test_a_provider_that_is_down_or_strange_gives_no_code_and_leaks_none(
    scene: Scene, student: int, peer: CodesPeer, answer: tuple[int, bytes]
) -> None:
    peer.answer = answer
    scene.office.codes = HttpCodes(peer.url, peer.key)
    assert asked(scene, student) == "unreachable"
    with scene.office.read(student) as work:
        assert codes.of(work, student) is None


def test_what_a_provider_says_is_in_no_error(peer: CodesPeer) -> None:
    peer.answer = (200, f'{{"payload": ["{PAYLOAD}"]}}'.encode())
    with pytest.raises(CodesUnreachable) as error:
        HttpCodes(peer.url, peer.key).fetch("20210001")
    assert PAYLOAD not in str(error.value) + repr(error.value.__cause__)
    good = CodesPeer(codes={"1": {"payload": PAYLOAD}})
    assert PAYLOAD not in repr(HttpCodes(good.url, good.key).fetch("1"))
    good.close()


def test_none_yet_and_withdrawn_are_both_none_and_asked_again_only_after_a_while(
    scene: Scene, student: int, peer: CodesPeer
) -> None:
    scene.office.codes = HttpCodes(peer.url, peer.key)
    peer.withdrawn.add("20210001")
    assert asked(scene, student) == "none"
    peer.withdrawn.clear()
    assert asked(scene, student) == "none"
    assert peer.asked == ["20210001"]
    scene.clock.set(scene.clock.now() + codes.ASK_AGAIN)
    assert asked(scene, student) == "code"


def test_a_code_that_is_somebody_elses_is_not_taken(
    scene: Scene, student: int, peer: CodesPeer, tmp_path: Path
) -> None:
    season.give_code(scene, scene.student("20210002"), PAYLOAD)
    scene.office.codes = HttpCodes(peer.url, peer.key)
    assert asked(scene, student) == "unreachable"
    table = tmp_path / "codes.csv"
    table.write_text(f"届,学号,图像采集码\n2026,20210001,{PAYLOAD}\n", encoding="utf-8")
    with scene.office.work() as work:
        report = import_file(
            work.session, SEALER, "demo", None, table, all_or_nothing=False, now=work.now
        )
    assert [problem.code for problem in report.problems] == ["code_of_another"]
    assert PAYLOAD not in repr(report.problems)


def test_a_code_whose_time_is_over_is_none(scene: Scene, student: int) -> None:
    season.give_code(scene, student, PAYLOAD)
    with scene.office.work() as work:
        code = codes.of(work, student)
        assert code is not None
        code.valid_until = date(2026, 3, 1)
    with scene.office.read(student) as work:
        assert codes.of(work, student) is None
        assert work.session.query(Blob).count() == 0


def test_the_same_code_in_the_next_season_is_still_ones_own(
    scene: Scene, student: int, peer: CodesPeer
) -> None:
    season.give_code(scene, student, PAYLOAD)
    with scene.office.work() as work:
        key = drafting.open_draft(work.session, "demo", "2027", now=work.now, actor=None)
        work.session.add(
            PhotoSlot(
                institution_id="demo",
                schedule_id=key,
                unit_id=scene.physics,
                day=date(2026, 4, 1),
                begins=season.time(9, 0),
                place_zh="多功能厅",
            )
        )
        number = work.session.get_one(PhotoSchedule, key).number
    season.publish(scene, number, scene.staff("SA2", Role.STUDENT_AFFAIRS))
    scene.office.codes = HttpCodes(peer.url, peer.key)
    assert asked(scene, student) == "code"
    with scene.office.read(student) as work:
        code = codes.of(work, student)
        assert code is not None
        assert SEALER.open(code.payload_sealed) == PAYLOAD


def test_whoever_waits_for_a_provider_that_never_answers_is_told_and_does_not_wait_again(
    scene: Scene, student: int
) -> None:
    with scene.office.work(student) as work:
        codes.ask(work, student)
    scene.direct.waiting.clear()
    scene.clock.set(scene.clock.now() + codes.ASK_AGAIN)
    giving_up.give_up(scene.office, "fetch_photo_code", {"person": student})
    with scene.office.work(student) as work:
        request = codes.ask(work, student)
        assert (request.answer, request.answered_at) == ("unreachable", work.now)
