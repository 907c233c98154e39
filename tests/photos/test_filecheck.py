"""A picture that would be sent back is found here, with the rule and what was measured."""

from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from backend.photos import measures, naming
from backend.photos.filecheck import Severity, Verdict, Whose, check, passes
from backend.photos.looking import measured_in
from backend.photos.naming import NameKind, Owner
from backend.photos.verdict_words import MENDING, TITLES
from backend.pictures import reader
from backend.pictures.seen import Box
from backend.pictures.studio import Apart
from backend.policy.first_photo import PHOTO
from backend.policy.photo import PhotoPolicy
from tests.backend.scene import Scene
from tests.photos import making

POLICY = PhotoPolicy.model_validate(PHOTO)
OWNER = Owner(1, "202318001", "林小满", 7, 2023)
GOOD = making.jpeg()


def found(data: bytes, name: str = "202318001.jpg", whose: Whose | None = None) -> list[Verdict]:
    return check(measures.measure(data), naming.read(name), whose or Whose(OWNER), POLICY)


def of(verdicts: list[Verdict], severity: Severity) -> dict[str, str]:
    return {one.code: one.measured for one in verdicts if one.severity is severity}


def padded(size: int) -> bytes:
    """A good picture of just this many bytes: a comment is added, no pixel changes."""
    small = making.jpeg(quality=60)
    room = size - len(small) - 4
    assert 0 <= room <= 65_533
    return small[:2] + b"\xff\xfe" + (room + 2).to_bytes(2, "big") + bytes(room) + small[2:]


def test_a_picture_as_the_rules_want_it_passes_and_says_what_was_not_looked_for() -> None:
    verdicts = found(GOOD)
    assert passes(verdicts)
    assert not of(verdicts, Severity.FAIL)
    assert {one.code for one in verdicts} >= {"format", "pixels", "dpi", "colour", "size", "blue"}
    assert {one.rule for one in verdicts} == {"R14", "R15"}


def test_checking_reads_and_changes_nothing() -> None:
    before = sha256(GOOD).hexdigest()
    measured = measures.measure(GOOD)
    assert measured.sha256 == before == sha256(GOOD).hexdigest()


BAD: dict[str, tuple[bytes, str, str]] = {
    "a PNG called JPEG": (making.png(), "format", "PNG"),
    "text": ("不是照片".encode(), "format", "?"),
    "nothing at all": (b"", "format", "?"),
    "cut short": (GOOD[: len(GOOD) // 2], "damaged", "JPEG"),
    "turned": (making.jpeg(making.portrait(size=(640, 480))), "pixels", "640×480"),
    "one pixel too wide": (making.jpeg(making.portrait(size=(481, 640))), "pixels", "481×640"),
    "299 dpi": (making.jpeg(dpi=(299, 299)), "dpi", "299"),
    "one direction of 72 dpi": (making.jpeg(dpi=(300, 72)), "dpi", "72"),
    "no dpi": (making.jpeg(dpi=None), "no_dpi", ""),
    "grey": (making.jpeg(mode="L"), "colour", "8 L"),
    "for printing": (making.jpeg(mode="CMYK"), "colour", "32 CMYK"),
    "17,999 bytes": (padded(17_999), "too_small", "17,999"),
    "40,961 bytes": (padded(40_961), "too_large", "40,961"),
    "white background": (making.jpeg(making.portrait((250, 250, 250))), "blue", "0%"),
    "red background": (making.jpeg(making.portrait((200, 40, 40))), "blue", "0%"),
}


@pytest.mark.parametrize(("data", "code", "measured"), BAD.values(), ids=BAD)
def test_each_way_of_being_wrong_is_named_with_what_was_measured(
    data: bytes, code: str, measured: str
) -> None:
    verdicts = found(data)
    assert of(verdicts, Severity.FAIL).get(code) == measured
    assert not passes(verdicts)


@pytest.mark.parametrize("size", [18_000, 18_431, 40_001, 40_960])
def test_a_size_that_one_reading_of_18_to_40_k_allows_passes_with_a_remark(size: int) -> None:
    verdicts = found(padded(size))
    assert passes(verdicts)
    assert of(verdicts, Severity.WARN)["size_close"] == f"{size:,}"


@pytest.mark.parametrize("size", [18_432, 40_000])
def test_a_size_that_both_readings_allow_passes_without_one(size: int) -> None:
    assert "size_close" not in of(found(padded(size)), Severity.WARN)


def test_what_only_hints_at_retouching_or_a_messenger_warns_and_refuses_nothing() -> None:
    verdicts = found(making.jpeg(software="Adobe Photoshop 25.0"))
    assert passes(verdicts)
    assert of(verdicts, Severity.WARN)["retouch"] == "Photoshop"
    recompressed = of(found(making.jpeg(quality=50)), Severity.WARN)
    assert recompressed["recompressed"] == "50"


def test_dots_in_a_centimetre_are_understood() -> None:
    data = making.jpeg(dpi=(118, 118))
    place = data.index(b"JFIF\x00") + 7
    metric = data[:place] + b"\x02" + data[place + 1 :]
    assert measures.measure(metric).dpi == pytest.approx(299.7, abs=0.1)
    assert "dpi" not in of(found(metric), Severity.FAIL)  # 300, rounded as it was written


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("林小满.jpg", "name_other"),
        ("202318001林小满.jpg", "name_other"),
        ("微信图片_20260302.jpg", "name_platform"),
        ("IMG_2034.jpg", "name_platform"),
        ("photo.jpg", "name_platform"),
        ("110101199003070012.jpg", "name_id"),
        ("000000199003070017.jpg", "name_id"),
        ("999999999.jpg", "name_nobody"),
    ],
)
def test_a_name_that_is_not_just_a_number_of_the_student_fails(name: str, code: str) -> None:
    verdicts = found(GOOD, name, Whose(None))
    assert code in of(verdicts, Severity.FAIL)


