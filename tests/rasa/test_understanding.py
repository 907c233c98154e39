"""Floors under what Rasa understands, alone and with the embedded interpreter behind it.

The figures that were measured when this was written stand in docs/decisions/0014; the floors leave
room for other examples.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from bot.prepare import MODEL
from bot.settings import Settings
from bot.understanding import interpreter_of
from nlu.embedded import EmbeddedInterpreter
from nlu.entities.extractor import EntityExtractor
from nlu.interpreter import OUT_OF_SCOPE, Parse
from nlu.rasa_answer import FALLBACK
from nlu.rasa_model import model_name
from nlu.remote import RemoteInterpreter
from nlu.standing import RASA, Reason
from nlu.training_data import TEST_FOLDER, Utterance, read
from tests.rasa.conftest import RasaServer

pytestmark = pytest.mark.rasa
UTTERANCES = read(TEST_FOLDER)
REQUESTS = [u for u in UTTERANCES if u.intent != OUT_OF_SCOPE]
STRANGERS = [u for u in UTTERANCES if u.intent == OUT_OF_SCOPE]


@pytest.fixture(scope="module")
def remote(rasa: RasaServer, prepared: Path) -> Iterator[RemoteInterpreter]:
    settings = Settings(data=prepared, demo=True, rasa=rasa.settings())
    made = interpreter_of(settings, EntityExtractor())
    assert isinstance(made, RemoteInterpreter)
    yield made
    made.close()


@pytest.fixture(scope="module")
def alone(rasa: RasaServer) -> dict[str, str]:
    """What Rasa takes each utterance for, by itself."""
    query = {"token": rasa.token}
    with httpx.Client(base_url=rasa.url, params=query, timeout=30, trust_env=False) as http:
        return {
            u.text: http.post("/model/parse", json={"text": u.text}).json()["intent"]["name"]
            for u in UTTERANCES
        }


@pytest.fixture(scope="module")
def parses(remote: RemoteInterpreter) -> dict[str, Parse]:
    return {u.text: remote.parse(u.text) for u in UTTERANCES}


def right(utterances: list[Utterance], parses: dict[str, Parse]) -> float:
    return float(np.mean([parses[u.text].intent == u.intent for u in utterances]))


def test_the_server_serves_the_examples_as_they_are(rasa: RasaServer) -> None:
    assert rasa.get("/status").json()["model_file"] == f"{model_name()}.tar.gz"


def test_nobody_without_the_token_is_answered(rasa: RasaServer) -> None:
    assert rasa.get("/status", token="another").status_code == httpx.codes.UNAUTHORIZED
    stranger = httpx.post(f"{rasa.url}/model/parse", json={"text": "你好"}, trust_env=False)
    assert stranger.status_code == httpx.codes.UNAUTHORIZED


def test_rasa_knows_the_same_meanings_as_the_embedded_interpreter(
    rasa: RasaServer, prepared: Path
) -> None:
    ranking = rasa.parse("我要英文成绩单").json()["intent_ranking"]
    embedded = EmbeddedInterpreter.load(prepared / MODEL)
    assert {one["name"] for one in ranking} - {FALLBACK} == set(embedded.intents)


def test_both_interpreters_find_the_same_values(remote: RemoteInterpreter, prepared: Path) -> None:
    embedded = EmbeddedInterpreter.load(prepared / MODEL, EntityExtractor())
    annotated = [u for u in read() if u.entities][::20]
    assert len(annotated) >= 20
    for utterance in annotated:
        found = remote.parse(utterance.text).entities
        assert found == embedded.parse(utterance.text).entities
        assert len(set(found)) == len(found)


def test_what_rasa_is_sure_of_is_right(alone: dict[str, str]) -> None:
    sure = [u for u in REQUESTS if alone[u.text] != FALLBACK]
    assert len(sure) / len(REQUESTS) >= 0.75
    assert np.mean([alone[u.text] == u.intent for u in sure]) >= 0.93


def test_with_the_embedded_interpreter_behind_it_most_requests_are_understood(
    parses: dict[str, Parse],
) -> None:
    assert right(REQUESTS, parses) >= 0.93
    assert np.mean([parses[u.text].intent == OUT_OF_SCOPE for u in REQUESTS]) <= 0.03


def test_other_offices_business_is_not_taken_on(parses: dict[str, Parse]) -> None:
    assert right(STRANGERS, parses) >= 0.88


def test_a_sure_guess_is_a_right_guess(parses: dict[str, Parse]) -> None:
    sure = [u for u in UTTERANCES if parses[u.text].confidence >= 0.8]
    assert len(sure) >= 100
    assert right(sure, parses) >= 0.9


def test_sounds_traditional_and_full_width_do_not_matter(remote: RemoteInterpreter) -> None:
    for text, intent in {
        "我要下再程绩单": "download_transcript",
        "wo yao shenqing chengjidan": "apply_transcript",
        "我要申請電子成績單": "apply_transcript",
        "ＴＲＡＮＳＣＲＩＰＴ　ＳＴＡＴＵＳ": "transcript_status",
    }.items():
        assert remote.parse(text).intent == intent, text


@pytest.mark.parametrize(
    "text", ["\x00\x01", "?" * 10_000, "１" * 600, "年月日" * 300, "\u202e成绩"]
)
def test_noise_gets_an_answer(remote: RemoteInterpreter, text: str) -> None:
    assert remote.parse(text).ranking


def test_the_server_was_never_slow_nor_strange(
    remote: RemoteInterpreter, parses: dict[str, Parse]
) -> None:
    standing = remote.standing()
    assert standing.interpreter == RASA
    assert standing.answered >= len(UTTERANCES) / 2
    assert {why for why, count in standing.fell_back.items() if count} <= {Reason.UNSURE}
