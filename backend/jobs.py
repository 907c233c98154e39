"""Durable jobs on DBOS, whose tables live in the application's own database.

A job is enqueued inside the transaction that causes it and survives the death of the process. It
is tried again with growing pauses; what fails for good is announced (``giving_up.py``).
"""

import logging
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from socket import gethostname
from typing import Any, TypedDict

from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy import Engine, create_engine, delete, event, select

from backend import giving_up, tasks
from backend.database import Database, supply_unixepoch
from backend.models import Worker
from backend.office import Office
from backend.work import Work

WORKFLOW = "run_job"
POLL_SECONDS = 0.3
ATTEMPTS = 6  # 1 + 2 + 4 + 8 + 16 seconds of pauses
HOUSEKEEPING = "* * * * *"
STALE = timedelta(minutes=5)  # a round of it that has waited so long; later ones do its work
BEAT_SECONDS = 5.0
DEAD_AFTER = timedelta(seconds=15)
CLEANING_BEATS = 120  # every ten minutes
KEPT_AFTER = timedelta(days=7)
log = logging.getLogger(__name__)


def queue_of(institution: str) -> str:
    """Each institution's jobs are its own, also where several share a database."""
    return f"jobs-{institution}"


def workers_of(institution: str) -> str:
    """What the names of its processes begin with."""
    return f"{institution}:"


