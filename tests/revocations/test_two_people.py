"""A document is revoked when one proposes it and another confirms, and not before (T8, T10)."""

from datetime import date, timedelta

import pytest

from backend import absences, credentials, revocations, second_person, tasks, transcripts
from backend.authority import Role
from backend.errors import AlreadyHandled, NotAllowed, Refused
from tests.revocations.bench import WHY, Bench


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda error: error.code == code)


def test_a_proposal_leaves_the_document_standing_and_tells_the_holder_nothing(
    bench: Bench,
) -> None:
    before = len(bench.events)
    number = bench.propose()
    assert number == "V260302-0001"
    assert bench.verdicts() == ["genuine"]
    assert bench.application(bench.document).state == transcripts.State.ISSUED
    assert [(one.name, one.subject) for one in bench.events[before:]] == [
        ("revocation.propose", number)
    ]
    assert bench.deciders(number) == [bench.colleague]
    with bench.office.read(bench.holder) as work:
        assert credentials.downloadable(work, transcripts.own(work, bench.document))


def test_when_another_confirms_it_is_revoked_at_once_and_the_holder_told(bench: Bench) -> None:
    number = bench.propose()
    bench.pass_time(timedelta(days=1))
    bench.agree(number)
    assert bench.verdicts() == ["revoked"]
    (document,) = bench.credentials()
    assert (document.status_why, document.status_since) == (WHY, bench.clock.now())
    assert bench.application(bench.document).state == transcripts.State.REVOKED
    assert bench.told("transcript.revoke") == [bench.document]
    assert bench.told("revocation.confirm") == [number]


def test_what_both_agreed_to_is_kept_with_what_they_saw_and_every_step_is_on_record(
    bench: Bench,
) -> None:
    number = bench.propose()
    bench.agree(number)
    one = bench.proposal(number)
    first, second = bench.consent(one.consent_id), bench.consent(one.decision_consent_id)
    assert (first.person_id, first.facts) == (bench.affairs, "what the first saw")
    assert (second.person_id, second.facts) == (bench.colleague, "what the second saw")
    assert (one.proposed_by, one.decided_by, one.decided_at) == (
        bench.affairs,
        bench.colleague,
        bench.clock.now(),
    )
    steps = [(entry.event, entry.actor_id, entry.why) for entry in bench.audit(number)]
    assert steps == [("propose", bench.affairs, WHY), ("confirm", bench.colleague, WHY)]
    entry = bench.audit(bench.document)[-1]
    assert (entry.event, entry.actor_id, entry.why) == ("revoke", bench.colleague, WHY)


def test_whoever_proposed_it_cannot_confirm_it_nor_decline_it(bench: Bench) -> None:
    number = bench.propose()
    for act in (bench.agree, bench.decline):
        with bench.unchanged(bench.document), refused("own_second_look") as told:
            act(number, person=bench.affairs)
        assert told.value.rule == "T10"
    assert bench.proposal(number).state == "proposed"
    assert bench.waiting(bench.affairs) == []


def test_the_holder_is_neither_of_the_two(bench: Bench) -> None:
    bench.give_role(bench.holder, Role.ACADEMIC_AFFAIRS)
    with pytest.raises(NotAllowed):
        bench.propose(bench.holder)
    number = bench.propose()
    for act in (bench.agree, bench.decline, bench.withdraw):
        with pytest.raises(NotAllowed):
            act(number, person=bench.holder)
    assert bench.deciders(number) == [bench.colleague]
    assert bench.waiting(bench.holder) == []
    with bench.office.read(bench.holder) as work, pytest.raises(NotAllowed):
        revocations.to_see(work, number)


def test_nobody_but_academic_affairs_takes_part(bench: Bench) -> None:
    number = bench.propose()
    others = (bench.officer(), bench.staff("F1", Role.FINANCE), bench.holder)
    for person in others:
        for act in (bench.agree, bench.decline, bench.withdraw):
            with pytest.raises(NotAllowed):
                act(number, person=person)
        with pytest.raises(NotAllowed):
            bench.propose(person)
        with pytest.raises(NotAllowed):
            bench.waiting(person)
    with pytest.raises(NotAllowed):
        bench.agree("V000000-0001")
    assert bench.proposal(number).state == "proposed"


