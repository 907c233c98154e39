"""Who asks for two things in one message gets both; who explains one thing is not asked for two."""

import pytest

from nlu.embedded import EmbeddedInterpreter
from nlu.interpreter import Parse
from nlu.several import LONGEST, Several
from nlu.training_data import TEST_FOLDER, read


@pytest.fixture(scope="module")
def several(interpreter: EmbeddedInterpreter) -> Several:
    return Several(interpreter)


def wanted(parse: Parse) -> list[tuple[str, dict[str, str]]]:
    return [
        (one.intent, {found.entity: found.value for found in one.entities})
        for one in parse.requests
    ]


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("帮我查一下自考成绩，顺便看看我的订单", [("exam_scores", {}), ("my_orders", {})]),
        ("换准考证号，再查最新成绩", [("switch_exam_ticket", {}), ("exam_scores", {})]),
        ("給我開個發票，另外把訂單退了", [("request_invoice", {}), ("request_refund", {})]),
        (
            "check my exemption and then get me a transcript",
            [("exemption_status", {}), ("apply_transcript", {})],
        ),
        (
            "办一份中文成绩单，再来一份英文的",
            [("apply_transcript", {"language": "zh"}), ("apply_transcript", {"language": "en"})],
        ),
        (
            "中英文成绩单各一份，带绩点",
            [
                ("apply_transcript", {"language": "zh", "gpa": "with"}),
                ("apply_transcript", {"language": "en", "gpa": "with"}),
            ],
        ),
        (
            "先查一下我的学位申请进度，再帮我看一下图像采集码",
            [("degree_status", {}), ("get_photo_code", {})],
        ),
    ],
)
def test_both_of_two_things_are_heard(
    several: Several, text: str, requests: list[tuple[str, dict[str, str]]]
) -> None:
    assert wanted(several.parse(text)) == requests


def test_each_of_several_questions_is_answered(several: Several) -> None:
    asked = several.parse("申请成绩单。多少钱？多久能好？")
    assert [one.text for one in asked.requests] == ["申请成绩单", "多少钱", "多久能好"]
    assert [one.intent for one in asked.requests] == ["apply_transcript", "ask_rule", "ask_rule"]


def test_a_question_about_two_units_is_one_question(several: Several) -> None:
    assert several.parse("物理所和软件所各是几号拍").requests == ()


def test_a_message_in_very_many_parts_costs_no_more_than_its_whole() -> None:
    class Counting:
        read = 0

        def parse(self, text: str) -> Parse:
            self.read += 1
            return Parse("ask_rule", 1.0)

    counting = Counting()
    Several(counting).parse("多少钱。" * (LONGEST // 4))
    assert counting.read == 1


def test_one_thing_is_seldom_taken_for_two(several: Several) -> None:
    """The test utterances want one thing each."""
    every = read(TEST_FOLDER)
    split = [u.text for u in every if len({r.intent for r in several.parse(u.text).requests}) > 1]
    assert len(split) <= len(every) * 0.005, split


@pytest.mark.parametrize(
    "text", ["", "，，。", "求职", "再" * LONGEST, "。" * 150, "成绩单。" * 99]
)
def test_noise_is_not_several_things(several: Several, text: str) -> None:
    assert several.parse(text).requests == ()
