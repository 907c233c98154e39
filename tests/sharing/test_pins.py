"""A PIN cannot be read from the database, nor guessed, from one address or from many."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend import tasks
from backend.errors import Refused
from backend.models import Share, SignInTry
from backend.sharing import making, opening, pins
from backend.sharing.opening import NeedsPin, Shown, Try, Wait
from tests.sharing.conftest import Sharers


def guess(scene: Sharers, share: Share, pin: str, address: str = "a") -> str | Wait | None:
    """What a right one opens the link with; "" for a wrong one."""
    with scene.office.work() as work:
        one = opening.take_try(work, share.id, address)
        mark = pins.marked(work, share.id, pin)
    if not isinstance(one, Try):
        return one
    with scene.office.work() as work:
        if pins.right(one.pin_hash, mark):
            opening.was_right(work, share.id, one, address)
            return one.key
        opening.was_wrong(work, share.id, one, address)
        return ""


def wrong(scene: Sharers, share: Share) -> str:
    return f"{(int(scene.pin(share)) + 1) % 1_000_000:06d}"


def test_a_link_with_a_pin_shows_nothing_without_it(scene: Sharers) -> None:
    share = scene.share(pin=True)
    assert isinstance(scene.look(share), NeedsPin)
    key = guess(scene, share, scene.pin(share))
    assert isinstance(key, str)
    assert isinstance(scene.look(share, key=key), Shown)
    assert scene.now(share).wrong_pins == 0


def test_the_database_holds_no_pin_and_its_hash_is_of_no_use_without_our_key(
    scene: Sharers,
) -> None:
    share = scene.share(pin=True)
    pin = scene.pin(share)
    stored = scene.now(share)
    assert pin.isdigit()
    assert len(pin) == 6
    assert stored.pin_hash is not None
    assert stored.pin_hash.startswith("$argon2id$")
    assert not pins.right(stored.pin_hash, pin), "the digits themselves were never hashed"
    assert all(pin not in str(value) for value in vars(stored).values())


def test_two_links_have_pins_of_their_own(scene: Sharers) -> None:
    found = {scene.pin(scene.share(pin=True)) for _ in range(5)}
    assert len(found) > 1


def test_a_pin_is_shown_for_ten_minutes_only(scene: Sharers) -> None:
    share = scene.share(pin=True)
    scene.pass_time(pins.SHOWN_FOR - timedelta(seconds=1))
    assert scene.pin(share)
    scene.pass_time(timedelta(seconds=1))
    with scene.office.read() as work:
        assert making.shown_pin(work, share.id) is None


def test_many_addresses_are_no_way_around_the_pauses(scene: Sharers) -> None:
    share, tries = scene.share(pin=True), 0
    bad = wrong(scene, share)
    for place in range(40):
        outcome = guess(scene, share, bad, f"address {place}")
        tries += outcome == ""
    assert tries == 3, "then there is a pause for the link, whoever tries"


def test_ten_wrong_pins_lock_the_link_for_good_and_its_owner_is_told(scene: Sharers) -> None:
    share = scene.share(pin=True)
    bad, good = wrong(scene, share), scene.pin(share)
    tries = 0
    while (outcome := guess(scene, share, bad, f"address {tries}")) is not None:
        if isinstance(outcome, Wait):
            scene.clock.set(outcome.until)
        else:
            tries += 1
    assert tries == opening.MOST_WRONG
    assert guess(scene, share, good) is None, "the right one comes too late"
    assert scene.look(share, key=pins.key(share)) is None
    (told,) = [one for one in scene.events if one.name == "share.locked"]
    assert told.facts == {"share": share.id, "owner": scene.owner}
    assert scene.audit(making.subject(scene.number))[-1].event == "share_lock"


def test_a_right_pin_does_not_forgive_the_wrong_ones_before(scene: Sharers) -> None:
    share = scene.share(pin=True)
    bad, good = wrong(scene, share), scene.pin(share)
    for _ in range(2):
        guess(scene, share, bad)
    assert guess(scene, share, good)
    assert scene.now(share).wrong_pins == 2
    for _ in range(2):
        guess(scene, share, bad)
    assert scene.now(share).wrong_pins == 4


def test_a_new_pin_opens_a_locked_link_again_and_closes_what_the_old_one_opened(
    scene: Sharers,
) -> None:
    share = scene.share(pin=True)
    old, key = scene.pin(share), guess(scene, share, scene.pin(share))
    assert isinstance(key, str)
    bad = wrong(scene, share)
    while (outcome := guess(scene, share, bad)) is not None:
        if isinstance(outcome, Wait):
            scene.clock.set(outcome.until)
    with scene.office.work(scene.owner) as work:
        making.new_pin(work, share.id)
    new = scene.pin(share)
    assert isinstance(scene.look(share, key=key), NeedsPin)
    if new != old:
        assert guess(scene, share, old) == ""
    opened = guess(scene, share, new)
    assert isinstance(opened, str)
    assert isinstance(scene.look(share, key=opened), Shown)
    assert scene.audit(making.subject(scene.number))[-1].event == "share_pin"


def test_a_link_that_was_stopped_does_not_come_back_by_a_new_pin(scene: Sharers) -> None:
    share = scene.share(pin=True)
    scene.stop(share)
    with pytest.raises(Refused) as why, scene.office.work(scene.owner) as work:
        making.new_pin(work, share.id)
    assert why.value.code == "share_over"


def test_a_crash_while_the_last_try_is_looked_at_leaves_no_further_one(scene: Sharers) -> None:
    share = scene.share(pin=True)
    for _ in range(opening.MOST_WRONG):
        with scene.office.work() as work:
            one = opening.take_try(work, share.id, "a")
        if isinstance(one, Wait):
            scene.clock.set(one.until)
    while scene.now(share).wrong_pins < opening.MOST_WRONG:
        with scene.office.work() as work:
            one = opening.take_try(work, share.id, "a")
        if isinstance(one, Wait):
            scene.clock.set(one.until)
    assert guess(scene, share, scene.now(share).id) is None
    assert scene.now(share).stopped_why == "locked"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("628 401", "628401"),
        ("６２８４０１", "628401"),
        ("628-401\n", "628401"),
        ("", ""),
        ("abc", ""),
    ],
)
def test_digits_are_read_as_people_type_them(typed: str, meant: str) -> None:
    assert pins.normal(typed) == meant


def test_where_somebody_typed_a_pin_is_not_known_for_longer_than_its_count_matters(
    scene: Sharers,
) -> None:
    """Whoever opens a link is promised that marks of their network are forgotten."""
    share = scene.share(pin=True)
    with scene.office.work() as work:
        opening.take_try(work, share.id, "share:mark of a network")
    for later, left in ((timedelta(hours=24), 2), (timedelta(seconds=1), 0)):
        scene.pass_time(later)
        tasks.housekeeping(scene.office)
        with scene.office.read() as work:
            assert len(work.session.scalars(select(SignInTry)).all()) == left
