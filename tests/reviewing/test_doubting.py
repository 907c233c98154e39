"""An approval that was wrong is taken back by two people, with a reason, and counted no more (E5)."""

from datetime import timedelta

import pytest

from backend.authority import Role
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.exam import exemptions
from backend.exam.exemptions import State
from backend.reviewing import doubting, overdue
from backend.reviewing.kinds import noticed
from dialogs.exam import graduation_review
from tests.reviewing.hall import Hall

WHY = "证书编号和图上不一样"


def approved(hall: Hall, person: int | None = None) -> str:
    (number,) = hall.file_exemptions(person or hall.candidate(), "00015")
    hall.approve_case(hall.reviewer, number)
    return number


def doubt(hall: Hall, person: int, number: str, why: str = WHY) -> None:
    with hall.office.work(person) as work:
        doubting.doubt(work, number, why, hall.agreed(person))


def revoke(hall: Hall, person: int, number: str) -> None:
    with hall.office.work(person) as work:
        doubting.revoke(work, number, hall.agreed(person))


def let_stand(hall: Hall, person: int, number: str) -> None:
    with hall.office.work(person) as work:
        doubting.let_stand(work, number, "我看是一样的", hall.agreed(person))


def waiting(hall: Hall, person: int) -> list[str]:
    with hall.office.work(person) as work:
        return [one.number for one in doubting.waiting(work)]


def test_one_person_alone_takes_no_approval_back_and_until_then_it_counts(hall: Hall) -> None:
    person = hall.candidate()
    number = approved(hall, person)
    doubt(hall, hall.reviewer, number)
    assert hall.case(number).state == State.APPROVED
    assert [counts for _course, _kind, counts in hall.credits(person)] == [True]
    with pytest.raises(Refused, match="own_second_look"):
        revoke(hall, hall.reviewer, number)
    assert waiting(hall, hall.colleague) == [number]
    assert waiting(hall, hall.reviewer) == waiting(hall, hall.exam_office) == []
    revoke(hall, hall.colleague, number)
    assert hall.case(number).state == State.REVOKED
    assert [counts for _course, _kind, counts in hall.credits(person)] == [False]
    assert waiting(hall, hall.colleague) == []
    trail = [(one.event, one.actor_id, one.why) for one in hall.audit(number)[-2:]]
    assert trail == [("doubt", hall.reviewer, WHY), ("revoke", hall.colleague, WHY)]
    assert hall.decisions(number)[-2:] == [
        (hall.reviewer, "first", "doubt"),
        (hall.colleague, "second", "revoke"),
    ]


def test_what_was_revoked_may_be_filed_and_approved_again(hall: Hall) -> None:
    person = hall.candidate()
    number = approved(hall, person)
    doubt(hall, hall.reviewer, number)
    revoke(hall, hall.colleague, number)
    approved(hall, person)
    assert [counts for _course, _kind, counts in hall.credits(person)] == [True]


def test_an_approval_that_a_colleague_lets_stand_stands_and_may_be_doubted_again(
    hall: Hall,
) -> None:
    number = approved(hall)
    doubt(hall, hall.reviewer, number)
    with pytest.raises(Refused, match="doubted_already"):
        doubt(hall, hall.colleague, number)
    let_stand(hall, hall.colleague, number)
    assert hall.case(number).state == State.APPROVED
    with pytest.raises(AlreadyHandled):
        revoke(hall, hall.colleague, number)
    doubt(hall, hall.colleague, number)
    assert waiting(hall, hall.exam_office) == [number]


def test_nobody_lets_their_own_approval_stand_against_a_colleague(hall: Hall) -> None:
    number = approved(hall)
    doubt(hall, hall.colleague, number)
    assert waiting(hall, hall.reviewer) == [], "they approved it themselves"
    for settle in (let_stand, revoke):
        with hall.unchanged_cases(number), pytest.raises(Refused, match="own_approval"):
            settle(hall, hall.reviewer, number)
    assert waiting(hall, hall.exam_office) == [number]
    third = hall.staff("R4", Role.EXAM_REVIEWER, hall.first)
    assert waiting(hall, third) == [number]
    revoke(hall, third, number)
    assert hall.case(number).state == State.REVOKED


