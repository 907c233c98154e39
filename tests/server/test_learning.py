"""From a message that was not understood to a model that understands it: the commands in a row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.play import Stage
from nlu import learnt, retrain
from nlu.comparison import compared
from nlu.embedded import EmbeddedInterpreter
from nlu.intents import publication
from nlu.interpreter import OUT_OF_SCOPE, Parse
from nlu.learnt import Taught
from nlu.measure import Share
from nlu.training_data import Utterance, read_file

SCRIPT = """
人物 小林 = enrolled
人物 卢老师 = academic_affairs

小林 > 帮助改进
小林 > 确认
小林 > 嘎嘎嘎嘎
小林 > 我的那个啥 13800138000 咋整呀
小林 > 食堂几点开门
卢老师 > 没听懂的话
卢老师 > [与我们无关]
卢老师 > [其他意思]
卢老师 > 退款
"""


@pytest.fixture
def here(stage: Callable[..., Stage]) -> Stage:
    """An installation where staff have labelled two of three messages."""
    here = stage()
    here.play(SCRIPT)
    return here


@pytest.fixture
def data(here: Stage, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGISTRAR_DATA", str(here.data))
    monkeypatch.setattr("bot.prepare.SystemClock", lambda: here.clock)
    return here.data


def test_labelled_messages_become_examples_without_personal_data(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["unclear"]) == 0
    assert "1 to label, 2 labelled" in capsys.readouterr().out
    file = data / "learnt" / "learnt.yml"
    assert not file.exists()
    assert main(["unclear", "--export"]) == 0
    assert set(read_file(file)) == {
        Utterance("嘎嘎嘎嘎", OUT_OF_SCOPE),
        Utterance("我的那个啥 咋整呀", "request_refund"),
    }
    assert "13800138000" not in capsys.readouterr().out


def test_what_was_exported_before_stays_unless_it_is_labelled_otherwise(data: Path) -> None:
    file = data / "mine.yml"
    learnt.write(
        [Utterance("嘎嘎嘎嘎", "greet"), Utterance("给俺整一张那玩意", "apply_transcript")], file
    )
    assert main(["unclear", "--export", str(file)]) == 0
    assert {(one.text, one.intent) for one in read_file(file)} == {
        ("嘎嘎嘎嘎", OUT_OF_SCOPE),
        ("给俺整一张那玩意", "apply_transcript"),
        ("我的那个啥 咋整呀", "request_refund"),
    }


def test_retraining_says_what_is_missing_or_broken_and_changes_nothing(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.learning.labels.labelled", lambda _: [])
    assert main(["retrain"]) == 1
    assert "nothing to learn" in capsys.readouterr().err
    assert main(["retrain", "--learnt", str(data / "none.yml")]) == 1
    assert "no such file" in capsys.readouterr().err
    broken = data / "broken.yml"
    broken.write_text("version: '2.0'")
    assert main(["retrain", "--learnt", str(broken)]) == 1
    assert "broken.yml" in capsys.readouterr().err
    assert main(["retrain", "--forget"]) == 0
    assert "already" in capsys.readouterr().out
    assert publication.published(data / "model") is None


UNDOING = """
卢老师 > 没听懂的话
卢老师 > [撤销上一条]
"""
DISCARDING = (
    UNDOING
    + """
卢老师 > [看不懂，丢弃]
"""
)
WITHDRAWING = """
小林 > 不再帮助改进
"""


@pytest.mark.parametrize(
    ("then", "left"),
    [
        (UNDOING, {"嘎嘎嘎嘎"}),
        (DISCARDING, {"嘎嘎嘎嘎"}),
        (WITHDRAWING, {"嘎嘎嘎嘎", "我的那个啥 咋整呀"}),
    ],
)
def test_what_staff_take_back_is_no_example_any_more(
    here: Stage, data: Path, then: str, left: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "learnt" / "learnt.yml"
    assert main(["unclear", "--export"]) == 0
    here.play(then)
    capsys.readouterr()
    assert main(["unclear", "--export"]) == 0
    assert {one.text for one in read_file(file)} == left
    assert (learnt.UNDONE in capsys.readouterr().out) == (len(left) == 1)


def test_retraining_is_one_command_which_exports_what_was_labelled(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[learnt.Taught] = []

    def nothing(_: object, taught: list[learnt.Taught], **__: object) -> None:
        given.extend(taught)
        raise retrain.NothingLearnt(learnt.Selection((), ()))

    monkeypatch.setattr(retrain, "retrain", nothing)
    file = data / "learnt" / "learnt.yml"
    assert main(["retrain", "--dry-run"]) == 1
    assert not file.exists()
    assert main(["retrain"]) == 1
    assert given == learnt.in_file(file) * 2
    assert {one.intent for one in given} == {OUT_OF_SCOPE, "request_refund"}


def test_a_worse_model_is_a_failure_for_whoever_runs_the_command(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training on all examples is too long for a test; ``tests/nlu/test_retrain.py`` trains."""
    model = EmbeddedInterpreter.load(data / "model")
    few = [Utterance("申请成绩单", "apply_transcript"), Utterance("你好", "greet")]
    deaf = EmbeddedInterpreter.load(data / "model")
    monkeypatch.setattr(deaf, "parse", lambda _: Parse("pay_order", 1.0))
    against = compared("现在用的 · in use", model, deaf, few)
    one = Taught("U2", "那个啥", "greet")
    found = learnt.Selection((one,), (("U1", learnt.KNOWN),))

    def outcome(*_: object, **__: object) -> retrain.Outcome:
        return retrain.Outcome(found, (against,), Share(1, 2), Share(2, 2), None)

    monkeypatch.setattr(retrain, "retrain", outcome)
    assert main(["retrain"]) == 1
    out = capsys.readouterr().out
    assert "nothing changed" in out
    assert "requests understood 2/2 → 0/2" in out
    assert f"U1（{learnt.KNOWN}）" in out
