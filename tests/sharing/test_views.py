"""What is shown, what of it is counted and told, and what is remembered of whoever looked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend import tasks
from backend.models import ShareView
from backend.sharing import making
from backend.sharing.opening import NeedsPin, Shown
from bot.shared_facts import table
from tests.sharing.conftest import Sharers


def views(scene: Sharers) -> list[ShareView]:
    with scene.office.read() as work:
        return list(work.session.scalars(select(ShareView).order_by(ShareView.id)))


def shown(found: Shown | NeedsPin | None) -> Shown:
    assert isinstance(found, Shown)
    return found


@pytest.mark.parametrize(
    ("fields", "there", "not_there"),
    [
        (("basic",), ["林小满", "理论物理"], ["课程P100", "92", "6"]),
        (("basic", "courses"), ["林小满", "课程P100", "6"], ["92", "85"]),
        (("basic", "courses", "scores"), ["课程P100", "92", "85"], ["4.0"]),
    ],
)
def test_nothing_is_shown_that_was_not_chosen(
    scene: Sharers, fields: tuple[str, ...], there: list[str], not_there: list[str]
) -> None:
    found = shown(scene.look(scene.share(fields=fields)))
    assert found.facts is not None
    rows = str(flat(table(found.facts, found.fields)))
    for words in there:
        assert f"'{words}'" in rows
    for words in not_there:
        assert f"'{words}'" not in rows


def flat(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [text for value in found.values() for text in flat(value)]
    if isinstance(found, (list, tuple)):
        return [text for value in found for text in flat(value)]
    return [found] if isinstance(found, str) else []


def test_a_student_number_is_shown_in_part_only(scene: Sharers) -> None:
    scene.owner = scene.graduate("201618000000012")
    scene.number = scene.issued(scene.owner)
    found = shown(scene.look(scene.share()))
    assert found.facts is not None
    rows = flat(table(found.facts, found.fields))
    assert "2016*********12" in rows
    assert "201618000000012" not in rows


def test_a_look_is_counted_once_for_each_browser_and_hour(scene: Sharers) -> None:
    share = scene.share()
    for _ in range(3):
        scene.look(share, "one")
    scene.look(share, "two")
    assert scene.now(share).views == 2
    scene.pass_time(timedelta(hours=1))
    scene.look(share, "one")
    assert scene.now(share).views == 3
    assert scene.now(share).last_view_at == scene.clock.now()
    with scene.office.read(scene.owner) as work:
        assert making.spread(work, share) == (2, 1)


def test_the_owner_is_told_at_most_once_an_hour_for_each_link(scene: Sharers) -> None:
    share, other = scene.share(), scene.share()
    for browser in "abc":
        scene.look(share, browser)
    scene.look(other, "a")
    assert len(scene.told("share.viewed")) == 2
    scene.pass_time(timedelta(minutes=59))
    scene.look(share, "d")
    assert len(scene.told("share.viewed")) == 2
    scene.pass_time(timedelta(minutes=1))
    scene.look(share, "e")
    assert len(scene.told("share.viewed")) == 3
    assert scene.events[-1].facts == {"share": share.id, "owner": scene.owner}


def test_an_owner_who_does_not_want_to_know_is_not_told(scene: Sharers) -> None:
    share = scene.share(tell=False)
    scene.look(share)
    assert scene.told("share.viewed") == []
    assert scene.now(share).views == 1


def test_neither_addresses_nor_cookies_are_kept_and_marks_tell_nothing_across_links(
    scene: Sharers,
) -> None:
    one, other = scene.share(), scene.share()
    for share in (one, other):
        scene.look(share, "the cookie", "203.0.113.7", "某某公司人事")
    first, second = views(scene)
    kept = str([vars(first), vars(second)])
    assert "203.0.113" not in kept
    assert "the cookie" not in kept
    assert {first.visitor, first.network}.isdisjoint({second.visitor, second.network})
    assert first.said == "某某公司人事"


def test_who_looked_is_forgotten_after_the_months_of_policy(scene: Sharers) -> None:
    share = scene.share(months=6)
    scene.look(share, "early")
    scene.pass_time(timedelta(days=20))
    scene.look(share, "late")
    scene.clock.set(views(scene)[0].at.replace(year=2027) + timedelta(days=1))
    tasks.housekeeping(scene.office)
    (kept,) = views(scene)
    assert kept.at.year == 2026
    assert scene.now(share).views == 2, "how often stays"
    scene.pass_time(timedelta(days=30))
    tasks.housekeeping(scene.office)
    assert views(scene) == []


@pytest.mark.parametrize("status", ["revoked", "superseded"])
def test_a_document_that_falls_takes_its_facts_with_it_at_once(scene: Sharers, status: str) -> None:
    share = scene.share()
    scene.look(share)
    scene.pass_time(timedelta(days=1))
    scene.fall(status, "学分录错")
    found = shown(scene.look(share, "another"))
    assert found.facts is None
    assert found.status == status
    assert found.status_since == scene.clock.now()
    assert scene.now(share).views == 1, "what shows nothing is no view"


def test_what_is_shown_is_what_was_issued_and_not_what_the_registry_says_now(
    scene: Sharers,
) -> None:
    share = scene.share()
    scene.grade(scene.owner, "P300", "61")
    found = shown(scene.look(share))
    assert found.facts is not None
    assert [line.code for line in found.facts.courses] == ["P100", "P200"]
