"""Somebody unknown writes from an account of theirs: their files are not kept, and they are shown the page."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from backend import accounts
from backend.models import Blob, Credential, DocumentFollow, Outbound
from bot.play import Stage
from dialogs.verification.verifying import SAID, code_in
from tests.verification.scripted import recorded

APPLIED = """
人物 小周 = graduated
小周 > 中文成绩单带GPA，合在一起，因为求职
小周 > [确认订单]
"""


class Stranger:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.heard = 0

    def say(self, text: str) -> list[dict[str, Any]]:
        return self.does("said", {"text": text})

    def does(self, kind: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """What is said to them then."""
        self.heard += 1
        reception = self.stage.assistant.reception
        accepted = reception.hear(accounts.TELEGRAM, "4711", f"m{self.heard}", kind, body)
        self.stage.pump.run(reception.take_turns)
        with self.stage.assistant.office.read() as work:
            rows = work.session.scalars(
                select(Outbound.body)
                .where(
                    Outbound.conversation_id == accepted.conversation_id,
                    Outbound.seq > accepted.seq,
                )
                .order_by(Outbound.seq)
            ).all()
        return list(rows)


@pytest.mark.parametrize("name", ["成绩单.pdf", "photo.jpg"])
def test_a_file_of_a_stranger_is_answered_by_the_way_to_the_page(
    stage: Callable[..., Stage], name: str
) -> None:
    played = stage()
    with played.assistant.office.read() as work:
        before = work.session.scalar(select(func.count()).select_from(Blob))
    kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    (said,) = Stranger(played).does("attached", {"name": name, "type": kind, "size": 10})
    assert "文件不保存" in said["text"]
    assert [(one["label"], one["url"]) for one in said["buttons"]] == [
        ("上传文件到验证页", "verify:")
    ]
    with played.assistant.office.read() as work:
        assert work.session.scalar(select(func.count()).select_from(Blob)) == before


def test_a_stranger_who_asks_how_is_told_and_a_code_is_answered_like_the_page(
    stage: Callable[..., Stage],
) -> None:
    played = stage()
    played.play(APPLIED)
    code, _pdf = recorded(played, "T260302-0001")
    stranger = Stranger(played)
    (how,) = stranger.say("怎么验证成绩单真假")
    assert "上传 PDF 原件" in how["text"]
    (found,) = stranger.say(f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:16]}-{code[16:]}")
    assert found["text"].startswith("✓ 真实有效。")
    assert ["持有人", "周**"] in found["card"]["rows"]
    with played.assistant.office.read() as work:
        follow = work.session.scalars(select(DocumentFollow)).one()
        assert follow.credential_id == work.session.scalars(select(Credential.id)).one()
        assert follow.account_id is not None
    (stopped,) = stranger.say("以后有变化不用告诉我")
    assert "不再告诉您" in stopped["text"]
    with played.assistant.office.read() as work:
        assert work.session.scalars(select(DocumentFollow.stopped)).one()


def test_whoever_tries_codes_without_end_is_asked_to_wait(stage: Callable[..., Stage]) -> None:
    stranger = Stranger(stage())
    answers = [stranger.say(f"{number:020}")[-1]["text"] for number in range(52)]
    assert all(one.startswith("✗ 查无此文件") for one in answers[:50])
    assert "试了太多不存在的验证码" in answers[-1]


@pytest.mark.parametrize(
    "words",
    [
        "0123456789abcdefghjk",
        "0123 4567 89ab cdef ghjk",
        "验证码 0123-4567-89ab-cdef-ghjk 是真的吗",
        "https://x.cn/v/0123456789ABCDEFGHJK",
        "o123 4567 89ab cdef ghjk",
    ],
)
def test_a_code_is_read_however_it_is_written_in_a_sentence(words: str) -> None:
    assert SAID.search(words.casefold())
    assert code_in(words) == "0123456789ABCDEFGHJK"


@pytest.mark.parametrize(
    "words",
    [
        "this that will send them",
        "T260302-0001",
        "2021e8013282011 和 2021e8013282012",
        "a" * 64,
        "13800001111 13800002222",
    ],
)
def test_other_words_and_numbers_are_no_code(words: str) -> None:
    assert not SAID.search(words.casefold())
