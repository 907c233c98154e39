"""A thousand pictures: each is checked once, whatever happens in between, and kept as it came."""

import signal
import subprocess
import sys
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, func, insert, select

from backend import private_files
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import (
    Blob,
    GraduationPhoto,
    Person,
    PhotoBatchFile,
    PhotoVerdict,
    Student,
)
from backend.models import Role as RoleRow
from backend.photos import batch_intake, batch_running, batch_steering
from backend.photos.archive import Archive
from backend.photos.batch_steering import State
from backend.policy import store
from tests.backend.scene import SEALER, Scene
from tests.photos import making, season

ROOT = Path(__file__).parents[2]
GOOD = making.jpeg()
ID_NUMBER = "110101199003070011"


def run(scene: Scene) -> None:
    scene.direct.run_all(scene.office)


def results(scene: Scene, number: str) -> dict[str, set[str]]:
    """The codes of what failed, by file."""
    with scene.office.read() as work:
        batch = batch_steering.of_number(work, number)
        files = work.session.scalars(
            select(PhotoBatchFile).where(PhotoBatchFile.batch_id == batch.id)
        ).all()
        rows = work.session.execute(
            select(PhotoVerdict.place, PhotoVerdict.code).where(
                PhotoVerdict.batch_id == batch.id, PhotoVerdict.severity == "fail"
            )
        ).all()
    return {file.name: {code for place, code in rows if place == file.place} for file in files}


