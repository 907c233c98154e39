"""Floors under what is understood of words the model has never seen.

Measured when written, on utterances of three authors who had not seen the examples: 96 % of the
requests right, 94 % of what is out of scope refused, 2 % of the requests refused wrongly. Letters
alone came to 94 %. The floors leave room for other examples.
"""

from collections.abc import Sequence

import numpy as np
import pytest

from nlu.embedded import EmbeddedInterpreter
from nlu.intents import train
from nlu.intents.meaning import MeaningModel
from nlu.intents.model import LinearModel
from nlu.intents.provenance import provenance
from nlu.intents.vectors import Vectors, embedder
from nlu.interpreter import OUT_OF_SCOPE, Parse
from nlu.training_data import ENTITY_TEST_FOLDER, TEST_FOLDER, Utterance, read

REQUESTS = [u for u in read(TEST_FOLDER) if u.intent != OUT_OF_SCOPE]
STRANGERS = [u for u in read(TEST_FOLDER) if u.intent == OUT_OF_SCOPE]


_PARSES: dict[tuple[int, str], Parse] = {}


def _parse(interpreter: EmbeddedInterpreter, text: str) -> Parse:
    """Each utterance once by each interpreter."""
    key = (id(interpreter), text)
    if key not in _PARSES:
        _PARSES[key] = interpreter.parse(text)
    return _PARSES[key]


def _right(interpreter: EmbeddedInterpreter, utterances: list[Utterance]) -> float:
    return float(np.mean([_parse(interpreter, u.text).intent == u.intent for u in utterances]))


def test_most_requests_are_understood_in_either_language(interpreter: EmbeddedInterpreter) -> None:
    chinese = [u for u in REQUESTS if any("\u4e00" <= c <= "\u9fff" for c in u.text)]
    english = [u for u in REQUESTS if u not in chinese]
    assert _right(interpreter, chinese) >= 0.93
    assert _right(interpreter, english) >= 0.90


def test_other_offices_business_is_not_taken_on(interpreter: EmbeddedInterpreter) -> None:
    assert _right(interpreter, STRANGERS) >= 0.90


def test_requests_are_seldom_refused(interpreter: EmbeddedInterpreter) -> None:
    refused = [_parse(interpreter, u.text).intent == OUT_OF_SCOPE for u in REQUESTS]
    assert np.mean(refused) <= 0.03


def test_a_request_is_understood_whatever_it_names(interpreter: EmbeddedInterpreter) -> None:
    """Courses, units, provinces, days and numbers by the handful, and little else to go by."""
    assert _right(interpreter, read(ENTITY_TEST_FOLDER)) >= 0.88


def test_a_sure_guess_is_a_right_guess(interpreter: EmbeddedInterpreter) -> None:
    parses = [(_parse(interpreter, u.text), u.intent) for u in REQUESTS + STRANGERS]
    sure = [parse.intent == intent for parse, intent in parses if parse.confidence >= 0.8]
    assert len(sure) >= 100
    assert np.mean(sure) >= 0.9


def test_numpy_ranks_exactly_as_scikit_learn_does(model: LinearModel) -> None:
    vectors, linear = train.fit(read())
    texts = train.texts_of(read(TEST_FOLDER) + read(ENTITY_TEST_FOLDER))
    expected = linear.decision_function(vectors.transform(texts))
    for text, scores in zip(texts, expected, strict=True):
        if not text:
            continue
        np.testing.assert_allclose(model.scores(text), scores, rtol=0, atol=1e-9)
        order = [str(linear.classes_[i]) for i in np.argsort(-scores, kind="stable")]
        assert [intent for intent, _ in model.ranking(text)] == order


def test_typing_by_sound_traditional_and_full_width_do_not_matter(
    interpreter: EmbeddedInterpreter,
) -> None:
    for text, intent in {
        "我要下再程绩单": "download_transcript",
        "wo yao shenqing chengjidan": "apply_transcript",
        "我要申請電子成績單": "apply_transcript",
        "成績單審核進度": "transcript_status",
        "ＴＲＡＮＳＣＲＩＰＴ　ＳＴＡＴＵＳ": "transcript_status",
    }.items():
        assert interpreter.parse(text).intent == intent, text


def test_the_second_opinion_was_made_from_the_examples_as_they_are() -> None:
    """``python -m nlu.intents.train_meaning`` makes it anew."""
    assert MeaningModel.load().fingerprint == provenance()


def test_letters_alone_are_enough_where_there_are_no_sentence_vectors(
    model: LinearModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nlu.embedded.embedder", lambda: None)
    alone = EmbeddedInterpreter(model, meaning=MeaningModel.load())
    assert _right(alone, REQUESTS) >= 0.90


def test_most_words_are_understood_without_asking_twice(
    model: LinearModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sentence vectors cost a hundred times as much as letters."""
    asked: list[str] = []
    embed = embedder()
    assert embed is not None

    def counted(texts: Sequence[str]) -> Vectors:
        asked.extend(texts)
        return embed(texts)

    monkeypatch.setattr("nlu.embedded.embedder", lambda: counted)
    both = EmbeddedInterpreter(model, meaning=MeaningModel.load())
    for utterance in REQUESTS:
        both.parse(utterance.text)
    assert 0 < len(asked) < len(REQUESTS) / 2
