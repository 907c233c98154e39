"""Scores from another province: who moves a case, who is told, and what counts from when (E7)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.event import listen, remove

from backend.clock import SHANGHAI
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.exam import scores, transfer_in, transfer_in_due
from backend.exam.transfer_in import Appointment, State
from backend.exam.transfer_in_registry import receive, steps_to
from backend.models import ExamMajor
from backend.policy import store
from backend.work import Event, Work
from dialogs.exam import transfer_review
from tests.exam.conftest import START, Exam

INVITED, MISSED = "W200101-0001", "W200101-0002"
TO_REVIEW = "transfer_in.to_review"
REVIEWER, OTHER_UNIVERSITY, OFFICE = "S00601", "S00603", "S00501"
LATER = Appointment(datetime(2026, 4, 7, 9, 30, tzinfo=SHANGHAI), "2 号楼", "带准考证")


def counting(work: Work, exam: Exam, who: str) -> set[str]:
    ticket = exam.ticket(work, who)
    major = work.session.get_one(ExamMajor, ticket.major_id)
    found = scores.counting(work, ticket.person_id, major)
    return {one.kind for one in found}


def test_accepted_scores_count_from_then_on_and_not_before(exam: Exam) -> None:
    with exam.work(REVIEWER) as work:
        transfer_in.confirm(work, INVITED, exam.agreed(work))
        assert "transfer_in" not in counting(work, exam, "k_transfer_in_invited")
    with exam.work(REVIEWER) as work:
        accepted = transfer_in.accept(work, INVITED, exam.agreed(work))
        transfer_in.count(work, accepted, transfer_in.courses(work, accepted))  # no second time
    with exam.work() as work:
        assert "transfer_in" in counting(work, exam, "k_transfer_in_invited")
        lines = scores.history(work, exam.ticket(work, "k_transfer_in_invited"))
        assert sum(one.source == "transfer_in" for one in lines) == 2
    assert exam.told == [("transfer_in.attend", INVITED), ("transfer_in.accept", INVITED)]


@pytest.mark.parametrize("who", [OTHER_UNIVERSITY, "k_transfer_in_invited", "k_plain", "S00001"])
def test_nobody_moves_a_case_that_is_not_theirs_to_review(exam: Exam, who: str) -> None:
    with exam.work(who) as work, pytest.raises(NotAllowed):
        transfer_in.confirm(work, INVITED, exam.agreed(work))


def test_the_exam_office_moves_any_and_a_reviewer_never_their_own(exam: Exam) -> None:
    with exam.work(OFFICE) as work:
        assert transfer_in.invite(work, INVITED, LATER, exam.agreed(work)).confirm_at == LATER.at
    with exam.work("S00602") as work:
        own = receive(work, exam.ticket(work, "S00602"), "江苏", "3201009", None)
        with pytest.raises(NotAllowed):
            transfer_in.reject(work, own.number, "不对", exam.agreed(work))


def test_a_new_appointment_is_told_and_reminded_of_anew(exam: Exam) -> None:
    exam.at(11, 18)
    with exam.work() as work:
        assert transfer_in_due.remind_due(work) == 1
        assert transfer_in_due.remind_due(work) == 0
    with exam.work(REVIEWER) as work:
        moved = transfer_in.invite(work, INVITED, LATER, exam.agreed(work))
        assert (moved.reminded_evening_at, moved.confirm_note) == (None, "带准考证")
    exam.clock.set(LATER.at - timedelta(hours=15, minutes=29))
    with exam.work() as work:
        assert transfer_in_due.remind_due(work) == 1
    assert [name for name, _number in exam.told] == [
        "transfer_in.remind_evening",
        "transfer_in.reschedule",
        "transfer_in.remind_evening",
    ]


def test_of_two_reminders_that_are_due_at_once_only_the_later_is_sent(exam: Exam) -> None:
    exam.at(12, 8)
    with exam.work() as work:
        assert transfer_in_due.remind_due(work) == 1
        assert transfer_in_due.remind_due(work) == 0
    assert exam.told == [("transfer_in.remind_hours", INVITED)]


def test_nobody_is_reminded_once_the_time_has_come_and_it_is_missed_the_day_after(
    exam: Exam,
) -> None:
    exam.at(12, 9, 30)
    with exam.work() as work:
        assert transfer_in_due.remind_due(work) == 0
    exam.at(12, 23, 59)
    with exam.work() as work:
        assert transfer_in_due.miss_due(work) == 0
    exam.at(13, 0)
    with exam.work() as work:
        assert transfer_in_due.miss_due(work) == 1
    with exam.work(REVIEWER) as work:
        again = transfer_in.invite(work, INVITED, LATER, exam.agreed(work))
        assert again.state == State.INVITED


def test_what_an_import_has_changed_is_told_once(exam: Exam) -> None:
    with exam.work() as work:
        transfer = transfer_in.find(work, INVITED.lower())
        assert transfer is not None
        transfer.told_at = None
    for _minute in range(2):
        with exam.work() as work:
            transfer_in_due.tell_due(work)
    assert exam.told == [("transfer_in.news", INVITED)]


def test_reviewers_are_asked_once_for_all_that_an_import_brought_them(exam: Exam) -> None:
    exam.at(13, 0)
    with exam.work() as work:
        for number in (INVITED, MISSED):
            transfer = transfer_in.find(work, number)
            assert transfer is not None
            transfer.told_at = None
        transfer_in_due.tell_due(work)
        assert [one.subject for one in work.events if one.name == TO_REVIEW] == [MISSED]
        missed = transfer_in.find(work, MISSED)
        assert missed is not None
        asked = transfer_in.movers(work, missed)
        assert asked == [exam.person(work, who).id for who in (REVIEWER, "S00602")]
    with exam.work() as work:
        transfer_in_due.miss_due(work)
        (event,) = [one for one in work.events if one.name == TO_REVIEW]
        assert event.facts["numbers"] == [INVITED], "whoever did not come needs an appointment"


def test_where_reminders_are_not_set_nobody_is_reminded(exam: Exam) -> None:
    with exam.work(OFFICE) as work:
        policy = store.exam(work)
        off = policy.transfer_in.model_copy(
            update={"remind_evening_at": None, "remind_hours": None}
        )
        store.publish(
            work,
            "exam",
            policy.model_copy(update={"transfer_in": off}),
            START.date(),
            exam.agreed(work),
        )
    for hour in (0, 8, 9):
        exam.at(12, hour)
        with exam.work() as work:
            assert transfer_in_due.remind_due(work) == 0


def test_only_the_exam_office_publishes_its_rules(exam: Exam) -> None:
    for who in ("S00101", REVIEWER, "k_plain"):
        with exam.work(who) as work, pytest.raises(NotAllowed):
            store.publish(work, "exam", store.exam(work), START.date(), exam.agreed(work))


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (Appointment(LATER.at, " "), "appointment_incomplete"),
        (Appointment(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI), "1 号楼"), "appointment_over"),
    ],
)
def test_an_appointment_needs_a_place_and_a_time_to_come(
    exam: Exam, when: Appointment, code: str
) -> None:
    with exam.work(REVIEWER) as work, pytest.raises(Refused) as refused:
        transfer_in.invite(work, MISSED, when, exam.agreed(work))
    assert (refused.value.code, refused.value.rule) == (code, "E7")


def test_what_has_not_been_confirmed_is_not_accepted_and_a_rejection_says_why(exam: Exam) -> None:
    with exam.work(REVIEWER) as work:
        with pytest.raises(AlreadyHandled):
            transfer_in.accept(work, INVITED, exam.agreed(work))
        transfer_in.confirm(work, INVITED, exam.agreed(work))
        with pytest.raises(Refused, match="reason_needed"):
            transfer_in.reject(work, INVITED, "  ", exam.agreed(work))
        rejected = transfer_in.reject(work, INVITED, "成绩不符", exam.agreed(work))
        assert (rejected.state, rejected.reason) == (State.REJECTED, "成绩不符")
        with pytest.raises(AlreadyHandled):
            transfer_in.invite(work, INVITED, LATER, exam.agreed(work))


def test_an_export_that_skipped_a_state_still_leads_there_and_never_backwards() -> None:
    assert steps_to(State.REVIEWING, State.ACCEPTED) == ["invite", "attend", "accept"]
    assert steps_to(State.MISSED, State.CONFIRMED) == ["invite", "attend"]
    assert steps_to(State.INVITED, State.INVITED) == []
    for late in (State.ACCEPTED, State.REJECTED):
        assert steps_to(late, State.REVIEWING) is None


def test_an_import_of_many_is_told_with_as_many_questions_as_one_of_few(exam: Exam) -> None:
    def asked(*numbers: str) -> int:
        event = Event(TO_REVIEW, numbers[0], {"numbers": list(numbers)})
        with exam.work() as work:
            heard: list[str] = []

            def hear(_c: object, _cur: object, statement: str, *_: object) -> None:
                heard.append(statement)

            listen(exam.database.engine, "before_cursor_execute", hear)
            try:
                people = transfer_review.those_who_act(work, event)
            finally:
                remove(exam.database.engine, "before_cursor_execute", hear)
            assert people == [exam.person(work, who).id for who in (REVIEWER, "S00602")]
            return len(heard)

    with exam.work() as work:
        ticket = exam.ticket(work, "k_transfer_in_invited")
        new = [receive(work, ticket, "江苏", f"3201{n:03}", None).number for n in range(5)]
    assert asked(INVITED, *new) == asked(INVITED)


def test_a_reviewer_who_comes_from_elsewhere_is_not_asked_about_their_own(exam: Exam) -> None:
    with exam.work() as work:
        own = receive(work, exam.ticket(work, "S00602"), "江苏", "3201009", None)
        of_both = transfer_in.of_numbers(work, [INVITED, own.number])
        found = transfer_in.to_be_moved_by(work, of_both)
        for one in of_both:
            people = [person for person, theirs in found.items() if one in theirs]
            assert people == transfer_in.movers(work, one)
        assert own not in found[exam.person(work, "S00602").id]
