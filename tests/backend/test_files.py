"""Files come and go beside the database, and no crash leaves one behind or loses one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from backend import blobs, issuing, previews, tasks, transcripts
from backend.blobs import NewFile, Swept
from backend.files import written
from backend.models import Blob, Credential
from tests.backend.scene import Scene

FILE = NewFile(b"bytes", None, "a.pdf", "application/pdf")
HOUR = timedelta(hours=1)
LATER = timedelta(days=60)


class PowerCut(BaseException):
    """Nothing catches it, as nothing catches the real one."""


def cut(*_: object, **__: object) -> None:
    raise PowerCut


def files(scene: Scene) -> set[str]:
    folder = scene.folder / "blobs"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def rows(scene: Scene) -> dict[str, Blob]:
    with scene.office.read() as work:
        return {blob.key: blob for blob in work.session.scalars(select(Blob))}


def paid(scene: Scene) -> str:
    number = scene.file(scene.graduate())
    scene.direct.run_all(scene.office)
    scene.confirm(number)
    assert scene.application(number).state == "paid"
    return number


@pytest.fixture
def watched(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes what is asked of the store, and fails when a transaction waits for it."""
    asked: list[str] = []
    depth = 0
    database = scene.office.database

    def counted(opened: Any) -> Any:
        @contextmanager
        def run() -> Iterator[Any]:
            nonlocal depth
            with opened() as session:
                depth += 1
                try:
                    yield session
                finally:
                    depth -= 1

        return run

    def outside(name: str, action: Any) -> Any:
        def run(*args: Any) -> Any:
            assert depth == 0, f"a transaction waits for {name}"
            asked.append(name)
            return action(*args)

        return run

    monkeypatch.setattr(database, "write", counted(database.write))
    monkeypatch.setattr(database, "read", counted(database.read))
    for name in ("put", "delete"):
        monkeypatch.setattr(scene.blobs, name, outside(name, getattr(scene.blobs, name)))
    return asked


def test_nobody_waits_for_the_store(scene: Scene, watched: list[str]) -> None:
    number = paid(scene)
    with scene.office.work() as work:
        previews.pages(work, transcripts.request_of(work, scene.application(number)).snapshot)
    scene.direct.run_all(scene.office)
    issuing.issue_transcript(scene.office, number)
    assert watched == ["put", "put"]
    scene.pass_time(LATER)
    tasks.housekeeping(scene.office)
    assert "delete" in watched


def test_a_crash_before_the_bytes_are_written_leaves_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = paid(scene)
    before = files(scene)
    with monkeypatch.context() as patch:
        patch.setattr(scene.blobs, "put", cut)
        with pytest.raises(PowerCut):
            issuing.issue_transcript(scene.office, number)
    assert scene.application(number).state == "paid"
    issuing.issue_transcript(scene.office, number)
    assert_issued_once(scene, number)
    scene.pass_time(HOUR)
    assert len(tasks.sweep_files(scene.office)) == 1
    assert_issued_once(scene, number)
    assert len(files(scene) - before) == 1


