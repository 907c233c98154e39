"""One access token for all: fetched once, renewed when it is refused, and never asked for without end."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from backend.database import Database
from bot.channels.port import Unreachable
from bot.channels.wecom.api import Api
from bot.channels.wecom.errors import ApiError
from bot.channels.wecom.lent import Lent
from bot.sections import WecomSettings
from tests.backend.scene import Scene
from tests.channels.wecom.house import SEALER
from tests.peers.wecom.simulator import SETTINGS, Simulator

ASK = "/cgi-bin/user/list"
FETCH = "/cgi-bin/gettoken"


@pytest.fixture
def scene(database: Database, tmp_path: Path, simulator: Simulator) -> Scene:
    made = Scene(database, tmp_path)
    simulator.control("time", at=int(made.clock.now().timestamp()))
    return made


def process(scene: Scene, simulator: Simulator, **other: str) -> Api:
    """As another process has it: nothing in memory is shared."""
    settings = WecomSettings.model_validate({**SETTINGS, "api_url": simulator.url, **other})
    lent = Lent(scene.office, SEALER, "wecom:test")
    return Api(settings, lent, scene.clock.now, pause=0.01)


async def ask(*processes: Api, times: int = 1) -> None:
    """All at once."""
    try:
        async with asyncio.TaskGroup() as asking:
            for one in processes:
                for _ in range(times):
                    asking.create_task(one.get(ASK))
    finally:
        for one in processes:
            await one.close()


def test_twenty_calls_at_once_in_two_processes_fetch_one_token(
    scene: Scene, simulator: Simulator
) -> None:
    asyncio.run(ask(process(scene, simulator), process(scene, simulator), times=20))
    assert simulator.calls(FETCH) == 1
    assert simulator.calls(ASK) == 40


def test_a_process_that_starts_later_uses_the_token_there_is(
    scene: Scene, simulator: Simulator
) -> None:
    asyncio.run(ask(process(scene, simulator)))
    asyncio.run(ask(process(scene, simulator)))
    assert simulator.calls(FETCH) == 1


def test_a_token_that_was_replaced_elsewhere_is_renewed_once_for_all(
    scene: Scene, simulator: Simulator
) -> None:
    asyncio.run(ask(process(scene, simulator)))
    simulator.control("replace_token")
    asyncio.run(ask(process(scene, simulator), process(scene, simulator), times=20))
    assert simulator.calls(FETCH) == 2


def test_a_token_that_wecom_ended_early_is_renewed(scene: Scene, simulator: Simulator) -> None:
    asyncio.run(ask(process(scene, simulator)))
    simulator.control("expire_token")
    asyncio.run(ask(process(scene, simulator)))
    assert simulator.calls(FETCH) == 2


def test_a_token_is_renewed_before_it_ends(scene: Scene, simulator: Simulator) -> None:
    asyncio.run(ask(process(scene, simulator)))
    scene.clock.set(scene.clock.now() + timedelta(hours=2))
    simulator.control("time", at=int(scene.clock.now().timestamp()))
    asyncio.run(ask(process(scene, simulator)))
    assert simulator.calls(FETCH) == 2
    assert simulator.calls(ASK) == 2  # none of them was refused


def test_a_token_that_is_refused_for_good_does_not_go_round_for_ever(
    scene: Scene, simulator: Simulator
) -> None:
    simulator.control("misbehave", path=ASK, errcode=40014, times=1000)
    with pytest.raises(ExceptionGroup) as raised:
        asyncio.run(ask(process(scene, simulator)))
    (error,) = raised.value.exceptions
    assert isinstance(error, ApiError | Unreachable)
    assert simulator.calls(ASK) <= 2


def test_a_wrong_secret_is_told_as_such(scene: Scene, simulator: Simulator) -> None:
    with pytest.raises(ExceptionGroup) as raised:
        asyncio.run(ask(process(scene, simulator, secret="wrong")))
    (error,) = raised.value.exceptions
    assert isinstance(error, ApiError)
    assert error.code == 40001
    assert "wrong" not in str(error)


def test_a_process_that_died_while_fetching_does_not_stop_the_others(
    scene: Scene, simulator: Simulator
) -> None:
    lent = Lent(scene.office, SEALER, "wecom:test")
    assert lent.hold("token")
    assert not lent.hold("token")
    scene.clock.set(scene.clock.now() + timedelta(seconds=31))
    asyncio.run(ask(process(scene, simulator)))
    assert simulator.calls(FETCH) == 1


def test_a_token_that_cannot_be_fetched_now_is_fetched_a_moment_later(
    scene: Scene, simulator: Simulator
) -> None:
    simulator.control("misbehave", path=FETCH, errcode=-1)
    simulator.control("misbehave", path=FETCH, status=502)
    asyncio.run(ask(process(scene, simulator)))
    assert simulator.calls(ASK) == 1


@pytest.mark.parametrize(
    "how",
    [{"errcode": -1}, {"status": 502}, {"reset": True}, {"text": "<html>"}, {"text": "[]"}],
    ids=str,
)
def test_what_passes_by_itself_is_tried_again(
    scene: Scene, simulator: Simulator, how: dict[str, int]
) -> None:
    simulator.control("misbehave", path=ASK, times=2, **how)
    asyncio.run(ask(process(scene, simulator)))
    assert simulator.calls(ASK) == 3


@pytest.mark.parametrize("how", [{"errcode": -1}, {"status": 503}, {"reset": True}], ids=str)
def test_what_does_not_pass_is_left_for_later_after_a_few_tries(
    scene: Scene, simulator: Simulator, how: dict[str, int]
) -> None:
    simulator.control("misbehave", path=ASK, times=1000, **how)
    with pytest.raises(ExceptionGroup) as raised:
        asyncio.run(ask(process(scene, simulator)))
    assert isinstance(raised.value.exceptions[0], Unreachable)
    assert simulator.calls(ASK) == 4


def test_what_wecom_has_lent_is_sealed_and_ends_with_its_time(scene: Scene) -> None:
    lent = Lent(scene.office, SEALER, "wecom:test")
    assert lent.add("one", "first", timedelta(minutes=1))
    assert not lent.add("one", "second", timedelta(minutes=1))
    assert lent.get("one") == "first"
    assert lent.names("o") == ["one"]
    assert Lent(scene.office, SEALER, "wecom:other").get("one") is None
    scene.clock.set(scene.clock.now() + timedelta(minutes=2))
    assert lent.get("one") is None
    assert lent.take("one") is None
    assert lent.add("one", "third", timedelta(minutes=1))
    assert lent.take("one") == "third"
    assert lent.take("one") is None
