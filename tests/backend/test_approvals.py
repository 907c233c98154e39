"""Who may decide (T4): the unit's own officer, academic affairs when it is overdue, never oneself."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from backend import absences, approvals, orders, transcripts
from backend.authority import Role
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import Role as RoleRow
from backend.models import TranscriptRequest
from backend.work import Work
from tests.backend.scene import Scene


def escalate(scene: Scene, number: str) -> None:
    with scene.office.work() as work:
        case = transcripts.find(work, number)
        assert case is not None
        transcripts.WORKFLOW.take(work, case, "escalate")


def inbox(scene: Scene, actor: int | None) -> list[str]:
    with scene.office.read(actor) as work:
        return [one.number for one in approvals.inbox(work)]


def deciders(scene: Scene, number: str) -> list[int]:
    with scene.office.read() as work:
        case = transcripts.find(work, number)
        assert case is not None
        return approvals.deciders(work, case)


def test_the_units_officer_approves_and_the_applicant_may_order(scene: Scene) -> None:
    officer, number = scene.officer(), scene.file(scene.student())
    scene.approve(officer, number)
    application = scene.application(number)
    assert (application.state, application.holder) == ("approved", "applicant")
    assert (application.remind_at, application.escalate_at) == (None, None)
    assert scene.audit(number)[-1].actor_id == officer
    scene.confirm(number)


def test_a_rejection_says_why_word_for_word(scene: Scene) -> None:
    officer, number = scene.officer(), scene.file(scene.student())
    scene.reject(officer, number, why="理由太笼统，请写明用途")
    application = scene.application(number)
    assert (application.state, application.holder) == ("rejected", "")
    with scene.office.read() as work:
        request = work.session.get_one(TranscriptRequest, application.id)
        assert request.rejected_why == "理由太笼统，请写明用途"
    (announced,) = [one for one in scene.events if one.name == "transcript.reject"]
    assert announced.subject == number


@pytest.mark.parametrize("why", ["", " ", "\n\t"])
def test_nobody_is_rejected_without_a_reason(scene: Scene, why: str) -> None:
    officer, number = scene.officer(), scene.file(scene.student())
    with scene.unchanged(number), pytest.raises(Refused) as refused:
        scene.reject(officer, number, why=why)
    assert (refused.value.code, refused.value.rule) == ("reason_needed", "T4")


def test_nobody_decides_who_is_not_an_officer_of_that_very_unit(scene: Scene) -> None:
    student = scene.student()
    scene.officer("O1")
    number = scene.file(student)
    strangers = {
        "the officer of another unit": scene.officer("O2", scene.maths),
        "academic affairs, before it is overdue": scene.affairs,
        "finance": scene.staff("F1", Role.FINANCE),
        "the administrator": scene.staff("M1", Role.ADMINISTRATOR),
        "another student": scene.student("S2"),
        "the applicant": student,
    }
    for actor in strangers.values():
        with scene.unchanged(number):
            with pytest.raises(NotAllowed):
                scene.approve(actor, number)
            with pytest.raises(NotAllowed):
                scene.reject(actor, number)
    with scene.office.work() as work, pytest.raises(NotAllowed):
        approvals.to_decide(work, number)


def test_nobody_decides_on_their_own_application(scene: Scene) -> None:
    """An officer who studies at their own unit."""
    student = scene.student()
    scene.give_role(student, Role.UNIT_OFFICER, scene.physics)
    number = scene.file(student)
    with scene.unchanged(number), pytest.raises(NotAllowed):
        scene.approve(student, number)
    assert inbox(scene, student) == []
    assert deciders(scene, number) == [scene.affairs]
    colleague = scene.officer("O2")
    assert deciders(scene, number) == [colleague, scene.affairs]
    scene.approve(colleague, number)


def test_academic_affairs_never_decide_on_their_own_application(scene: Scene) -> None:
    student = scene.student()
    scene.give_role(student, Role.ACADEMIC_AFFAIRS)
    number = scene.file(student)
    escalate(scene, number)
    with scene.unchanged(number), pytest.raises(NotAllowed):
        scene.approve(student, number)
    assert number not in inbox(scene, student)


def test_either_of_two_officers_may_decide_and_the_second_is_told(scene: Scene) -> None:
    first, second = scene.officer("O1"), scene.officer("O2")
    number = scene.file(scene.student())
    assert deciders(scene, number) == [first, second]
    assert inbox(scene, first) == inbox(scene, second) == [number]
    scene.approve(second, number)
    assert inbox(scene, first) == []
    with scene.unchanged(number), pytest.raises(AlreadyHandled) as told:
        scene.reject(first, number)
    assert (told.value.facts["by"], told.value.facts["event"]) == (second, "approve")


def test_for_a_unit_without_an_officer_academic_affairs_answer(scene: Scene) -> None:
    number = scene.file(scene.student())
    assert deciders(scene, number) == [scene.affairs]
    assert inbox(scene, scene.affairs) == [number]
    scene.approve(scene.affairs, number)
    assert scene.application(number).state == "approved"


def test_once_it_is_overdue_academic_affairs_may_decide_and_so_may_the_officer(
    scene: Scene,
) -> None:
    officer, student = scene.officer(), scene.student()
    first, second = scene.file(student), scene.file(student)
    for number in (first, second):
        assert inbox(scene, scene.affairs) == []
        escalate(scene, number)
        assert deciders(scene, number) == [officer, scene.affairs]
        assert inbox(scene, scene.affairs) == [number]
        assert number in inbox(scene, officer)
        scene.approve({first: officer, second: scene.affairs}[number], number)


def test_an_inbox_shows_the_own_unit_longest_waiting_first(scene: Scene) -> None:
    officer, both = scene.officer(), scene.officer("O2")
    scene.give_role(both, Role.UNIT_OFFICER, scene.maths)
    student, mathematician = scene.student(), scene.student("S2", unit=scene.maths)
    numbers = []
    for who in (student, mathematician, student):
        numbers.append(scene.file(who))
    assert inbox(scene, officer) == [numbers[0], numbers[2]]
    assert inbox(scene, both) == numbers
    scene.reject(officer, numbers[0])
    assert inbox(scene, both) == numbers[1:]


def test_who_has_nothing_to_decide_has_no_inbox(scene: Scene) -> None:
    for actor in (scene.student(), scene.staff("F1", Role.FINANCE), None):
        with pytest.raises(NotAllowed):
            inbox(scene, actor)


def test_approving_many_at_once_approves_all_of_them(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    numbers = [scene.file(student) for _ in range(3)]
    scene.approve(officer, *numbers)
    assert {scene.application(number).state for number in numbers} == {"approved"}
    assert scene.told("transcript.approve") == numbers


def test_one_that_cannot_be_approved_stops_all_of_them(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    other = scene.file(scene.student("S2", unit=scene.maths))
    numbers = [scene.file(student) for _ in range(3)]
    with scene.unchanged(*numbers, other), pytest.raises(NotAllowed):
        scene.approve(officer, *numbers, other)
    with scene.unchanged(*numbers), pytest.raises(NotAllowed):
        scene.approve(officer, *numbers, "T000000-0000")
    scene.reject(officer, numbers[2])
    with scene.unchanged(*numbers), pytest.raises(AlreadyHandled):
        scene.approve(officer, *numbers)
    with scene.unchanged(*numbers), pytest.raises(AlreadyHandled):
        scene.reject(officer, *numbers)


def test_naming_one_twice_approves_it_once_or_not_at_all(scene: Scene) -> None:
    officer, number = scene.officer(), scene.file(scene.student())
    with scene.unchanged(number), pytest.raises(AlreadyHandled):
        scene.approve(officer, number, number)


def test_whoever_loses_the_office_decides_no_more(scene: Scene) -> None:
    officer, number = scene.officer(), scene.file(scene.student())

    def dismiss(work: Work) -> None:
        for row in work.session.scalars(select(RoleRow).where(RoleRow.person_id == officer)):
            work.session.delete(row)

    with scene.office.work() as work:
        dismiss(work)
    with scene.unchanged(number), pytest.raises(NotAllowed):
        scene.approve(officer, number)


def test_an_application_that_was_ordered_can_no_longer_be_rejected(scene: Scene) -> None:
    officer, number = scene.officer(), scene.file(scene.student())
    scene.approve(officer, number)
    order = scene.confirm(number)
    with scene.unchanged(number), pytest.raises(AlreadyHandled):
        scene.reject(officer, number)
    assert scene.order(order).state == orders.State.PAID


def ask_back(scene: Scene, officer: int, number: str, question: str = "用在哪里？") -> None:
    with scene.office.work(officer) as work:
        approvals.ask_back(work, number, question, scene.agreed(officer))


def reply(scene: Scene, student: int, number: str, words: str = "申请签证") -> None:
    with scene.office.work(student) as work:
        approvals.answer(work, number, words, scene.agreed(student))


def test_a_case_whose_student_was_asked_waits_for_the_answer_and_is_not_overdue(
    scene: Scene,
) -> None:
    officer, student = scene.officer(), scene.student()
    asked, other = scene.file(student), scene.file(student)
    ask_back(scene, officer, asked)
    application = scene.application(asked)
    assert (application.state, application.holder) == ("asked", "applicant")
    assert (application.remind_at, application.escalate_at) == (None, None)
    assert inbox(scene, officer) == [other]
    for decide in (scene.approve, scene.reject):
        with scene.unchanged(asked, other), pytest.raises(AlreadyHandled):
            decide(officer, other, asked)
    reply(scene, student, asked)
    application = scene.application(asked)
    assert (application.state, application.holder) == ("waiting", "unit_officer")
    assert application.remind_at
    assert application.escalate_at
    with scene.office.read() as work:
        (exchange,) = approvals.questions(work, application)
        assert (exchange.question, exchange.answer) == ("用在哪里？", "申请签证")
        assert exchange.asked_by == officer
    scene.approve(officer, asked)


def test_only_the_applicant_answers_and_only_once(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    number = scene.file(student)
    with scene.unchanged(number), pytest.raises(AlreadyHandled):
        reply(scene, student, number)
    ask_back(scene, officer, number)
    for stranger in (officer, scene.student("S2"), scene.affairs):
        with scene.unchanged(number), pytest.raises(Refused):
            reply(scene, stranger, number)
    reply(scene, student, number)
    with scene.unchanged(number), pytest.raises(AlreadyHandled):
        reply(scene, student, number, "second thoughts")


def test_the_answer_comes_back_to_academic_affairs_when_they_had_asked(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    number = scene.file(student)
    escalate(scene, number)
    ask_back(scene, scene.affairs, number)
    reply(scene, student, number)
    assert scene.application(number).holder == "academic_affairs"
    assert deciders(scene, number) == [officer, scene.affairs]


def test_a_question_of_a_deputy_who_is_none_any_more_leaves_the_case_with_the_unit(
    scene: Scene,
) -> None:
    officer, student = scene.officer(), scene.student()
    number, today = scene.file(student), scene.clock.now().date()
    with scene.office.work(officer) as work:
        absences.plan(work, scene.affairs, today, today, scene.agreed(officer))
    ask_back(scene, scene.affairs, number)
    scene.pass_time(timedelta(days=1))
    with scene.office.work() as work:
        absences.sweep(work)
    reply(scene, student, number)
    application = scene.application(number)
    assert application.holder == "unit_officer"
    assert application.escalate_at
    assert deciders(scene, number) == [officer]
    assert inbox(scene, officer) == [number]


def test_a_question_of_an_officer_who_is_none_any_more_leaves_the_case_with_the_unit(
    scene: Scene,
) -> None:
    first, second, student = scene.officer("O1"), scene.officer("O2"), scene.student()
    number = scene.file(student)
    ask_back(scene, first, number)
    with scene.office.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == first))
    reply(scene, student, number)
    assert scene.application(number).holder == "unit_officer"
    assert deciders(scene, number) == [second]


def test_nobody_asks_who_may_not_decide(scene: Scene) -> None:
    student, officer = scene.student(), scene.officer()
    number = scene.file(student)
    for stranger in (student, scene.affairs, scene.officer("O2", scene.maths)):
        with scene.unchanged(number), pytest.raises(NotAllowed):
            ask_back(scene, stranger, number)
    ask_back(scene, officer, number)


def assign(scene: Scene, officer: int, number: str, colleague: int) -> None:
    with scene.office.work(officer) as work:
        approvals.assign(work, number, colleague)


def test_whoever_it_is_handed_to_is_asked_and_every_officer_may_still_decide(
    scene: Scene,
) -> None:
    first, second, third = scene.officer("O1"), scene.officer("O2"), scene.officer("O3")
    number = scene.file(scene.student())
    assign(scene, first, number, second)
    assert deciders(scene, number) == [second]
    assert scene.application(number).holder == "unit_officer"
    entry = scene.audit(number)[-1]
    assert (entry.event, entry.actor_id, entry.why) == ("assign", first, "O2")
    (told,) = [one for one in scene.events if one.name == "transcript.assign"]
    assert told.facts == {"by": first}
    scene.approve(third, number)


def test_it_is_handed_only_to_those_who_may_decide_it(scene: Scene) -> None:
    first, student = scene.officer("O1"), scene.student()
    scene.give_role(student, Role.UNIT_OFFICER, scene.physics)
    number = scene.file(student)
    elsewhere = scene.officer("O2", scene.maths)
    for other in (first, student, elsewhere, scene.affairs, scene.staff("F1", Role.FINANCE)):
        with scene.unchanged(number), pytest.raises(Refused, match="not_a_colleague"):
            assign(scene, first, number, other)
    second = scene.officer("O3")
    with scene.unchanged(number), pytest.raises(NotAllowed):
        assign(scene, elsewhere, number, second)
    escalate(scene, number)
    assign(scene, first, number, scene.affairs)
    assert deciders(scene, number) == [scene.affairs]


def test_once_it_is_overdue_academic_affairs_are_asked_whoever_had_it(scene: Scene) -> None:
    first, second = scene.officer("O1"), scene.officer("O2")
    number = scene.file(scene.student())
    assign(scene, first, number, second)
    with scene.office.work() as work:
        case = transcripts.find(work, number)
        assert case is not None
        case.escalate_at = work.now
        work.session.flush()
        assert approvals.escalate_due(work) == 1
    assert deciders(scene, number) == [first, second, scene.affairs]


def test_officers_are_asked_about_transcripts_and_about_nothing_else(scene: Scene) -> None:
    """Another service may also have cases of their unit that wait."""
    officer, number = scene.officer(), scene.file(scene.student())
    with scene.office.work() as work:
        application = transcripts.find(work, number)
        assert application is not None
        application.kind = "another"
        application.remind_at = application.escalate_at = work.now
    with scene.office.work(officer) as work:
        assert approvals.inbox(work) == []
        assert approvals.count(work) == 0
    with scene.office.work() as work:
        assert approvals.remind_due(work) == 0
        assert approvals.escalate_due(work) == 0
