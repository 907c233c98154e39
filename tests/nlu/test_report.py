"""The page that says which interpreter is better says it of the right one, and what it cannot tell."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pytest

from nlu import report
from nlu.embedded import EmbeddedInterpreter
from nlu.interpreter import OUT_OF_SCOPE, Entity, Parse
from nlu.report_page import NOT_MEASURED, page
from nlu.training_data import ENTITY_TEST_FOLDER, Utterance

SETS = {
    "first": [
        Utterance("要英文成绩单", "apply_transcript", (Entity("language", "en", 1, 3),)),
        Utterance("成绩单到哪了", "transcript_status"),
        Utterance("成绩单批了吗", "transcript_status"),
    ],
    "second": [Utterance("明天下雨吗", OUT_OF_SCOPE)],
}


class Says:
    def __init__(self, answer: Callable[[str], Parse]) -> None:
        self.parse = answer


GOOD = Says(
    lambda text: next(
        Parse(u.intent, 0.9, (), u.entities)
        for some in SETS.values()
        for u in some
        if u.text == text
    )
)
POOR = Says(lambda text: Parse("apply_transcript", 0.9))


def _page(*candidates: report.Candidate) -> str:
    return page(
        report.compare(candidates, SETS, {}), "a machine", date(2026, 3, 2), trained_on=12000
    )


def test_the_better_one_is_named_with_the_aims_it_misses() -> None:
    written = _page(report.Candidate("poor", POOR), report.Candidate("good", GOOD))
    assert "**Better: good**" in written
    assert "(against poor 33.3%). It reaches every aim." in written
    alone = _page(report.Candidate("poor", POOR))
    assert "It misses the aim for intent accuracy, out of scope refused, entity F1." in alone
    assert "| `transcript_status` | `apply_transcript` | 2 |" in alone


def test_what_was_not_measured_is_said_by_name() -> None:
    written = _page(
        report.Candidate("good", GOOD, train_seconds=12.4, megabytes=88.0),
        report.Candidate("Rasa", None, "no address was given"),
    )
    assert f"Rasa: {NOT_MEASURED}, no address was given." in written
    assert f"| requests understood | ≥ 95% | 100.0% | {NOT_MEASURED} |" in written
    assert f"| memory |  | 88 MB | {NOT_MEASURED} |" in written
    assert f"| training |  | 12 s | {NOT_MEASURED} |" in written


def _rasa(handler: Callable[[httpx.Request], httpx.Response]) -> report.Candidate:
    with report.rasa("http://rasa.test", httpx.MockTransport(handler)) as candidate:
        if candidate.interpreter is not None:
            assert candidate.interpreter.parse("要英文").intent
        return candidate


def test_a_rasa_server_is_asked_as_its_api_wants() -> None:
    asked: list[object] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(
            200,
            json={
                "intent": {"name": "nlu_fallback", "confidence": 0.4},
                "intent_ranking": [{"name": "apply_transcript", "confidence": 0.3}],
                "entities": [{"entity": "language", "value": "en", "start": 1, "end": 3}],
            },
        )

    with report.rasa("http://rasa.test", httpx.MockTransport(answer)) as candidate:
        assert candidate.interpreter is not None
        parse = candidate.interpreter.parse("要英文")
    assert asked[-1] == {"text": "要英文"}
    assert parse.intent == OUT_OF_SCOPE
    assert parse.ranking == (("apply_transcript", 0.3),)
    assert parse.entities == (Entity("language", "en", 1, 3),)


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(409, json={}), httpx.Response(200, json={}), httpx.Response(200, text="hello")],
)
def test_a_server_without_a_model_is_not_measured(answer: httpx.Response) -> None:
    candidate = _rasa(lambda _: answer)
    assert candidate.interpreter is None
    assert "no server with a model answered" in candidate.why_not


def test_no_address_is_no_server() -> None:
    with report.rasa("") as candidate:
        assert candidate.interpreter is None


def test_every_test_set_is_measured() -> None:
    sets = report.sets_in()
    assert {"strangers_first", "out_of_scope_test"} <= set(sets)
    assert all(sets.values())


def test_the_page_is_written_from_real_interpreters(
    interpreter: EmbeddedInterpreter, tmp_path: Path
) -> None:
    results = report.compare(
        [report.Candidate(report.CASCADE, interpreter)],
        {"dialog_test": report.sets_in()["dialog_test"]},
        {"unseen": report.sets_in(ENTITY_TEST_FOLDER)["unseen"]},
    )
    written = page(results, report.machine(), date(2026, 3, 2), trained_on=1)
    assert "| `dialog_test` |" in written
    assert "| `entities/unseen` |" in written
    assert str(tmp_path) not in written


def test_what_cannot_be_measured_together_says_why() -> None:
    missing = report.Candidate(report.RASA, None, "no address was given")
    with report.together("", missing, report.Candidate(report.CASCADE, GOOD)) as candidate:
        assert candidate.interpreter is None
        assert candidate.why_not == "no address was given"
