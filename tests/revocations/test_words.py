"""What people are told and shown around a revocation, where a script alone cannot bring it about."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.models import Conversation, Credential, Outbound, Revocation, Share
from bot.play import Stage

ISSUED = """人物 小周 = graduated
人物 卢老师 = academic_affairs
人物 蒋老师 = S00102

小周 > 因为求职要中文成绩单带GPA，合在一起
小周 > [确认订单]
"""
PROPOSED = """卢老师 > 撤销 T260302-0001 的成绩单
卢老师 > [成绩有误]
卢老师 > [提请撤销]
"""
AGREED = "蒋老师 > [同意撤销]\n蒋老师 > [撤销]\n"
REISSUED = """时间 2026-03-03 09:00
卢老师 > 重新出具 T260302-0001 的成绩单
卢老师 > [重新出具]
卢老师 > 成绩有误
卢老师 > [重新出具]
"""


def share(stage: Stage) -> None:
    """The holder has made a link to it."""
    with stage.assistant.office.work() as work:
        document = work.session.scalars(select(Credential).order_by(Credential.id.desc())).first()
        assert document is not None
        work.session.add(
            Share(
                id=f"share of {document.id} at {work.now}",
                institution_id=work.institution,
                credential_id=document.id,
                owner_id=document.holder_id,
                purpose="求职",
                fields=["basic"],
                language="zh",
                tell=True,
                made_at=work.now,
                expires_at=work.now + timedelta(days=30),
                consent_id=1,
            )
        )


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


def states(stage: Stage) -> list[str]:
    with stage.assistant.office.read() as work:
        return list(work.session.scalars(select(Revocation.state).order_by(Revocation.id)))


def test_who_shared_it_is_told_that_the_links_show_nothing_any_more(
    stage: Callable[..., Stage],
) -> None:
    played = stage()
    played.play(ISSUED)
    share(played)
    seen = played.play(PROPOSED)
    assert "分享链接：1 个，撤销后马上看不到内容" in seen
    assert "您分享出去的 1 个链接，对方已经看不到内容。" in played.play(AGREED)


def test_who_shared_it_is_told_to_share_the_corrected_one_anew(
    stage: Callable[..., Stage],
) -> None:
    played = stage()
    played.play(ISSUED)
    share(played)
    said = played.play(PROPOSED + REISSUED)
    assert "您分享出去的 1 个链接，对方已经看不到内容；新的一份做好后请重新分享。" in said
    assert states(played) == ["settled"]


def test_what_changed_since_it_was_looked_at_is_shown_again_before_it_counts(
    stage: Callable[..., Stage],
) -> None:
    played = stage()
    played.play(ISSUED + PROPOSED + "蒋老师 > [同意撤销]\n")
    share(played)
    assert "内容有变化，请再看一遍。" in played.play("蒋老师 > [撤销]\n")
    assert states(played) == ["proposed"]
    played.play("蒋老师 > [撤销]\n")
    assert states(played) == ["done"]


def test_who_loses_the_role_between_looking_and_pressing_revokes_nothing(
    stage: Callable[..., Stage],
) -> None:
    played = stage()
    said = played.play(
        ISSUED + PROPOSED + "蒋老师 > [同意撤销]\n操作 免去职务 蒋老师\n蒋老师 > [撤销]\n"
    )
    assert "没有这一项，或者不由您办理。" in said.splitlines()[-1]
    assert states(played) == ["proposed"]


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (AGREED, "已由蒋文博确认撤销"),
        ("蒋老师 > [不同意]\n蒋老师 > 没有错\n蒋老师 > [不同意撤销]\n", "蒋文博没有同意撤销"),
        ("卢老师 > [撤回提请]\n卢老师 > [撤回提请]\n", "卢佳怡已撤回提请"),
        ("时间 2026-03-09 09:00\n", "到期没有确认，没有撤销"),
        (REISSUED, "已重新出具，不用再撤销"),
    ],
    ids=["confirmed", "declined", "withdrawn", "lapsed", "settled"],
)
def test_the_buttons_give_way_to_how_it_ended(
    ending: str, words: str, stage: Callable[..., Stage]
) -> None:
    played = stage()
    played.play(ISSUED + PROPOSED + ending)
    assert closed(played, "蒋老师") == [words]


def test_what_was_held_back_at_night_is_in_the_morning_list_of_whoever_confirms(
    stage: Callable[..., Stage],
) -> None:
    played = stage(notices={"urgent": []})
    said = played.play(
        ISSUED.replace("\n小周 > 因为", "\n时间 2026-03-02 23:30\n小周 > 因为", 1)
        + PROPOSED
        + "时间 2026-03-03 08:30\n"
    )
    morning = said.partition("时间 2026-03-03 08:30\n")[2]
    assert morning.startswith("蒋老师 < 早上好，有撤销等您确认： / 卢佳怡提请撤销 T260302-0001")
    assert "卢老师 <" not in morning
    assert "[同意撤销] [不同意] [看成绩单]" in morning
    assert "蒋老师 <" not in played.play("时间 2026-03-03 08:31\n")


def test_looking_is_one_press_and_confirming_one_more(stage: Callable[..., Stage]) -> None:
    played = stage()
    played.play(ISSUED + PROPOSED)
    presses = AGREED.splitlines()
    assert len(presses) == 2
    played.play(AGREED)
    assert states(played) == ["done"]
