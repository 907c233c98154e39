"""Two hands on one document at the same moment: one acts, and the other is told who did (T10)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from backend import revocations, transcripts
from backend.authority import Role
from backend.errors import AlreadyHandled, Refused
from backend.work import Work
from tests.revocations.bench import WHY, Bench

Action = Callable[[Work], object]


def race(bench: Bench, *hands: tuple[int, Action], about: str = "") -> list[object]:
    """Each hand has read the case before any of them acts, where the database lets them."""
    together = Barrier(len(hands))

    def run(hand: tuple[int, Action]) -> object:
        actor, action = hand
        with bench.office.work(actor) as work:
            assert transcripts.find(work, bench.document) is not None
            if about:
                assert revocations.find(work, about) is not None
            if bench.office.database.dialect != "sqlite":
                together.wait(timeout=30)
            try:
                with work.savepoint():
                    return action(work)
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(len(hands)) as pool:
        return list(pool.map(run, hands))


def confirming(bench: Bench, number: str, person: int) -> tuple[int, Action]:
    return person, lambda work: revocations.confirm(work, number, bench.agreed(person))


def proposing(bench: Bench, person: int) -> tuple[int, Action]:
    return person, lambda work: revocations.propose(work, bench.document, WHY, bench.agreed(person))


def reissuing(bench: Bench, person: int) -> tuple[int, Action]:
    return person, lambda work: revocations.reissue(work, bench.document, WHY, bench.agreed(person))


def test_of_two_who_confirm_at_once_one_does_and_the_other_is_told(bench: Bench) -> None:
    third = bench.staff("A3", Role.ACADEMIC_AFFAIRS)
    number = bench.propose()
    hands = [confirming(bench, number, person) for person in (bench.colleague, third)]
    outcomes = race(bench, *hands, about=number)
    (late,) = [one for one in outcomes if isinstance(one, AlreadyHandled)]
    first = hands[1 - outcomes.index(late)][0]
    assert late.facts["by"] == first
    assert bench.proposal(number).decided_by == first
    assert [one.event for one in bench.audit(number)] == ["propose", "confirm"]
    assert bench.told("transcript.revoke") == [bench.document]


def test_of_two_who_propose_at_once_one_does_and_the_other_hears_of_it(bench: Bench) -> None:
    outcomes = race(bench, proposing(bench, bench.affairs), proposing(bench, bench.colleague))
    (late,) = [one for one in outcomes if isinstance(one, Refused)]
    assert late.code == "already_proposed"
    assert len(bench.told("revocation.propose")) == 1


def test_a_confirmation_and_a_reissue_at_once_leave_one_of_them(bench: Bench) -> None:
    third = bench.staff("A3", Role.ACADEMIC_AFFAIRS)
    number = bench.propose()
    outcomes = race(
        bench, confirming(bench, number, bench.colleague), reissuing(bench, third), about=number
    )
    (late,) = [one for one in outcomes if isinstance(one, Refused)]
    assert isinstance(late, AlreadyHandled)
    revoked = outcomes.index(late) == 1
    assert bench.verdicts() == ["revoked" if revoked else "superseded"]
    assert bench.proposal(number).state == ("done" if revoked else "settled")


def test_a_confirmation_and_a_withdrawal_at_once_leave_one_of_them(bench: Bench) -> None:
    number = bench.propose()
    outcomes = race(
        bench,
        confirming(bench, number, bench.colleague),
        (
            bench.affairs,
            lambda work: revocations.withdraw(work, number, bench.agreed(bench.affairs)),
        ),
        about=number,
    )
    (late,) = [one for one in outcomes if isinstance(one, AlreadyHandled)]
    withdrawn = outcomes.index(late) == 0
    assert bench.verdicts() == ["genuine" if withdrawn else "revoked"]
    assert bench.proposal(number).state == ("withdrawn" if withdrawn else "done")


def test_a_proposal_and_a_reissue_at_once_leave_nothing_waiting(bench: Bench) -> None:
    outcomes = race(bench, proposing(bench, bench.affairs), reissuing(bench, bench.colleague))
    late = [one for one in outcomes if isinstance(one, Refused)]
    assert late in ([], [outcomes[0]]), "a reissue that comes second settles what was proposed"
    assert bench.verdicts() == ["superseded"]
    assert len(bench.told("revocation.settle")) == (0 if late else 1)
    with bench.office.read(bench.colleague) as work:
        assert revocations.waiting(work) == []