def job_engine(database: Database) -> Engine:
    """DBOS has its own connections: its migrations do not bear ours, which begin transactions."""
    if database.dialect != "sqlite":
        return database.engine
    engine = create_engine(database.url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        supply_unixepoch(connection)
        connection.execute("PRAGMA journal_mode=WAL")

    return engine


class RetryOptions(TypedDict):
    retries_allowed: bool
    max_attempts: int
    interval_seconds: float
    backoff_rate: float


class DurableJobs:
    """The ``Jobs`` port on DBOS: enqueueing is part of the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self.engine = job_engine(database)
        self._client = DBOSClient(system_database_engine=self.engine)

    def enqueue(self, work: Work, name: str, key: str, payload: dict[str, Any]) -> None:
        self._client.enqueue_in_transaction(
            work.session,
            {
                "queue_name": queue_of(work.institution),
                "workflow_name": WORKFLOW,
                "workflow_id": f"{name}:{key}",
            },
            name,
            payload,
        )


class JobRunner:
    """Runs jobs and the schedule in this process; one in each process that works.

    Each process has a name of its own and says every few seconds that it lives. The jobs of one
    that has died are taken over by the others of its institution, or by the next one to start.
    """

    def __init__(self, office: Office, jobs: DurableJobs, *, version: str) -> None:
        self._office = office
        self._mine = workers_of(office.institution)
        self._name = f"{self._mine}{gethostname()}-{os.getpid()}-{token_hex(4)}"
        self._stopping = threading.Event()
        self._beating = threading.Thread(target=self._beat, name="jobs-heartbeat", daemon=True)
        self._config = DBOSConfig(
            name="registrar",
            system_database_url=str(office.database.url),
            system_database_engine=jobs.engine,
            application_version=version,
            executor_id=self._name,
            log_level="ERROR",
            console_log_level="ERROR",
            enable_otlp=False,
            notification_listener_polling_interval_sec=1.0,
            scheduler_polling_interval_sec=10.0,
        )

    def start(self) -> None:
        DBOS(config=self._config)
        office = self._office
        queue = queue_of(office.institution)
        again = RetryOptions(
            retries_allowed=True, max_attempts=ATTEMPTS, interval_seconds=1.0, backoff_rate=2.0
        )

        @DBOS.step(name="attempt", **again)
        def attempt(name: str, payload: dict[str, Any]) -> None:
            tasks.run(office, name, payload)

        @DBOS.step(name="give_up", **again)
        def give_up(name: str, payload: dict[str, Any], lacking: str = "") -> None:
            giving_up.give_up(office, name, payload, lacking)

        @DBOS.workflow(name=WORKFLOW)
        def run_job(name: str, payload: dict[str, Any]) -> None:
            try:
                attempt(name, payload)
            except Exception as error:
                log.exception("job %s has failed for good", name)
                give_up(name, payload, giving_up.lacking(error))

        @DBOS.workflow(name="housekeeping")
        def housekeeping(due: datetime, _: Any) -> None:
            # Processes of other institutions keep the schedule too while none of ours runs.
            if datetime.now(UTC) - due < STALE:
                tasks.housekeeping(office)

        # Before it takes any job: those of a process that nobody knows could not be taken over.
        self._say_seen(self._office.clock.now())
        DBOS.listen_queues([queue])
        DBOS.launch()
        DBOS.register_queue(queue, polling_interval_sec=POLL_SECONDS, worker_concurrency=4)
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": f"housekeeping:{office.institution}",
                    "workflow_fn": housekeeping,
                    "schedule": HOUSEKEEPING,
                    "cron_timezone": "Asia/Shanghai",
                    "queue_name": queue,
                }
            ]
        )
        DBOS.delete_schedule("housekeeping")  # of a version that knew one institution only

        self._beating.start()

    def _beat(self) -> None:
        beats = 0
        while True:
            try:
                self._say_seen(self._office.clock.now())
                self._take_over()
                if beats % CLEANING_BEATS == 0:
                    self._forget_finished()
            except Exception:
                log.exception("the heartbeat failed")
            beats += 1
            if self._stopping.wait(BEAT_SECONDS):
                return

    def _say_seen(self, at: datetime) -> None:
        with self._office.work() as work:
            work.session.merge(Worker(id=self._name, seen_at=at))

    def _take_over(self) -> None:
        """Jobs of our processes that have not been seen for a while go back into the queue."""
        with self._office.read() as work:
            late = work.now - DEAD_AFTER
            ours = Worker.id.startswith(self._mine, autoescape=True)
            dead = list(work.session.scalars(select(Worker.id).where(ours, Worker.seen_at < late)))
        if not dead:
            return
        left = DBOS.list_workflows(status="PENDING", executor_id=dead, load_input=False)
        if left:
            queue = queue_of(self._office.institution)
            DBOS.resume_workflows([job.workflow_id for job in left], queue_name=queue)
        with self._office.work() as work:
            work.session.execute(delete(Worker).where(Worker.id.in_(dead)))

    def _forget_finished(self) -> None:
        """Finished jobs are kept for a week, in batches so that nobody waits long."""
        before = (self._office.clock.now() - KEPT_AFTER).isoformat()
        done = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=before,
            limit=500,
            load_input=False,
            load_output=False,
        )
        if done:
            DBOS.delete_workflows([job.workflow_id for job in done])

    def stop(self) -> None:
        self._stopping.set()
        self._beating.join()
        DBOS.destroy(workflow_completion_timeout_sec=5)
        self._say_seen(self._office.clock.now() - 2 * DEAD_AFTER)  # what is left is taken over


class DirectJobs:
    """The same port without a queue, for scripts that are played: jobs run when asked to.

    Keys count once, as they do in the queue. A failing job is tried as often, without pauses.
    """

    def __init__(self) -> None:
        self.waiting: list[tuple[str, dict[str, Any]]] = []
        self.enqueued: list[str] = []
        self._lock = threading.Lock()

    def enqueue(self, work: Work, name: str, key: str, payload: dict[str, Any]) -> None:
        job = f"{name}:{key}"

        def commit() -> None:
            with self._lock:
                if job not in self.enqueued:
                    self.enqueued.append(job)
                    self.waiting.append((name, payload))

        work.after_commit(commit)

    def run_all(self, office: Office, *, told: Callable[[str], None] = lambda _: None) -> int:
        """Run what waits, and what that causes; returns how many."""
        done = 0
        while self.waiting:
            name, payload = self.waiting.pop(0)
            told(name)
            done += 1
            try:
                attempted(tasks.run, office, name, payload)
            except Exception as error:
                log.exception("job %s has failed for good", name)
                lacking = giving_up.lacking(error)
                attempted(giving_up.give_up, office, name, payload, lacking)
        return done


def attempted(step: Callable[..., None], *what: Any) -> None:
    """As often as in the queue, without pauses; raises what the last attempt did."""
    for left in reversed(range(ATTEMPTS)):
        try:
            return step(*what)
        except Exception:
            if not left:
                raise
