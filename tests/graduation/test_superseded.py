"""A score that comes by import ends what asked for it: nobody waits for a review of nothing (E5, E9)."""

import pytest
from sqlalchemy import select

from backend.exam import superseded
from backend.exam.back_entry_cases import State
from backend.models import AuditEntry
from backend.work import Work
from tests.graduation.graduates import Graduates


def swept(graduates: Graduates) -> int:
    with graduates.hall.office.work() as work:
        return superseded.end_due(work)


def why(graduates: Graduates, number: str) -> list[str]:
    with graduates.hall.office.read() as work:
        query = select(AuditEntry.why).where(
            AuditEntry.subject == number, AuditEntry.event == "supersede"
        )
        return list(work.session.scalars(query))


def test_an_entry_that_waits_ends_when_its_score_comes_and_says_why(graduates: Graduates) -> None:
    number = graduates.enter(graduates.entry())
    assert swept(graduates) == 0
    graduates.score("00312", month="2001-10")
    assert swept(graduates) == 1
    assert graduates.hall.case(number).state == State.SUPERSEDED
    assert graduates.hall.case(number).holder == ""
    assert why(graduates, number) == ["exam 2001-10"]
    assert swept(graduates) == 0


def test_an_entry_stays_where_the_score_is_a_fail_or_of_another_part(graduates: Graduates) -> None:
    number = graduates.enter(graduates.entry())
    graduates.score("00312", passed=False, score=40)
    graduates.score("00312", kind="practice")
    graduates.score("00018")
    assert swept(graduates) == 0
    assert graduates.hall.case(number).state == State.PENDING


def test_an_exemption_that_waits_ends_when_the_exam_is_passed(graduates: Graduates) -> None:
    hall = graduates.hall
    filed = hall.file_exemptions(graduates.person, "00015", "00018")
    graduates.score("00015")
    assert swept(graduates) == 1
    assert [hall.case(one).state for one in filed] == ["superseded", "pending"]


def test_who_was_asked_something_need_not_answer_any_more(graduates: Graduates) -> None:
    (number,) = graduates.hall.file_exemptions(graduates.person, "00015")
    graduates.hall.refer_case(graduates.hall.reviewer, number)
    graduates.score("00015")
    assert swept(graduates) == 1
    assert graduates.hall.case(number).state == "superseded"


def test_a_prompt_about_several_is_closed_when_scores_end_the_last_of_them(
    graduates: Graduates, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = graduates.hall.file_exemptions(graduates.person, "00015", "00018")
    graduates.hall.reject_case(graduates.hall.reviewer, filed[1])
    settled: list[str] = []
    emit = Work.emit

    def heard(work: Work, name: str, subject: str, **facts: object) -> None:
        settled.extend([subject] if name == "review.settled" else [])
        emit(work, name, subject, **facts)

    monkeypatch.setattr(Work, "emit", heard)
    graduates.score("00015")
    assert swept(graduates) == 1
    assert settled == [f"{filed[0]}+"]