def test_what_passes_is_kept_byte_for_byte_and_every_failure_is_named(scene: Scene) -> None:
    student, other = scene.student("20210001"), scene.student("20210002", unit=scene.maths)
    officer = scene.officer()
    number = season.begin(
        scene,
        officer,
        {
            "a/20210001.jpg": GOOD,
            "a/20210002.jpg": GOOD,
            "a/林小满.jpg": GOOD,
            "a/20210009.jpg": b"no picture",
        },
    )
    run(scene)
    done = season.batch(scene, number)
    assert (done.state, done.passed, done.failed, done.cursor) == (State.DONE, 1, 3, 4)
    assert results(scene, number) == {
        "20210001.jpg": set(),
        "20210002.jpg": {"unit"},
        "林小满.jpg": {"name_other"},
        "20210009.jpg": {"format", "too_small", "name_nobody"},
    }
    with scene.office.read() as work:
        (photo,) = work.session.scalars(select(GraduationPhoto))
        blob = work.session.get_one(Blob, photo.blob_id)
        report = work.session.get_one(Blob, str(done.report_id))
    assert (photo.person_id, photo.enrolment_year, blob.expires_at) == (student, 2021, None)
    assert scene.blobs.get(blob.key) == GOOD
    assert photo.sha256 == sha256(GOOD).hexdigest()
    assert other != student
    sheet = load_workbook(BytesIO(scene.blobs.get(report.key))).active
    assert sheet is not None
    told = {str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert told == {"20210001.jpg", "20210002.jpg", "林小满.jpg", "20210009.jpg"}


def test_an_id_number_in_a_name_finds_its_student_and_is_shown_to_nobody(scene: Scene) -> None:
    student = scene.student("20210001")
    with scene.office.work() as work:
        person = work.session.get_one(Person, student)
        person.id_number_index = SEALER.index(ID_NUMBER)
    officer = scene.officer()
    files = {f"{ID_NUMBER}.jpg": GOOD}
    without, wrong, right = (
        season.begin(scene, officer, files, year) for year in (None, 2020, 2021)
    )
    run(scene)
    masked = "1101************11.jpg"
    assert results(scene, without) == {masked: {"year_needed"}}
    assert results(scene, wrong) == {masked: {"name_nobody"}}
    assert results(scene, right) == {masked: set()}


def test_a_second_picture_of_somebody_fails_in_the_same_batch_and_replaces_in_the_next(
    scene: Scene,
) -> None:
    scene.student("20210001")
    officer = scene.officer()
    later = making.jpeg(making.portrait(seed=9))
    first = season.begin(scene, officer, {"x/20210001.jpg": GOOD, "y/20210001.jpg": later})
    run(scene)
    assert [len(codes) for codes in results(scene, first).values()] in ([0], [1])
    assert season.batch(scene, first).failed == 1
    season.begin(scene, officer, {"20210001.jpg": later})
    run(scene)
    with scene.office.read() as work:
        photos = work.session.scalars(select(GraduationPhoto).order_by(GraduationPhoto.id)).all()
    assert [photo.replaced_at is None for photo in photos] == [False, True]
    assert photos[1].sha256 == sha256(later).hexdigest()
    with scene.office.read() as work:
        until = [work.session.get_one(Blob, photo.blob_id).expires_at for photo in photos]
        kept = timedelta(days=store.photo(work).replaced_kept_days)
        assert until == [work.now + kept, None]


def test_a_worker_killed_in_the_middle_of_a_thousand_repeats_and_forgets_nobody(
    scene: Scene,
) -> None:
    numbers = [f"2021{serial:06}" for serial in range(1000)]
    enrol(scene, numbers)
    officer = scene.officer()
    number = season.begin(scene, officer, {f"{one}.jpg": GOOD for one in numbers})
    command = [sys.executable, "-m", "tests.photos.worker"]
    url = scene.office.database.url.render_as_string(hide_password=False)
    dead = subprocess.run(
        [*command, url, str(scene.folder), number, "350"], cwd=ROOT, check=False, timeout=120
    )
    assert dead.returncode == -signal.SIGKILL
    left = season.batch(scene, number)
    assert (left.state, left.cursor, left.passed) == (State.RUNNING, 300, 300)

    scene.direct.waiting.clear()  # the job has gone with its process
    scene.clock.set(scene.clock.now() + timedelta(days=400))
    with scene.office.work() as work:
        assert batch_running.ask_again(work) == 1
    run(scene)
    done = season.batch(scene, number)
    assert (done.state, done.cursor, done.passed, done.failed) == (State.DONE, 1000, 1000, 0)
    with scene.office.read() as work:
        count = select(func.count()).select_from(GraduationPhoto)
        people = select(func.count(GraduationPhoto.person_id.distinct()))
        assert (work.session.scalar(count), work.session.scalar(people)) == (1000, 1000)


def enrol(scene: Scene, numbers: list[str]) -> None:
    with scene.office.work() as work:
        people = [
            {
                "institution_id": "demo",
                "number": one,
                "name": "某人",
                "name_en": "",
                "language": "zh",
            }
            for one in numbers
        ]
        keys = work.session.scalars(insert(Person).returning(Person.id), people).all()
        work.session.execute(
            insert(Student),
            [
                {
                    "person_id": key,
                    "institution_id": "demo",
                    "unit_id": scene.physics,
                    "level": "master",
                    "kind": "academic",
                    "major_zh": "物理",
                    "major_en": "Physics",
                    "enrolled_on": date(2021, 9, 1),
                    "graduated_on": None,
                    "central_teaching": True,
                }
                for key in keys
            ],
        )


def test_what_is_stopped_stands_still_and_goes_on_where_it_was(scene: Scene) -> None:
    scene.student("20210001")
    officer = scene.officer()
    number = season.begin(scene, officer, {"20210001.jpg": GOOD})
    with scene.office.work(officer) as work:
        batch_steering.stop(work, number)
    run(scene)
    assert season.batch(scene, number).cursor == 0
    with scene.office.work(officer) as work:
        batch_steering.resume(work, number)
    run(scene)
    assert season.batch(scene, number).state == State.DONE
    for refused in (batch_steering.stop, batch_steering.resume):
        with scene.office.work(officer) as work, pytest.raises(AlreadyHandled):
            refused(work, number)


def test_nobody_sends_pictures_of_another_unit_or_steers_what_others_have_sent(
    scene: Scene,
) -> None:
    officer, other = scene.officer(), scene.officer("O2", scene.maths)
    student = scene.student("20210001")
    number = season.begin(scene, officer, {"20210001.jpg": GOOD})
    for stranger in (other, student):
        with scene.office.work(stranger) as work, pytest.raises(NotAllowed):
            batch_steering.stop(work, number)
    archive = batch_intake.put(scene.office, BytesIO(making.archive({"a.jpg": GOOD})), "a.zip")
    for who, unit in ((officer, scene.maths), (student, scene.physics), (student, None)):
        with scene.office.work(who) as work, pytest.raises(NotAllowed):
            batch_intake.begin(work, archive, unit, None, season.consent(who))


def dismiss(scene: Scene, officer: int) -> None:
    with scene.office.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == officer))


