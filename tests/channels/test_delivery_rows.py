"""The rows of deliveries on both databases: who may send, what is due, and where it goes instead."""

from datetime import datetime, timedelta

import pytest

from backend import accounts
from backend.accounts import BOUND
from backend.identity import stepup
from backend.identity.means import Identity
from backend.models import ChatAccount, Delivery
from bot import outbox, rows
from bot.channels.port import Unreachable
from bot.deliveries import Deliveries
from dialogs.engine.message import File, Message, Picture
from tests.backend.scene import Scene

MOST = 50


class Box:
    """One person with accounts on channels one pushes to, and what is said to them."""

    def __init__(self, scene: Scene, number: str = "S1", *channels: str) -> None:
        self.scene = scene
        self.person = scene.student(number)
        self.said = 0
        self.accounts: dict[str, int] = {}
        with scene.office.work(self.person) as work:
            self.conversation = accounts.conversation_of(work, self.person)
            for channel in channels or ("telegram",):
                account = ChatAccount(
                    institution_id="demo",
                    channel=channel,
                    address=f"{number}@{channel}",
                    person_id=self.person,
                    conversation_id=self.conversation,
                    last_seen_at=work.now,
                )
                work.session.add(account)
                work.session.flush()
                self.accounts[channel] = account.id

    def say(
        self,
        text: str,
        channel: str = "telegram",
        *,
        passive: bool = False,
        files: tuple[File, ...] = (),
        pictures: tuple[Picture, ...] = (),
        until: datetime | None = None,
    ) -> None:
        with self.scene.office.work(self.person) as work:
            self.said += 1
            row = {
                "institution_id": "demo",
                "conversation_id": self.conversation,
                "account_id": None,
                "seq": self.said,
                "body": Message(text, pictures=pictures, files=files, until=until).to_json(),
                "actions": [],
                "token": f"{self.person}.{self.said}",
                "created_at": work.now,
                "about": None,
            }
            rows.say(work.writing, [row])
            rows.advance(work.writing, self.conversation, self.said + 1)
            outbox.answer(
                work, self.conversation, self.said, self.accounts[channel], passive=passive
            )


def deliveries(scene: Scene, channel: str = "telegram", holder: str = "one") -> Deliveries:
    return Deliveries(scene.office, channel, holder)


def due(scene: Scene, channel: str = "telegram", besides: set[int] | None = None) -> list[str]:
    picked = deliveries(scene, channel).pick(besides or set(), MOST)
    return [one.parcel.body["text"] for one in picked]


def states(scene: Scene) -> list[tuple[str, str]]:
    with scene.office.read() as work:
        found = work.session.query(Delivery).order_by(Delivery.id)
        return [(one.channel, one.state) for one in found]


def later(scene: Scene, **time: float) -> None:
    scene.clock.set(scene.clock.now() + timedelta(**time))


def test_two_processes_never_send_on_one_channel_at_once(scene: Scene) -> None:
    first, second = deliveries(scene), deliveries(scene, holder="two")
    assert first.hold(timedelta(seconds=15))
    assert not second.hold(timedelta(seconds=15))
    assert first.hold(timedelta(seconds=15)), "it is renewed by whoever has it"
    assert deliveries(scene, "wecom", "two").hold(timedelta(seconds=15)), "another channel is free"
    later(scene, seconds=16)
    assert second.hold(timedelta(seconds=15))


def test_of_each_chat_the_first_is_due_and_chats_do_not_wait_for_each_other(scene: Scene) -> None:
    one, two = Box(scene, "S1"), Box(scene, "S2")
    one.say("a1")
    one.say("a2")
    two.say("b1")
    assert due(scene) == ["a1", "b1"]
    assert due(scene, besides={one.accounts["telegram"]}) == ["b1"]
    picked = deliveries(scene).pick(set(), MOST)
    deliveries(scene).sent(picked[0].id, ["1"])
    assert due(scene) == ["a2", "b1"]
    assert deliveries(scene).sent_within(60) == [("S1@telegram", 0.0)]


def test_whoever_takes_over_in_mid_message_counts_the_parts_that_are_out(scene: Scene) -> None:
    one, two = Box(scene, "S1"), Box(scene, "S2")
    one.say("in three parts")
    two.say("not begun")
    first = deliveries(scene).pick(set(), MOST)[0]
    deliveries(scene).note(first.id, ["1", "2"])
    assert deliveries(scene, holder="two").sent_within(60) == [("S1@telegram", 0.0)] * 2
    later(scene, seconds=10)
    deliveries(scene).sent(first.id, ["1", "2", "3"])
    later(scene, seconds=10)
    two.say("behind it")
    other = deliveries(scene).pick({one.accounts["telegram"]}, MOST)[0]
    deliveries(scene).note(other.id, ["1"])
    found = deliveries(scene, holder="two").sent_within(60)
    assert found == [("S1@telegram", 10.0)] * 3 + [("S2@telegram", 0.0)], "the oldest first"


def test_what_was_never_sent_takes_nobody_s_room(scene: Scene) -> None:
    box = Box(scene)
    box.say("hello")
    deliveries(scene).end(deliveries(scene).pick(set(), MOST)[0].id, "expired", "stopped")
    assert deliveries(scene).sent_within(60) == []


