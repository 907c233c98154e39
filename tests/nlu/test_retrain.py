"""A retrained model is used only if it is no worse; really trained and measured, on few examples."""

from pathlib import Path

import pytest

from nlu import learnt
from nlu.comparison import Moved, change
from nlu.embedded import EmbeddedInterpreter
from nlu.intents import publication
from nlu.intents.vectors import embedder
from nlu.interpreter import OUT_OF_SCOPE
from nlu.learnt import NOTHING, Taught
from nlu.measure import Share
from nlu.retrain import NothingLearnt, Outcome, retrain, told
from nlu.training_data import Utterance

APPLY = [
    f"{a}{b}成绩单" for a in ("我要", "请帮我", "想", "麻烦", "给我") for b in ("办", "申请", "开")
]
STATUS = [
    f"{a}{b}进度" for a in ("我的", "申请的", "成绩单", "现在", "那份") for b in ("查", "看", "问")
]
STRANGE = [
    f"{a}{b}"
    for a in ("食堂", "宿舍", "天气", "校车", "图书馆")
    for b in ("几点开", "在哪", "坏了")
]
TESTS = [
    Utterance("我想申请一份成绩单", "apply_transcript"),
    Utterance("帮我开成绩单吧", "apply_transcript"),
    Utterance("那块铁饼熟透了没", "transcript_status"),
    Utterance("俺的铁饼熟了没", "transcript_status"),
    Utterance("查一下进度", "transcript_status"),
    Utterance("食堂今天关门吗", OUT_OF_SCOPE),
    Utterance("校车在哪等", OUT_OF_SCOPE),
]
BETTER = [
    Utterance(f"{a}铁饼{b}熟", "transcript_status")
    for a in ("我的", "老师，", "请问", "昨天", "还是")
    for b in ("有没有", "咋没", "还没")
]
# Everything that is asked for is called something else.
WORSE = [
    Utterance(
        f"{one.text}{more}",
        "apply_transcript" if one.intent != "apply_transcript" else "transcript_status",
    )
    for one in TESTS
    for more in ("的事情我想问问", "这个事儿到底咋弄", "我说的是这个呀老师", "老师在不在呀帮忙")
]


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    folder = tmp_path / "examples"
    named = {"apply_transcript": APPLY, "transcript_status": STATUS, OUT_OF_SCOPE: STRANGE}
    learnt.write(
        [Utterance(text, i) for i, texts in named.items() for text in texts], folder / "a.yml"
    )
    learnt.write(TESTS, tmp_path / "tests" / "t.yml")
    return folder


