"""The price list says what the published policies say, with the clause of each, and nothing else."""

from datetime import date

import pytest

from backend.errors import Refused
from backend.fees.fee import Unit, expires_at, rule_of
from backend.fees.listing import Row, price_list
from backend.goods import GOODS
from backend.policy import store
from tests.fees.scene import DAY, TODAY, Scene


def rows(scene: Scene, at: date = TODAY) -> dict[str, Row]:
    with scene.office.read() as work:
        return {row.fee.kind: row for row in price_list(work, at)}


def test_every_fee_is_listed_with_its_clause_its_version_and_since_when(scene: Scene) -> None:
    scene.set_policy("transcript", TODAY - DAY, price_fen=700, free_copies=2)
    found = rows(scene)
    assert found.keys() == GOODS.keys()
    transcript, review, photo = (
        found[kind] for kind in ("transcript", "exam_graduation", "photo_fee")
    )
    assert (transcript.rule, review.rule, photo.rule) == ("T2", "E6g", "P3")
    assert (transcript.terms.price_fen, transcript.terms.free) == (700, 2)
    assert (transcript.version, transcript.since) == (3, TODAY - DAY)
    assert transcript.fee.spent_rule == "T3"
    assert (review.terms.price_fen, review.terms.here) == (2000, True)
    assert (photo.terms.price_fen, photo.terms.here) == (2000, False)
    assert [row.fee.unit for row in (transcript, review, photo)] == [
        Unit.COPY,
        Unit.APPLICATION,
        Unit.PERSON,
    ]


def test_a_change_that_is_published_already_is_announced(scene: Scene) -> None:
    scene.set_policy("transcript", TODAY + DAY, download_months=2)
    assert rows(scene)["transcript"].next is None, "that is no other price"
    scene.set_policy("transcript", TODAY + 2 * DAY, price_fen=900)
    coming = rows(scene)["transcript"].next
    assert coming is not None
    assert (coming.day, coming.terms.price_fen) == (TODAY + 2 * DAY, 900)
    then = rows(scene, TODAY + 2 * DAY)["transcript"]
    assert (then.terms.price_fen, then.since, then.next) == (900, TODAY + 2 * DAY, None)


def test_of_two_changes_published_for_one_day_the_later_is_listed(scene: Scene) -> None:
    scene.set_policy("transcript", TODAY, price_fen=900)
    scene.set_policy("transcript", TODAY, price_fen=800)
    row = rows(scene)["transcript"]
    assert (row.terms.price_fen, row.since) == (800, TODAY)


def test_the_prices_of_an_earlier_day_are_still_known(scene: Scene) -> None:
    scene.set_policy("transcript", TODAY, price_fen=900)
    before = rows(scene, TODAY - DAY)["transcript"]
    assert (before.terms.price_fen, before.next and before.next.day) == (500, TODAY)


def test_every_fee_rests_on_entries_that_staff_publish(scene: Scene) -> None:
    for kind, goods in GOODS.items():
        fee = goods.fee
        assert fee.kind == kind
        assert rule_of(fee.policy, fee.price)
        for path in filter(None, (fee.price, fee.hours, fee.free)):
            model = store.KINDS[fee.policy].model
            assert path.split(".")[0] in model.model_fields


@pytest.mark.parametrize(
    ("kind", "policy", "entries", "rule"),
    [
        ("transcript", "transcript", {"order_hours": None}, "T6"),
        ("photo_fee", "photo", {"fee_order_hours": None}, "P3"),
    ],
)
def test_without_a_time_to_pay_nothing_is_ordered(
    scene: Scene, kind: str, policy: str, entries: dict[str, None], rule: str
) -> None:
    scene.set_policy(policy, TODAY, **entries)
    with scene.office.read() as work, pytest.raises(Refused, match="policy_not_set") as refused:
        expires_at(work, GOODS[kind].fee)
    assert refused.value.rule == rule
