"""Two hands on one case: one moves it, and the other is told who did, and can go on working."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from backend import approvals, audit, transcripts
from backend.errors import AlreadyHandled
from backend.work import Work
from tests.backend.scene import Scene

Action = Callable[[Work], object]


def race(scene: Scene, number: str, *hands: tuple[int, Action]) -> list[object]:
    """Each hand has the case before it as it was before any of them acted, where that can be.

    SQLite has one writer at a time, so there the second looks when the first is done.
    """
    together = Barrier(len(hands))

    def run(hand: tuple[int, Action]) -> object:
        actor, action = hand
        with scene.office.work(actor) as work:
            case = transcripts.find(work, number)
            assert case is not None
            if scene.office.database.dialect != "sqlite":
                together.wait(timeout=30)
            try:
                return action(work)
            except AlreadyHandled as late:
                audit.record(work, number, "was_late", "", "")
                return late

    with ThreadPoolExecutor(len(hands)) as pool:
        return list(pool.map(run, hands))


def test_of_two_officers_one_decides_and_the_other_is_told_who_did(scene: Scene) -> None:
    first, second = scene.officer("O1"), scene.officer("O2")
    number = scene.file(scene.student())
    outcomes = race(
        scene,
        number,
        (first, lambda work: approvals.approve(work, [number], scene.agreed(first))),
        (second, lambda work: approvals.reject(work, [number], "否", scene.agreed(second))),
    )
    (late,) = [one for one in outcomes if isinstance(one, AlreadyHandled)]
    approved = outcomes.index(late) == 1
    winner, event, state = (
        (first, "approve", "approved") if approved else (second, "reject", "rejected")
    )
    assert late.facts["by"] == winner
    assert (late.facts["number"], late.facts["event"]) == (number, event)
    assert (late.facts["state"], late.facts["at"]) == (state, scene.clock.now().isoformat())
    assert scene.application(number).state == state
    assert [entry.event for entry in scene.audit(number)] == [
        "file_for_approval",
        event,
        "was_late",
    ], "the loser's transaction is still good for something"
    announced = [one.name for one in scene.events]
    assert announced == ["transcript.file_for_approval", f"transcript.{event}"]


def test_a_withdrawal_and_an_approval_at_once_leave_one_of_them(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    number = scene.file(student)

    def withdraw(work: Work) -> object:
        case = transcripts.own(work, number)
        transcripts.WORKFLOW.take(work, case, "withdraw")
        return case

    outcomes = race(
        scene,
        number,
        (officer, lambda work: approvals.approve(work, [number], scene.agreed(officer))),
        (student, withdraw),
    )
    assert sum(isinstance(one, AlreadyHandled) for one in outcomes) == 1
    withdrawn = isinstance(outcomes[0], AlreadyHandled)
    assert scene.application(number).state == ("withdrawn" if withdrawn else "approved")
    assert len(scene.audit(number)) == 3


def test_eight_presses_of_one_button_approve_once(scene: Scene) -> None:
    officer = scene.officer()
    number = scene.file(scene.student())

    def press(work: Work) -> object:
        return approvals.approve(work, [number], scene.agreed(officer))

    outcomes = race(scene, number, *[(officer, press)] * 8)
    assert sum(isinstance(one, AlreadyHandled) for one in outcomes) == 7
    assert scene.told("transcript.approve") == [number]
