"""Houses with their own data, and the simulator of WeCom that they are connected with."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bot.play import Stage
from tests.channels.wecom.house import House
from tests.peers.wecom.simulator import Phone, Simulator

NewHouse = Callable[..., House]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture
def new_house(stage: Callable[..., Stage], simulator: Simulator) -> Iterator[NewHouse]:
    with ExitStack() as open_:

        def make(on: Stage | None = None) -> House:
            return open_.enter_context(House(on or stage(), simulator))

        yield make


@pytest.fixture
def house(new_house: NewHouse) -> House:
    return new_house()


@pytest.fixture
def student(house: House) -> Phone:
    return house.phone("enrolled")


@pytest.fixture
def officer(house: House) -> Phone:
    return house.phone("unit_officer")