def test_whoever_was_dismissed_steers_nothing_and_has_nothing_checked_any_more(
    scene: Scene,
) -> None:
    scene.student("20210001")
    officer = scene.officer()
    number = season.begin(scene, officer, {"20210001.jpg": GOOD})
    dismiss(scene, officer)
    for refused in (batch_steering.find, batch_steering.stop, batch_steering.resume):
        with scene.office.work(officer) as work, pytest.raises(NotAllowed):
            refused(work, number)
    with scene.office.read(officer) as work:
        assert batch_steering.latest(work) == []
    run(scene)
    left = season.batch(scene, number)
    assert (left.state, left.passed) == (State.FAILED, 0)
    with scene.office.read() as work:
        assert work.session.scalar(select(func.count()).select_from(GraduationPhoto)) == 0


@pytest.mark.parametrize("successor", ["student affairs", "an officer of the unit", "a command"])
def test_whoever_has_the_role_goes_on_with_what_a_dismissed_officer_has_sent(
    scene: Scene, successor: str
) -> None:
    scene.student("20210001")
    gone = scene.officer()
    number = season.begin(scene, gone, {"20210001.jpg": GOOD})
    dismiss(scene, gone)
    run(scene)
    assert season.batch(scene, number).state == State.FAILED
    who = {
        "student affairs": lambda: season.affairs(scene),
        "an officer of the unit": lambda: scene.officer("O3"),
        "a command": lambda: None,
    }[successor]()
    with scene.office.work(who) as work:
        if who is None:
            batch_steering.take_up(work, batch_steering.of_number(work, number))
        else:
            assert [one.number for one in batch_steering.latest(work)] == [number]
            batch_steering.resume(work, number)
    if who is None:
        batch_running.run(scene.office, number)
    run(scene)
    done = season.batch(scene, number)
    assert (done.state, done.passed, done.made_by) == (State.DONE, 1, who)
    with scene.office.read() as work:
        assert work.session.get_one(Blob, done.report_id).owner_id == who


def test_a_report_is_shown_only_while_its_reader_is_in_charge_of_the_unit(scene: Scene) -> None:
    scene.student("20210001")
    officer = scene.officer()
    number = season.begin(scene, officer, {"20210001.jpg": GOOD})
    run(scene)
    report = str(season.batch(scene, number).report_id)
    seen = []
    for _ in range(2):
        with scene.office.read() as work:
            blob = work.session.get_one(Blob, report)
            seen.append(private_files.may_see(work, officer, blob))
        dismiss(scene, officer)
    assert seen == [True, False]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", GOOD, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_ends_clearly_and_is_not_tried_for_ever(
    scene: Scene, data: bytes
) -> None:
    officer = scene.officer()
    archive = batch_intake.put(scene.office, BytesIO(data), "坏.zip")
    with scene.office.work(officer) as work:
        number = batch_intake.begin(work, archive, None, None, season.consent(officer)).number
    run(scene)
    assert season.batch(scene, number).state == State.FAILED
    why = {event.facts["code"] for event in scene.events if event.name == "photo_batch.give_up"}
    assert why == ({"no_photos"} if data.startswith(b"PK\x05\x06") else {"bad_archive"})


def test_an_archive_that_swells_is_not_unpacked() -> None:
    import zipfile  # noqa: PLC0415

    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("big.jpg", bytes(3_000_000))
    archive = Archive(into)
    assert archive.read(archive.pictures[0]) is None
    many = BytesIO()
    with zipfile.ZipFile(many, "w") as packed:
        for place in range(20_001):
            packed.writestr(f"{place}", b"")
    with pytest.raises(Refused, match="too_many_photos"):
        Archive(many)


def test_an_archive_of_more_than_half_a_gigabyte_is_refused_before_it_is_stored(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_intake, "MOST_ARCHIVE", 1000)
    with pytest.raises(Refused, match="archive_too_large") as refused:
        batch_intake.put(scene.office, BytesIO(GOOD), "大.zip")
    assert refused.value.code == "archive_too_large"


def test_names_of_a_chinese_windows_are_read() -> None:
    raw = making.archive({"PLACEHOLD.jpg": GOOD})
    gbk = "林小满一.jpg".encode("gb18030")
    archive = Archive(BytesIO(raw.replace(b"PLACEHOLD.jpg", gbk.ljust(13, b"x")[:13])))
    assert archive.pictures[0].name.startswith("林小满一")
