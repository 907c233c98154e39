"""The interpreter starts fast, keeps its model, and answers whatever it is given."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import embedded
from nlu.embedded import EmbeddedInterpreter
from nlu.intents import train as training
from nlu.intents.model import FILE_NAME, LinearModel, UnusableModel
from nlu.intents.train import main
from nlu.interpreter import OUT_OF_SCOPE, Interpreter, Parse
from nlu.parse_lines import parse_lines
from nlu.training_data import TEST_FOLDER

_LOADER: list[EmbeddedInterpreter] = []


@pytest.fixture(autouse=True)
def _loaded(interpreter: EmbeddedInterpreter) -> None:
    _LOADER[:] = [interpreter]


def test_a_cached_model_needs_neither_scikit_learn_nor_scipy(cache: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from nlu.embedded import EmbeddedInterpreter\n"
        f"parse = EmbeddedInterpreter.load(Path({str(cache)!r})).parse('我要开成绩单')\n"
        "assert parse.intent == 'apply_transcript', parse\n"
        "assert not {'sklearn', 'scipy', 'joblib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@given(st.text(max_size=700))
@settings(max_examples=300, deadline=None)
def test_no_words_break_it(text: str) -> None:
    parse = _LOADER[0].parse(text)
    assert 0 <= parse.confidence <= 1
    assert parse.ranking
    for entity in parse.entities:
        assert 0 <= entity.start < entity.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\ud800", "\x00\x01", "😂" * 900, "?" * 10_000, "１" * 600, "年月日" * 300],
)
def test_noise_gets_an_answer(interpreter: EmbeddedInterpreter, text: str) -> None:
    assert interpreter.parse(text).ranking


def test_nothing_said_is_out_of_scope(interpreter: EmbeddedInterpreter) -> None:
    assert interpreter.parse("😂").intent == OUT_OF_SCOPE
    assert interpreter.parse("").intent == OUT_OF_SCOPE


def test_the_point_at_the_end_of_a_long_story_is_read(interpreter: EmbeddedInterpreter) -> None:
    text = "老师您好" + "，" * 2000 + "订单号是D260302-0001"
    (found,) = interpreter.parse(text).entities
    assert text[found.start : found.end] == "D260302-0001"


def test_a_fault_inside_is_an_answer_and_keeps_the_words_out_of_the_log(
    interpreter: EmbeddedInterpreter,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(text: str) -> str:
        raise RuntimeError(text)

    monkeypatch.setattr(embedded, "normalize", broken)
    assert interpreter.parse("我叫李明") == Parse()
    assert "RuntimeError" in caplog.text
    assert "李明" not in caplog.text


def test_the_ranking_is_a_distribution_over_all_intents(interpreter: EmbeddedInterpreter) -> None:
    parse = interpreter.parse("成绩单")
    assert sum(score for _, score in parse.ranking) == pytest.approx(1)
    assert [score for _, score in parse.ranking] == sorted(
        (score for _, score in parse.ranking), reverse=True
    )


def test_a_model_of_other_examples_or_a_damaged_one_is_trained_anew(
    model: LinearModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def train(*_: object, **__: object) -> LinearModel:
        made.append(1)
        return model

    monkeypatch.setattr(training, "train", train)
    EmbeddedInterpreter.load(tmp_path)
    EmbeddedInterpreter.load(tmp_path)
    assert len(made) == 1
    (tmp_path / FILE_NAME).write_bytes(b"PK\x03\x04 torn")
    EmbeddedInterpreter.load(tmp_path)
    assert len(made) == 2
    monkeypatch.setattr(embedded, "provenance", lambda *_: "other examples")
    EmbeddedInterpreter.load(tmp_path)
    assert len(made) == 3
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel):
        LinearModel.load(tmp_path)


def test_set_up_trains_the_same_model_every_time(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    assert "utterances" in capsys.readouterr().out
    assert (tmp_path / FILE_NAME).read_bytes() == (cache / FILE_NAME).read_bytes()


def test_every_line_gets_one_json_object(interpreter: Interpreter) -> None:
    lines = list(parse_lines(interpreter, ["要英文成绩单\n", "\n", "hi"]))
    first, empty, _ = map(json.loads, lines)
    assert set(first) == {"text", "intent", "confidence", "ranking", "entities"}
    assert first["text"] == "要英文成绩单"
    assert first["intent"] == "apply_transcript"
    assert first["entities"] == [{"entity": "language", "value": "en", "start": 1, "end": 3}]
    assert empty["intent"] == OUT_OF_SCOPE
    assert all("\n" not in line for line in lines)


def test_test_utterances_do_not_belong_to_the_training_folder() -> None:
    assert "data" not in TEST_FOLDER.parts[-2:]
