"""A unit of work: one transaction, who acts in it, and everything it will cause.

Whatever a turn or a job changes goes through one ``Work``. Events are collected and announced, and
jobs enqueued, inside the same transaction: all of it happens, or nothing does.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from backend.clauses.finding import Finder, NothingFound
from backend.clock import Clock
from backend.identity.means import Identity
from backend.sealing import Sealer

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a case. ``dialogs/notices.py`` knows who is told and how.

    ``subject`` is a number people know ("T260302-0001"); ``facts`` must be JSON and hold no more
    personal data than ids.
    """

    name: str
    subject: str
    facts: dict[str, Any] = field(default_factory=dict)


class Jobs(Protocol):
    def enqueue(self, work: "Work", name: str, key: str, payload: dict[str, Any]) -> None:
        """Run the job ``name`` once this work is committed; the same key runs once."""
        ...


class Work:
    def __init__(
        self,
        session: Session,
        *,
        institution: str,
        actor: int | None,
        clock: Clock,
        jobs: Jobs,
        production: bool = False,
        policies: dict[tuple[str, int], Any] | None = None,
        identity: Identity | None = None,
        sealer: Sealer | None = None,
        finder: Finder | None = None,
        code_source: bool = False,
    ) -> None:
        """``policies`` keeps parsed versions, which never change, from one work to the next."""
        self.session = session
        self.institution = institution
        self.actor = actor  # person id; None is the program itself
        self.account: int | None = None  # the chat account that is speaking
        # the web session a person acts in, by its hash; "" elsewhere; None: what comes from inside
        self.browser: str | None = None
        self.identity = identity or Identity()
        self.sealer = sealer  # None: what would have to be sealed is not kept
        self.finder: Finder = finder or NothingFound()  # of clauses that answer a question
        self.code_source = code_source  # collection codes can be asked for one by one (P2)
        self.now: datetime = clock.now()  # one time for the whole transaction
        self.production = production
        self.events: list[Event] = []
        self.policies = {} if policies is None else policies
        self.in_force: dict[tuple[str, date], int] = {}  # versions found in this transaction
        self._found: dict[tuple[object, ...], Any] = {}
        self._jobs = jobs
        self._after: list[Callable[[], None]] = []

    @cached_property
    def reading(self) -> Connection:
        """For looking with statements that are built once. It begins no savepoint: never write here."""
        return self.session.connection()

    @property
    def writing(self) -> Connection:
        """For writing with statements that are built once, and undone with the savepoint it is in."""
        return self.session.connection()

    def once(self, key: tuple[object, ...], look: Callable[[], T]) -> T:
        """What was looked up under this key is looked up once in a transaction."""
        if key not in self._found:
            self._found[key] = look()
        found: T = self._found[key]
        return found

    def forget(self, key: tuple[object, ...]) -> None:
        """It has been changed; the next look is a new one."""
        self._found.pop(key, None)

    def emit(self, name: str, subject: str, **facts: Any) -> None:
        self.events.append(Event(name, subject, facts))

    def enqueue(self, job: str, key: str, **payload: Any) -> None:
        """A durable job of ``backend/tasks.py``; it knows which institution it is for."""
        self.session.flush()
        payload["institution"] = self.institution
        self._jobs.enqueue(self, job, f"{self.institution}:{key}", payload)

    def after_commit(self, action: Callable[[], None]) -> None:
        """A hint to others in this process; it may be lost, and nothing may depend on it."""
        self._after.append(action)

    def committed(self) -> None:
        for action in self._after:
            try:
                action()
            except Exception:  # only a hint was lost, and what was done stands
                log.exception("a hint after the commit failed")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is raised inside undoes what was written and emitted inside, and nothing else."""
        events, after = len(self.events), len(self._after)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self.events[events:]
            del self._after[after:]
            raise
