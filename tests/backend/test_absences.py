"""A deputy decides for exactly the time of the absence, and only as long as they may (T4)."""

from datetime import date, timedelta

import pytest

from backend import absences, approvals, authority, transcripts
from backend.authority import Role
from backend.errors import NotAllowed, Refused
from backend.models import Absence, Unit
from backend.models import Role as RoleRow
from tests.backend.scene import Scene

MONDAY = date(2026, 3, 2)  # the scene begins on it, at 9
NEXT_MONDAY = date(2026, 3, 9)


def away(
    scene: Scene, person: int, deputy: int, first: date = MONDAY, last: date = MONDAY
) -> Absence:
    with scene.office.work(person) as work:
        return absences.plan(work, deputy, first, last, scene.agreed(person))


def asked(scene: Scene, number: str) -> list[int]:
    with scene.office.read() as work:
        case = transcripts.find(work, number)
        assert case is not None
        return approvals.deciders(work, case)


def may(scene: Scene, person: int, number: str) -> bool:
    with scene.office.read(person) as work:
        try:
            approvals.to_decide(work, number)
        except NotAllowed:
            return False
        return True


def sweep(scene: Scene) -> int:
    with scene.office.work() as work:
        return absences.sweep(work)


def test_the_deputy_is_asked_and_decides_from_the_first_moment_until_the_last(
    scene: Scene,
) -> None:
    officer, number = scene.officer(), scene.file(scene.student())
    away(scene, officer, scene.affairs, NEXT_MONDAY, NEXT_MONDAY + timedelta(days=1))
    assert (asked(scene, number), may(scene, scene.affairs, number)) == ([officer], False)
    scene.pass_time(timedelta(days=6, hours=15) - timedelta(seconds=1))  # before midnight
    assert (asked(scene, number), may(scene, scene.affairs, number)) == ([officer], False)
    scene.pass_time(timedelta(seconds=1))
    assert (asked(scene, number), may(scene, scene.affairs, number)) == ([scene.affairs], True)
    with scene.office.read(scene.affairs) as work:
        assert [one.number for one in approvals.inbox(work)] == [number]
    assert may(scene, officer, number), "from wherever they are"
    scene.pass_time(timedelta(days=2) - timedelta(seconds=1))
    assert may(scene, scene.affairs, number)
    scene.pass_time(timedelta(seconds=1))
    assert (asked(scene, number), may(scene, scene.affairs, number)) == ([officer], False)


def test_whoever_is_back_early_takes_the_authority_back_at_once(scene: Scene) -> None:
    officer, number = scene.officer(), scene.file(scene.student())
    arranged = away(scene, officer, scene.affairs)
    assert may(scene, scene.affairs, number)
    for stranger in (scene.affairs, scene.student("S2")):
        with scene.office.work(stranger) as work, pytest.raises(NotAllowed):
            absences.end(work, arranged.number)
    with scene.office.work(officer) as work:
        absences.end(work, arranged.number)
    assert not may(scene, scene.affairs, number)
    assert [one.event for one in scene.audit(arranged.number)] == ["plan", "begin", "end_early"]
    away(scene, officer, scene.affairs)
    assert may(scene, scene.affairs, number)


def test_a_deputy_never_decides_on_their_own_application(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    scene.give_role(student, Role.DEPUTY, scene.physics)
    number, other = scene.file(student), scene.file(scene.student("S2"))
    away(scene, officer, student)
    assert (may(scene, student, other), asked(scene, other)) == (True, [student])
    assert not may(scene, student, number)
    assert asked(scene, number) == [officer], "where the deputy may not, the officer is asked"
    with scene.office.read(student) as work:
        assert [one.number for one in approvals.inbox(work)] == [other]


@pytest.mark.parametrize("who", ["the officer", "the deputy"])
def test_who_loses_the_role_lends_or_borrows_nothing_any_more(scene: Scene, who: str) -> None:
    officer, deputy = scene.officer("O1"), scene.staff("D1", Role.DEPUTY, scene.physics)
    scene.officer("O2")
    number = scene.file(scene.student())
    away(scene, officer, deputy)
    assert may(scene, deputy, number)
    with scene.office.work() as work:
        lost = officer if who == "the officer" else deputy
        row = work.session.query(RoleRow).filter_by(person_id=lost).one()
        work.session.delete(row)
    assert not may(scene, deputy, number)
    assert deputy not in asked(scene, number)


def test_only_who_could_be_asked_anyway_stands_in(scene: Scene) -> None:
    officer = scene.officer("O1")
    colleague, named = scene.officer("O2"), scene.staff("D1", Role.DEPUTY, scene.physics)
    others = [
        scene.officer("O3", scene.maths),
        scene.staff("D2", Role.DEPUTY, scene.maths),
        scene.staff("F1", Role.FINANCE),
        scene.student(),
        officer,
    ]
    with scene.office.read(officer) as work:
        assert [one.id for one in absences.deputies(work, officer)] == [
            colleague,
            named,
            scene.affairs,
        ]
    for other in others:
        with pytest.raises(Refused) as refused:
            away(scene, officer, other)
        assert refused.value.code == "not_a_deputy"


def test_a_named_deputy_may_nothing_while_nobody_is_away(scene: Scene) -> None:
    scene.officer()
    named = scene.staff("D1", Role.DEPUTY, scene.physics)
    number = scene.file(scene.student())
    assert not may(scene, named, number)
    with scene.office.read(named) as work, pytest.raises(NotAllowed):
        approvals.inbox(work)


def test_for_academic_affairs_only_a_colleague_of_theirs_stands_in(scene: Scene) -> None:
    officer, colleague = scene.officer(), scene.staff("A2", Role.ACADEMIC_AFFAIRS)
    number = scene.file(scene.student())
    with pytest.raises(Refused, match="not_a_deputy"):
        away(scene, scene.affairs, officer)
    away(scene, scene.affairs, colleague)
    with scene.office.read(colleague) as work:
        assert authority.roles(work, colleague) == {Role.ACADEMIC_AFFAIRS}
    assert asked(scene, number) == [officer]


def test_who_decides_nothing_is_not_away_and_nobody_twice(scene: Scene) -> None:
    officer, colleague = scene.officer("O1"), scene.officer("O2")
    for stranger in (scene.student(), scene.staff("F1", Role.FINANCE)):
        with pytest.raises(NotAllowed):
            away(scene, stranger, scene.affairs)
    away(scene, officer, scene.affairs, MONDAY, NEXT_MONDAY)
    with pytest.raises(Refused, match="absent_already"):
        away(scene, officer, colleague, NEXT_MONDAY, NEXT_MONDAY)
    with pytest.raises(Refused, match="deputy_absent"):
        away(scene, colleague, officer, NEXT_MONDAY, NEXT_MONDAY)
    away(
        scene, officer, colleague, NEXT_MONDAY + timedelta(days=1), NEXT_MONDAY + timedelta(days=1)
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 3, 1), MONDAY), (NEXT_MONDAY, MONDAY), (MONDAY, date(2027, 3, 4))],
)
def test_days_that_are_no_period_to_come_are_refused(scene: Scene, first: date, last: date) -> None:
    with pytest.raises(Refused, match="absence_days"):
        away(scene, scene.officer(), scene.affairs, first, last)


