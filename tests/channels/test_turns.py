"""A turn that goes wrong does not take those behind it along, in whatever place it goes wrong."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import history
from bot.announce import put
from bot.app import application
from bot.play import Stage
from bot.play_data import fresh_data
from bot.pump import Pump
from bot.receive import FIRST_PAUSE, Reception
from bot.settings import Settings
from bot.taking import Turns
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


def test_a_notice_that_is_tried_again_later_does_not_look_as_if_somebody_were_writing(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = stage()
    said = Phone(here, "enrolled", "700").say("你好")
    here.news()
    office, reception = here.assistant.office, here.assistant.reception

    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("the database is away")

    def writing() -> bool:
        with office.read() as work:
            return history.typing(work, said.conversation_id)

    with office.work() as work:
        put(work, said.conversation_id, "arrived", {}, lambda _: None)
    assert writing()
    with monkeypatch.context() as broken:
        broken.setattr(Turns, "take", failing)
        reception.take_turns(said.conversation_id)
    assert not writing()
    here.clock.set(here.clock.now() + 2 * FIRST_PAUSE)
    assert writing()
    reception.take_turns(said.conversation_id)
    assert not writing()


def test_a_turn_that_is_being_taken_at_the_stop_is_waited_for_while_others_are_served(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    served: list[bool] = []

    def take(_: Reception, __: int) -> None:
        begun.set()
        served.append(go_on.wait(PATIENCE))

    pumps: list[Pump] = []
    start, stop = Pump.start, Pump.stop

    def noted(pump: Pump, what: Callable[[int], object]) -> None:
        pumps.append(pump)
        start(pump, what)

    monkeypatch.setattr(Reception, "take_turns", take)
    monkeypatch.setattr(Pump, "start", noted)

    async def serve() -> None:
        loop = asyncio.get_running_loop()

        def stopping(pump: Pump) -> None:
            loop.call_soon_threadsafe(go_on.set)  # as a request that is served meanwhile would
            stop(pump)

        monkeypatch.setattr(Pump, "stop", stopping)
        app = application(Settings(data=fresh_data(prepared, tmp_path / "data"), demo=True))
        async with app.router.lifespan_context(app):
            pumps[0].wake(1)
            assert await asyncio.to_thread(begun.wait, PATIENCE)

    asyncio.run(serve())
    # The sweep may wake the same conversation again; nobody may have waited in vain.
    assert set(served) == {True}, "the whole server stood still"
