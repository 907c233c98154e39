"""A service that is down is left alone, and tried again before long."""

from nlu.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker


def test_a_single_failure_changes_nothing() -> None:
    breaker = Breaker(lambda: 0.0)
    for _ in range(FAILURES * 3):
        breaker.failed()
        assert breaker.allows()
        breaker.succeeded()


def test_in_a_pause_one_tries_and_the_others_wait() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    now[0] = FIRST_PAUSE
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.failed()
    now[0] += FIRST_PAUSE
    assert not breaker.allows()
    now[0] += FIRST_PAUSE
    assert breaker.allows()
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True, True, True]


def test_however_long_it_is_down_it_is_tried_again_within_the_longest_pause() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES):
        breaker.failed()
    for _ in range(20):
        now[0] += LONGEST_PAUSE
        assert breaker.allows()
        breaker.failed()
    now[0] += LONGEST_PAUSE
    assert breaker.allows()


def test_what_was_asked_before_a_pause_does_not_prolong_it() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES + 10):
        breaker.failed()
    now[0] = FIRST_PAUSE
    assert breaker.allows()
