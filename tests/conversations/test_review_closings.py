"""A reviewer's prompt that is settled says by whom, wherever it was shown (E5)."""

from collections.abc import Callable

import pytest

from bot.play import Stage
from tests.conversations.test_closings import closed

FILED = """人物 小温 = candidate
人物 审核人 = exam_reviewer
人物 同事 = S00602

小温 > 用四级证书免英语二
小温 > [我已知晓，继续申请]
小温 > 《四级证书.png》
小温 > [这些就够了]
小温 > [都对]
小温 > [上海]
小温 > 430
小温 > [没有了]
小温 > [提交申请]
"""
REJECTED = "审核人 > [驳回]\n审核人 > 看不清\n审核人 > [确认驳回]\n"
REFERRED = "审核人 > [请同事复核]\n审核人 > [建议通过]\n审核人 > [请同事复核]\n"
ASKED = "审核人 > [问考生]\n审核人 > 是本人的吗？\n审核人 > [发给考生]\n"
WITHDRAWN = "小温 > 撤回申请\n小温 > [撤回]\n"


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ("审核人 > [通过]\n", "已由洪雨桐通过"),
        (REJECTED, "已由洪雨桐驳回"),
        (REFERRED, "洪雨桐已请同事复核"),
        (ASKED, "洪雨桐已问考生，等考生回答"),
        (WITHDRAWN, "考生已撤回"),
    ],
    ids=["approved", "rejected", "referred", "asked", "withdrawn"],
)
def test_both_reviewers_see_what_has_become_of_the_case(
    done: str, words: str, stage: Callable[..., Stage]
) -> None:
    played = stage()
    played.play(FILED + done)
    assert closed(played, "审核人") == [words]
    assert closed(played, "同事") == [words]


def test_the_list_of_a_filing_is_closed_when_the_last_of_it_is_decided(
    stage: Callable[..., Stage],
) -> None:
    played = stage()
    two = FILED.replace("用四级证书免英语二", "我要免英语二和计算机应用基础").replace(
        "小温 > 《四级证书.png》", "小温 > [大学英语四级]\n小温 > 《四级证书.png》"
    )
    more = ["《计算机证书.png》", "[这些就够了]", "[都对]", "[上海]", "[没有了]"]
    script = two.replace(
        "小温 > [提交申请]", "\n".join(f"小温 > {one}" for one in more) + "\n小温 > [提交申请]"
    )
    played.play(script)
    assert closed(played, "审核人") == []
    played.play("审核人 > [M260302-0001 英语（二）（00015）]\n审核人 > [通过]\n")
    assert closed(played, "同事") == [], "the other one still waits"
    played.play("审核人 > [M260302-0002 计算机应用基础（00018）]\n" + REJECTED)
    assert "这几份都已经办完了" in closed(played, "审核人")
    assert closed(played, "同事") == ["这几份都已经办完了"]
