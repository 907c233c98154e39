"""Jobs: caused by a transaction, run once it is committed, and announced when they cannot be done.

The same contract for the durable queue and for the one that scripts run by hand.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOSClient

from backend import giving_up, previews, tasks
from backend import jobs as job_queues
from backend.database import Database
from backend.jobs import DirectJobs, DurableJobs, JobRunner
from backend.models import Worker
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


def test_a_job_that_cannot_be_done_is_announced_although_the_database_was_away_for_a_moment(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_up, away = giving_up.give_up, [True]

    def failing(*what: Any) -> None:
        if away:
            away.pop()
            raise RuntimeError("the database is away")
        give_up(*what)

    monkeypatch.setattr(giving_up, "give_up", failing)
    queue.failing = 2
    queue.ask("1", application="T1")
    queue.run()
    assert queue.scene.told("job.failed") == ["T1"]


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


# --- what was lost --------------------------------------------------------------------------


def test_a_paid_transcript_whose_job_was_lost_is_made_all_the_same(scene: Scene) -> None:
    number = scene.file(scene.graduate())
    scene.confirm(number)
    lose_jobs(scene)
    scene.pass_time(timedelta(minutes=10))
    swept(scene)
    assert scene.application(number).state == "paid", "it may still be under way"
    scene.pass_time(timedelta(minutes=6))
    swept(scene)
    assert scene.application(number).state == "issued"
    assert len(scene.press.made) == 1


def test_a_lost_transcript_is_asked_for_every_quarter_of_an_hour_not_every_minute(
    scene: Scene,
) -> None:
    scene.confirm(scene.file(scene.graduate()))
    asked = []
    for _ in range(90):
        scene.pass_time(timedelta(minutes=1))
        lose_jobs(scene)
        tasks.housekeeping(scene.office)
        asked.append(len(scene.direct.waiting))
    assert sum(asked) == 6  # the first when it has lain for a quarter


def test_a_preview_whose_job_was_lost_comes_all_the_same(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work(student) as work:
        digest = scene.facts(work, student).digest
        previews.pages(work, digest)
    lose_jobs(scene)
    scene.pass_time(timedelta(minutes=16))
    swept(scene)
    with scene.office.work(student) as work:
        assert previews.pages(work, digest)
    assert scene.told("job.done") == [f"preview:{digest}"]


def lose_jobs(scene: Scene) -> None:
    scene.direct.waiting.clear()


def swept(scene: Scene) -> None:
    tasks.housekeeping(scene.office)
    scene.direct.run_all(scene.office)


# --- several institutions in one database ---------------------------------------------------


@pytest.fixture
def other(database: Database, tmp_path: Path) -> Iterator[tuple[Scene, Office, DurableJobs]]:
    """Beside the scene's institution, whose jobs nobody runs, another one whose jobs are run."""
    durable = DurableJobs(database)
    scene = Scene(database, tmp_path, jobs=durable)
    ours = JobRunner(scene.office, durable, version="test")
    ours.start()
    ours.stop()
    office = replace(scene.office, institution="demo_two")
    yield scene, office, durable
    durable.engine.dispose()


def test_one_institution_leaves_the_jobs_of_another_alone(
    other: tuple[Scene, Office, DurableJobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, office, durable = other
    done: list[str] = []
    monkeypatch.setitem(tasks.JOBS, "note", lambda office, **_: done.append(office.institution))
    client = DBOSClient(system_database_engine=durable.engine)
    with scene.office.work() as work:
        work.enqueue("note", "1", application="T1")
        dead = f"{job_queues.workers_of('demo')}gone"
        work.session.merge(Worker(id=dead, seen_at=work.now - timedelta(days=1)))
    runner = JobRunner(office, durable, version="test")
    runner.start()
    try:
        with office.work() as work:
            work.enqueue("note", "1", application="T1")
        deadline = time.monotonic() + PATIENCE
        while client.list_workflows(status=OPEN, queue_name=job_queues.queue_of("demo_two")):
            assert time.monotonic() < deadline, "jobs hang"
            time.sleep(0.05)
        runner._take_over()
        theirs = client.list_workflows(status=OPEN, queue_name=job_queues.queue_of("demo"))
        (waiting,) = (one for one in theirs if one.workflow_id.startswith("note:"))
        assert waiting.status == "ENQUEUED"
        schedules = {one["schedule_name"]: one["queue_name"] for one in client.list_schedules()}
    finally:
        runner.stop()
    assert done == ["demo_two"]
    with scene.office.read() as work:
        assert work.session.get(Worker, dead) is not None, "its own processes take over from it"
    assert schedules == {
        "housekeeping:demo": job_queues.queue_of("demo"),
        "housekeeping:demo_two": job_queues.queue_of("demo_two"),
    }
