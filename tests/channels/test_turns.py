"""A turn that goes wrong does not take those behind it along, in whatever place it goes wrong."""

import threading
from collections.abc import Callable, Iterator

import pytest

from bot.play import Stage
from bot.pump import Pump
from nlu.interpreter import Parse
from tests.channels.test_delivery import Phone, Platform, sent_on

PATIENCE = 30  # seconds until a test that hangs is given up


@pytest.fixture
def pump() -> Iterator[Pump]:
    made = Pump(threads=1)
    yield made
    made.stop()


def test_a_conversation_in_which_taking_fails_is_taken_again_when_more_comes(
    pump: Pump, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on, taken = threading.Event(), threading.Event(), threading.Semaphore(0)
    failures = [RuntimeError("the database is away")]

    def take(_: int) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)
        if failures:
            raise failures.pop()
        taken.release()

    pump.start(take)
    pump.wake(1)
    assert begun.wait(PATIENCE)
    pump.wake(1)  # another message, while the first is being taken
    go_on.set()
    assert taken.acquire(timeout=PATIENCE), "what came meanwhile is lost with it"
    pump.wake(1)
    assert taken.acquire(timeout=PATIENCE), "nobody is answered there until the next start"
    assert "the database is away" in caplog.text


def test_words_nobody_can_read_do_not_hold_up_those_behind_them(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = stage()
    Phone(here, "enrolled", "700")
    platform = Platform()
    interpreter = here.assistant.interpreter
    parse = interpreter.parse

    def failing(text: str) -> Parse:
        if text == "￼":
            raise ValueError("no such character")
        return parse(text)

    monkeypatch.setattr(interpreter, "parse", failing)
    reception = here.assistant.reception
    reception.hear("telegram", "700", "a", "said", {"text": "￼"})
    reception.hear("telegram", "700", "b", "said", {"text": "你好"})
    here.news()
    sent_on(here, platform)
    said = "".join(words for _, words in platform.shown)
    assert "没有处理成" in said, "whoever wrote it is told"
    assert "林若溪" in said, "what came behind is answered"
