"""What one channel cannot deliver reaches people on another: all of it, in order, and in time."""

from datetime import timedelta

from backend.models import Delivery
from bot.channels.port import Unreachable
from bot.deliveries import FAULT, Deliveries
from bot.fallback import BATCH, PATIENCE
from tests.backend.scene import Scene
from tests.channels.counting import counts
from tests.channels.test_delivery_rows import MOST, Box, due, later, states

AWAY = Unreachable("away")
SOON = timedelta(minutes=15)


class Sender:
    """Sends on a channel that may be away, as time goes by; ``shown`` is what arrives, and when."""

    def __init__(self, scene: Scene, channel: str) -> None:
        self.scene = scene
        self.rows = Deliveries(scene.office, channel, "one")
        assert self.rows.hold(timedelta(days=1))
        self.shown: list[str] = []
        self.trouble: Unreachable | None = None

    def look(self) -> None:
        for one in self.rows.pick(set(), MOST):
            if self.trouble is not None:
                self.rows.put_off(one, self.trouble)
            else:
                self.shown.append(one.parcel.body["text"])
                self.rows.sent(one.id, ["1"])

    def until_nothing_waits(self, *others: "Sender") -> timedelta:
        """How long it took."""
        began = self.scene.clock.now()
        while any("waiting" in states for states in self._counts().values()):
            for one in (self, *others):
                one.look()
            later(self.scene, seconds=4)
            assert self.scene.clock.now() - began < timedelta(hours=2), self._counts()
        return self.scene.clock.now() - began

    def _counts(self) -> dict[str, dict[str, int]]:
        with self.scene.office.read() as work:
            return counts(work)


def test_all_that_waits_for_a_failing_account_goes_to_another_channel_together_and_in_order(
    scene: Scene,
) -> None:
    box = Box(scene, "S1", "telegram", "wecom")
    for n in range(5):
        box.say(f"m{n}")
    telegram, wecom = Sender(scene, "telegram"), Sender(scene, "wecom")
    telegram.trouble = AWAY
    assert telegram.until_nothing_waits(wecom) < SOON
    assert wecom.shown == [f"m{n}" for n in range(5)]


