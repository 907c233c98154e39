"""The demo has a candidate for every branch of the exam's rules, with scores that bear it out."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from backend.authority import Role as Authority
from backend.clock import SHANGHAI, SetClock
from backend.database import Database
from backend.exam import candidates, plans, scores
from backend.exam.transfer_in import State
from backend.jobs import DirectJobs
from backend.models import ExamCredit, ExamMajor, ExamTicket, Person, Role, TransferIn
from backend.policy import notices
from backend.registry import demo
from backend.registry.demo.exam_people import sessions
from backend.sealing import Sealer
from backend.work import Work

NOW = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


@pytest.fixture
def work(database: Database, sealer: Sealer) -> Iterator[Work]:
    with database.write() as session:
        demo.load(session, sealer, NOW.date())
        notices.load(session, demo.INSTITUTION, demo=True, today=NOW.date())
        yield Work(
            session,
            institution=demo.INSTITUTION,
            actor=None,
            clock=SetClock(NOW),
            jobs=DirectJobs(),
        )


def person(work: Work, case: str) -> Person:
    return work.session.scalars(select(Person).where(Person.number == demo.CASES[case])).one()


def progress(work: Work, case: str, option: str = "") -> plans.Progress:
    somebody = person(work, case)
    ticket = candidates.ticket(work, somebody.id)
    assert ticket is not None
    major = work.session.get_one(ExamMajor, ticket.major_id)
    chosen = next((one for one in plans.options(work, major) if one.code == option), None)
    return plans.progress(work, major, scores.counting(work, somebody.id, major), chosen)


def test_whoever_is_ready_lacks_nothing_and_who_has_a_gap_lacks_one_course(work: Work) -> None:
    for case in ("k_ready", "k_2001", "k_2002", "k_payable", "k_paid", "k_no_fee", "k_college"):
        assert progress(work, case, "politics").complete, case
    gap = progress(work, "k_gap", "other")
    assert [line.course.code for line in gap.missing] == ["01848"]
    assert [course.code for course in gap.option_missing] == ["00261"]
    assert not progress(work, "k_plain").complete


def test_the_latest_session_is_the_last_one_held_and_has_a_fail_and_an_absence(work: Work) -> None:
    ticket = candidates.ticket(work, person(work, "k_plain").id)
    assert ticket is not None
    session, latest = scores.latest(work, ticket)
    assert session == "2025-10"
    assert {(one.code, one.score, one.remark, one.passed) for one in latest} == {
        ("00015", None, "absent", False),
        ("00316", 71, "", True),
        ("00318", 55, "", False),
    }
    before = scores.earlier(work, ticket)
    assert "2025-10" not in {one.session for one in before}
    assert [one.month for one in before] == sorted((one.month for one in before), reverse=True)


def test_tickets_are_several_one_none_in_use_and_one_without_a_major(work: Work) -> None:
    held = {
        case: len(candidates.tickets(work, person(work, case).id))
        for case in ("k_plain", "k_two_tickets", "k_inactive", "k_no_major")
    }
    assert held == {"k_plain": 1, "k_two_tickets": 2, "k_inactive": 0, "k_no_major": 1}
    assert candidates.ticket(work, person(work, "k_two_tickets").id) is None
    ticket = candidates.ticket(work, person(work, "k_no_major").id)
    assert ticket is not None
    assert candidates.unit_id(work, ticket)
    numbers = work.session.scalars(select(ExamTicket.number)).all()
    assert all(len(one) == 12 and one.startswith("99") for one in numbers)


def test_transfers_are_in_every_state_and_only_what_is_accepted_counts(work: Work) -> None:
    states = {one.state for one in work.session.scalars(select(TransferIn))}
    assert states == {str(one) for one in State}
    counted = work.session.scalars(
        select(func.count()).where(ExamCredit.source == "transfer_in")
    ).one()
    assert counted == 2


def test_each_examining_university_has_reviewers_and_one_of_them_is_a_candidate(
    work: Work,
) -> None:
    reviewers = work.session.execute(
        select(Role.person_id, Role.unit_id).where(Role.role == Authority.EXAM_REVIEWER)
    ).all()
    majors = set(work.session.scalars(select(ExamMajor.unit_id)))
    assert {unit for _person, unit in reviewers} == majors
    assert any(candidates.ticket(work, somebody) for somebody, _unit in reviewers)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 4, 1), "2025-10"),
        (date(2026, 5, 1), "2026-04"),
        (date(2026, 12, 31), "2026-10"),
    ],
)
def test_a_session_of_this_month_has_no_scores_yet(today: date, last: str) -> None:
    assert sessions(today, 3)[0] == last
