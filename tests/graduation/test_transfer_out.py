"""Which scores may leave, what becomes of them, and what counts afterwards (E8)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.exam import transfer_out
from backend.exam.transfer_out import State
from backend.models import ExamTicket
from tests.graduation.graduates import TO, Graduates


@pytest.fixture(autouse=True)
def service_is_open(graduates: Graduates) -> None:
    graduates.hall.clock.set(datetime(2026, 6, 1, tzinfo=UTC))


def open_scores(graduates: Graduates) -> list[int]:
    with graduates.hall.office.work(graduates.person) as work:
        ticket = work.session.get_one(ExamTicket, graduates.ticket)
        return [one.credit_id for one in transfer_out.open_scores(work, ticket)]


def test_scores_are_reserved_while_it_is_reviewed_and_have_left_once_it_is_approved(
    graduates: Graduates,
) -> None:
    one, other = graduates.everything()
    number = graduates.leave(one)
    assert number == "Z260601-0001"
    assert graduates.counting() == [one, other], "nothing has left yet"
    assert open_scores(graduates) == [other]
    with pytest.raises(Refused, match="score_in_use"):
        graduates.leave(one)
    graduates.hall.approve_case(graduates.hall.reviewer, number)
    assert graduates.counting() == [other]
    assert open_scores(graduates) == [other]
    with pytest.raises(Refused, match="score_cannot_leave"):
        graduates.leave(one)
    with graduates.hall.office.read() as work:
        application = transfer_out.find(work, number)
        assert application
        assert [line.gone for line in transfer_out.scores_of(work, application)] == ["left"]
        assert transfer_out.destination_of(work, application) == TO
        assert b"13800000000" not in transfer_out.request_of(work, application).phone_sealed


def test_of_two_passes_of_a_course_one_may_leave_and_the_other_still_counts(
    graduates: Graduates,
) -> None:
    better = graduates.score("00015", month="2019-06", score=75)
    older = graduates.score("00015", month="2010-12", score=60)
    assert graduates.counting() == [better], "the course counts once"
    number = graduates.leave(better)
    graduates.hall.approve_case(graduates.hall.reviewer, number)
    assert graduates.counting() == [older]


def test_after_a_rejection_or_a_withdrawal_the_scores_are_free_again(graduates: Graduates) -> None:
    one, other = graduates.everything()
    number = graduates.leave(one)
    graduates.hall.reject_case(graduates.hall.reviewer, number, "转入准考证号不对")
    assert open_scores(graduates) == [one, other]
    with graduates.hall.office.work(graduates.person) as work:
        to = replace(TO, ticket="320100000001")
        transfer_out.reapply(work, number, to, [other], graduates.hall.agreed(graduates.person))
    assert open_scores(graduates) == [one]
    with graduates.hall.office.read() as work:
        application = transfer_out.find(work, number)
        assert application
        assert application.state == State.PENDING
        assert transfer_out.destination_of(work, application).ticket == "320100000001"
    graduates.hall.withdraw_case(graduates.person, number)
    assert open_scores(graduates) == [one, other]
    with graduates.hall.office.work(graduates.person) as work, pytest.raises(AlreadyHandled):
        transfer_out.reapply(work, number, TO, [one], graduates.hall.agreed(graduates.person))


def test_fails_and_scores_of_others_and_of_another_ticket_do_not_leave(
    graduates: Graduates,
) -> None:
    failed = graduates.score("00312", passed=False, score=40)
    with pytest.raises(Refused, match="score_cannot_leave"):
        graduates.leave(failed)
    elsewhere = graduates.score(
        "00312", ticket=graduates.hall.new_ticket(graduates.person, None), month="2020-04"
    )
    with pytest.raises(NotAllowed):
        graduates.leave(elsewhere)
    stranger = graduates.hall.candidate("K7")
    own = graduates.score("00015")
    with pytest.raises(NotAllowed):
        graduates.leave(own, person=stranger)
    with pytest.raises(Refused, match="no_score_chosen"):
        graduates.leave()


def test_the_form_must_be_complete_and_the_service_open(graduates: Graduates) -> None:
    one, _other = graduates.everything()
    with pytest.raises(Refused, match="transfer_incomplete"):
        graduates.leave(one, to=replace(TO, ticket=" "))
    with pytest.raises(Refused, match="transfer_incomplete"):
        graduates.leave(one, to=replace(TO, level="doctor"))
    number = graduates.leave(one)
    graduates.hall.reject_case(graduates.hall.reviewer, number)
    graduates.hall.close_windows()
    with pytest.raises(Refused, match="window_closed"):
        graduates.leave(one)
    with graduates.hall.office.work(graduates.person) as work:
        consent = graduates.hall.agreed(graduates.person)
        with pytest.raises(Refused, match="window_closed"):
            transfer_out.reapply(work, number, TO, [one], consent)


def test_a_score_that_went_meanwhile_is_not_approved_and_nothing_leaves(
    graduates: Graduates,
) -> None:
    one, other = graduates.everything()
    number = graduates.leave(one, other)
    with graduates.hall.office.work() as work:
        (credit, *_rest) = transfer_out._credits(work, graduates.hall.case(number))
        credit.ended_at = work.now
    with pytest.raises(Refused, match="score_gone"):
        graduates.hall.approve_case(graduates.hall.reviewer, number)
    assert graduates.hall.case(number).state == State.PENDING
    assert graduates.counting() == [other]


def test_a_score_that_the_registry_corrected_to_a_fail_does_not_leave(
    graduates: Graduates,
) -> None:
    one, _other = graduates.everything()
    number = graduates.leave(one)
    graduates.correct(one)
    with pytest.raises(Refused, match="score_gone"):
        graduates.hall.approve_case(graduates.hall.reviewer, number)


def test_a_reviewer_of_another_university_does_not_decide(graduates: Graduates) -> None:
    one, _other = graduates.everything()
    number = graduates.leave(one)
    with pytest.raises(NotAllowed):
        graduates.hall.approve_case(graduates.hall.stranger, number)