def test_where_nobody_could_confirm_nothing_is_proposed_and_administrators_are_asked_once_a_day(
    bench: Bench,
) -> None:
    bench.take_role(bench.colleague)
    bench.give_role(bench.holder, Role.ACADEMIC_AFFAIRS)  # whose document it is: no second
    with bench.unchanged(bench.document), refused("nobody_for_second_look") as told:
        bench.propose()
    assert told.value.rule == "T10"
    for again in (True, False):
        with bench.office.work(bench.affairs) as work:
            case = transcripts.find(work, bench.document)
            assert case is not None
            assert second_person.ask_for_second(work, case) is again
    assert bench.told("revocation.nobody") == [bench.document]
    bench.pass_time(timedelta(days=1))
    with bench.office.work(bench.affairs) as work:
        case = transcripts.find(work, bench.document)
        assert case is not None
        assert second_person.ask_for_second(work, case)
    bench.give_role(bench.colleague, Role.ACADEMIC_AFFAIRS)
    assert bench.propose()


def test_no_document_is_proposed_twice_and_the_second_one_hears_of_the_first(bench: Bench) -> None:
    number = bench.propose()
    with refused("already_proposed") as told:
        bench.propose(bench.colleague)
    until = bench.proposal(number).expires_at.isoformat()
    assert told.value.facts == {"number": number, "until": until}


def test_nothing_is_proposed_or_declined_without_a_reason(bench: Bench) -> None:
    with refused("reason_needed"):
        bench.propose(why="  ")
    number = bench.propose()
    with refused("reason_needed"):
        bench.decline(number, why=" ")
    assert bench.proposal(number).state == "proposed"


def test_a_declined_proposal_leaves_the_document_and_may_be_made_again(bench: Bench) -> None:
    number = bench.propose()
    bench.decline(number)
    one = bench.proposal(number)
    assert (one.state, one.decided_by, one.decided_why) == ("declined", bench.colleague, "没有错")
    assert bench.consent(one.decision_consent_id).person_id == bench.colleague
    assert (bench.verdicts(), bench.told("revocation.decline")) == (["genuine"], [number])
    with pytest.raises(AlreadyHandled) as late:
        bench.agree(number)
    assert (late.value.facts["event"], late.value.facts["by"]) == ("decline", bench.colleague)
    bench.agree(bench.propose(bench.colleague), bench.affairs)
    assert bench.verdicts() == ["revoked"]


def test_a_proposal_is_withdrawn_by_nobody_but_its_proposer(bench: Bench) -> None:
    number = bench.propose()
    with pytest.raises(NotAllowed):
        bench.withdraw(number, bench.colleague)
    bench.withdraw(number)
    assert bench.proposal(number).state == "withdrawn"
    for act in (bench.agree, bench.decline, bench.withdraw):
        with pytest.raises(AlreadyHandled):
            act(number)
    assert bench.verdicts() == ["genuine"]


def test_a_proposal_lapses_after_the_days_of_the_policy_and_both_are_told(bench: Bench) -> None:
    bench.set_policy("credential", date(2026, 3, 1), revocation_days=3)
    number = bench.propose()
    bench.pass_time(timedelta(days=3) - timedelta(seconds=1))
    assert bench.sweep() == 0
    assert bench.waiting(bench.colleague) == [number]
    bench.pass_time(timedelta(seconds=1))
    assert bench.waiting(bench.colleague) == []
    with refused("revocation_over"):
        bench.agree(number)  # before any sweep has come by
    tasks.housekeeping(bench.office)
    tasks.housekeeping(bench.office)
    one = bench.proposal(number)
    assert (one.state, one.decided_by, one.decided_at) == ("lapsed", None, bench.clock.now())
    assert (bench.told("revocation.lapse"), bench.verdicts()) == ([number], ["genuine"])
    assert bench.propose() == f"V{bench.clock.now():%y%m%d}-0001"


def test_a_new_proposal_does_not_wait_for_the_sweep_to_end_the_old_one(bench: Bench) -> None:
    first = bench.propose()
    bench.pass_time(timedelta(days=7))
    second = bench.propose(bench.colleague)
    assert [bench.proposal(one).state for one in (first, second)] == ["lapsed", "proposed"]


