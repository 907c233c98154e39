"""The free quota (T2) cannot be overspent, however many confirm at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from backend import offers, orders, previews, transcript_orders, transcripts
from backend.documents.facts import Gpa, Language
from backend.errors import AlreadyHandled, Refused
from backend.offers import Kind
from backend.orders import State
from tests.backend.scene import Scene


def at_once(*actions: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return action()
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def confirming(scene: Scene, number: str, together: Barrier | None = None) -> Callable[[], object]:
    """Both see the free copy before either takes it, where two can write at a time."""

    def confirm() -> object:
        student = scene.application(number).applicant_id
        with scene.office.work(student) as work:
            application = transcripts.own(work, number)
            given = offers.offer(work, student, application.policy_version)
            request = transcripts.request_of(work, application)
            facts = previews.facts_of(work, request.snapshot)
            price = offers.price(work, given, facts)
            if together and scene.office.database.dialect != "sqlite":
                together.wait(timeout=30)
            order = transcript_orders.confirm(
                work, application, facts, price, scene.agreed(student)
            )
            return order.total_fen

    return confirm


def test_two_confirmations_at_once_spend_one_free_copy(scene: Scene) -> None:
    student = scene.graduate()
    numbers = [scene.file(student) for _ in range(2)]
    together = Barrier(2)
    outcomes = at_once(*[confirming(scene, number, together) for number in numbers])
    assert outcomes.count(0) == 1, "one of them is free"
    assert set(outcomes) <= {0, 500, "free_copy_gone"}
    assert scene.free_copies(student) == [("zh+without", 1)]
    assert len(scene.jobs_asked("issue_transcript")) == 1
    for outcome, number in zip(outcomes, numbers, strict=True):
        state = {0: "paid", 500: "ordered", "free_copy_gone": "approved"}[outcome]
        assert scene.application(number).state == state
    refused = [n for o, n in zip(outcomes, numbers, strict=True) if o == "free_copy_gone"]
    for number in refused:  # told so, and may order it for money
        assert scene.order(scene.confirm(number)).total_fen == 500


def test_a_quota_of_three_is_spent_three_times_among_five(scene: Scene) -> None:
    scene.set_policy("transcript", date(2026, 1, 1), free_copies=3)
    student = scene.graduate()
    numbers = [scene.file(student) for _ in range(5)]
    for _ in range(6):  # who lost a race tries again
        waiting = [n for n in numbers if scene.application(n).state == "approved"]
        if not waiting:
            break
        at_once(*[confirming(scene, number) for number in waiting])
    assert scene.free_copies(student) == [("zh+without", n) for n in (1, 2, 3)]
    states = Counter(scene.application(number).state for number in numbers)
    assert states == {"paid": 3, "ordered": 2}


@pytest.mark.parametrize("saved", [False, True], ids=["new", "saved"])
def test_one_application_confirmed_twice_at_once_is_ordered_once(scene: Scene, saved: bool) -> None:
    student = scene.graduate()
    number = scene.file(student)
    if saved:
        with scene.office.work(student) as work:
            orders.save(work, transcripts.own(work, number), 0, scene.agreed(student))
    together = Barrier(2)
    outcomes = at_once(*[confirming(scene, number, together) for _ in range(2)])
    assert sorted(map(str, outcomes)) in (["0", "already_handled"], ["0", "free_copy_gone"])
    assert len(scene.free_copies(student)) == 1
    with scene.office.read() as work:
        mine = orders.of_person(work, student)
    assert [one.state for one in mine] == [State.PAID], "nothing of the second order is left"
    assert len(scene.jobs_asked("issue_transcript")) == 1


def test_an_offer_that_is_no_longer_true_gives_nothing_away(scene: Scene) -> None:
    """The offer was made while a copy was free; it was taken before this one was confirmed."""
    student = scene.graduate()
    first, second = scene.file(student), scene.file(student)
    with scene.office.read(student) as work:
        given = offers.offer(work, student)
        old = offers.prices(work, given)[Kind(Language.ZH, Gpa.WITHOUT)]
    scene.confirm(first)

    def confirm() -> None:
        with scene.office.work(student) as work:
            application = transcripts.own(work, second)
            request = transcripts.request_of(work, application)
            facts = previews.facts_of(work, request.snapshot)
            transcript_orders.confirm(work, application, facts, old, scene.agreed(student))

    with scene.unchanged(second), pytest.raises(Refused) as refused:
        confirm()
    assert (refused.value.code, refused.value.rule) == ("free_copy_gone", "T2")
    assert not isinstance(refused.value, AlreadyHandled)
