"""What a candidate may do about an exemption, and what it does to what counts (E5)."""

from datetime import date

import pytest

from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.exam import candidates, exemption_board, exemption_cases, exemptions, scores
from backend.exam.exemptions import CourseClaim, State
from backend.models import ExamMajor, ExamTicket, Proof
from backend.pictures import gate
from backend.proofs import keeping
from backend.reviewing import asking
from backend.sealing import Sealer
from tests.reviewing.hall import Hall


def refused(hall: Hall, person: int, *claims: CourseClaim) -> Refused:
    with hall.office.work(person) as work:
        ticket = candidates.require_ticket(work)
        with pytest.raises(Refused) as told, work.savepoint():
            exemptions.file(work, ticket, claims, hall.agreed(person))
    return told.value


def test_each_course_is_a_case_of_its_own_and_what_was_filed_together_knows_it(hall: Hall) -> None:
    person = hall.candidate()
    numbers = hall.file_exemptions(person, "00015", "03708")
    assert numbers == ["M260302-0001", "M260302-0002"]
    with hall.office.read() as work:
        first, second = (exemption_cases.find(work, one) for one in numbers)
        assert first
        assert second
        assert exemption_cases.together(work, second) == [first, second]
        assert exemption_cases.request_of(work, second).way == "degree"
        assert (first.state, first.holder, first.unit_id) == (
            State.PENDING,
            "exam_reviewer",
            hall.first,
        )
        assert first.remind_at
        assert first.escalate_at
        assert first.consent_id == second.consent_id
    assert [entry.event for entry in hall.audit(numbers[1])] == ["file"]
    (filed,) = [one for one in hall.events if one.name == "review.filed"]
    assert filed.facts["numbers"] == numbers, "the reviewers are told once"


def test_outside_the_window_nothing_is_filed_and_the_next_date_is_told(hall: Hall) -> None:
    person = hall.candidate()
    claim = hall.claim(person, "00015")
    hall.close_windows()
    why = refused(hall, person, claim)
    assert (why.code, why.rule) == ("window_closed", "E4")
    assert why.facts["closed"] is not None


def test_a_diploma_alone_is_not_enough_and_what_would_be_is_named(hall: Hall) -> None:
    person = hall.candidate()
    diploma = hall.proof(person, "diploma")
    why = refused(hall, person, CourseClaim(hall.courses["03708"], (diploma,)))
    assert (why.code, why.rule, why.facts["code"]) == ("proof_missing", "E5", "03708")
    missing = why.facts["missing"]
    assert isinstance(missing, list)
    assert [len(one.any_of) for one in missing] == [2]


def test_the_wrong_kind_of_proof_is_refused(hall: Hall) -> None:
    person = hall.candidate()
    wrong = CourseClaim(hall.courses["00015"], (hall.proof(person, "cet", "3"),))
    assert refused(hall, person, wrong).code == "proof_missing"


@pytest.mark.parametrize(
    ("score", "code"), [(None, "score_not_told"), (424, "score_too_low"), (425, "")]
)
def test_a_score_below_what_the_matrix_demands_is_not_filed(
    hall: Hall, score: int | None, code: str
) -> None:
    person = hall.candidate()
    claim = hall.claim(person, "00015")
    with hall.office.work(person) as work:
        work.session.get_one(Proof, claim.proofs[0]).score = score
    if not code:
        with hall.office.work(person) as work:
            ticket = candidates.require_ticket(work)
            assert exemptions.file(work, ticket, [claim], hall.agreed(person))
        return
    why = refused(hall, person, claim)
    assert (why.code, why.facts["least"], why.facts["kind"]) == (code, 425, "cet4")


def test_a_course_without_a_way_says_whom_to_ask(hall: Hall) -> None:
    person = hall.candidate()
    claim = CourseClaim(hall.courses["00312"], (hall.proof(person, "cet", "4"),))
    why = refused(hall, person, claim)
    assert (why.code, why.facts["office"]) == ("no_way", "exam_policy")


def test_one_refused_course_of_several_leaves_none_filed(hall: Hall) -> None:
    person = hall.candidate()
    good = hall.claim(person, "00015")
    bad = CourseClaim(hall.courses["03708"], (hall.proof(person, "diploma"),))
    assert refused(hall, person, good, bad).code == "proof_missing"
    with hall.office.read() as work:
        assert not exemption_cases.of_ticket(work, candidates.tickets(work, person)[0])
    assert hall.events == []


