"""The figures an interpreter is judged by are the true ones: a worse one must not look better."""

import json
import math

import pytest

from nlu.interpreter import OUT_OF_SCOPE, Entity, Parse
from nlu.measure import Confusion, Found, Measured, Share, language_of, measure
from nlu.training_data import Utterance


class Answers:
    """Gives each utterance the answer prepared for it."""

    def __init__(self, answers: dict[str, Parse]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def parse(self, text: str) -> Parse:
        self.asked.append(text)
        return self.answers[text]


ENGLISH = Entity("language", "en", 1, 3)
SAID = [
    Utterance("要英文成绩单", "apply_transcript", (ENGLISH,)),
    Utterance("成绩单到哪了", "transcript_status"),
    Utterance("my transcript, with GPA", "apply_transcript", (Entity("gpa", "with", 15, 23),)),
    Utterance("帮我搞个transcript", "apply_transcript"),
    Utterance("明天下雨吗", OUT_OF_SCOPE),
    Utterance("食堂在哪", OUT_OF_SCOPE),
]
HEARD = {
    "要英文成绩单": Parse("apply_transcript", 0.9, (), (ENGLISH,)),
    "成绩单到哪了": Parse("apply_transcript", 0.9),
    "my transcript, with GPA": Parse(
        "apply_transcript", 0.9, (), (Entity("gpa", "with", 16, 23), Entity("date", "x", 0, 1))
    ),
    "帮我搞个transcript": Parse(OUT_OF_SCOPE, 0.3),
    "明天下雨吗": Parse(OUT_OF_SCOPE, 0.9, (), (Entity("date", "2026-03-03", 0, 2),)),
    "食堂在哪": Parse("ask_rule", 0.9),
}


@pytest.fixture
def measured() -> Measured:
    return measure(Answers(HEARD), SAID)


def test_only_requests_count_as_requests(measured: Measured) -> None:
    assert measured.utterances == 6
    assert measured.accuracy == Share(2, 4)
    assert measured.out_of_scope_refused == Share(1, 2)
    assert measured.requests_refused == Share(1, 4)


def test_weak_spots_are_named(measured: Measured) -> None:
    assert measured.by_intent["transcript_status"] == Share(0, 1)
    assert measured.by_intent[OUT_OF_SCOPE] == Share(1, 2)
    assert measured.by_language == {"zh": Share(1, 2), "en": Share(1, 1), "mixed": Share(0, 1)}
    assert Confusion("transcript_status", "apply_transcript", 1) in measured.confusions
    assert sum(one.count for one in measured.confusions) == 3


def test_a_value_in_the_wrong_place_is_a_value_found(measured: Measured) -> None:
    assert measured.entities == Found(right=2, wrong=1, missed=0)
    assert measured.spans == Found(right=1, wrong=2, missed=1)
    assert measured.by_entity["gpa"].f1 == 1
    assert measured.spans_by_entity["gpa"].f1 == 0
    assert measured.entities.precision == pytest.approx(2 / 3)
    assert measured.entities.f1 == pytest.approx(4 / 5)


def test_confidence_is_compared_with_how_often_it_was_right(measured: Measured) -> None:
    # five answers at 0.9, three of them right; one at 0.3, wrong
    assert measured.calibration_error == pytest.approx((5 * 0.9 - 3 + 0.3) / 6)


def test_the_first_answer_is_not_charged_for_what_is_loaded_at_first_use() -> None:
    answers = Answers(HEARD)
    measured = measure(answers, SAID[:2])
    assert answers.asked == [SAID[0].text, SAID[0].text, SAID[1].text]
    assert 0 <= measured.milliseconds_p50 <= measured.milliseconds_p95


def test_figures_survive_being_kept(measured: Measured) -> None:
    kept = json.loads(json.dumps(measured.as_json(), allow_nan=False))
    assert kept["accuracy"] == {"count": 2, "of": 4, "share": 0.5}
    assert Measured.from_json(kept).as_json() == kept
    with pytest.raises(KeyError):
        Measured.from_json({"utterances": 3})


def test_what_was_not_there_has_no_share() -> None:
    measured = measure(Answers(HEARD), SAID[:1])
    assert math.isnan(measured.out_of_scope_refused.share)
    assert measured.as_json()["out_of_scope_refused"]["share"] is None


def test_nothing_to_measure_on_is_an_error() -> None:
    with pytest.raises(ValueError, match="no utterances"):
        measure(Answers({}), [])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我要成绩单", "zh"),
        ("带GPA的", "zh"),
        ("帮我搞个英文transcript", "mixed"),
        ("transcript please", "en"),
        ("310012345678", "zh"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert language_of(text) == language