def test_a_crash_between_the_bytes_and_the_record_leaves_a_file_that_is_swept(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = paid(scene)
    before = files(scene)
    with monkeypatch.context() as patch:
        patch.setattr(blobs, "keep", cut)
        with pytest.raises(PowerCut):
            issuing.issue_transcript(scene.office, number)
    (orphan,) = files(scene) - before
    assert scene.application(number).state == "paid"
    issuing.issue_transcript(scene.office, number)
    assert tasks.sweep_files(scene.office) == []  # its hour is not over
    scene.pass_time(HOUR)
    assert tasks.sweep_files(scene.office) == [rows(scene)[orphan].id]
    assert orphan not in files(scene)
    assert_issued_once(scene, number)


def assert_issued_once(scene: Scene, number: str) -> None:
    assert scene.application(number).state == "issued"
    with scene.office.read() as work:
        (credential,) = work.session.scalars(select(Credential))
        blob = work.session.get_one(Blob, credential.blob_id)
    assert blob.deleted_at is None
    assert blob.expires_at == credential.download_until
    assert credential.code.encode() in scene.blobs.get(blob.key)


def kept(scene: Scene, data: bytes = FILE.data, lasting: timedelta = HOUR * 2) -> Blob:
    (blob_id,) = written(scene.office, [replace(FILE, data=data)])
    with scene.office.work() as work:
        return blobs.keep(work, blob_id, expires_at=work.now + lasting)


def test_a_crash_before_the_bytes_are_deleted_is_made_up_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = kept(scene)
    scene.pass_time(HOUR * 2)
    with monkeypatch.context() as patch:
        patch.setattr(scene.blobs, "delete", cut)
        with pytest.raises(PowerCut):
            tasks.sweep_files(scene.office)
    row = rows(scene)[blob.key]
    assert row.deleted_at is not None  # no link gives it out any more
    assert row.erased_at is None
    assert blob.key in files(scene)
    assert tasks.sweep_files(scene.office) == [blob.id]
    assert blob.key not in files(scene)
    assert tasks.sweep_files(scene.office) == []


def test_a_crash_after_the_bytes_are_deleted_is_made_up_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = kept(scene)
    scene.pass_time(HOUR * 2)
    with monkeypatch.context() as patch:
        patch.setattr(blobs, "note_erased", cut)
        with pytest.raises(PowerCut):
            tasks.sweep_files(scene.office)
    assert blob.key not in files(scene)
    assert tasks.sweep_files(scene.office) == [blob.id]
    assert rows(scene)[blob.key].erased_at is not None


def test_one_file_that_cannot_be_deleted_does_not_keep_the_others(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = kept(scene), kept(scene, b"other bytes")
    scene.pass_time(HOUR * 2)
    delete = scene.blobs.delete

    def failing(key: str) -> None:
        if key == first.key:
            raise OSError
        delete(key)

    with monkeypatch.context() as patch:
        patch.setattr(scene.blobs, "delete", failing)
        assert tasks.sweep_files(scene.office) == [second.id]
    assert tasks.sweep_files(scene.office) == [first.id]


def test_a_file_that_was_swept_is_not_given_out_as_if_it_were_there(scene: Scene) -> None:
    (blob_id,) = written(scene.office, [FILE])
    scene.pass_time(HOUR)
    tasks.sweep_files(scene.office)
    with pytest.raises(Swept), scene.office.work() as work:
        blobs.keep(work, blob_id, expires_at=None)


def test_file_that_two_have_is_stored_once_and_goes_with_the_last(scene: Scene) -> None:
    first, second = kept(scene), kept(scene, lasting=HOUR * 4)
    assert first.id != second.id
    assert first.sha256 in first.key
    assert files(scene) == {first.key} == {second.key}
    scene.pass_time(HOUR * 2)
    assert tasks.sweep_files(scene.office) == [first.id]
    assert scene.blobs.get(second.key) == FILE.data
    scene.pass_time(HOUR * 2)
    assert tasks.sweep_files(scene.office) == [second.id]
    assert files(scene) == set()


def test_file_from_before_is_still_read_and_shared(scene: Scene) -> None:
    blob = kept(scene)
    old = "demo/ab/Xy_random-name_of_old"
    scene.blobs.put(old, FILE.data)
    with scene.office.work() as work:
        work.session.get_one(Blob, blob.id).key = old
    assert kept(scene, lasting=HOUR * 4).key == old
    scene.pass_time(HOUR * 2)
    tasks.sweep_files(scene.office)
    assert scene.blobs.get(old) == FILE.data


def test_same_file_sent_again_while_the_old_one_is_erased_is_not_lost(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(scene)
    scene.pass_time(HOUR * 2)
    delete, again = scene.blobs.delete, []

    def sent_meanwhile(key: str) -> None:
        again.append(kept(scene))
        delete(key)

    with monkeypatch.context() as patch:
        patch.setattr(scene.blobs, "delete", sent_meanwhile)
        tasks.sweep_files(scene.office)
    (blob,) = again
    assert scene.blobs.get(blob.key) == FILE.data
    tasks.sweep_files(scene.office)
    assert scene.blobs.get(blob.key) == FILE.data


def test_no_file_is_lost_however_many_send_it_while_others_are_erased(scene: Scene) -> None:
    rounds, senders = 12, 3
    together = Barrier(senders + 1)

    def send() -> None:
        for _ in range(rounds):
            together.wait(60)
            kept(scene)

    def sweep() -> None:
        for _ in range(rounds):
            scene.pass_time(HOUR)
            together.wait(60)
            tasks.sweep_files(scene.office)

    with ThreadPoolExecutor(senders + 1) as pool:
        for done in [pool.submit(sweep), *(pool.submit(send) for _ in range(senders))]:
            done.result()
    with scene.office.read() as work:
        every = work.session.scalars(select(Blob)).all()
    there = {blob.key for blob in every if blob.deleted_at is None}
    assert len(every) == rounds * senders
    assert 0 < len(there) <= senders
    assert all(scene.blobs.get(key) == FILE.data for key in there)


def test_files_without_an_end_and_those_of_others_are_left(scene: Scene) -> None:
    (blob_id,) = written(scene.office, [FILE])
    with scene.office.work() as work:
        blobs.keep(work, blob_id, expires_at=None)
    scene.pass_time(LATER)
    assert tasks.sweep_files(scene.office) == []
    assert len(files(scene)) == 1
