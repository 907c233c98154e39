"""A number counts however it is written."""

import pytest

from dialogs.engine.numerals import numbers_in, whole_number
from dialogs.engine.typed import spoken_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(("12", 12), ("１２", 12), ("十二", 12), ("两", 2), ("俩", 2), ("二十", 20)),
        *(("二十三", 23), ("一百零五", 105), ("两千", 2000), ("三千零二十", 3020)),
        *(("二〇二六", 2026), ("叁", 3), ("拾伍", 15), ("零", 0), ("007", 7)),
    ],
)
def test_a_number_is_read_as_it_was_meant(written: str, number: int) -> None:
    assert whole_number(written) == number


@pytest.mark.parametrize("written", ["", "十千", "一二十", "第二", "2.5", "-1", "1234567890"])
def test_what_is_no_whole_number_is_not_taken_for_one(written: str) -> None:
    assert whole_number(written) is None


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        *(("2", 2), ("第二个", 2), ("第三項", None), ("第三项", 3), ("二十一", 21), ("两个", 2)),
        *(("第一千零二十个", None), ("个", None), ("0", None), ("零", None)),
    ],
)
def test_a_button_may_be_counted_in_words(typed: str, place: int | None) -> None:
    assert spoken_number(typed) == place


def test_one_number_among_words_is_the_answer_and_two_are_none() -> None:
    assert numbers_in("大概要三天吧") == [3]
    assert numbers_in("两三天") == [23]
    assert numbers_in("3天到5天") == [3, 5]
