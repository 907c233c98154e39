"""Whole services in terminals, typing numbers and words only, in both languages."""

import re
from typing import Any

import pytest

from tests.channels.at_a_desk import OnTheTerminal
from tests.channels.everywhere import Meeting

CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


def terminal(meeting: Meeting, who: str, language: str) -> OnTheTerminal:
    """Opened by somebody who has chosen the language before."""
    if language == "en":
        OnTheTerminal(meeting, who).say("English please")
    return OnTheTerminal(meeting, who)


def answers(one: OnTheTerminal, *typed: str) -> None:
    for text in typed:
        one.say(text)


SERVICE: dict[str, dict[str, Any]] = {
    "zh": {
        "apply": ("我要一份中文成绩单，带绩点", "2", "去德国读博士", "提交申请"),
        "again": ("再要一份中文成绩单，带绩点", "合在一起", "1", "1"),
        "reject": ("驳回", "1", "1"),
        "why": "没有通过审批。理由：申请理由不清楚，请写明用途后重新申请",
        "approve": ("同意", "同意"),
        "settled": ("：已由刘敏驳回", "：已由刘敏同意"),
        "order": ("办理订单", "确认订单"),
        "name": "电子成绩单-T260302-0002.pdf",
    },
    "en": {
        "apply": ("I need an English transcript with GPA", "2", "For a doctorate in Berlin", "1"),
        "again": ("I need an English transcript with GPA", "combined", "1", "1"),
        "reject": ("Reject", "1", "1"),
        "why": "was not approved. Reason: The reason is unclear; please apply again",
        "approve": ("Approve", "Approve"),
        "settled": (": Rejected by LIU Min", ": Approved by LIU Min"),
        "order": ("Order the transcript", "Place the order"),
        "name": "Transcript-T260302-0002.pdf",
    },
}


@pytest.mark.parametrize("language", SERVICE)
def test_rejected_with_a_reason_approved_paid_and_received_by_typing_alone(
    meeting: Meeting, language: str
) -> None:
    meeting.stage.replace_policy("transcript", {"free_copies": 0})
    typed = SERVICE[language]
    student = terminal(meeting, "enrolled", language)
    officer = terminal(meeting, "unit_officer", language)
    begun = len(student.screen), len(officer.screen)
    answers(student, *typed["apply"])
    assert "T260302-0001" in officer.words()
    answers(officer, *typed["reject"])
    assert typed["why"] in student.words()
    answers(student, *typed["again"])
    assert "T260302-0002" in officer.words()
    answers(officer, *typed["approve"])
    for number, settled in zip(("0001", "0002"), typed["settled"], strict=True):
        assert re.search(rf"^[^│].*T260302-{number}{settled}$", officer.words(), re.MULTILINE)
    answers(student, *typed["order"])
    assert student.files() == []
    (payment,) = [link for link in student.links() if "/checkout/" in link]
    meeting.site.pay(payment)
    ((name, file),) = student.files()
    assert name == typed["name"]
    assert file.startswith(b"%PDF-")
    assert b"/ByteRange" in file, "it is not signed"
    if language == "en":
        said = student.screen[begun[0] :] + officer.screen[begun[1] :]
        assert [one for one in said if CHINESE.search(one)] == []


def test_the_terminal_itself_speaks_the_language_of_the_conversation(meeting: Meeting) -> None:
    student = OnTheTerminal(meeting, "enrolled")
    assert student.screen[0] == "您是林若溪（20231800000001），按 Ctrl-D 结束。"
    student.say("好" * 12_001)
    assert student.screen[-1] == "这段话太长了，请分几次发。"
    student.say("English please")
    student.say("x" * 12_001)
    assert student.screen[-1] == "This is too long: please send it in several messages."
    back = OnTheTerminal(meeting, "enrolled")
    assert back.screen[0] == "You are LIN Ruoxi (20231800000001); Ctrl-D ends the chat."
    assert "me > English please" in back.screen


def test_what_was_settled_while_nobody_looked_cannot_be_chosen_afterwards(meeting: Meeting) -> None:
    student = OnTheTerminal(meeting, "enrolled")
    answers(student, "我要一份中文成绩单，带绩点", "2", "1", "1")
    before = OnTheTerminal(meeting, "unit_officer")
    assert re.search(r"^  \[\d+\] 同意$", before.words(), re.MULTILINE)
    meeting.on("web", "unit_officer").press("同意")
    after = OnTheTerminal(meeting, "unit_officer")
    assert "  已由刘敏同意" in after.words()
    assert not re.search(r"^  \[\d+\] 同意$", after.words(), re.MULTILINE)
    assert before.words().endswith(
        "成绩单申请 T260302-0001：已由刘敏同意\n已同意 T260302-0001（林若溪），学生会收到通知。"
    )
