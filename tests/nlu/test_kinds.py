"""What is asked of one course, place or number is understood of any other."""

import pytest

from nlu.embedded import EmbeddedInterpreter
from nlu.entities.extractor import EntityExtractor
from nlu.intents.kinds import SIGNS, learning, spelled, with_signs
from nlu.interpreter import OUT_OF_SCOPE
from nlu.normalize import normalize


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("英语二多少分", "04183多少分"),
        ("化学所几号照相", "古脊椎所几号照相"),
        ("转去广东", "转去呼和浩特"),
        ("2019年10月的成绩", "二〇二四年四月的成绩"),
        ("D260302-0001付了没", "Ｄ２５０１１０ ００７７付了没"),
        ("手机换成13800138000", "手机换成189 1010 2233"),
    ],
)
def test_whatever_is_named_the_request_is_the_same(text: str, other: str) -> None:
    read = {with_signs(normalize(one), learning()) for one in (text, other)}
    assert len(read) == 1
    assert read.isdisjoint({normalize(text), normalize(other)})


def test_a_course_that_only_the_registry_knows_is_a_course() -> None:
    words = "机器学习理论与方法考了多少分"
    listed = EntityExtractor(courses={"CS6001": "机器学习理论与方法"})
    assert with_signs(words, listed) == f"{SIGNS['course']}考了多少分"
    assert with_signs(words, learning()) == words


def test_a_certificate_of_others_exams_is_not_any_certificate() -> None:
    read = {with_signs(f"{one}的样子", learning()) for one in ("六级证书", "备案表", "四级证书")}
    assert len(read) == 2


def test_choices_are_read_as_they_are() -> None:
    words = "要英文的,带绩点,集中教学那段"
    assert with_signs(words, learning()) == words


@pytest.mark.parametrize("words", ["江苏", "012318205534", "英语二,马原", "江苏省南京市玄武区"])
def test_a_bare_answer_asks_for_no_service(interpreter: EmbeddedInterpreter, words: str) -> None:
    assert with_signs(words, learning()) == words
    assert interpreter.parse(words).intent == OUT_OF_SCOPE


def test_nobody_can_type_a_sign() -> None:
    assert normalize("".join(SIGNS.values())) == ""


def test_sentence_vectors_are_given_words() -> None:
    read = with_signs("我从长沙转来的英语二到了没", learning())
    assert spelled(read) == "我从某省转来的某门课程到了没"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("普通逻辑考了几分", "exam_scores"),
        ("克拉玛依那边不去了，转到呼和浩特去考", "apply_transfer_out"),
        ("渗流力学所和力学所哪天照相", "photo_schedule"),
        ("1996年10月过的财政学平台上没有", "backfill_scores"),
        ("呼和浩特今天多少度", OUT_OF_SCOPE),
        ("财政学的教材哪里买", OUT_OF_SCOPE),
    ],
)
def test_names_that_no_example_holds_are_no_hindrance(
    interpreter: EmbeddedInterpreter, text: str, intent: str
) -> None:
    assert interpreter.parse(text).intent == intent