def test_what_was_settled_long_ago_does_not_slow_the_inbox(hall: Hall) -> None:
    def asked_for(*numbers: str) -> int:
        assert waiting(hall, hall.colleague) == list(numbers)
        return hall.statements(lambda: waiting(hall, hall.colleague))

    none = asked_for()
    for code in ("K1", "K2", "K3"):
        number = approved(hall, hall.candidate(code))
        doubt(hall, hall.reviewer, number)
        let_stand(hall, hall.colleague, number)
    assert asked_for() == none


def test_only_reviewers_of_the_university_say_so_and_never_of_their_own(hall: Hall) -> None:
    hall.new_ticket(hall.colleague, hall.major)
    own = approved(hall, hall.colleague)
    for person in (hall.stranger, hall.colleague, hall.affairs):
        with pytest.raises(NotAllowed):
            doubt(hall, person, own)
    doubt(hall, hall.reviewer, own)
    assert waiting(hall, hall.exam_office) == [own], "the colleague does not look at their own"
    with pytest.raises(NotAllowed):
        revoke(hall, hall.colleague, own)


def test_a_reason_is_needed_and_somebody_else_to_look(hall: Hall) -> None:
    number = approved(hall)
    with pytest.raises(Refused, match="reason_needed"):
        doubt(hall, hall.reviewer, number, " ")
    hall.take_role(hall.colleague, Role.EXAM_REVIEWER)
    hall.take_role(hall.exam_office, Role.EXAM_OFFICE)
    with pytest.raises(Refused, match="nobody_for_second_look"):
        doubt(hall, hall.reviewer, number)
    assert hall.case(number).state == State.APPROVED


def test_what_an_approved_graduation_rests_on_stands_also_when_it_came_in_between(
    hall: Hall,
) -> None:
    number = approved(hall)
    doubt(hall, hall.reviewer, number)
    hall.graduate_with(number, "approved")
    with hall.unchanged_cases(number), pytest.raises(Refused, match="used_in_graduation"):
        revoke(hall, hall.colleague, number)


def test_whoever_is_wrong_otherwise_is_told_what_to_do(hall: Hall) -> None:
    (waiting_one, rejected) = hall.file_exemptions(hall.candidate(), "00015", "00018")
    hall.reject_case(hall.reviewer, rejected)
    for number, code in ((waiting_one, "not_decided_yet"), (rejected, "rejection_stands")):
        with pytest.raises(Refused, match=code):
            doubt(hall, hall.reviewer, number)
    number = approved(hall, hall.candidate("K2"))
    hall.graduate_with(number, "approved")
    with pytest.raises(Refused, match="approval_stands"):
        doubt(hall, hall.reviewer, "B260302-0001")


def test_the_exam_office_still_revokes_alone(hall: Hall) -> None:
    number = approved(hall)
    doubt(hall, hall.reviewer, number)
    with hall.office.work(hall.exam_office) as work:
        exemptions.revoke(work, number, "假的", hall.agreed(hall.exam_office))
    assert waiting(hall, hall.colleague) == []


def test_a_doubt_that_nobody_settles_is_not_forgotten(hall: Hall) -> None:
    def reminded() -> int:
        with hall.office.work() as work:
            assert overdue.escalate_due(work) == 0
            return overdue.remind_due(work)

    number = approved(hall)
    hall.pass_time(timedelta(days=7))
    assert reminded() == 0, "it stands, and nobody doubts it"
    doubt(hall, hall.reviewer, number)
    assert reminded() == 0
    for _time in range(2):
        hall.pass_time(timedelta(days=7))
        assert (reminded(), reminded()) == (1, 0)
    assert hall.told("review.remind") == [number, number]
    let_stand(hall, hall.colleague, number)
    hall.pass_time(timedelta(days=7))
    assert reminded() == 0


def test_who_reviews_a_graduation_is_warned_of_a_doubted_approval_it_rests_on(hall: Hall) -> None:
    def warned() -> tuple[int, int]:
        graduation = hall.case("B260302-0001")
        with hall.office.read() as work:
            return noticed(work, graduation), len(graduation_review.to_check(work, graduation))

    number = approved(hall)
    hall.graduate_with(number, "pending")
    assert warned() == (0, 0)
    doubt(hall, hall.reviewer, number)
    assert warned() == (1, 1)
    let_stand(hall, hall.colleague, number)
    assert warned() == (0, 0)
