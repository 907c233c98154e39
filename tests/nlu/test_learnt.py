"""What staff label becomes examples, and never what is measured with or what may be personal."""

from pathlib import Path

import pytest

from nlu import learnt
from nlu.intents.provenance import provenance
from nlu.learnt import Taught, selected
from nlu.training_data import TEST_FOLDER, TRAINING_FOLDER, Utterance, read, read_file

SHIPPED = [
    Utterance("我要申请成绩单", "apply_transcript"),
    Utterance("你好", "greet"),
    Utterance("到哪了", "transcript_status"),
]
TESTS = [Utterance("我那个成绩的单子到哪一步了呢", "transcript_status")]


def taught(*examples: tuple[str, str]) -> list[Taught]:
    return [Taught(f"U{place}", *one) for place, one in enumerate(examples)]


@pytest.mark.parametrize(
    ("text", "intent", "why"),
    [
        ("我那个成绩的单子到哪一步了呢", "transcript_status", learnt.MEASURED),
        ("我那个成绩的单子到哪一步了呀？", "greet", learnt.MEASURED),
        ("我要申请成绩单！", "apply_transcript", learnt.KNOWN),
        ("我要申请成绩单", "greet", learnt.OTHERWISE),
        ("那个纸咋整", "no_such_intent", learnt.UNKNOWN),
        ("我的13800138000收不到", "greet", learnt.PERSONAL),
        ("我叫林若溪", "greet", learnt.PERSONAL),
        ("〔姓名〕", "greet", learnt.NOTHING),
    ],
)
def test_what_must_not_be_learnt_is_left_out_and_said(text: str, intent: str, why: str) -> None:
    found = selected(taught((text, intent), ("给俺整一张", "apply_transcript")), SHIPPED, TESTS)
    assert [one.text for one in found.kept] == ["给俺整一张"]
    assert found.left_out == (("U0", why),)


def test_words_with_two_meanings_are_learnt_as_neither() -> None:
    found = selected(
        taught(("给俺整一张", "greet"), ("给俺整一张。", "apply_transcript")), SHIPPED, []
    )
    assert found.kept == ()
    assert {why for _number, why in found.left_out} == {learnt.TORN}


def test_what_is_exported_reads_as_it_was_meant(tmp_path: Path) -> None:
    found = selected(
        taught(
            ("〔姓名〕的〔编号〕咋整", "apply_transcript"),
            ("[整](language:en) {一张} - 给俺", "apply_transcript"),
            ("- 嘎：嘎 # 'x\"", "out_of_scope"),
        ),
        SHIPPED,
        TESTS,
    )
    assert found.left_out == ()
    path = tmp_path / "new" / learnt.FILE
    learnt.write(found.kept, path)
    assert set(learnt.in_file(path)) == set(found.kept)
    assert {one.number for one in found.kept} == {"U0", "U1", "U2"}
    assert not any(one.entities for one in read_file(path))
    texts = {one.text for one in found.kept}
    assert f"的 {learnt.A_CASE} 咋整" in texts
    again = selected(learnt.in_file(path), SHIPPED, TESTS)
    assert set(again.kept) == set(found.kept)


def test_a_file_with_nothing_in_it_is_training_data_too(tmp_path: Path) -> None:
    learnt.write((), tmp_path / learnt.FILE)
    assert list(read_file(tmp_path / learnt.FILE)) == []
    assert learnt.in_file(tmp_path / "none.yml") == []


def test_a_file_that_somebody_wrote_by_hand_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / learnt.FILE
    path.write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 嘎嘎嘎嘎\n', "utf-8"
    )
    assert learnt.in_file(path) == [Taught("", "嘎嘎嘎嘎", "greet")]


@pytest.mark.parametrize("examples", ["- 1", "- {metadata: {}}", "|\n    嘎嘎"])
def test_a_broken_example_is_named_and_nothing_is_learnt(tmp_path: Path, examples: str) -> None:
    path = tmp_path / learnt.FILE
    path.write_text(f'version: "3.1"\nnlu:\n- intent: greet\n  examples: \n  {examples}\n', "utf-8")
    with pytest.raises(ValueError, match=r"learnt\.yml"):
        learnt.in_file(path)


def test_nothing_of_the_real_test_sets_can_be_learnt() -> None:
    tests = read(TEST_FOLDER)
    some = tests[::7]
    found = selected([Taught(one.text, one.text + "啊", one.intent) for one in some], read(), tests)
    near = [one for one in some if len(learnt.letters(one.text)) > 10]
    kept = {learnt.letters(one.text) for one in found.kept}
    assert not {learnt.letters(one.text + "啊") for one in near} & kept


def test_the_shipped_examples_are_known_by_the_same_mark_with_and_without_nothing_learnt(
    tmp_path: Path,
) -> None:
    for path in TRAINING_FOLDER.glob("*.yml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert provenance(tmp_path) == provenance()
    more = tmp_path / learnt.FILE
    learnt.write([Utterance("给俺整一张", "greet")], more)
    assert provenance(tmp_path) == provenance(TRAINING_FOLDER, more) != provenance()