def test_beginning_and_end_are_told_once(scene: Scene) -> None:
    officer = scene.officer()
    arranged = away(scene, officer, scene.affairs, NEXT_MONDAY, NEXT_MONDAY)
    assert sweep(scene) == 0
    scene.pass_time(timedelta(days=7))
    assert (sweep(scene), sweep(scene)) == (1, 0)
    scene.pass_time(timedelta(days=1))
    assert (sweep(scene), sweep(scene)) == (1, 0)
    assert [one.event for one in scene.audit(arranged.number)] == ["plan", "begin", "finish"]


def test_an_absence_that_nobody_saw_begin_is_told_of_all_the_same(scene: Scene) -> None:
    arranged = away(scene, scene.officer(), scene.affairs, NEXT_MONDAY, NEXT_MONDAY)
    scene.pass_time(timedelta(days=30))
    assert sweep(scene) == 2
    assert [one.event for one in scene.audit(arranged.number)] == ["plan", "begin", "finish"]


def test_what_the_deputy_decided_is_told_and_nothing_else(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    scene.officer("O2", scene.maths)
    elsewhere = scene.file(scene.student("S2", unit=scene.maths))
    before, meanwhile, rejected = (scene.file(student) for _ in range(3))
    scene.approve(officer, before)
    arranged = away(scene, officer, scene.affairs)
    scene.approve(scene.affairs, meanwhile)
    scene.reject(scene.affairs, rejected)
    with scene.unchanged(elsewhere), pytest.raises(NotAllowed):
        scene.approve(scene.affairs, elsewhere)
    with scene.office.read() as work:
        found = absences.find(work, arranged.number)
        assert found is not None
        assert absences.decided(work, found) == [(meanwhile, "approve"), (rejected, "reject")]


def test_a_case_handed_to_somebody_who_goes_away_goes_to_those_who_are_there(
    scene: Scene,
) -> None:
    first, second = scene.officer("O1"), scene.officer("O2")
    number = scene.file(scene.student())
    with scene.office.work(first) as work:
        approvals.assign(work, number, second)
    assert asked(scene, number) == [second]
    away(scene, second, scene.affairs)
    assert asked(scene, number) == [first, scene.affairs]
    away(scene, first, scene.affairs)
    assert asked(scene, number) == [scene.affairs]


def test_academic_affairs_alone_name_a_deputy(scene: Scene) -> None:
    officer, person = scene.officer(), scene.person("D1", "王老师")
    with scene.office.read() as work:
        code = work.session.get_one(Unit, scene.physics).code

    def name(actor: int, number: str = "D1", unit: str = code) -> None:
        with scene.office.work(actor) as work:
            absences.name_deputy(work, number, unit, scene.agreed(actor))

    for stranger in (officer, person):
        with pytest.raises(NotAllowed):
            name(stranger)
    for wrong in ({"number": "nobody"}, {"unit": "nowhere"}):
        with pytest.raises(Refused, match="no_such"):
            name(scene.affairs, **wrong)
    name(scene.affairs)
    with pytest.raises(Refused, match="deputy_already"):
        name(scene.affairs)
    assert [one.event for one in scene.audit(f"person:{person}")] == ["name_deputy"]
    number = scene.file(scene.student())
    assert not may(scene, person, number)
    away(scene, officer, person)
    assert may(scene, person, number)
