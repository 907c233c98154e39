"""Two hands on one case at the same moment: one moves it, and the other is told who did (E5)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic, sleep

import pytest
from sqlalchemy import ColumnElement, String, func, select, text

from backend.authority import Role
from backend.errors import AlreadyHandled, Refused
from backend.exam import candidates, exemptions
from backend.reviewing import deciding, doubting, sharing
from backend.reviewing.kinds import find
from backend.work import Work
from tests.reviewing.hall import Hall

BLOCKED = text("select count(*) from pg_locks where not granted")
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


def test_a_doubt_is_not_both_kept_and_revoked_by_two_who_settle_at_once(hall: Hall) -> None:
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    third = hall.staff("R4", Role.EXAM_REVIEWER, hall.first)
    hall.approve_case(third, number)
    with hall.office.work(third) as work:
        doubting.doubt(work, number, "不一样", hall.agreed(third))
    first, second = hall.reviewer, hall.colleague
    outcomes = race(
        hall,
        (first, lambda work: doubting.let_stand(work, number, "一样", hall.agreed(first))),
        (second, lambda work: doubting.revoke(work, number, hall.agreed(second))),
        about=number,
    )
    (late,) = [one for one in outcomes if isinstance(one, AlreadyHandled)]
    kept = outcomes.index(late) == 1
    assert [verdict for _by, _stage, verdict in hall.decisions(number)] == [
        "approve",
        "doubt",
        "keep" if kept else "revoke",
    ]
    assert [counts for _course, _kind, counts in hall.credits(person)] == [kept]


def next_number(work: Work) -> str | None:
    found = sharing.next_one(work)
    return found.number if found else None


def until_somebody_waits(work: Work) -> None:
    end = monotonic() + 30
    while not work.session.scalar(BLOCKED):
        assert monotonic() < end, "nobody waits for a lock"
        sleep(0.01)


def both_take(hall: Hall) -> list[str | None]:
    """What the reviewer takes, and the colleague who asked before that was committed."""
    with ThreadPoolExecutor(1) as pool:
        with hall.office.work(hall.reviewer) as work:
            work.session.execute(select(func.pg_advisory_xact_lock(1)))
            first = next_number(work)

            def take() -> str | None:
                with hall.office.work(hall.colleague) as other:
                    return next_number(other)

            second = pool.submit(take)
            until_somebody_waits(work)
        return [first, second.result(timeout=30)]


def test_what_a_colleague_took_while_one_asked_is_not_looked_at_by_two(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hall.office.database.dialect == "sqlite":
        pytest.skip("one writes at a time")
    for number in ("K1", "K2"):
        hall.file_exemptions(hall.candidate(number), "00015")
    mine = sharing.mine

    def slowly(work: Work) -> list[ColumnElement[bool]]:
        """The colleague's question sees what was before the reviewer's turn, and locks after it."""
        if work.actor == hall.reviewer:
            return mine(work)
        lock = select(func.pg_advisory_xact_lock(1)).scalar_subquery()
        return [lock.cast(String).is_not(None), *mine(work)]

    monkeypatch.setattr(sharing, "mine", slowly)
    assert both_take(hall) == ["M260302-0001", "M260302-0002"]


def test_what_was_filed_together_is_taken_by_one_and_the_other_is_not_turned_away(
    hall: Hall,
) -> None:
    if hall.office.database.dialect == "sqlite":
        pytest.skip("one writes at a time")
    filed = hall.file_exemptions(hall.candidate("K1"), "00015", "00018")
    assert both_take(hall) == [filed[0], None]
    (other,) = hall.file_exemptions(hall.candidate("K2"), "00015")
    with hall.office.work(hall.colleague) as work:
        assert next_number(work) == other
