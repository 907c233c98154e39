"""Whose documents can be shared, for how long, how many at a time, and that stopping is at once."""

import itertools
from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend import tasks
from backend.clock import SHANGHAI
from backend.errors import NotAllowed, Refused
from backend.models import ConsentRecord, Share
from backend.sharing import making
from backend.sharing.making import Terms
from backend.workdays import after_months, before_months
from tests.sharing.conftest import Sharers

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 9 * 366 * 24 * 3600).map(lambda after: FIRST + timedelta(seconds=after))


def refused(scene: Sharers, **terms: object) -> str:
    with pytest.raises(Refused) as why:
        scene.share(**terms)  # type: ignore[arg-type]
    return why.value.code


@given(MOMENTS, st.integers(1, 6))
def test_a_link_ends_with_its_last_day_in_shanghai_whatever_the_month(
    moment: datetime, months: int
) -> None:
    local, until = moment.astimezone(SHANGHAI), after_months(moment, months).astimezone(SHANGHAI)
    assert (until.year * 12 + until.month) - (local.year * 12 + local.month) == months
    assert until.day == min(local.day, monthrange(until.year, until.month)[1])
    assert (until.hour, until.minute, until.second) == (23, 59, 59)


@given(MOMENTS, st.integers(1, 60))
def test_views_are_kept_for_whole_months_and_no_longer(moment: datetime, months: int) -> None:
    local, before = moment.astimezone(SHANGHAI), before_months(moment, months).astimezone(SHANGHAI)
    assert (local.year * 12 + local.month) - (before.year * 12 + before.month) == months
    assert before.day == min(local.day, monthrange(before.year, before.month)[1])
    assert before.timetz() == local.timetz()


@given(MOMENTS, st.integers(1, 5))
def test_a_longer_link_never_ends_earlier(moment: datetime, months: int) -> None:
    assert moment < after_months(moment, months) < after_months(moment, months + 1)


def test_a_link_works_to_its_last_moment_and_not_after(scene: Sharers) -> None:
    scene.clock.set(datetime(2026, 1, 31, 3, tzinfo=UTC))
    share = scene.share(months=1)
    end = datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)
    assert share.expires_at == end
    scene.clock.set(end - timedelta(seconds=1))
    assert scene.look(share) is not None
    scene.clock.set(end)
    assert scene.look(share) is None


def test_what_its_owner_agreed_to_is_kept_and_the_record_says_who_shared(scene: Sharers) -> None:
    share = scene.share()
    with scene.office.read() as work:
        kept = work.session.get_one(ConsentRecord, share.consent_id)
    assert kept.person_id == scene.owner
    (entry,) = scene.audit(making.subject(scene.number))
    assert (entry.event, entry.actor_id, entry.to_state, entry.why) == (
        "share",
        scene.owner,
        "live",
        "",
    )
    assert share.id not in entry.subject


def test_nobody_shares_in_the_name_of_another(scene: Sharers) -> None:
    other = scene.graduate("G2")
    terms = Terms("求职", "", ("basic",), 1, pin=False, tell=False)
    with pytest.raises(Refused) as why, scene.office.work(other) as work:
        making.make(work, scene.number, terms, scene.agreed(other))
    assert why.value.code == "no_such_application"
    with pytest.raises(NotAllowed), scene.office.work(scene.owner) as work:
        making.make(work, scene.number, terms, scene.agreed(other))


def test_nobody_sees_or_stops_the_links_of_another(scene: Sharers) -> None:
    share = scene.share(pin=True)
    other = scene.graduate("G2")
    for act in (making.one, making.stop, making.new_pin):
        with pytest.raises(Refused) as why, scene.office.work(other) as work:
            act(work, share.id)
        assert why.value.code == "no_such_share"
    with scene.office.work(other) as work:
        assert making.own(work) == []
        assert making.stop_all(work) == 0
    assert scene.now(share).stopped_at is None


def test_only_a_document_that_stands_is_shared(scene: Sharers) -> None:
    scene.fall("superseded", "成绩有误")
    assert refused(scene) == "not_shareable"
    scene.fall("revoked", "成绩有误")
    assert refused(scene) == "credential_revoked"
    with scene.office.work(scene.owner) as work:
        assert making.shareable(work) == []


def test_what_is_not_made_yet_is_not_shared(scene: Sharers) -> None:
    number = scene.file(scene.owner)
    assert refused(scene, number=number) == "not_issued_yet"


def test_a_document_whose_file_is_gone_is_still_shared(scene: Sharers) -> None:
    scene.pass_time(timedelta(days=60))
    tasks.housekeeping(scene.office)
    assert scene.look(scene.share()) is not None


