"""``registrar check`` and the health page tell which interpreter answers, and what is wrong with Rasa."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.ready import UNDERSTANDING, check
from bot.sections import RasaSettings
from bot.settings import Settings
from bot.understanding import token_of, told
from nlu.entities.extractor import EntityExtractor
from nlu.interpreter import Interpreter
from nlu.rasa_model import model_name
from nlu.remote import RemoteInterpreter
from nlu.standing import Reason
from tests.nlu.rasa_peer import WORDS, Peer, answering, parsed


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def findings(folder: Path, **rasa: Any) -> tuple[int, str]:
    lines: list[str] = []
    given = RasaSettings.model_validate(rasa) if rasa else None
    status = check(Settings(data=folder, demo=True, rasa=given), lines.append)
    return status, "\n".join(line for line in lines if UNDERSTANDING in line)


def serving(model_file: str) -> Any:
    """A server with this model."""
    status = answering({"model_file": model_file, "model_id": "x", "num_active_training_jobs": 0})
    parse = answering(parsed())

    def reply(handler: Any, body: bytes) -> None:
        (parse if handler.path.startswith("/model/parse") else status)(handler, body)

    return reply


def test_without_rasa_the_embedded_interpreter_answers_and_nothing_is_wrong(tmp_path: Path) -> None:
    status, words = findings(tmp_path)
    assert status == 0
    assert "没有设置 Rasa" in words


def test_a_server_with_the_current_model_is_found(tmp_path: Path, peer: Peer) -> None:
    peer.reply = serving(f"{model_name()}.tar.gz")
    status, words = findings(tmp_path, url=peer.url, token="t")
    assert status == 0
    assert "Rasa 的模型是最新的" in words
    assert "答出 apply_transcript" in words


def test_a_model_of_earlier_examples_is_named(tmp_path: Path, peer: Peer) -> None:
    peer.reply = serving("registrar-0123456789abcdef.tar.gz")
    status, words = findings(tmp_path, url=peer.url, token="t")
    assert status == 0
    assert "registrar-0123456789abcdef" in words
    assert "不符" in words


@pytest.mark.parametrize(
    ("answer", "code", "expected"),
    [
        ({"status": "failure"}, 401, "不认这个 rasa.token"),
        ({"status": "failure"}, 409, "没有载入模型"),
        ({}, 404, "HTTP 404"),
        ([], 200, "答非所问"),
        ({"model_file": None}, 200, "不符"),
        ({"model_file": "registrar-1.tar.gz"}, 200, "答非所问"),
    ],
)
def test_what_is_wrong_with_the_server_is_said_in_words(
    tmp_path: Path, peer: Peer, answer: object, code: int, expected: str
) -> None:
    peer.reply = answering(answer, code)
    _status, words = findings(tmp_path, url=peer.url, token="t")
    assert expected in words


def test_a_server_that_does_not_run_is_wrong(tmp_path: Path) -> None:
    status, words = findings(tmp_path, url="http://127.0.0.1:9", token="t")
    assert status == 1
    assert "make rasa" in words


def test_words_do_not_travel_unencrypted_to_another_machine() -> None:
    with pytest.raises(ValidationError):
        RasaSettings(url="http://rasa.example.edu.cn:5005")
    assert RasaSettings(url="https://rasa.example.edu.cn/").url == "https://rasa.example.edu.cn"


def test_this_house_has_a_token_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, demo=True, rasa=RasaSettings())
    token = token_of(settings, RasaSettings())
    assert len(token) >= 32
    assert token_of(settings, RasaSettings()) == token
    assert token_of(settings, RasaSettings.model_validate({"token": "another"})) == "another"


def test_the_health_page_tells_counts_and_no_words(peer: Peer, interpreter: Interpreter) -> None:
    assert told(interpreter) == {"interpreter": "embedded"}
    remote = RemoteInterpreter(
        peer.url, interpreter, EntityExtractor(), ["apply_transcript", "ask_rule"], deadline=2
    )
    try:
        remote.parse(WORDS)
        page = told(remote)
        assert (page["interpreter"], page["why"], page["answered_by_rasa"]) == ("rasa", None, 1)
        peer.reply = answering(b"", 500)
        assert remote.parse(WORDS).intent == interpreter.parse(WORDS).intent
        page = told(remote)
        assert (page["interpreter"], page["why"]) == ("embedded", "bad answer")
        assert page["fell_back"][Reason.BAD] == 1
        assert WORDS not in json.dumps(page, ensure_ascii=False)
    finally:
        remote.close()


def test_what_rasa_shares_with_us_runs_on_its_python() -> None:
    """Two modules of ours are read in Rasa's environment, which has Python 3.10 and no package of ours."""
    root = Path(__file__).parents[2]
    wanted: set[str] = set()
    for path in (root / "nlu" / "rasa" / "components").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(), feature_version=(3, 10))):
            if isinstance(node, ast.ImportFrom) and node.module:
                wanted.add(node.module)
    shared = {name for name in wanted if name.startswith("nlu.")}
    assert shared == {"nlu.homophones", "nlu.normalize"}
    assert {name.partition(".")[0] for name in wanted} <= {"nlu", "rasa"} | sys.stdlib_module_names
    for name in shared:
        source = (root / name.replace(".", "/")).with_suffix(".py").read_text()
        for node in ast.walk(ast.parse(source, feature_version=(3, 10))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {one.partition(".")[0] for one in names} <= sys.stdlib_module_names
