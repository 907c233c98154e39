import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.payments.peer.merchant import Client, Heard
from tests.peers.wechatpay import Server


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a contract is already made: its keys take their time."""
    folder = tmp_path_factory.mktemp("contract")
    Server(folder)
    return folder


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def server(contract: Path, tmp_path: Path, heard: Heard) -> Iterator[Server]:
    """Its courier goes a round when ``deliver`` is called."""
    folder = tmp_path / "wechatpay"
    shutil.copytree(contract, folder)
    with Server(
        folder, control=True, courier=False, transport=httpx.MockTransport(heard)
    ) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server) as made:
        yield made
