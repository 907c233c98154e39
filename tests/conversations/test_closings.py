"""A prompt that is settled says so in words meant for whoever reads it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from backend.models import Conversation, Outbound
from bot.play import Stage

ASKED = """人物 小林 = enrolled
人物 刘老师 = unit_officer

小林 > 因为求职要中文成绩单不带GPA，合在一起
小林 > [提交申请]
刘老师 > [问学生]
刘老师 > 用在哪里？
刘老师 > [发给学生]
"""
ANSWERED = "小林 > [看进度]\n小林 > [回答]\n小林 > 去德国交换要用\n小林 > [发给老师]\n"
PAID = """人物 小周 = graduated

小周 > 因为求职要英文成绩单带GPA，合在一起
小周 > [确认订单]
小周 > 因为签证要英文成绩单带GPA，合在一起
小周 > [确认订单]
操作 支付 D260302-0002
"""
WITHDRAWN = "小林 > 撤回申请\n小林 > [撤回]\n"


def closed(stage: Stage, who: str) -> list[str]:
    """What stands in place of buttons in somebody's conversation."""
    with stage.assistant.office.read() as work:
        return list(
            work.session.scalars(
                select(Outbound.closed)
                .join(Conversation, Conversation.id == Outbound.conversation_id)
                .where(Conversation.person_id == stage.people[who], Outbound.closed.is_not(None))
                .order_by(Outbound.seq)
            )
        )


@pytest.mark.parametrize(
    ("done", "words"),
    [(ANSWERED, "您已回答"), (WITHDRAWN, "您已撤回")],
    ids=["answered", "withdrawn"],
)
def test_students_are_told_of_their_own_deeds_as_theirs(
    done: str, words: str, stage: Callable[..., Stage]
) -> None:
    played = stage()
    played.play(ASKED + done)
    assert closed(played, "小林") == [words]
    assert closed(played, "刘老师") == ["刘敏已问学生，等学生回答"]


def test_whoever_decides_is_told_that_the_student_withdrew(stage: Callable[..., Stage]) -> None:
    played = stage()
    played.play(ASKED + ANSWERED + WITHDRAWN)
    assert closed(played, "刘老师") == ["刘敏已问学生，等学生回答", "学生已撤回"]


def test_where_the_order_was_to_be_paid_it_says_that_it_is(stage: Callable[..., Stage]) -> None:
    played = stage()
    played.play(PAID)
    assert closed(played, "小周") == ["已支付"]
