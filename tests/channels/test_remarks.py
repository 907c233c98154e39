"""A remark of a channel is a message like any other, on both databases."""

from typing import Any, cast

import pytest
from sqlalchemy import select

from backend.models import ChatAccount, Outbound
from bot.receive import Reception
from bot.remarks import remark
from tests.backend.scene import Scene
from tests.channels.test_delivery_rows import MOST, Box, deliveries, due

TOO_LARGE = {"zh": "太大", "en": "too large"}


@pytest.fixture
def reception(scene: Scene) -> Reception:
    nothing = cast(Any, None)  # no turn is taken
    return Reception(scene.office, nothing, nothing, wake=lambda _: None)


def said(scene: Scene) -> list[tuple[int, str]]:
    with scene.office.read() as work:
        found = work.session.scalars(select(Outbound).order_by(Outbound.id))
        return [(one.seq, one.body["text"]) for one in found]


def test_a_remark_has_its_place_in_the_conversation_and_is_said_once(
    scene: Scene, reception: Reception
) -> None:
    box = Box(scene)
    box.say("before")
    for _ in range(2):
        remark(reception, "telegram", "S1@telegram", "m1", TOO_LARGE)
    remark(reception, "telegram", "S1@telegram", "m2", TOO_LARGE)
    assert said(scene) == [(1, "before"), (2, "太大"), (3, "太大")]
    (first,) = deliveries(scene).pick(set(), MOST)
    assert first.parcel.body["text"] == "before"
    deliveries(scene).sent(first.id, ["1"])
    assert due(scene) == ["太大"]


def test_a_remark_goes_where_the_file_came_from(scene: Scene, reception: Reception) -> None:
    Box(scene, "S1", "telegram", "wecom")
    remark(reception, "telegram", "S1@telegram", "m1", TOO_LARGE)
    remark(reception, "wecom", "S1@wecom", "m1", TOO_LARGE)
    assert due(scene, "telegram") == due(scene, "wecom") == ["太大"]


def test_somebody_new_is_answered_too_and_becomes_nobody_by_it(
    scene: Scene, reception: Reception
) -> None:
    remark(reception, "telegram", "700", "m1", TOO_LARGE)
    assert due(scene) == ["太大"]
    with scene.office.read() as work:
        assert work.session.scalars(select(ChatAccount.person_id)).one() is None


def test_whoever_writes_again_after_blocking_us_is_answered(
    scene: Scene, reception: Reception
) -> None:
    box = Box(scene)
    box.say("lost")
    deliveries(scene).blocked(deliveries(scene).pick(set(), MOST)[0])
    remark(reception, "telegram", "S1@telegram", "m1", TOO_LARGE)
    assert due(scene) == ["太大"]
