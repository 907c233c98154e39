"""Rasa in the life of the assistant: whole conversations, ``registrar check``, and its end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.assemble import understanding
from bot.play import Stage
from bot.ready import UNDERSTANDING, check
from bot.settings import Settings
from nlu.remote import RemoteInterpreter
from nlu.standing import Reason
from tests.rasa.conftest import RasaServer
from tests.server.guest import Guest, get, wait
from tests.server.running import Running, with_fonts_and_model

pytestmark = pytest.mark.rasa
CONVERSATIONS = Path(__file__).parents[1] / "conversations"


@pytest.mark.parametrize("name", ["enrolled", "english", "digression", "corrections"])
def test_a_conversation_goes_as_with_the_embedded_interpreter(
    rasa: RasaServer, stage: Callable[..., Stage], name: str
) -> None:
    played = stage()
    settings = Settings(data=played.data, demo=True, rasa=rasa.settings())
    remote = understanding(settings, played.assistant.office)
    assert isinstance(remote, RemoteInterpreter)
    played.interpreter = remote
    played.restart()
    try:
        script = (CONVERSATIONS / f"{name}.md").read_text()
        assert played.play(script) == script
        standing = remote.standing()
        assert standing.answered >= 1
        assert {why for why, count in standing.fell_back.items() if count} <= {Reason.UNSURE}
    finally:
        remote.close()


def test_check_finds_the_server_and_its_model(rasa: RasaServer, prepared: Path) -> None:
    lines: list[str] = []
    settings = Settings(data=prepared, demo=True, rasa=rasa.settings())
    assert check(settings, lines.append) == 0, lines
    words = "\n".join(line for line in lines if UNDERSTANDING in line)
    assert "Rasa 的模型是最新的" in words
    assert "apply_transcript" in words


def test_when_rasa_dies_in_mid_conversation_the_conversation_goes_on(tmp_path: Path) -> None:
    rasa = RasaServer(tmp_path)
    rasa.start()
    server = Running(
        with_fonts_and_model(tmp_path / "data"),
        REGISTRAR_RASA__URL=rasa.url,
        REGISTRAR_RASA__TOKEN=rasa.token,
        REGISTRAR_RASA__DEADLINE_MS="2000",
    )
    try:
        server.start()
        guest = Guest(server.base, "enrolled")
        guest.say("我想要一份英文成绩单，带绩点")
        before = get(server, "/health").json()["understanding"]
        assert (before["interpreter"], before["why"]) == ("rasa", None)
        assert before["answered_by_rasa"] >= 1

        rasa.kill()
        guest.press("集中教学和所级教学合在一起")
        (*_, question) = guest.say("多少钱一份？")
        assert "理由" in question["text"]
        (*_, preview) = guest.say("求职")
        assert preview["from"] == "assistant"
        after = get(server, "/health").json()["understanding"]
        assert (after["interpreter"], after["why"]) == ("embedded", "down")
        assert after["fell_back"]["down"] >= 1
        assert after["since"] >= before["since"]

        rasa.start()

        def back() -> bool | None:
            guest.say("多少钱一份？")
            told = get(server, "/health").json()["understanding"]
            return True if told["interpreter"] == "rasa" else None

        wait(back, "Rasa to be asked again")
        guest.close()
    finally:
        rasa.kill()
        if server.alive():
            server.stop()
