"""The simulator is spoken to by a client not written here, wechatpy's own."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.peers.wecom.simulator import AGENT, CORP, SETTINGS, Phone, Simulator


@pytest.fixture
def client(simulator: Simulator) -> Iterator[WeChatClient]:
    class Client(WeChatClient):  # type: ignore[misc]
        API_BASE_URL = f"{simulator.url}/cgi-bin/"

        def fetch_access_token(self) -> object:  # its own has WeCom's address in it
            return self._fetch_access_token(
                url=f"{simulator.url}/cgi-bin/gettoken",
                params={"corpid": self.corp_id, "corpsecret": self.secret},
            )

    made = Client(CORP, SETTINGS["secret"])
    yield made
    made._http.close()


def test_another_client_fetches_a_token_and_writes_to_a_member(
    simulator: Simulator, client: WeChatClient
) -> None:
    phone = Phone(simulator, "linrx", "")
    client.message.send_text(AGENT, "linrx", "你好")
    assert [one["text"] for one in phone.shown()] == ["你好"]
    assert simulator.calls("/cgi-bin/gettoken") == 1


def test_another_client_carries_files_both_ways(simulator: Simulator, client: WeChatClient) -> None:
    phone = Phone(simulator, "linrx", "")
    told = client.media.upload(
        "file", ("a.pdf", BytesIO(b"%PDF-1.7 of eight bytes"), "application/pdf")
    )
    client.message.send_file(AGENT, "linrx", told["media_id"])
    assert [one["name"] for one in phone.shown()] == ["a.pdf"]
    assert download(client, told["media_id"]) == b"%PDF-1.7 of eight bytes"


def test_another_client_is_refused_as_wecom_refuses(
    simulator: Simulator, client: WeChatClient
) -> None:
    with pytest.raises(WeChatClientException) as unknown:
        client.message.send_text(AGENT, "nobody", "你好")
    assert unknown.value.errcode == 81013
    with pytest.raises(WeChatClientException) as missing:
        client.user.get("nobody")
    assert missing.value.errcode == 60111


def test_what_wecom_drops_without_a_word_the_simulator_drops(
    simulator: Simulator, client: WeChatClient
) -> None:
    simulator.control("time", at=1_772_413_200)
    phone = Phone(simulator, "linrx", "")
    for number in range(31):
        client.message.send_text(AGENT, "linrx", str(number))
    assert len(phone.shown()) == 30
    simulator.control("time", at=1_772_413_261)
    client.message.send_text(AGENT, "linrx", "a minute later")
    assert len(phone.shown()) == 31
    client.message.send_text(AGENT, "linrx", "字" * 700)
    assert phone.shown()[-1]["text"].count("字") == 2048 // 3


def download(client: WeChatClient, media_id: str) -> bytes:
    """As ``client.media.download``, which has WeCom's address in it."""
    found = client.get("media/get", params={"media_id": media_id}, stream=True)
    with found:
        return bytes(found.content)