def test_nothing_is_confirmed_that_its_proposer_may_not_propose_any_more(bench: Bench) -> None:
    third = bench.staff("A3", Role.ACADEMIC_AFFAIRS)
    number = bench.propose()
    bench.take_role(bench.affairs)
    with refused("revocation_over"):
        bench.agree(number)
    assert bench.waiting(bench.colleague) == []
    assert bench.sweep() == 1
    assert bench.proposal(number).state == "lapsed"
    bench.agree(bench.propose(bench.colleague), third)
    assert bench.verdicts() == ["revoked"]


def test_whoever_lost_the_role_confirms_nothing_but_may_take_back_what_they_proposed(
    bench: Bench,
) -> None:
    number = bench.propose()
    bench.take_role(bench.colleague)
    with pytest.raises(NotAllowed):
        bench.agree(number)
    bench.take_role(bench.affairs)
    bench.withdraw(number)
    assert bench.proposal(number).state == "withdrawn"


def test_what_is_reissued_meanwhile_is_settled_and_not_revoked(bench: Bench) -> None:
    number = bench.propose()
    bench.pass_time(timedelta(hours=1))
    bench.reissue()
    one = bench.proposal(number)
    assert (one.state, one.decided_by) == ("settled", bench.colleague)
    assert bench.told("revocation.settle") == [number]
    bench.direct.run_all(bench.office)
    with pytest.raises(AlreadyHandled) as late:
        bench.agree(number)
    assert late.value.facts["event"] == "settle"
    assert bench.verdicts() == ["superseded", "genuine"]


def test_what_was_reissued_at_that_very_moment_is_settled_by_the_next_sweep(bench: Bench) -> None:
    number = bench.propose()
    bench.pass_time(timedelta(hours=1))
    with bench.office.work(bench.colleague) as work:  # as a hand that did not see the proposal yet
        application, document = credentials.to_take_back(work, bench.document)
        credentials.reissue(work, application, document, WHY)
    bench.direct.run_all(bench.office)
    with pytest.raises(AlreadyHandled):
        bench.agree(number)
    assert bench.sweep() == 1
    assert bench.proposal(number).state == "settled"
    assert bench.verdicts() == ["superseded", "genuine"]


def test_a_document_whose_month_ends_meanwhile_is_revoked_all_the_same(bench: Bench) -> None:
    bench.pass_time(timedelta(days=28))
    number = bench.propose()
    bench.pass_time(timedelta(days=6))
    tasks.housekeeping(bench.office)
    assert bench.application(bench.document).state == transcripts.State.EXPIRED
    bench.agree(number)
    assert bench.verdicts() == ["revoked"]


def test_for_whoever_is_away_the_deputy_is_asked_unless_they_proposed_it(bench: Bench) -> None:
    third = bench.staff("A3", Role.ACADEMIC_AFFAIRS)
    with bench.office.work(bench.colleague) as work:
        day = date(2026, 3, 2)
        absences.plan(work, third, day, day, bench.agreed(bench.colleague))
    assert bench.deciders(bench.propose()) == [third]
    other = bench.issued(bench.graduate("G2"))
    assert bench.deciders(bench.propose(third, other)) == [bench.affairs]
    bench.take_role(bench.affairs)
    one = bench.issued(bench.graduate("G3"))
    assert bench.deciders(bench.propose(third, one)) == [bench.colleague], "there is nobody else"


@pytest.mark.parametrize("event", ["withdraw", "decline", "agree"])
def test_what_is_not_issued_cannot_be_proposed(bench: Bench, event: str) -> None:
    waiting = bench.file(bench.student("S9"))
    with bench.unchanged(waiting), pytest.raises(AlreadyHandled):
        bench.propose(number=waiting)
    number = bench.propose()
    getattr(bench, event)(number)
    if event == "agree":
        with bench.unchanged(bench.document), pytest.raises(AlreadyHandled) as told:
            bench.propose()
        assert (told.value.facts["event"], told.value.facts["by"]) == ("revoke", bench.colleague)
    with pytest.raises(NotAllowed):
        bench.propose(number="T000000-0000")
