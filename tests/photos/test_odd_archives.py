"""One odd entry, however it came about, costs nobody else's picture its check."""

import struct
import zipfile
from io import BytesIO

import pytest
from openpyxl import load_workbook

from backend.errors import Refused
from backend.models import Blob
from backend.photos import batch_intake
from backend.photos.archive import Archive
from backend.photos.batch_steering import State
from tests.backend.scene import Scene
from tests.photos import making, season

GOOD = making.jpeg()
LOCAL, NAMED = 30, len("20210001.jpg")  # bytes before an entry's name, and of its name


def checked(scene: Scene, data: bytes) -> str:
    officer = scene.officer()
    archive = batch_intake.put(scene.office, BytesIO(data), "毕业照.zip")
    with scene.office.work(officer) as work:
        number = batch_intake.begin(work, archive, None, None, season.consent(officer)).number
    scene.direct.run_all(scene.office)
    return number


def packed(scene: Scene, second: int = zipfile.ZIP_STORED) -> bytearray:
    scene.student("20210001")
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("20210001.jpg", GOOD)
        archive.writestr("20210002.jpg", GOOD, second)
    return bytearray(into.getvalue())


def told(scene: Scene, number: str) -> set[str]:
    batch = season.batch(scene, number)
    with scene.office.read() as work:
        report = work.session.get_one(Blob, str(batch.report_id))
    sheet = load_workbook(BytesIO(scene.blobs.get(report.key))).active
    assert sheet is not None
    return {str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_a_name_that_no_workbook_can_hold_is_in_the_report_all_the_same(scene: Scene) -> None:
    scene.student("20210001")
    number = checked(scene, making.archive({"20210001.jpg": GOOD, "a\x01b\x1f.jpg": GOOD}))
    done = season.batch(scene, number)
    assert (done.state, done.passed, done.failed) == (State.DONE, 1, 1)
    assert told(scene, number) == {"20210001.jpg", "ab.jpg"}


def test_a_damaged_entry_fails_alone_however_it_was_packed(scene: Scene) -> None:
    raw = packed(scene, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        at = archive.infolist()[1].header_offset + LOCAL + NAMED + 29
    raw[at : at + 200] = b"\xff" * 200
    done = season.batch(scene, checked(scene, bytes(raw)))
    assert (done.state, done.passed, done.failed) == (State.DONE, 1, 1)


def test_an_entry_that_is_said_to_lie_behind_the_end_fails_alone(scene: Scene) -> None:
    raw = packed(scene)
    struct.pack_into("<L", raw, raw.rfind(b"PK\x01\x02") + 42, len(raw) - 5)
    done = season.batch(scene, checked(scene, bytes(raw)))
    assert (done.state, done.passed, done.failed) == (State.DONE, 1, 1)


def test_an_archive_of_a_later_version_is_said_to_be_one_that_cannot_be_opened(
    scene: Scene,
) -> None:
    raw = packed(scene)
    raw[raw.rfind(b"PK\x01\x02") + 6] = 90
    assert season.batch(scene, checked(scene, bytes(raw))).state == State.FAILED
    why = {event.facts["code"] for event in scene.events if event.name == "photo_batch.give_up"}
    assert why == {"bad_archive"}


def test_a_list_of_entries_larger_than_it_says_is_not_read_into_memory() -> None:
    """ZIP64 has a second end record, and what is read is what that one says."""
    count, name = 1000, b"1"
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, *[0] * 6
    )
    listed = (entry + name) * count
    head = b"PK\x03\x04" + bytes(26)
    size = len(listed)
    real = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, len(head))
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(head) + size, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 100, len(head), 0)
    with pytest.raises(Refused, match="too_many_photos"):
        Archive(BytesIO(head + listed + real + where + end))