def test_what_is_said_later_does_not_wait_through_all_the_tries_again(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram", "wecom")
    box.say("first")
    telegram, wecom = Sender(scene, "telegram"), Sender(scene, "wecom")
    telegram.trouble = AWAY
    telegram.until_nothing_waits(wecom)
    box.say("second")
    assert telegram.until_nothing_waits(wecom) < timedelta(seconds=5)
    telegram.trouble = None
    box.say("third")
    telegram.until_nothing_waits(wecom)
    assert (wecom.shown, telegram.shown) == (["first", "second"], ["third"])
    telegram.trouble = AWAY
    box.say("fourth")
    assert telegram.until_nothing_waits(wecom) > timedelta(minutes=1), "it had worked again"


def test_what_goes_another_way_comes_before_what_was_said_there_later(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram", "wecom")
    box.say("first")
    box.say("second", "wecom")
    box.say("third")
    rows = Deliveries(scene.office, "telegram", "one")
    rows.blocked(rows.pick(set(), MOST)[0])
    wecom = Sender(scene, "wecom")
    wecom.until_nothing_waits()
    assert wecom.shown == ["first", "second", "third"]


def test_when_a_whole_platform_is_away_everybody_is_reached_elsewhere(scene: Scene) -> None:
    """Also those whose own first message has been tried once only, and more than fit in a batch."""
    boxes = [Box(scene, f"S{n}", "telegram", "wecom") for n in range(12)]
    alone = Box(scene, "S99", "telegram")
    telegram, wecom = Sender(scene, "telegram"), Sender(scene, "wecom")
    telegram.trouble = AWAY
    for box in boxes[:3]:
        box.say("early")
    later(scene, seconds=1)
    while not wecom.rows.pick(set(), 1):
        telegram.look()
        if scene.clock.now().minute >= 8 and boxes[3].said == 0:
            alone.say("nowhere else to go")
            for box in boxes[3:]:
                for n in range(BATCH // 8):
                    box.say(f"late {n}")
        later(scene, seconds=4)
    wecom.look()
    while wecom.rows.pick(set(), 1):
        wecom.look()
    assert len(wecom.shown) == 3 + 9 * (BATCH // 8)
    assert due(scene) in ([], ["nowhere else to go"])
    with scene.office.read() as work:
        assert counts(work)["telegram"]["waiting"] == 1, "it is tried here still"
    telegram.trouble = None
    telegram.until_nothing_waits()
    assert telegram.shown == ["nowhere else to go"]


def test_one_account_in_trouble_moves_nobody_else(scene: Scene) -> None:
    bad, good = Box(scene, "S1", "telegram", "wecom"), Box(scene, "S2", "telegram", "wecom")
    rows = Deliveries(scene.office, "telegram", "one")
    bad.say("bad")
    (failing,) = rows.pick(set(), MOST)
    good.say("good")
    rows.put_off(failing, Unreachable("flood", wait=PATIENCE.total_seconds()))
    assert due(scene, "wecom") == ["bad"], "the platform itself says that it takes too long"
    assert due(scene) == ["good"]


def test_what_a_platform_asked_to_wait_for_has_not_failed_so_often(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram")
    box.say("busy chat")
    rows = Deliveries(scene.office, "telegram", "one")
    for _ in range(60):
        (one,) = rows.pick(set(), MOST)
        rows.put_off(one, Unreachable("flood", wait=3))
        later(scene, seconds=3)
    (one,) = rows.pick(set(), MOST)
    rows.put_off(one, Unreachable(FAULT))
    assert due(scene) == []
    later(scene, seconds=5)
    assert due(scene) == ["busy chat"], "it is given up, or left for many minutes"


def test_a_platform_that_asks_to_wait_again_and_again_is_left_in_the_end(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram", "wecom")
    box.say("urgent")
    telegram, wecom = Sender(scene, "telegram"), Sender(scene, "wecom")
    telegram.trouble = Unreachable("flood", wait=3)
    assert timedelta(minutes=5) < telegram.until_nothing_waits(wecom) < SOON
    assert wecom.shown == ["urgent"]


def test_what_waits_for_the_morning_stays_when_a_platform_is_away_at_night(scene: Scene) -> None:
    boxes = [Box(scene, f"S{n}", "telegram", "wecom") for n in range(4)]
    telegram = Sender(scene, "telegram")
    telegram.trouble = Unreachable("token", wait=300)
    boxes[3].say("held", passive=True)
    with scene.office.work() as work:
        held = work.session.query(Delivery).one()
        held.rank, held.try_after = 1, work.now + timedelta(hours=8)
    for box in boxes[:3]:
        box.say("now")
    for _ in range(4):
        telegram.look()
        later(scene, minutes=5)
    assert due(scene, "wecom") == ["now"] * 3
    assert ("telegram", "waiting") in states(scene)


def test_a_fault_of_ours_in_one_message_does_not_hold_up_its_chat_for_days(scene: Scene) -> None:
    box = Box(scene, "S1", "telegram")
    box.say("poison")
    box.say("behind it")
    rows = Deliveries(scene.office, "telegram", "one")
    for _ in range(13):
        for one in rows.pick(set(), MOST):
            if one.parcel.body["text"] == "poison":
                rows.put_off(one, Unreachable(FAULT))
        later(scene, minutes=11)
    assert due(scene) == ["behind it"]
    assert states(scene)[0] == ("telegram", "failed")


def test_a_platform_that_is_away_loses_nothing_of_those_without_another_channel(
    scene: Scene,
) -> None:
    box = Box(scene, "S1", "telegram")
    box.say("hello")
    telegram = Sender(scene, "telegram")
    telegram.trouble = AWAY
    for _ in range(100):
        telegram.look()
        later(scene, minutes=5)
    telegram.trouble = None
    later(scene, minutes=10)
    telegram.look()
    assert telegram.shown == ["hello"]
