"""What from before the platform may be entered, changed, and counts once approved (E9)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.exam import back_entry, back_entry_cases
from backend.exam.back_entry_cases import Entry, State
from backend.models import ExamCredit, ExamTicket, Proof
from backend.reviewing import kinds
from tests.graduation.graduates import Graduates
from tests.graduation.test_graduation import window


def exemption(graduates: Graduates, **other: Any) -> Entry:
    given: dict[str, Any] = {"kind": "exemption", "month": "2019-12", "score": None}
    if "proof" not in other:
        given["proof"] = numbered(graduates)
    return graduates.entry(**(given | other))


def numbered(graduates: Graduates) -> int:
    made = graduates.hall.proof(graduates.person, "cet", "4")
    with graduates.hall.office.work() as work:
        assert work.sealer
        work.session.get_one(Proof, made).number_sealed = work.sealer.seal("999051998001234")
    return made


def transfer(graduates: Graduates, **other: Any) -> Entry:
    given: dict[str, Any] = {
        "kind": "transfer_in",
        "month": "2019-12",
        "score": None,
        "proof": None,
        "from_province": "安徽",
        "from_ticket": "990011112222",
        "into_major": "行政管理",
    }
    return graduates.entry(**(given | other))


def refused(graduates: Graduates, entry: Entry) -> str:
    with pytest.raises(Refused) as told:
        graduates.enter(entry)
    assert told.value.rule in ("E4", "E8", "E9")
    return told.value.code


def test_it_counts_only_once_approved_and_then_once(graduates: Graduates) -> None:
    number = graduates.enter(graduates.entry(course_id=graduates.hall.courses["00015"]))
    assert number == "C260302-0001"
    assert graduates.counting() == []
    graduates.hall.approve_case(graduates.hall.reviewer, number)
    (counted,) = graduates.counting()
    with graduates.hall.office.read() as work:
        credit = work.session.get_one(ExamCredit, counted)
        told = (credit.source, credit.kind, credit.score, credit.passed_month, credit.session)
        assert told == ("back_entry", "theory", 71, "2001-10", "")
    graduates.score("00015", month="2001-10", score=71)  # the registry sends it after all
    assert len(graduates.counting()) == 1


@pytest.mark.parametrize(
    ("kind", "last", "first_too_late"),
    [
        ("theory", "2002-12", "2003-01"),
        ("practice", "2002-12", "2003-01"),
        ("exemption", "2019-12", "2020-01"),
        ("transfer_in", "2019-12", "2020-01"),
    ],
)
def test_each_kind_has_its_last_month(
    graduates: Graduates, kind: str, last: str, first_too_late: str
) -> None:
    def made(month: str) -> Entry:
        if kind == "exemption":
            return exemption(graduates, month=month)
        if kind == "transfer_in":
            return transfer(graduates, month=month)
        return graduates.entry(kind=kind, month=month)

    assert refused(graduates, made(first_too_late)) == "too_late_for_back_entry"
    assert refused(graduates, made("2026-04")) == "month_in_future"
    assert graduates.enter(made(last))


@pytest.mark.parametrize("kind", ["theory", "practice"])
def test_a_result_needs_a_passing_score_and_a_picture(graduates: Graduates, kind: str) -> None:
    assert refused(graduates, graduates.entry(kind=kind, proof=None)) == "picture_needed"
    for score in (None, 59, 101):
        assert refused(graduates, graduates.entry(kind=kind, score=score)) == "score_needed"


def test_an_exemption_needs_what_it_was_granted_for_and_a_transfer_where_it_came_from(
    graduates: Graduates,
) -> None:
    without_number = graduates.hall.proof(graduates.person, "cet", "4")
    assert refused(graduates, exemption(graduates, proof=without_number)) == "proof_incomplete"
    assert refused(graduates, exemption(graduates, proof=None)) == "proof_incomplete"
    assert refused(graduates, transfer(graduates, from_ticket=" ")) == "transfer_incomplete"
    assert graduates.enter(transfer(graduates))
    assert graduates.enter(exemption(graduates))


def test_the_same_is_not_entered_twice_nor_what_is_there_already(graduates: Graduates) -> None:
    graduates.enter(graduates.entry())
    assert refused(graduates, graduates.entry()) == "entry_filed"
    graduates.score("00018")
    there = graduates.entry(course_id=graduates.hall.courses["00018"])
    assert refused(graduates, there) == "already_there"
    assert graduates.enter(graduates.entry(kind="practice")), "another part of the same course"


def test_what_has_left_does_not_come_back(graduates: Graduates) -> None:
    graduates.policy(windows=window("transfer_out") + window("back_entry"))
    score = graduates.score("00312", month="2001-10")
    number = graduates.leave(score)
    graduates.hall.approve_case(graduates.hall.reviewer, number)
    assert refused(graduates, graduates.entry()) == "score_left"
    assert refused(graduates, transfer(graduates, month="2001-10")) == "score_left"


@pytest.mark.parametrize("make", [Graduates.entry, exemption, transfer])
def test_what_may_have_left_already_is_pointed_out_to_the_reviewer(
    graduates: Graduates, make: Callable[..., Entry]
) -> None:
    graduates.policy(windows=window("transfer_out") + window("back_entry"))
    hall = graduates.hall
    hall.approve_case(hall.reviewer, graduates.leave(graduates.score("00312", month="2001-10")))
    number = graduates.enter(make(graduates, month="2000-10"))
    with hall.office.read() as work:
        (gone,) = back_entry.left_before(work, hall.case(number))
        assert gone.passed_month == "2001-10"
        assert kinds.noticed(work, hall.case(number)) == 1
    other_part = graduates.enter(graduates.entry(kind="practice"))
    with hall.office.read() as work:
        assert not kinds.noticed(work, hall.case(other_part))
        both = [hall.case(number), hall.case(other_part)]
        assert kinds.findings(work, both) == {both[0].id: 1}


def test_it_is_entered_before_graduation_is_applied_for(graduates: Graduates) -> None:
    graduates.everything()
    number = graduates.graduate()
    assert refused(graduates, graduates.entry()) == "graduation_under_way"
    graduates.hall.reject_case(graduates.hall.reviewer, number)
    assert graduates.enter(graduates.entry())


def test_graduation_applied_for_under_one_ticket_ends_entries_under_every_other(
    graduates: Graduates,
) -> None:
    graduates.everything()
    hall, number = graduates.hall, graduates.graduate()
    other, elsewhere = (
        hall.new_ticket(graduates.person, one) for one in (graduates.major, hall.major)
    )

    def enter(ticket_id: int) -> str:
        entry = graduates.entry()
        with hall.office.work(graduates.person) as work:
            ticket = work.session.get_one(ExamTicket, ticket_id)
            return back_entry.file(work, ticket, entry, hall.agreed(graduates.person)).number

    for ticket_id in (other, elsewhere):
        with pytest.raises(Refused, match="graduation_under_way"):
            enter(ticket_id)
    hall.approve_case(hall.reviewer, number)
    with pytest.raises(Refused, match="graduation_under_way"):
        enter(other)
    assert enter(elsewhere), "who has graduated in one major may go on in another"


def test_while_it_waits_it_is_changed_and_afterwards_not(graduates: Graduates) -> None:
    hall, entry = graduates.hall, graduates.entry()
    number = graduates.enter(entry)

    def change(changed: Entry) -> None:
        with hall.office.work(graduates.person) as work:
            back_entry.change(work, number, changed, hall.agreed(graduates.person))

    change(replace(entry, score=80, month="2000-04", remark="手写的成绩单"))
    with hall.office.read() as work:
        application = back_entry_cases.find(work, number)
        assert application
        now = back_entry_cases.entry_of(work, application)
        assert (now.score, now.month, now.remark) == (80, "2000-04", "手写的成绩单")
        assert now.proof == entry.proof
    with pytest.raises(NotAllowed):
        change(replace(entry, course_id=hall.courses["00015"]))
    with pytest.raises(Refused, match="too_late_for_back_entry"):
        change(replace(entry, month="2003-01"))
    hall.reject_case(hall.reviewer, number)
    with pytest.raises(AlreadyHandled):
        change(entry)
    assert hall.case(number).state == State.REJECTED
    assert graduates.enter(graduates.entry()) != number, "what was rejected is entered anew"


def test_outside_the_window_or_with_somebody_elses_picture_nothing_is_entered(
    graduates: Graduates,
) -> None:
    stranger = graduates.hall.candidate("K6")
    theirs = graduates.hall.proof(stranger, "score_proof")
    with pytest.raises(NotAllowed):
        graduates.enter(graduates.entry(proof=theirs))
    with pytest.raises(NotAllowed):
        graduates.enter(graduates.entry(kind="diploma"))
    graduates.hall.close_windows()
    assert refused(graduates, graduates.entry()) == "window_closed"


def test_what_the_registry_sent_meanwhile_is_not_approved_once_more(graduates: Graduates) -> None:
    number = graduates.enter(graduates.entry())
    graduates.score("00312", month="2001-10")
    with pytest.raises(Refused, match="already_there"):
        graduates.hall.approve_case(graduates.hall.reviewer, number)
    with graduates.hall.office.read() as work:
        rows = work.session.scalars(
            select(ExamCredit.source).where(ExamCredit.person_id == graduates.person)
        )
        assert list(rows) == ["exam"]


def test_what_passes_is_what_the_exam_office_has_published(graduates: Graduates) -> None:
    low = graduates.entry(score=56)
    assert refused(graduates, low) == "score_needed"
    graduates.policy(scores={"pass_mark": 55})
    assert graduates.enter(low)
