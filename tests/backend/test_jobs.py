"""Jobs: caused by a transaction, run once it is committed, and announced when they cannot be done.

The same contract for the durable queue and for the one that scripts run by hand.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOSClient

from backend import jobs as job_queues
from backend import tasks
from backend.database import Database
from backend.jobs import DirectJobs, DurableJobs, JobRunner
from backend.office import Office
from tests.backend.scene import Scene

PATIENCE = 60  # seconds until a test that hangs is given up
OPEN = ["ENQUEUED", "PENDING", "DELAYED"]


class Queue:
    """A queue under test and the notes its jobs have left."""

    def __init__(self, scene: Scene, run: Callable[[], object]) -> None:
        self.scene = scene
        self.run = run
        self.notes: list[dict[str, Any]] = []
        self.failing = 0  # how many attempts fail from now on

    def note(self, office: Office, **payload: Any) -> None:
        assert office is self.scene.office
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the disk is full")
        self.notes.append(payload)

    def ask(self, key: str, **payload: Any) -> None:
        with self.scene.office.work() as work:
            work.enqueue("note", key, **payload)


@pytest.fixture(params=["direct", "durable"])
def queue(
    request: pytest.FixtureRequest,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Queue]:
    monkeypatch.setattr(job_queues, "ATTEMPTS", 2)  # one pause of a second
    if request.param == "direct":
        direct = DirectJobs()
        scene = Scene(database, tmp_path, jobs=direct)
        queue = Queue(scene, lambda: direct.run_all(scene.office))
        monkeypatch.setitem(tasks.JOBS, "note", queue.note)
        yield queue
        return
    durable = DurableJobs(database)
    scene = Scene(database, tmp_path, jobs=durable)
    client = DBOSClient(system_database_engine=durable.engine)

    def until_all_is_done() -> None:
        deadline = time.monotonic() + PATIENCE
        while client.list_workflows(status=OPEN, queue_name=job_queues.queue_of("demo")):
            assert time.monotonic() < deadline, "jobs hang"
            time.sleep(0.05)

    queue = Queue(scene, until_all_is_done)
    monkeypatch.setitem(tasks.JOBS, "note", queue.note)
    monkeypatch.setattr(tasks, "housekeeping", lambda _: None)  # at every full minute
    runner = JobRunner(scene.office, durable, version="test")
    runner.start()
    yield queue
    runner.stop()
    durable.engine.dispose()


def test_a_job_runs_with_what_it_was_given_once_the_work_is_committed(queue: Queue) -> None:
    payload = {"application": "T260302-0001", "number": 7, "names": ["林", "Lin"], "none": None}
    with queue.scene.office.work() as work:
        work.enqueue("note", "1", **payload)
        assert queue.notes == []
    queue.run()
    assert queue.notes == [payload]


def test_what_is_rolled_back_asks_for_nothing(queue: Queue) -> None:
    def fail() -> None:
        with queue.scene.office.work() as work:
            work.enqueue("note", "1", application="T1")
            raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        fail()
    queue.ask("2", application="T2")
    queue.run()
    assert queue.notes == [{"application": "T2"}]
    queue.ask("1", application="T1")
    queue.run()
    assert len(queue.notes) == 2, "a key that was rolled back is still to be had"


def test_what_is_refused_in_the_middle_asks_for_nothing(queue: Queue) -> None:
    def refuse(work: Any) -> None:
        with work.savepoint():
            work.enqueue("note", "1", application="T1")
            raise ValueError("refused")

    with queue.scene.office.work() as work:
        with pytest.raises(ValueError, match="refused"):
            refuse(work)
        work.enqueue("note", "2", application="T2")
    queue.run()
    assert queue.notes == [{"application": "T2"}]


def test_the_same_key_runs_once(queue: Queue) -> None:
    with queue.scene.office.work() as work:
        work.enqueue("note", "1", application="T1")
        work.enqueue("note", "1", application="T1")
    queue.ask("1", application="T1")
    queue.run()
    queue.ask("1", application="T1")
    queue.run()
    assert len(queue.notes) == 1


def test_a_job_that_fails_once_is_tried_again_and_nobody_is_bothered(queue: Queue) -> None:
    queue.failing = 1
    queue.ask("1", application="T1")
    queue.run()
    assert queue.notes == [{"application": "T1"}]
    assert queue.scene.told("job.failed") == []


def test_a_job_that_cannot_be_done_is_announced_once_and_keeps_nobody_else_waiting(
    queue: Queue,
) -> None:
    queue.failing = 2
    queue.ask("1", application="T1")
    queue.run()
    (failed,) = [one for one in queue.scene.events if one.name == "job.failed"]
    assert (failed.subject, failed.facts) == ("T1", {"job": "note"})
    queue.ask("2", application="T2")
    queue.run()
    assert queue.notes == [{"application": "T2"}]


def test_a_job_may_cause_another(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    def cause(office: Office, application: str) -> None:
        with office.work() as work:
            work.enqueue("note", f"of {application}", application=application)

    monkeypatch.setitem(tasks.JOBS, "cause", cause)
    with queue.scene.office.work() as work:
        work.enqueue("cause", "1", application="T1")
    queue.run()
    queue.run()
    assert queue.notes == [{"application": "T1"}]


def test_a_paid_transcript_is_made_by_the_queue(queue: Queue) -> None:
    scene = queue.scene
    number = scene.file(scene.graduate())
    scene.confirm(number)
    queue.run()
    assert scene.application(number).state == "issued"
    assert len(scene.press.made) == 1
    assert scene.told("transcript.issue") == [number]


def test_a_transcript_that_cannot_be_made_goes_to_academic_affairs(queue: Queue) -> None:
    scene = queue.scene
    number = scene.file(scene.graduate())
    scene.press.failing = RuntimeError("no key")
    scene.confirm(number)
    queue.run()
    stuck = scene.application(number)
    assert (stuck.state, stuck.holder) == ("stuck", "academic_affairs")
    assert scene.told("job.failed") == [number]
    scene.press.failing = None
