"""Whoever has to know that a document does not stand any more is told once, and nobody else (T10)."""

from datetime import date, timedelta

from sqlalchemy import select

from backend import follows, revocations
from backend.clock import SHANGHAI
from backend.models import Conversation, Credential, DocumentFollow, Share
from backend.policy import store
from backend.reach import Reach, live_shares, reach, seen
from backend.telling import gathered, when_to_tell
from tests.revocations.bench import WHY, Bench


def conversation(bench: Bench, person: int) -> int:
    with bench.office.work() as work:
        row = Conversation(
            institution_id="demo", person_id=person, language="zh", state={}, next_seq=1
        )
        work.session.add(row)
        work.session.flush()
        return row.id


def checked_by(bench: Bench, *people: int, place: int = 0) -> list[int]:
    """Each of them has verified the document in the chat just now."""
    document = bench.credentials()[place]
    talks = [conversation(bench, person) for person in people]
    for talk in talks:
        with bench.office.work() as work:
            follows.noticed(work, document.id, talk)
    return talks


def share(bench: Bench, name: str, *, days: int = 30, stopped: bool = False) -> None:
    (document, *_) = bench.credentials()
    with bench.office.work() as work:
        made = bench.clock.now()
        row = Share(
            id=name,
            institution_id="demo",
            credential_id=document.id,
            owner_id=bench.holder,
            purpose="求职",
            fields=["basic"],
            language="zh",
            tell=True,
            made_at=made,
            expires_at=made + timedelta(days=days),
            stopped_at=made if stopped else None,
            consent_id=1,
        )
        work.session.add(row)


def told(bench: Bench, event: str) -> list[int]:
    return [one.facts["conversation"] for one in bench.events if one.name == event]


def reached(bench: Bench) -> Reach:
    with bench.office.read() as work:
        return reach(work, work.session.scalars(select(Credential)).one())


def test_before_anybody_agrees_they_see_whom_it_touches(bench: Bench) -> None:
    assert reached(bench) == Reach(0, 0, ())
    checked_by(bench, bench.officer(), bench.student("S7"), bench.holder)
    share(bench, "first")
    share(bench, "over", days=1)
    share(bench, "stopped", stopped=True)
    bench.pass_time(timedelta(days=2))
    assert reached(bench) == Reach(1, 2, ()), "the holder is told as such"
    bench.pass_time(timedelta(days=120))
    assert reached(bench) == Reach(0, 0, ())


def test_who_checked_it_lately_is_told_once_and_only_when_it_is_done(bench: Bench) -> None:
    talks = checked_by(bench, bench.officer(), bench.student("S7"))
    number = bench.propose()
    bench.decline(number)
    assert told(bench, "document.revoked") == []
    bench.revoke()
    assert told(bench, "document.revoked") == talks
    bench.sweep()
    assert told(bench, "document.revoked") == talks
    with bench.office.read() as work:
        assert all(work.session.scalars(select(DocumentFollow.stopped)))


def test_who_checked_the_old_one_hears_that_a_newer_one_replaces_it(bench: Bench) -> None:
    (talk,) = checked_by(bench, bench.officer())
    bench.pass_time(timedelta(hours=1))
    bench.reissue()
    assert told(bench, "document.superseded") == [talk]
    bench.direct.run_all(bench.office)
    bench.revoke()
    assert told(bench, "document.revoked") == [], "they have not seen the new one"
    assert told(bench, "document.superseded") == [talk]


def test_who_need_not_hear_of_it_any_more_does_not(bench: Bench) -> None:
    stopped, late = checked_by(bench, bench.officer(), bench.student("S7"))
    (document,) = bench.credentials()
    with bench.office.work() as work:
        follows.stop(work, stopped, document.id)
    bench.pass_time(timedelta(days=91))
    bench.revoke()
    assert told(bench, "document.revoked") == []
    assert late != stopped


def test_the_owner_of_shared_links_has_them_counted_after_it_has_ended_too(bench: Bench) -> None:
    share(bench, "first")
    bench.revoke()
    with bench.office.read() as work:
        assert live_shares(work, work.session.scalars(select(Credential)).one()) == 1


def test_a_proposal_waits_neither_for_morning_nor_digest_unless_the_institution_says_so(
    bench: Bench,
) -> None:
    night = bench.clock.now().astimezone(SHANGHAI).replace(hour=23)
    with bench.office.read() as work:
        policy, calendar = store.telling(work), store.calendar(work)
    assert when_to_tell(policy, "revocation.propose", night) == night
    assert not gathered(policy, calendar, "revocation.propose", night)
    assert when_to_tell(policy, "revocation.confirm", night) > night, "the rest can wait"
    calm = policy.model_copy(update={"urgent": ()})
    assert "revocation.propose" in calm.gathered
    assert gathered(calm, calendar, "revocation.propose", night)
    assert when_to_tell(calm, "revocation.propose", night) > night


def test_what_somebody_agrees_to_changes_with_all_that_they_were_shown(bench: Bench) -> None:
    def hashed(why: str = WHY, proposed: str = "") -> str:
        with bench.office.read() as work:
            document = bench.credentials()[0]
            found = revocations.find(work, proposed) if proposed else None
            return seen(work, document, why, found)

    first = hashed()
    assert len(first) == 64
    assert hashed() == first
    others = {first, hashed("另一个理由")}
    number = bench.propose()
    others.add(hashed(proposed=number))
    bench.set_policy("transcript", date(2026, 3, 1))
    second = bench.file(bench.holder)
    bench.settle(bench.confirm(second))
    bench.direct.run_all(bench.office)
    others.add(hashed(proposed=number))
    assert len(others) == 4
    with bench.office.read() as work:
        assert reach(work, bench.credentials()[0]).others == (second,)
