"""Two hands on one case at the same moment: one moves it, and the other is told who did (E5)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from backend.errors import AlreadyHandled, Refused
from backend.exam import candidates, exemptions
from backend.reviewing import deciding, sharing
from backend.reviewing.kinds import find
from backend.work import Work
from tests.reviewing.hall import Hall

Action = Callable[[Work], object]


def race(hall: Hall, *hands: tuple[int, Action], about: str = "") -> list[object]:
    """Each hand has read the case before any of them acts, where the database lets them."""
    together = Barrier(len(hands))

    def run(hand: tuple[int, Action]) -> object:
        actor, action = hand
        with hall.office.work(actor) as work:
            if about:
                assert find(work, about) is not None
            if hall.office.database.dialect != "sqlite":
                together.wait(timeout=30)
            try:
                with work.savepoint():
                    return action(work)
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(len(hands)) as pool:
        return list(pool.map(run, hands))


def test_of_two_reviewers_one_decides_and_the_other_is_told_who_did(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    first, second = hall.reviewer, hall.colleague
    outcomes = race(
        hall,
        (first, lambda work: deciding.approve(work, [number], hall.agreed(first))),
        (second, lambda work: deciding.reject(work, number, "", "看不清", hall.agreed(second))),
        about=number,
    )
    (late,) = [one for one in outcomes if isinstance(one, AlreadyHandled)]
    approved = outcomes.index(late) == 1
    assert late.facts["by"] == (first if approved else second)
    assert hall.case(number).state == ("approved" if approved else "rejected")
    assert len(hall.decisions(number)) == 1
    assert len(hall.credits(person)) == (1 if approved else 0)


def test_a_change_and_an_approval_at_once_leave_one_of_them(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    new = hall.proof(person, "pets", "3")
    outcomes = race(
        hall,
        (hall.reviewer, lambda work: deciding.approve(work, [number], hall.agreed(hall.reviewer))),
        (person, lambda work: exemptions.change(work, number, [new], hall.agreed(person))),
        about=number,
    )
    assert sum(isinstance(one, AlreadyHandled) for one in outcomes) <= 1
    events = [entry.event for entry in hall.audit(number)]
    assert events[0] == "file"
    assert events[-1] in ("approve", "change")
    assert hall.case(number).state == ("approved" if "approve" in events else "pending")
    if hall.office.database.dialect != "sqlite":
        assert len(events) == 2, "both had read the same version, so one of them lost"


def test_one_course_filed_on_two_channels_at_once_is_filed_once(hall: Hall) -> None:
    person = hall.candidate()
    claims = [hall.claim(person, "00015"), hall.claim(person, "00015")]

    def file(place: int) -> Action:
        def act(work: Work) -> object:
            ticket = candidates.require_ticket(work)
            return exemptions.file(work, ticket, [claims[place]], hall.agreed(person))

        return act

    outcomes = race(hall, (person, file(0)), (person, file(1)))
    (late,) = [one for one in outcomes if isinstance(one, Refused)]
    assert late.code == "exemption_filed"


def test_two_reviewers_who_take_the_next_one_at_once_get_different_ones(hall: Hall) -> None:
    for number in ("K1", "K2"):
        hall.file_exemptions(hall.candidate(number), "00015")

    def take(work: Work) -> object:
        found = sharing.next_one(work)
        return found.number if found else None

    taken = race(hall, (hall.reviewer, take), (hall.colleague, take))
    assert sorted(map(str, taken)) == ["M260302-0001", "M260302-0002"]