def test_what_failed_for_now_holds_up_only_its_own_chat_and_is_tried_again(scene: Scene) -> None:
    one, two = Box(scene, "S1"), Box(scene, "S2")
    one.say("a1")
    one.say("a2")
    two.say("b1")
    failing = deliveries(scene).pick(set(), MOST)[0]
    deliveries(scene).put_off(failing, Unreachable("away"))
    assert due(scene) == ["b1"]
    later(scene, seconds=3)
    assert due(scene) == ["a1", "b1"]


def test_a_blocked_account_gets_nothing_more_and_loses_nothing(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram", "wecom")
    box.say("first")
    box.say("second")
    deliveries(scene).blocked(deliveries(scene).pick(set(), MOST)[0])
    assert due(scene) == []
    assert due(scene, "wecom") == ["first"]
    assert [state for _, state in states(scene)] == ["replaced"] * 2 + ["waiting"] * 2
    box.say("third")
    assert due(scene) == [], "it is blocked until its owner writes again"
    with scene.office.work(box.person) as work:
        outbox.heard_from(work, box.accounts["telegram"])
    box.say("fourth")
    assert due(scene) == ["fourth"]


def test_a_held_answer_waits_for_whoever_acknowledges_the_message(scene: Scene) -> None:
    box = Box(scene, "S1", "wecom")
    box.say("soon", "wecom", passive=True)
    assert due(scene, "wecom") == []
    later(scene, seconds=5)
    assert due(scene, "wecom") == ["soon"], "and is pushed when nobody has taken it"


def test_what_is_said_next_does_not_overtake_a_held_answer(scene: Scene) -> None:
    box = Box(scene, "S1", "wecom")
    box.say("first", "wecom", passive=True)
    box.say("second", "wecom")
    assert due(scene, "wecom") == [], "whoever acknowledges the first may be showing it just now"
    later(scene, seconds=5)
    assert due(scene, "wecom") == ["first"]


@pytest.mark.parametrize("channel", sorted(BOUND))
def test_a_day_old_answer_is_not_pushed(scene: Scene, channel: str) -> None:
    Box(scene, "S1", channel).say("old", channel)
    later(scene, days=2)
    assert due(scene, channel) == []
    assert states(scene) == [(channel, "expired")]


def test_what_is_of_use_for_minutes_is_not_pushed_afterwards(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram", "wecom")
    box.say("a link", until=scene.clock.now() + timedelta(minutes=10))
    box.say("behind it")
    (first,) = deliveries(scene).pick(set(), MOST)
    later(scene, minutes=9)
    assert deliveries(scene).waits(first.id)
    assert due(scene) == ["a link"]
    later(scene, minutes=2)
    assert not deliveries(scene).waits(first.id), "nor when its turn to be sent comes late"
    due(scene)
    assert due(scene) == ["behind it"]
    assert states(scene)[0] == ("telegram", "expired")


def test_what_goes_another_way_is_of_use_no_longer_for_that(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram", "wecom")
    box.say("a link", until=scene.clock.now() + timedelta(minutes=10))
    deliveries(scene).blocked(deliveries(scene).pick(set(), MOST)[0])
    later(scene, minutes=11)
    assert due(scene, "wecom") == []


def test_no_message_lives_longer_for_saying_so(scene: Scene) -> None:
    Box(scene).say("answer", until=scene.clock.now() + timedelta(days=9))
    later(scene, days=2)
    assert due(scene) == []


def test_an_account_that_was_unbound_is_told_nothing_more(scene: Scene) -> None:
    box = Box(scene)
    box.say("please decide")
    (prompt,) = deliveries(scene).pick(set(), MOST)
    deliveries(scene).sent(prompt.id, ["1"])
    with scene.office.work() as work:
        account = work.session.get_one(ChatAccount, box.accounts["telegram"])
        account.person_id = None
        account.conversation_id = accounts.conversation_of(work, scene.affairs)
    with scene.office.work(box.person) as work:
        outbox.close(work, box.conversation, 1)
    assert deliveries(scene).pick(set(), MOST) == []


def test_what_is_taken_back_while_it_is_sent_stays_taken_back(scene: Scene) -> None:
    box = Box(scene)
    box.say("hello")
    (due_now,) = deliveries(scene).pick(set(), MOST)
    assert deliveries(scene).waits(due_now.id)
    deliveries(scene).end(due_now.id, "expired", "unbound")
    assert not deliveries(scene).waits(due_now.id)
    deliveries(scene).sent(due_now.id, ["1"])
    assert states(scene) == [("telegram", "expired")]


def test_a_document_goes_to_no_account_that_has_not_shown_whose_it_is(scene: Scene) -> None:
    scene.office.identity = Identity(pages=True)
    box = Box(scene, "S1", "telegram", "wecom")
    file = File("b1", "成绩单.pdf", 1000, "application/pdf")
    box.say("here it is", files=(file,))
    box.say("this is what it will look like", pictures=(Picture("b2", "第 1 页", 600, 800),))
    assert due(scene) == []
    with scene.office.work(box.person) as work:
        stepup.grant(work, box.accounts["telegram"], "sign_in", "")
    box.say("here it is again", files=(file,))
    assert due(scene) == ["here it is again"]
    deliveries(scene).blocked(deliveries(scene).pick(set(), MOST)[0])
    assert due(scene, "wecom") == [], "nor on the way round"
