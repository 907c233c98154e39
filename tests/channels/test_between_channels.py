"""A student and an officer who never use the same channel, each through the wire of their own."""

import pytest

from tests.channels.everywhere import Meeting


@pytest.mark.parametrize(
    ("of_student", "of_officer"),
    [
        ("telegram", "wecom"),
        ("wecom", "telegram"),
        ("terminal", "wecom"),
        ("telegram", "web"),
    ],
)
def test_a_transcript_is_applied_for_on_one_channel_and_approved_on_another(
    meeting: Meeting, of_student: str, of_officer: str
) -> None:
    student = meeting.on(of_student, "enrolled")
    officer = meeting.on(of_officer, "unit_officer")
    student.say("我要一份中文成绩单，带绩点")
    student.press("集中教学和所级教学合在一起")
    student.say("去德国读博士")
    assert student.pictures() == 1
    assert officer.pictures() == 0
    student.press("提交申请")
    for fact in ("T260302-0001", "林若溪（20231800000001）", "化学研究所", "去德国读博士"):
        assert fact in officer.words(), fact
    officer.press("看成绩单")
    assert officer.pictures() == 1
    officer.decide("同意")
    assert "已由刘敏同意" in officer.words()
    assert "已通过审批" in student.words()
    assert "已通过审批" not in officer.words(), "what is the student's is told to the student"
    student.press("办理订单")
    student.press("确认订单")
    ((name, file),) = student.files()
    assert name == "电子成绩单-T260302-0001.pdf"
    assert file.startswith(b"%PDF-")
    assert b"/ByteRange" in file, "it is not signed"
    assert officer.files() == []
    proof = [link for link in student.links() if "/v/" in link][-1]
    assert "真实有效" in meeting.site.get(proof).text


def test_a_rejection_with_its_reason_reaches_the_other_channel_and_the_other_language(
    meeting: Meeting,
) -> None:
    student = meeting.on("telegram", "enrolled")
    officer = meeting.on("wecom", "unit_officer")
    student.say("English please")
    student.say("I need an English transcript with GPA")
    for label in (
        "Centralized and institute teaching combined",
        "Further study",
        "Submit the application",
    ):
        student.press(label)
    assert "林若溪（20231800000001）" in officer.words()
    officer.decide("驳回")
    officer.say("请先更正专业名称")
    officer.press("确认驳回")
    assert "已由刘敏驳回" in officer.words()
    assert "was not approved. Reason: 请先更正专业名称" in student.words()
