"""Who may decide on a candidate's case, who is asked, and what a second look is (E5)."""

from datetime import date, timedelta

import pytest

from backend.authority import Role
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.reviewing import asking, deciding, overdue, reviewers, sharing
from backend.reviewing.case import APPROVED, ASKED, PENDING, REJECTED, SECOND
from backend.reviewing.kinds import find
from backend.reviewing.statistics import statistics
from tests.reviewing.hall import Hall

TODAY = date(2026, 3, 2)


def inbox(hall: Hall, person: int) -> list[str]:
    with hall.office.work(person) as work:
        found = [one.number for one in reviewers.inbox(work)]
        assert reviewers.count(work) == len(found)
        return found


def asked(hall: Hall, number: str) -> list[int]:
    with hall.office.read() as work:
        application = find(work, number)
        assert application
        return reviewers.deciders(work, application)


def test_a_case_waits_for_the_reviewers_of_its_university_and_for_nobody_else(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    assert inbox(hall, hall.reviewer) == inbox(hall, hall.colleague) == [number]
    assert inbox(hall, hall.stranger) == inbox(hall, hall.exam_office) == []
    assert asked(hall, number) == [hall.reviewer, hall.colleague]
    with hall.office.work(hall.affairs) as work, pytest.raises(NotAllowed):
        reviewers.inbox(work)


def test_a_reviewer_of_another_university_decides_nothing_here(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    with pytest.raises(NotAllowed):
        hall.approve_case(hall.stranger, number)
    with pytest.raises(NotAllowed):
        hall.reject_case(hall.stranger, number)
    assert hall.case(number).state == PENDING


def test_nobody_decides_on_their_own_case_and_is_not_asked_to(hall: Hall) -> None:
    own = hall.colleague
    hall.new_ticket(own, hall.major)
    (number,) = hall.file_exemptions(own, "00015")
    assert inbox(hall, own) == []
    assert asked(hall, number) == [hall.reviewer]
    with pytest.raises(NotAllowed):
        hall.approve_case(own, number)


def test_where_a_university_has_no_reviewer_the_exam_office_is_asked(hall: Hall) -> None:
    alone = hall.stranger
    hall.new_ticket(alone, hall.elsewhere)
    (number,) = hall.file_exemptions(alone, "00015")
    assert asked(hall, number) == [hall.exam_office]
    assert inbox(hall, hall.exam_office) == [number]
    hall.approve_case(hall.exam_office, number)
    assert hall.case(number).state == APPROVED


def test_the_raced_decision_says_who_was_first(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    hall.approve_case(hall.reviewer, number)
    with pytest.raises(AlreadyHandled) as told:
        hall.reject_case(hall.colleague, number)
    assert (told.value.facts["by"], told.value.facts["event"]) == (hall.reviewer, "approve")


def test_a_rejection_needs_a_reason_and_only_reasons_of_the_policy_are_templates(
    hall: Hall,
) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    with pytest.raises(Refused, match="reason_needed"):
        hall.reject_case(hall.reviewer, number, " ")
    with hall.office.work(hall.reviewer) as work, pytest.raises(Refused, match="no_such_reason"):
        deciding.reject(work, number, "made_up", "因为", hall.agreed(hall.reviewer))
    assert hall.case(number).state == PENDING


def test_many_are_approved_together_or_none(hall: Hall) -> None:
    person = hall.candidate()
    first, second = hall.file_exemptions(person, "00015", "00018")
    third = hall.file_exemptions(hall.candidate("K2", major=hall.elsewhere), "00015")[0]
    with pytest.raises(NotAllowed):
        hall.approve_case(hall.reviewer, first, second, third)
    assert hall.case(first).state == hall.case(second).state == PENDING
    assert hall.credits(person) == []
    hall.approve_case(hall.reviewer, first, second)
    (told,) = [one for one in hall.events if one.name == "review.passed"]
    assert told.facts["numbers"] == [first, second], "the candidate is told once"
    (settled,) = [one for one in hall.events if one.name == "review.settled"]
    assert settled.subject == f"{first}+"


def test_findings_make_a_second_look_necessary_and_it_is_somebody_elses(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015", findings=("same_as_other",))
    with pytest.raises(Refused, match="second_look_needed"):
        hall.approve_case(hall.reviewer, number)
    hall.refer_case(hall.reviewer, number)
    assert hall.case(number).state == SECOND
    assert inbox(hall, hall.reviewer) == []
    assert inbox(hall, hall.colleague) == [number]
    assert asked(hall, number) == [hall.colleague]
    with pytest.raises(Refused, match="own_second_look"):
        hall.approve_case(hall.reviewer, number)
    assert hall.credits(person) == []
    hall.approve_case(hall.colleague, number)
    assert hall.decisions(number) == [
        (hall.reviewer, "first", "approve"),
        (hall.colleague, "second", "approve"),
    ]


def test_a_second_look_may_send_it_back_and_then_the_other_may_look_second(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    hall.refer_case(hall.reviewer, number, "reject")
    with hall.office.work(hall.colleague) as work:
        deciding.send_back(work, number, "我看是清楚的", hall.agreed(hall.colleague))
    assert hall.case(number).state == PENDING
    assert asked(hall, number) == [hall.reviewer, hall.colleague]
    hall.refer_case(hall.colleague, number)
    assert asked(hall, number) == [hall.reviewer]


def test_without_a_colleague_the_second_look_is_the_exam_offices(hall: Hall) -> None:
    person = hall.candidate(major=hall.elsewhere)
    (number,) = hall.file_exemptions(person, "00015")
    hall.refer_case(hall.stranger, number)
    assert asked(hall, number) == [hall.exam_office]
    assert inbox(hall, hall.exam_office) == [number]


def test_where_nobody_else_could_look_nothing_is_referred(hall: Hall) -> None:
    alone = hall.exam_office
    hall.new_ticket(hall.stranger, hall.elsewhere)
    (number,) = hall.file_exemptions(hall.stranger, "00015")
    with hall.office.work(alone) as work:
        with pytest.raises(Refused, match="nobody_for_second_look"):
            deciding.refer(work, number, "approve", "", "", hall.agreed(alone))
        assert hall.case(number).state == PENDING


@pytest.mark.parametrize(
    ("policy", "approving", "rejecting"),
    [
        ({"second_look": "never"}, False, False),
        ({"second_look": "rejections"}, False, True),
        ({"second_look": "findings"}, False, False),
        ({"second_look": "all"}, True, True),
        ({"second_look": "every_nth", "every_nth": 2}, False, False),
    ],
)
def test_the_policy_says_what_needs_a_second_look(
    hall: Hall, policy: dict[str, object], approving: bool, rejecting: bool
) -> None:
    hall.set_policy("exam", TODAY, review=policy)
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    with hall.office.work(hall.reviewer) as work:
        application = reviewers.to_decide(work, number)
        assert deciding.needs_second(work, application, "approve") is approving
        assert deciding.needs_second(work, application, "reject") is rejecting


def test_every_second_case_is_looked_at_twice_where_the_policy_says_so(hall: Hall) -> None:
    hall.set_policy("exam", TODAY, review={"second_look": "every_nth", "every_nth": 2})
    numbers = hall.file_exemptions(hall.candidate(), "00015", "00018", "03708", "03709")
    with hall.office.work(hall.reviewer) as work:
        needed = [
            deciding.needs_second(work, reviewers.to_decide(work, one), "approve")
            for one in numbers
        ]
    assert needed == [False, True, False, True]


def test_the_work_is_shared_and_a_filing_stays_with_one_person(hall: Hall) -> None:
    first, second = hall.file_exemptions(hall.candidate("K1"), "00015", "00018")
    (third,) = hall.file_exemptions(hall.candidate("K2"), "00015")

    def taken(person: int) -> str | None:
        with hall.office.work(person) as work:
            found = sharing.next_one(work)
            return found.number if found else None

    assert taken(hall.reviewer) == first
    assert taken(hall.colleague) == third
    assert taken(hall.reviewer) == first, "one's own hold is taken anew"
    hall.approve_case(hall.reviewer, first)
    assert taken(hall.reviewer) == second
    hall.approve_case(hall.colleague, second)  # a hold shares the work and takes no authority
    assert taken(hall.reviewer) is None
    hall.pass_time(timedelta(minutes=16))
    assert taken(hall.reviewer) == third


def test_a_question_goes_to_the_applicant_and_comes_back_to_the_reviewers(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    with hall.office.work(hall.reviewer) as work:
        asking.ask_back(work, number, "是本人的证书吗？", hall.agreed(hall.reviewer))
    assert (hall.case(number).state, hall.case(number).holder) == (ASKED, "applicant")
    assert hall.case(number).escalate_at is None
    assert inbox(hall, hall.reviewer) == []
    with hall.office.work(hall.candidate("K9")) as work, pytest.raises(Refused):
        asking.answer(work, number, "是", hall.agreed(work.actor or 0))
    with hall.office.work(person) as work:
        asking.answer(work, number, "是", hall.agreed(person))
    assert (hall.case(number).state, hall.case(number).holder) == (PENDING, "exam_reviewer")
    assert hall.case(number).escalate_at is not None


def test_what_waits_too_long_is_reminded_of_and_then_the_exam_offices_too(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    hall.pass_time(timedelta(days=3, minutes=1))
    with hall.office.work() as work:
        assert overdue.remind_due(work) == 1
        assert overdue.remind_due(work) == 0
    hall.pass_time(timedelta(days=7))
    with hall.office.work() as work:
        assert overdue.escalate_due(work) == 1
        assert overdue.escalate_due(work) == 0
    assert hall.case(number).holder == "exam_office"
    assert asked(hall, number) == [hall.reviewer, hall.colleague, hall.exam_office]
    assert hall.told("review.remind") == [number]
    hall.approve_case(hall.reviewer, number)


def test_the_statistics_count_what_stood_and_why(hall: Hall) -> None:
    first, second = hall.file_exemptions(hall.candidate("K1"), "00015", "00018")
    (third,) = hall.file_exemptions(hall.candidate("K2"), "00015")
    hall.file_exemptions(hall.candidate("K3", major=hall.elsewhere), "00015")
    hall.pass_time(timedelta(hours=2))
    hall.approve_case(hall.reviewer, first)
    hall.refer_case(hall.reviewer, second, "reject")
    hall.reject_case(hall.colleague, second)
    with hall.office.work(hall.colleague) as work:
        deciding.reject(work, third, "unclear", "图片不清楚", hall.agreed(hall.colleague))
    with hall.office.work(hall.reviewer) as work:
        found = statistics(work, TODAY, TODAY)
        (one,) = [kind for kind in found.kinds if kind.kind == "exemption"]
    assert (one.filed, one.approved, one.rejected, one.waiting) == (3, 1, 2, 0)
    assert one.reasons == {"": 1, "unclear": 1}
    assert one.wait == timedelta(hours=2)
    assert not found.by_reviewer
    with hall.office.work(hall.exam_office) as work:
        found = statistics(work, TODAY, TODAY)
        (one,) = [kind for kind in found.kinds if kind.kind == "exemption"]
        assert (one.filed, one.waiting) == (4, 1)
        assert found.by_reviewer == {hall.reviewer: 2, hall.colleague: 2}
    with hall.office.work(hall.affairs) as work, pytest.raises(NotAllowed):
        statistics(work, TODAY, TODAY)


def test_a_rejection_stands_with_its_words_until_it_is_submitted_again(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    hall.reject_case(hall.reviewer, number, "编号看不清")
    assert (hall.case(number).state, hall.case(number).holder) == (REJECTED, "applicant")
    assert hall.audit(number)[-1].why == "编号看不清"


def test_a_reviewer_whose_role_is_taken_away_decides_no_more(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    hall.take_role(hall.reviewer, Role.EXAM_REVIEWER)
    with pytest.raises(NotAllowed):
        hall.approve_case(hall.reviewer, number)
