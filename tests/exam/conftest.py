from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import SHANGHAI, SetClock
from backend.consent import Consent
from backend.database import Database
from backend.exam import candidates
from backend.jobs import DirectJobs
from backend.models import ExamTicket, Person
from backend.policy import notices
from backend.registry import demo
from backend.sealing import Sealer
from backend.work import Work

START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


class Exam:
    """The demo's exam, with a clock, and work on behalf of whoever acts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SetClock(START)
        self.sealer = Sealer(b"a secret of thirty-two characters")
        self.told: list[tuple[str, str]] = []
        with database.write() as session:
            demo.load(session, self.sealer, START.date())
            notices.load(session, demo.INSTITUTION, demo=True, today=START.date())

    def at(self, day: int, hour: int = 9, minute: int = 0, month: int = 3) -> None:
        self.clock.set(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI))

    @contextmanager
    def work(self, actor: str | None = None) -> Iterator[Work]:
        """``actor`` is a case of the demo, or somebody's number."""
        with self.database.write() as session:
            work = Work(
                session,
                institution=demo.INSTITUTION,
                actor=self._id(session, actor) if actor else None,
                clock=self.clock,
                jobs=DirectJobs(),
            )
            yield work
            session.flush()
            self.told += [(event.name, event.subject) for event in work.events]

    def _id(self, session: Session, who: str) -> int:
        query = select(Person.id).where(Person.number == demo.CASES.get(who, who))
        return session.scalars(query).one()

    def person(self, work: Work, who: str) -> Person:
        return work.session.get_one(Person, self._id(work.session, who))

    def ticket(self, work: Work, who: str) -> ExamTicket:
        found = candidates.ticket(work, self.person(work, who).id)
        assert found is not None
        return found

    def agreed(self, work: Work) -> Consent:
        return Consent(work.actor or 0, "同意", "zh", "")


@pytest.fixture
def exam(database: Database) -> Exam:
    return Exam(database)