def test_a_file_named_by_id_number_needs_the_enrolment_year() -> None:
    name = "110101199003070011.jpg"
    assert "year_needed" in of(found(GOOD, name, Whose(None)), Severity.FAIL)
    assert passes(found(GOOD, name, Whose(OWNER, 2023)))


def test_no_verdict_repeats_an_id_number() -> None:
    for name in ("110101199003070011.jpg", "张三110101199003070011.jpg", "110101199003070012.jpg"):
        told = repr(found(GOOD, name, Whose(None)))
        assert "19900307" not in told, name


def test_whoever_is_of_another_year_or_unit_or_comes_twice_does_not_pass() -> None:
    assert "year" in of(found(GOOD, whose=Whose(OWNER, 2022)), Severity.FAIL)
    assert "unit" in of(found(GOOD, whose=Whose(OWNER, None, 8)), Severity.FAIL)
    twice = Whose(OWNER, twice="a.jpg")
    assert [one.limit for one in found(GOOD, whose=twice) if one.code == "twice"] == ["a.jpg"]


def test_where_nobody_can_look_for_faces_that_is_said_and_fails_nothing() -> None:
    verdicts = check(measures.measure(GOOD), naming.read("202318001.jpg"), Whose(OWNER), POLICY)
    assert "face" in of(verdicts, Severity.UNKNOWN)
    assert passes(verdicts)


@pytest.mark.skipif(not reader.installed(), reason="the extra ocr is not installed (make ocr)")
class TestWithFaces:
    """The real detector."""

    def test_a_face_from_the_front_is_found_and_its_size_and_place_are_right(self) -> None:
        seen = measures.measure(GOOD, finds_faces=True)
        assert seen.faces is not None
        assert len(seen.faces) == 1
        verdicts = check(seen, naming.read("202318001.jpg"), Whose(OWNER), POLICY)
        assert of(verdicts, Severity.OK).keys() >= {"face", "face_size", "face_place"}

    def test_a_picture_without_a_face_is_for_somebody_to_look_at(self) -> None:
        empty = making.jpeg(Image.new("RGB", making.SIZE, making.BLUE))
        seen = measures.measure(empty, finds_faces=True)
        verdicts = check(seen, naming.read("202318001.jpg"), Whose(OWNER), POLICY)
        assert of(verdicts, Severity.WARN)["face"] == "0"

    def test_the_studio_that_serves_looks_for_faces(self, scene: Scene) -> None:
        scene.office.studio = studio = Apart()
        try:
            assert len(measured_in(scene.office, GOOD).faces) == 1
        finally:
            studio.close()


def test_a_play_sees_the_same_whatever_is_installed(scene: Scene) -> None:
    assert measured_in(scene.office, GOOD).faces is None


@pytest.mark.parametrize(
    ("faces", "code"),
    [
        ((), "face"),
        ((Box(0, 0, 250, 250), Box(250, 0, 200, 200)), "face"),
        ((Box(190, 200, 100, 100),), "face_size"),
        ((Box(0, 190, 250, 250),), "face_place"),
    ],
)
def test_faces_that_are_not_as_on_an_id_photo_are_for_somebody_to_look_at(
    faces: tuple[Box, ...], code: str
) -> None:
    seen = replace(measures.measure(GOOD), faces=faces)
    verdicts = check(seen, naming.read("202318001.jpg"), Whose(OWNER), POLICY)
    assert code in of(verdicts, Severity.WARN)
    assert passes(verdicts)


def test_a_picture_that_would_fill_the_memory_is_not_decoded() -> None:
    into = BytesIO()
    Image.new("L", (9000, 9000)).save(into, "JPEG")
    measured = measures.measure(into.getvalue())
    assert (measured.width, measured.background) == (9000, ())


def test_every_verdict_has_a_name_and_every_failure_a_way_of_mending() -> None:
    named = {NameKind.OTHER, NameKind.PLATFORM, NameKind.BAD_ID_NUMBER}
    assert named
    codes = {one.code for data, _code, _measured in BAD.values() for one in found(data)}
    assert codes <= TITLES.keys()
    assert {code for _data, code, _measured in BAD.values()} <= MENDING.keys()
    assert set(MENDING) <= TITLES.keys()


@pytest.mark.parametrize(
    "slip", ["110101900307001", "11010119900307001", "1101011990030700112", "110101199003070011a"]
)
def test_an_id_number_with_a_slip_in_it_is_shown_only_where_it_is_a_students_number(
    slip: str,
) -> None:
    name = naming.read(f"{slip}.jpg")
    assert "0307" not in name.shown + repr(name) + repr(check_of(slip, None))
    assert name.of(OWNER).shown == f"{slip}.jpg"


def check_of(stem: str, owner: Owner | None) -> list[Verdict]:
    return found(GOOD, f"{stem}.jpg", Whose(owner))


def test_what_counts_as_compressed_again_is_what_student_affairs_have_published() -> None:
    data = making.jpeg(quality=60)
    lenient = POLICY.model_copy(
        update={"file": POLICY.file.model_copy(update={"least_quality": 50})}
    )
    for policy, warned in ((POLICY, True), (lenient, False)):
        verdicts = check(measures.measure(data), naming.read("202318001.jpg"), Whose(OWNER), policy)
        assert ("recompressed" in of(verdicts, Severity.WARN)) is warned
