"""Room within a platform's limits: what is counted, from when, and until when."""

import pytest

from bot.channels.pace import Pace
from bot.channels.port import Limits, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_call_that_is_under_way_has_its_place_however_long_it_takes(clock: Clock) -> None:
    pace = Pace(Limits(chat=(Rate(1, 1.0),)))
    with pace.calling("a", clock):
        clock.now += 5
        assert pace.wait("a", clock.now) > 0, "the platform may count it only now"
        assert pace.wait("b", clock.now) == 0
    assert pace.wait("a", clock.now) == 1.0
    clock.now += 1
    assert pace.wait("a", clock.now) == 0


def test_one_slow_call_does_not_hold_up_the_whole_channel(clock: Clock) -> None:
    pace = Pace(Limits(all=(Rate(2, 1.0),)))
    with pace.calling("slow", clock):
        for _ in range(10):
            assert pace.wait_for_any(clock.now) == 0
            with pace.calling("quick", clock):
                pass
            clock.now += 1


def test_a_call_that_fails_counts_too(clock: Clock) -> None:
    pace = Pace(Limits(all=(Rate(1, 1.0),)))
    with pytest.raises(ValueError, match="refused"), pace.calling("a", clock):
        raise ValueError("refused")
    assert pace.wait_for_any(clock.now) == 1.0


def test_the_strictest_limit_counts(clock: Clock) -> None:
    pace = Pace(Limits(chat=(Rate(1, 1.0), Rate(2, 60.0)), all=(Rate(3, 3600.0),)))
    for chat, wait in (("a", 0), ("a", 0), ("a", 58), ("b", 0), ("c", 3598)):
        assert pace.wait(chat, clock.now) == wait
        if not wait:
            with pace.calling(chat, clock):
                pass
            clock.now += 1 if chat == "a" else 0


def test_whoever_takes_over_waits_for_what_was_sent_before(clock: Clock) -> None:
    pace = Pace(Limits(all=(Rate(2, 60.0),)))
    pace.remember([("a", 50.0), ("a", 60.0), ("b", 70.0)])
    assert pace.wait_for_any(clock.now) == 20.0, "until but one of them is longer ago than that"
    clock.now += 20
    assert pace.wait_for_any(clock.now) == 0
