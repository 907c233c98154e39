"""Power cuts: what a killed process had begun, the next one finishes, once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dbos import DBOSClient
from sqlalchemy import select

from backend.database import Database
from backend.jobs import DurableJobs, JobRunner, queue_of
from backend.models import Blob, Credential
from tests.backend.scene import Scene

ROOT = Path(__file__).parents[2]
PATIENCE = 90  # seconds until a test that hangs is given up


@contextmanager
def worker(url: str, folder: Path, how: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.backend.worker", url, str(folder), how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.1)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    jobs = DurableJobs(database)
    scene = Scene(database, tmp_path, jobs=jobs)
    runner = JobRunner(scene.office, jobs, version="test")
    runner.start()  # its first start makes the tables of the queue
    runner.stop()
    yield scene
    jobs.engine.dispose()


def all_done(scene: Scene) -> bool:
    client = DBOSClient(system_database_engine=scene.office.database.engine)
    return not client.list_workflows(status=["ENQUEUED", "PENDING"], queue_name=queue_of("demo"))


def begun(scene: Scene) -> list[str]:
    file = scene.folder / "begun"
    return file.read_text().split() if file.exists() else []


def paid(scene: Scene) -> str:
    number = scene.file(scene.graduate())
    scene.confirm(number)
    assert scene.application(number).state == "paid"
    return number


def assert_issued_once(scene: Scene, number: str) -> None:
    assert [entry.event for entry in scene.audit(number)].count("issue") == 1
    with scene.office.read() as work:
        (credential,) = work.session.scalars(select(Credential))
        (blob,) = work.session.scalars(select(Blob))
    assert credential.blob_id == blob.id
    assert credential.code.encode() in scene.blobs.get(blob.key)


def test_a_transcript_begun_when_the_power_failed_is_made_after_the_restart(
    scene: Scene, database_url: str
) -> None:
    number = paid(scene)
    with worker(database_url, scene.folder, "hang") as first:
        wait_for(lambda: begun(scene) == ["hang"])
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=PATIENCE)
    assert scene.application(number).state == "paid"
    with worker(database_url, scene.folder, "work"):
        wait_for(lambda: scene.application(number).state == "issued")
    assert begun(scene) == ["hang", "work"]
    assert_issued_once(scene, number)


@pytest.mark.parametrize("how", ["hang_stamped", "die_kept"])
def test_a_transcript_that_was_stamped_when_the_power_failed_is_issued_once(
    scene: Scene, database_url: str, how: str
) -> None:
    number = paid(scene)
    with worker(database_url, scene.folder, how) as first:
        if how == "hang_stamped":
            wait_for((scene.folder / "stamped").exists)
            first.send_signal(signal.SIGKILL)
        first.wait(timeout=PATIENCE)
    assert scene.application(number).state == "paid"
    with worker(database_url, scene.folder, "work"):
        wait_for(lambda: scene.application(number).state == "issued")
    assert begun(scene) == [how, "work"]
    assert [entry.event for entry in scene.audit(number)].count("issue") == 1
    with scene.office.read() as work:
        (credential,) = work.session.scalars(select(Credential))
        blob = work.session.get_one(Blob, credential.blob_id)
    assert credential.code.encode() in scene.blobs.get(blob.key)


def test_a_transcript_made_just_before_the_power_failed_is_not_made_twice(
    scene: Scene, database_url: str
) -> None:
    number = paid(scene)
    with worker(database_url, scene.folder, "die_when_done") as first:
        assert first.wait(timeout=PATIENCE) == -signal.SIGKILL
    assert scene.application(number).state == "issued"
    later = scene.file(scene.graduate("G2"))
    scene.confirm(later)
    with worker(database_url, scene.folder, "work"):
        wait_for(lambda: scene.application(later).state == "issued")
        wait_for(lambda: all_done(scene))
    assert begun(scene) == ["die_when_done", "work"]
    assert [entry.event for entry in scene.audit(number)].count("issue") == 1
    with scene.office.read() as work:
        assert len(work.session.scalars(select(Credential)).all()) == 2


def test_a_transcript_that_a_stop_has_interrupted_is_made_after_the_restart(
    scene: Scene, database_url: str
) -> None:
    number = paid(scene)
    with worker(database_url, scene.folder, "hang") as first:
        wait_for(lambda: begun(scene) == ["hang"])
        assert first.stdin is not None
        first.stdin.close()
        wait_for((scene.folder / "stopped").exists)
    with worker(database_url, scene.folder, "work"):
        wait_for(lambda: scene.application(number).state == "issued")
    assert_issued_once(scene, number)


def test_what_was_asked_for_while_nobody_worked_is_done_at_the_next_start(
    scene: Scene, database_url: str
) -> None:
    number = paid(scene)
    with worker(database_url, scene.folder, "work"):
        wait_for(lambda: scene.application(number).state == "issued")
    assert_issued_once(scene, number)
