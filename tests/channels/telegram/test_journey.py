"""A student and an officer with nothing but Telegram."""

from tests.channels.telegram.house import House
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person


def test_a_student_gets_the_signed_transcript_and_an_officer_approves_it(
    house: House, api: BotApi, student: Person, officer: Person
) -> None:
    house.bind(student.id, "enrolled")
    house.bind(officer.id, "unit_officer")

    student.say("我想要一份中文成绩单，带绩点")
    house.settle()
    student.press("集中教学和所级教学合在一起")
    house.settle()
    student.press("求职")
    house.settle()
    previews = [one for one in student.messages if "photo" in one]
    assert len(previews) == 1, student.seen
    assert api.uploads[previews[0]["message_id"]].data[:4] == b"\x89PNG"
    student.press("提交申请")
    house.settle()
    assert "T260302-0001" in student.seen

    prompt = next(one for one in officer.messages if "有一份成绩单申请等您审批" in one["text"])
    assert "学生：林若溪" in prompt["text"]
    bold = prompt["entities"][0]
    assert bold["type"] == "bold"
    title = prompt["text"].encode("utf-16-le")[2 * bold["offset"] :][: 2 * bold["length"]]
    assert title.decode("utf-16-le") == "成绩单申请 T260302-0001"
    officer.press("同意")
    house.settle()
    assert "已通过审批" in student.seen

    student.press("办理订单")
    house.settle()
    student.press("确认订单")
    house.settle()
    (document,) = [one for one in student.messages if "document" in one]
    upload = api.uploads[document["message_id"]]
    assert upload.name == "电子成绩单-T260302-0001.pdf"
    assert upload.data.startswith(b"%PDF-")
    assert b"/ByteRange" in upload.data
    assert api.refused == []
    assert {status for _, status in api.webhook.pushed} == {200}