def test_a_course_is_not_filed_twice_whatever_became_of_the_first(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    assert refused(hall, person, hall.claim(person, "00015")).facts["number"] == number
    hall.reject_case(hall.reviewer, number)
    assert refused(hall, person, hall.claim(person, "00015")).code == "exemption_filed"
    hall.withdraw_case(person, number)
    (again,) = hall.file_exemptions(person, "00015")
    hall.approve_case(hall.reviewer, again)
    assert refused(hall, person, hall.claim(person, "00015")).code == "exemption_filed"


def test_nobody_files_with_anothers_proof_nor_with_one_that_is_used_already(hall: Hall) -> None:
    person, other = hall.candidate("K1"), hall.candidate("K2")
    theirs = CourseClaim(hall.courses["00015"], (hall.proof(other, "cet", "4"),))
    assert isinstance(refused(hall, person, theirs), NotAllowed)
    used = hall.claim(person, "00018")
    with hall.office.work(person) as work:
        ticket = candidates.require_ticket(work)
        exemptions.file(work, ticket, [used], hall.agreed(person))
    hall.withdraw_case(person, "M260302-0001")
    assert isinstance(refused(hall, person, used), NotAllowed)


def test_nobody_files_under_anothers_ticket(hall: Hall) -> None:
    person, other = hall.candidate("K1"), hall.candidate("K2")
    claim = hall.claim(person, "00015")
    with hall.office.work(person) as work:
        ticket = candidates.tickets(work, other)[0]
        with pytest.raises(NotAllowed):
            exemptions.file(work, ticket, [claim], hall.agreed(person))


def test_what_is_approved_counts_from_then_on_and_what_is_revoked_no_more(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    assert hall.credits(person) == []
    hall.approve_case(hall.reviewer, number)
    assert hall.credits(person) == [(hall.courses["00015"], "exemption", True)]
    with hall.office.read() as work:
        major = work.session.get_one(ExamMajor, hall.major)
        (counts,) = scores.counting(work, person, major)
        assert counts.course_id == hall.courses["00015"]
    with hall.office.work(hall.exam_office) as work:
        exemptions.revoke(work, number, "凭证是假的", hall.agreed(hall.exam_office))
    assert hall.credits(person) == [(hall.courses["00015"], "exemption", False)]
    with hall.office.read() as work:
        assert not scores.counting(work, person, work.session.get_one(ExamMajor, hall.major))
    (again,) = hall.file_exemptions(person, "00015")
    hall.approve_case(hall.reviewer, again)
    assert hall.credits(person) == [(hall.courses["00015"], "exemption", True)]


def test_only_the_exam_office_revokes(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    hall.approve_case(hall.reviewer, number)
    with hall.office.work(hall.reviewer) as work, pytest.raises(NotAllowed):
        exemptions.revoke(work, number, "错了", hall.agreed(hall.reviewer))


def test_while_pending_it_is_changed_under_the_same_number_and_the_old_proof_is_kept(
    hall: Hall,
) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    version = hall.case(number).version
    new = hall.proof(person, "pets", "3")
    hall.close_windows()  # it is the state that allows it, and not the window
    with hall.office.work(person) as work:
        exemptions.change(work, number, [new], hall.agreed(person))
    assert hall.case(number).state == State.PENDING
    assert hall.case(number).version > version
    with hall.office.read() as work:
        application = hall.case(number)
        assert [one.id for one in exemption_cases.proofs_of(work, application)] == [new]
        assert exemption_cases.request_of(work, application).way == "pets3"
    assert [entry.event for entry in hall.audit(number)] == ["file", "change"]


@pytest.mark.parametrize("state", ["asked", "second", "rejected", "approved", "withdrawn"])
def test_it_is_changed_only_while_pending(hall: Hall, state: str) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    bring(hall, number, state)
    new = hall.proof(person, "pets", "3")
    with hall.office.work(person) as work, pytest.raises(AlreadyHandled):
        exemptions.change(work, number, [new], hall.agreed(person))


@pytest.mark.parametrize("state", ["pending", "asked", "second", "approved", "withdrawn"])
def test_only_what_was_rejected_is_submitted_again(hall: Hall, state: str) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    bring(hall, number, state)
    new = hall.proof(person, "pets", "3")
    with hall.office.work(person) as work, pytest.raises(AlreadyHandled):
        exemptions.resubmit(work, number, [new], hall.agreed(person))


def bring(hall: Hall, number: str, state: str) -> None:
    match state:
        case "asked":
            with hall.office.work(hall.reviewer) as work:
                asking.ask_back(work, number, "是本人的吗？", hall.agreed(hall.reviewer))
        case "second":
            hall.refer_case(hall.reviewer, number)
        case "rejected":
            hall.reject_case(hall.reviewer, number)
        case "approved":
            hall.approve_case(hall.reviewer, number)
        case "withdrawn":
            hall.withdraw_case(hall.case(number).applicant_id, number)
    assert hall.case(number).state == state


def test_only_the_rejected_course_is_opened_again_and_the_others_stand(hall: Hall) -> None:
    person = hall.candidate()
    first, second, third = hall.file_exemptions(person, "00015", "00018", "03708")
    hall.approve_case(hall.reviewer, first)
    hall.reject_case(hall.reviewer, second)
    with hall.office.work(person) as work:
        ticket = candidates.require_ticket(work)
        kept = [
            one.id for one in exemption_cases.proofs_of(work, exemption_cases.own(work, second))
        ]
        with pytest.raises(Refused) as told, work.savepoint():
            exemptions.resubmit(work, second, kept, hall.agreed(person))
        assert told.value.code == "nothing_changed"
    with hall.unchanged_cases(first, third):
        more = hall.proof(person, "other")
        with hall.office.work(person) as work:
            exemptions.resubmit(work, second, [*kept, more], hall.agreed(person))
    with hall.office.read() as work:
        ticket = work.session.get_one(ExamTicket, ticket.id)
        states = {one.course.code: one.state for one in exemption_board.board(work, ticket)}
    assert states == {
        "00015": "approved",
        "00018": "pending",
        "00312": "not_applied",
        "03708": "pending",
        "03709": "not_applied",
    }
    assert [entry.event for entry in hall.audit(second)] == ["file", "reject", "resubmit"]


def test_after_the_window_a_rejected_course_waits_for_the_next_one(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    hall.reject_case(hall.reviewer, number)
    new = hall.proof(person, "pets", "3")
    hall.close_windows()
    with hall.office.work(person) as work, pytest.raises(Refused) as told:
        exemptions.resubmit(work, number, [new], hall.agreed(person))
    assert (told.value.code, told.value.rule) == ("window_closed", "E5")


def test_another_institutions_matrix_is_kept_for_what_was_filed_under_it(hall: Hall) -> None:
    """A policy published later does not take away what a pending case rests on."""
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    hall.set_policy("exam", date(2026, 3, 2), matrix={})
    new = hall.proof(person, "pets", "3")
    with hall.office.work(person) as work:
        exemptions.change(work, number, [new], hall.agreed(person))
    assert refused(hall, person, hall.claim(person, "00018")).code == "matrix_not_set"


def test_the_board_says_until_when_and_what_the_rejected_course_lacks(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "03708")
    hall.reject_case(hall.reviewer, number)
    with hall.office.read() as work:
        ticket = candidates.tickets(work, person)[0]
        board = {one.course.code: one for one in exemption_board.board(work, ticket)}
        assert board["03708"].until is not None
        assert board["03708"].application is not None
        assert not board["00312"].possible
    open_now = [code for code, one in board.items() if one.state == "not_applied" and one.possible]
    assert open_now == ["00015", "00018", "03709"]


def test_a_course_that_is_passed_needs_no_exemption_nor_may_one_be_approved(hall: Hall) -> None:
    person = hall.candidate()
    hall.pass_exam(person, "00018")
    assert refused(hall, person, hall.claim(person, "00018")).code == "already_passed"
    (number,) = hall.file_exemptions(person, "00015")
    hall.pass_exam(person, "00015")
    with pytest.raises(Refused, match="already_passed"):
        hall.approve_case(hall.reviewer, number)
    assert hall.case(number).state == State.PENDING


def test_a_proof_without_a_picture_is_not_filed(hall: Hall) -> None:
    person = hall.candidate()
    proof = hall.proof(person, "cet", "4")
    with hall.office.work() as work:
        for picture in keeping.pictures_of(work, proof):
            work.session.delete(picture)
    why = refused(hall, person, CourseClaim(hall.courses["00015"], (proof,)))
    assert why.code == "picture_needed"


def test_a_picture_that_the_gate_stopped_is_no_proof(hall: Hall) -> None:
    person = hall.candidate()
    proof = hall.proof(person, "cet", "4")
    with hall.office.work(person) as work:
        work.sealer = Sealer(b"a secret of thirty-two characters")
        (picture,) = keeping.pictures_of(work, proof)
        gate.note(work, picture, "damaged", "stop")
        with pytest.raises(Refused) as told:
            keeping.new(work, person, "cet", "4", "1", "2018-06", "上海", "", [picture.id])
    assert told.value.code == "picture_stopped"


def test_the_policy_may_bound_how_many_courses_are_filed_at_once(hall: Hall) -> None:
    hall.set_policy("exam", date(2026, 3, 2), exemption={"most_courses": 1})
    person = hall.candidate()
    claims = [hall.claim(person, code) for code in ("00015", "00018")]
    assert refused(hall, person, *claims).code == "too_many_courses"
    assert len(hall.file_exemptions(person, "00015")) == 1


def test_nobody_else_withdraws_and_what_is_approved_is_not_taken_back(hall: Hall) -> None:
    person, other = hall.candidate("K1"), hall.candidate("K2")
    (number,) = hall.file_exemptions(person, "00015")
    with pytest.raises(Refused, match="no_such_application"):
        hall.withdraw_case(other, number)
    hall.approve_case(hall.reviewer, number)
    with pytest.raises(AlreadyHandled):
        hall.withdraw_case(person, number)


def test_what_an_approved_graduation_rests_on_is_not_revoked(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    hall.approve_case(hall.reviewer, number)
    hall.graduate_with(number, "approved")
    with (
        hall.office.work(hall.exam_office) as work,
        pytest.raises(Refused, match="used_in_graduation"),
    ):
        exemptions.revoke(work, number, "假的", hall.agreed(hall.exam_office))
    assert hall.case(number).state == State.APPROVED
