"""An answer that is shown as its message is acknowledged stays in the order of its chat."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.models import Delivery, Outbound
from bot import outbox, passive
from bot.channels.port import Unreachable
from bot.deliveries import Deliveries
from bot.play import Stage
from bot.receive import Accepted
from tests.channels.test_delivery import Phone, Platform, deliveries, later, sent_on

MOST = 2048  # bytes


class Member(Phone):
    """Somebody whose channel shows an answer as it acknowledges the message."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "enrolled", "lin", channel="wecom")
        self.reception = stage.assistant.reception

    def hear(self, text: str) -> Accepted:
        self.sent += 1
        accepted = self.reception.hear(
            "wecom", self.address, f"m{self.sent}", "said", {"text": text}, passive=True
        )
        self.stage.news()
        return accepted

    def asks(self, text: str) -> str:
        """What is shown at once, or nothing."""
        return passive.words_for(self.reception, self.hear(text), MOST)


@pytest.fixture
def here(stage: Callable[..., Stage]) -> Stage:
    return stage()


@pytest.fixture
def member(here: Stage) -> Member:
    return Member(here)


PLAIN = "不办了"  # is answered in one sentence


def test_a_plain_answer_is_shown_at_once_and_not_pushed_as_well(
    here: Stage, member: Member
) -> None:
    assert member.asks(PLAIN)
    assert sent_on(here, Platform("wecom")) == []


def test_an_answer_never_overtakes_an_earlier_one_that_still_waits(
    here: Stage, member: Member
) -> None:
    member.say("我要办成绩单")
    platform = Platform("wecom")
    platform.trouble = [Unreachable("away")]
    assert sent_on(here, platform) == []
    assert member.asks(PLAIN) == "", "the question before it has not been shown yet"
    later(here, timedelta(seconds=10))
    with here.assistant.office.read() as work:
        said = [one.body["text"] for one in work.session.scalars(select(Outbound))]
    assert len(said) > 1
    assert "".join(sent_on(here, platform)) == "".join(said)
    assert {one.state for one in deliveries(here) if one.kind == "say"} == {"sent"}


def test_of_two_answers_held_at_once_the_first_is_shown_first(here: Stage, member: Member) -> None:
    first, second = member.hear(PLAIN), member.hear(PLAIN)
    assert passive.words_for(member.reception, second, MOST) == ""
    assert sent_on(here, Platform("wecom")) == [], "nor is it pushed before the first is shown"
    assert passive.words_for(member.reception, first, MOST)
    assert sent_on(here, Platform("wecom"))


def test_no_answer_comes_between_the_parts_of_a_message(here: Stage, member: Member) -> None:
    member.say("你好")
    rows = Deliveries(here.assistant.office, "wecom", "one")
    (half,) = rows.pick(set(), 10)
    rows.note(half.id, ["part one"])
    with here.assistant.office.work() as work:
        work.session.get_one(Delivery, half.id).rank = outbox.NOTICES
    assert member.asks(PLAIN) == ""


def test_a_notice_that_waits_does_not_hold_up_an_answer(here: Stage, member: Member) -> None:
    member.say("你好")
    with here.assistant.office.work() as work:
        for one in deliveries(here):
            work.session.get_one(Delivery, one.id).rank = outbox.NOTICES
    assert member.asks(PLAIN), "answers go before notices"
