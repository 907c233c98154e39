"""An announcement over WeCom's wire, which drops what is too much without a word."""

import pytest

from bot.channels.port import Limits, Rate
from tests.channels.sending import sending
from tests.channels.test_broadcasts import NUMBER, PEOPLE, announce, join, progress, until
from tests.channels.wecom.house import House
from tests.peers.wecom.simulator import Phone

MEMBERS = 120
MEMBER, ALL = Rate(1, 0.5), Rate(50, 0.5)  # as those of WeCom, but for tests that have no minutes
LONG = "成绩单服务周六维护，期间不能付款。" * 45  # more than fits in one message


@pytest.fixture
def phones(house: House) -> list[Phone]:
    numbers = join(house.stage, "wecom", slice(MEMBERS))
    for name, rate in (("member", MEMBER), ("all", ALL)):
        house.simulator.control("flood", **{name: [rate.count, rate.seconds]})
    house.wecom.channel.limits = Limits(chat=(MEMBER,), all=(ALL,))
    return [Phone(house.simulator, number, house.url) for number in numbers]


def push(house: House) -> None:
    async def play() -> None:
        async with sending(house.dispatcher):
            await until(lambda: progress(house.stage).waiting == 0)

    house.run(play())


def test_nothing_of_an_announcement_is_dropped_by_the_platform(
    house: House, phones: list[Phone]
) -> None:
    announce(house.stage, LONG)
    push(house)
    assert house.simulator.dropped() == []
    for phone in phones:
        pieces = [str(one["text"]) for one in phone.shown()]
        assert len(pieces) == 2, "it is two messages long, and none comes twice"
        assert LONG in "".join(pieces)
    told = progress(house.stage)
    assert (told.people, told.sent, told.failed) == (PEOPLE, MEMBERS, 0), NUMBER


def test_the_simulator_would_drop_what_is_too_much(house: House, phones: list[Phone]) -> None:
    house.wecom.channel.limits = Limits()
    announce(house.stage, LONG)
    push(house)
    assert len(house.simulator.dropped()) > MEMBERS / 2