@pytest.fixture(autouse=True)
def letters_alone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Sentence vectors take a second to load; one test does with them."""
    if "with_vectors" not in request.fixturenames:
        monkeypatch.setattr("nlu.retrain.embedder", lambda: None)
        monkeypatch.setattr("nlu.embedded.embedder", lambda: None)


@pytest.fixture
def with_vectors() -> None:
    """Both models are trained, and both decide."""
    if embedder() is None:
        pytest.skip("there are no sentence vectors here")


def run(examples: Path, taught: list[Utterance], *, only_measure: bool = False) -> Outcome:
    return retrain(
        examples.parent / "model",
        [Taught("", one.text, one.intent) for one in taught],
        examples=examples,
        tests=examples.parent / "tests",
        only_measure=only_measure,
    )


def load(examples: Path) -> EmbeddedInterpreter:
    return EmbeddedInterpreter.load(examples.parent / "model", examples=examples)


def files(examples: Path) -> dict[str, bytes]:
    """What the servers load."""
    cache = examples.parent / "model"
    kept = [path for path in cache.rglob("*") if path.is_file() and path.name != "vectors.npz"]
    return {str(path.relative_to(cache)): path.read_bytes() for path in kept}


def test_a_better_model_is_published_and_used_by_the_next_start(examples: Path) -> None:
    asked = "俺的铁饼熟了没"
    assert load(examples).parse(asked).intent != "transcript_status"
    outcome = run(examples, BETTER)
    assert outcome.reasons == []
    (one,) = outcome.comparisons
    assert one.after.accuracy.count > one.before.accuracy.count
    assert outcome.learnt_after.count > outcome.learnt_before.count
    assert load(examples).parse(asked).intent == "transcript_status"
    assert outcome.folder is not None
    assert (outcome.folder / publication.REPORT).read_text("utf-8") == told(
        Outcome(
            outcome.selection,
            outcome.comparisons,
            outcome.learnt_before,
            outcome.learnt_after,
            None,
        )
    )


@pytest.mark.usefixtures("with_vectors")
def test_the_second_opinion_is_retrained_and_published_with_it(examples: Path) -> None:
    outcome = run(examples, BETTER)
    assert outcome.folder is not None
    own = publication.published(examples.parent / "model", examples)
    assert own is not None
    assert own.meaning is not None
    assert own.meaning.fingerprint == own.model.fingerprint
    assert load(examples).parse("俺的铁饼熟了没").intent == "transcript_status"


def test_what_was_found_on_held_out_examples_stays_as_it_is_in_use(examples: Path) -> None:
    """Recalibrating for a few sentences moved more requests than those won."""
    letters, _ = load(examples).models
    run(examples, BETTER)
    learnt_letters, _ = load(examples).models
    assert learnt_letters.fingerprint != letters.fingerprint
    assert learnt_letters.temperature == letters.temperature
    assert learnt_letters.threshold == letters.threshold


@pytest.mark.parametrize(
    ("won", "lost", "worse"),
    [(0, 0, False), (2, 4, False), (3, 3, False), (0, 5, True), (1, 8, True), (20, 28, False)],
)
def test_a_few_sentences_lost_by_chance_refuse_nothing_and_a_real_loss_does(
    won: int, lost: int, worse: bool
) -> None:
    assert Moved(won, lost, 1800).is_worse(0.005) is worse


def test_so_many_sentences_lost_that_chance_is_no_excuse_are_a_loss() -> None:
    assert Moved(100, 110, 1800).chance > 0.05
    assert Moved(100, 110, 1800).is_worse(0.005)


def test_a_worse_model_changes_nothing_and_the_reasons_are_named(examples: Path) -> None:
    load(examples)
    before = files(examples)
    outcome = run(examples, WORSE)
    assert outcome.folder is None
    assert any("requests understood" in reason for reason in outcome.reasons)
    assert "没有改变" in told(outcome)
    assert files(examples) == before


def test_what_was_published_stays_when_the_next_one_is_worse(examples: Path) -> None:
    published = run(examples, BETTER).folder
    outcome = run(examples, WORSE)
    assert len({one.name for one in outcome.comparisons}) == 2  # and with the one as shipped
    assert outcome.folder is None
    assert published is not None
    assert (examples.parent / "model" / publication.LINK).resolve() == published.resolve()


def test_a_trial_publishes_nothing(examples: Path) -> None:
    load(examples)
    before = files(examples)
    outcome = run(examples, BETTER, only_measure=True)
    assert outcome.reasons == []
    assert outcome.folder is None
    assert files(examples) == before


def test_there_is_a_way_back_to_the_model_as_shipped(examples: Path) -> None:
    cache = examples.parent / "model"
    shipped = load(examples).parse("俺的铁饼熟了没")
    run(examples, BETTER)
    assert publication.forget(cache)
    assert not publication.forget(cache)
    assert load(examples).parse("俺的铁饼熟了没") == shipped


def test_after_an_upgrade_the_new_examples_count_until_it_is_retrained(examples: Path) -> None:
    cache = examples.parent / "model"
    run(examples, BETTER)
    assert not publication.outdated(cache, examples)
    learnt.write([Utterance(f"{one}好吗", "apply_transcript") for one in APPLY], examples / "b.yml")
    assert publication.outdated(cache, examples)
    assert publication.published(cache, examples) is None
    assert load(examples).parse("我要办成绩单好吗").intent == "apply_transcript"


def test_a_damaged_publication_is_not_used(examples: Path) -> None:
    folder = run(examples, BETTER).folder
    assert folder is not None
    (folder / learnt.FILE).write_text('version: "3.1"\nnlu: []\n')
    assert publication.published(examples.parent / "model", examples) is None
    load(examples)  # and the one as shipped is


def test_nothing_to_learn_is_said_with_the_reason(examples: Path) -> None:
    with pytest.raises(NothingLearnt) as nothing:
        run(examples, [Utterance("〔姓名〕", OUT_OF_SCOPE)])
    assert [why for _number, why in nothing.value.left_out] == [NOTHING]


def test_a_share_is_told_in_numbers() -> None:
    assert change(Share(3, 4), Share(4, 4)) == "3/4 → 4/4"
