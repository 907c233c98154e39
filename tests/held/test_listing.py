"""Finance see every fen that is held, and nobody else does."""

import pytest

from backend.errors import NotAllowed
from backend.held import listing
from backend.refunds.states import Reason
from tests.held.scene import Scene


def test_the_list_comes_to_what_the_account_has(scene: Scene) -> None:
    scene.stray("S1", 300)
    scene.stray("S2", 40)
    late = scene.ordered()
    scene.pay_twice(late)
    with scene.office.read(scene.finance) as work:
        held = listing.everything(work)
    assert sum(one.amount_fen for one in held.items) == held.total_fen == scene.held() == 840
    assert [one.share.standing for one in held.items] == ["unknown", "unknown", "double"]
    assert [one.free for one in held.items] == [True, True, False], "the last is a refund already"


def test_what_is_decided_to_go_back_is_held_no_more(scene: Scene) -> None:
    scene.pay_twice(scene.ordered())
    assert scene.item().refund is not None
    scene.allow(scene.only(Reason.DOUBLE_PAYMENT))
    assert (scene.items(), scene.held()) == ((), 0)


def test_a_refund_that_was_refused_leaves_the_money_to_be_settled(scene: Scene) -> None:
    scene.pay_twice(scene.ordered())
    scene.refuse(scene.only(Reason.DOUBLE_PAYMENT))
    assert scene.item().free


def test_nobody_but_finance_sees_it(scene: Scene) -> None:
    scene.stray()
    for person in (scene.affairs, scene.buyer):
        with scene.office.read(person) as work, pytest.raises(NotAllowed):
            listing.everything(work)
    with scene.office.read(scene.finance) as work, pytest.raises(NotAllowed):
        listing.to_see(work, "999.0")
    with scene.office.read(scene.finance) as work, pytest.raises(NotAllowed):
        listing.to_see(work, "what")