def test_a_link_is_no_longer_than_policy_allows(scene: Sharers) -> None:
    scene.set_policy("credential", datetime(2026, 1, 1, tzinfo=UTC).date(), share_months_most=4)
    assert refused(scene, months=5) == "share_too_long"
    assert refused(scene, months=0) == "share_too_long"
    scene.share(months=4)


def test_there_are_no_more_links_at_a_time_than_policy_allows(scene: Sharers) -> None:
    scene.set_policy("credential", datetime(2026, 1, 1, tzinfo=UTC).date(), share_live_most=2)
    first, second = scene.share(), scene.share(months=1)
    assert refused(scene) == "too_many_shares"
    scene.stop(first)
    scene.share()
    assert refused(scene) == "too_many_shares"
    scene.clock.set(second.expires_at)
    scene.share(months=1)


@pytest.mark.parametrize(
    ("fields", "purpose", "recipient"),
    [
        (("courses",), "求职", ""),  # not even a name
        (("basic", "scores"), "求职", ""),
        (("basic", "file"), "求职", ""),
        (("basic",), "", ""),
        (("basic",), "长" * 61, ""),
        (("basic",), "求职", "长" * 61),
    ],
)
def test_terms_that_make_no_sense_are_no_terms(
    fields: tuple[str, ...], purpose: str, recipient: str
) -> None:
    with pytest.raises(ValueError, match=r"shared|scores|purpose|recipient"):
        Terms(purpose, recipient, fields, 1, pin=False, tell=False)


def test_a_gpa_that_the_document_does_not_have_is_not_shared(scene: Sharers) -> None:
    with pytest.raises(ValueError, match="GPA"):
        scene.share(fields=("basic", "gpa"))


def test_addresses_are_random_and_the_database_alone_opens_none(scene: Sharers) -> None:
    shares = [scene.share() for _ in range(12)]
    ids = [share.id for share in shares]
    assert all(len(one) >= 22 for one in ids), "128 bits"
    for one, other in itertools.combinations(ids, 2):
        assert sum(a == b for a, b in zip(one, other, strict=True)) < 12
    with scene.office.read() as work:
        stored = " ".join(str(vars(one)) for one in work.session.scalars(select(Share)))
    for share in shares:
        mark = scene.path(share).removeprefix(f"/s/{share.id}")
        assert len(mark) == 24
        assert mark not in stored


# --- ending ---------------------------------------------------------------------------------


def test_a_stopped_link_shows_nothing_from_then_on_and_stays_stopped(scene: Sharers) -> None:
    share = scene.share()
    assert scene.look(share) is not None
    scene.stop(share)
    assert scene.look(share) is None
    assert scene.audit(making.subject(scene.number))[-1].event == "share_stop"
    for act in (making.stop, making.new_pin):
        with pytest.raises(Refused) as why, scene.office.work(scene.owner) as work:
            act(work, share.id)
        assert why.value.code == "share_over"


def test_all_are_stopped_at_once(scene: Sharers) -> None:
    shares = [scene.share() for _ in range(3)]
    scene.stop(shares[0])
    with scene.office.work(scene.owner) as work:
        assert making.stop_all(work) == 2
    assert [scene.look(share) for share in shares] == [None] * 3


def test_the_record_says_that_a_link_has_expired_once(scene: Sharers) -> None:
    share = scene.share(months=1)
    scene.clock.set(share.expires_at)
    tasks.housekeeping(scene.office)
    tasks.housekeeping(scene.office)
    assert scene.now(share).stopped_why == "expired"
    events = [entry.event for entry in scene.audit(making.subject(scene.number))]
    assert events == ["share", "share_expire"]


def test_the_owner_is_told_once_before_it_ends_and_not_of_one_that_was_stopped(
    scene: Sharers,
) -> None:
    share, stopped = scene.share(months=1), scene.share(months=1)
    scene.stop(stopped)
    scene.clock.set(share.expires_at - timedelta(days=3, seconds=1))
    tasks.housekeeping(scene.office)
    assert scene.told("share.expiring") == []
    scene.pass_time(timedelta(seconds=1))
    tasks.housekeeping(scene.office)
    tasks.housekeeping(scene.office)
    (told,) = [one for one in scene.events if one.name == "share.expiring"]
    assert told.facts == {"share": share.id, "owner": scene.owner}


def test_a_link_that_ended_is_in_the_list_for_a_month(scene: Sharers) -> None:
    share = scene.share()
    scene.stop(share)

    def listed() -> list[str]:
        with scene.office.read(scene.owner) as work:
            return [one.share.id for one in making.own(work, work.now - making.RECENT)]

    assert listed() == [share.id]
    scene.pass_time(making.RECENT + timedelta(seconds=1))
    assert listed() == []
