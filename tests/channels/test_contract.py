"""One contract for every channel: whoever is on it can do everything, and sees everything."""

import re
from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from backend.models import Blob, Inbound, Person, Role
from tests.channels.conftest import CHANNELS
from tests.channels.everywhere import Meeting, New, kind_of, number_of

KIND = "我要一份中文成绩单，带绩点"
COVERAGE = "集中教学和所级教学合在一起"
LONG = (
    "。".join(f"第{n}条：毕业前请核对成绩单上的姓名、专业、课程和成绩" for n in range(1, 31)) + "。"
)
CHINESE = re.compile(r"[\u3400-\u9fff]")


def workbook() -> bytes:
    book, data = Workbook(), BytesIO()
    book.active.append(["学号", "姓名"])  # type: ignore[union-attr]
    book.save(data)
    return data.getvalue()


TABLES = {
    "名单.csv": "学号,姓名\r\n20231800000001,林若溪\r\n".encode("gb18030"),
    "名单.xlsx": workbook(),
}


@pytest.fixture(params=CHANNELS)
def new(request: pytest.FixtureRequest, meeting: Meeting) -> New:
    """People of the demo, on this channel."""
    return lambda who: meeting.on(request.param, who)


def test_everything_can_be_pressed_from_the_first_question_to_the_file(new: New) -> None:
    student, officer = new("enrolled"), new("unit_officer")
    officer.say("你好")
    student.say(KIND)
    for label in (COVERAGE, "求职", "提交申请"):
        student.press(label)
    assert "T260302-0001" in student.words()
    assert student.pictures() == 1, "the preview is seen where it is asked for"
    assert "林若溪" in officer.words()
    officer.decide("同意")
    assert "已通过审批" in student.words()
    student.press("办理订单")
    student.press("确认订单")
    ((name, file),) = student.files()
    assert name == "电子成绩单-T260302-0001.pdf"
    assert file.startswith(b"%PDF-")


def test_every_button_can_also_be_answered_by_its_number(new: New) -> None:
    student = new("enrolled")
    student.say(KIND)
    for number in ("2", "1", "1"):
        student.say(number)
    assert "T260302-0001" in student.words()


def test_every_button_can_also_be_answered_in_words(new: New) -> None:
    student = new("enrolled")
    student.say(KIND)
    for words in ("合在一起", "求职", "提交申请"):
        student.say(words)
    assert "T260302-0001" in student.words()


def test_what_a_decision_rests_on_is_read_on_every_channel(new: New) -> None:
    student, officer = new("enrolled"), new("unit_officer")
    officer.say("你好")
    student.say(KIND)
    for words in ("合在一起", "因为要去德国读博士，学校要求在五月底以前寄到", "提交申请"):
        student.say(words)
    for fact in (
        "林若溪",
        "20231800000001",
        "化学研究所",
        "因为要去德国读博士，学校要求在五月底以前寄到",
    ):
        assert fact in officer.words(), fact


def test_a_long_announcement_comes_whole_and_cut_at_the_ends_of_sentences(new: New) -> None:
    student, affairs = new("enrolled"), new("academic_affairs")
    student.say("你好")
    affairs.say("群发通知")
    for words in ("在读学生", "全部单位", LONG, "不用英文", "发出"):
        affairs.say(words)
    student.say("谢谢")
    said = [piece for piece in student.pieces() if "条：" in piece]
    whole = "".join(said).replace("\n", "").replace("【通知】", "")
    assert LONG in whole
    for piece in said[:-1]:
        assert piece.rstrip().endswith("。"), piece[-20:]


def test_a_file_that_nobody_expects_is_answered(new: New) -> None:
    student = new("enrolled")
    student.say("你好")
    before = student.words()
    student.attach("奖状.pdf", b"%PDF-1.4 and some more bytes of it")
    assert len(student.words()) > len(before)


def test_a_button_of_yesterday_does_no_harm(new: New) -> None:
    student = new("enrolled")
    student.say(KIND)
    student.say("不办了")
    try:
        student.press(COVERAGE)
    except LookupError:
        return  # the channel has taken it away, which is as good
    assert "T260302-0001" not in student.words()


def test_everything_goes_in_english_as_well(new: New) -> None:
    student, officer = new("enrolled"), new("unit_officer")
    for one in (student, officer):
        one.say("English please")
    heard = [len(one.pieces()) for one in (student, officer)]
    student.say("I need an English transcript with GPA")
    for label in (
        "Centralized and institute teaching combined",
        "Further study",
        "Submit the application",
    ):
        student.press(label)
    for fact in ("LIN Ruoxi (20231800000001)", "Institute of Chemistry", "Further study"):
        assert fact in officer.words(), fact
    officer.decide("Approve")
    assert "has been approved" in student.words()
    student.press("Order the transcript")
    student.press("Place the order")
    ((name, file),) = student.files()
    assert name == "Transcript-T260302-0001.pdf"
    assert file.startswith(b"%PDF-")
    for one, before in zip((student, officer), heard, strict=True):
        assert [said for said in one.pieces()[before:] if CHINESE.search(said)] == []


def test_a_link_leads_to_the_payment_and_to_the_proof_of_the_document(
    new: New, meeting: Meeting
) -> None:
    meeting.stage.replace_policy("transcript", {"free_copies": 0})
    student = new("graduated")
    student.say(KIND)
    for label in (COVERAGE, "求职", "确认订单"):
        student.press(label)
    (payment,) = {link for link in student.links() if "/checkout/" in link}
    meeting.site.pay(payment)
    meeting.settle()
    ((_, file),) = student.files()
    assert file.startswith(b"%PDF-")
    (proof,) = {link for link in student.links() if "/v/" in link}
    assert "T260302-0001" in meeting.site.get(proof).text


def joins_the_unit(meeting: Meeting, newcomer: str, officer: str) -> None:
    """The unit has two officers from now on."""
    with meeting.stage.assistant.office.work() as work:
        number = {one: number_of(one) for one in (newcomer, officer)}
        people = {
            one: work.session.scalars(select(Person.id).where(Person.number == number[one])).one()
            for one in number
        }
        held = work.session.scalars(select(Role).where(Role.person_id == people[officer])).one()
        work.session.add(
            Role(
                institution_id=held.institution_id,
                person_id=people[newcomer],
                role=held.role,
                unit_id=held.unit_id,
            )
        )


def test_a_prompt_that_another_has_decided_says_so_and_decides_nothing_more(
    new: New, meeting: Meeting
) -> None:
    joins_the_unit(meeting, "S00002", "unit_officer")
    student, officer, colleague = new("enrolled"), new("unit_officer"), new("S00002")
    officer.say("你好")
    colleague.say("你好")
    student.say(KIND)
    for label in (COVERAGE, "求职", "提交申请"):
        student.press(label)
    assert "已由" not in colleague.words()
    officer.decide("同意")
    for one in (officer, colleague):
        assert "已由刘敏同意" in one.words()
        try:
            one.press("驳回")
        except LookupError:
            continue  # the channel has taken it away, which is as good
        assert "驳回的理由是什么" not in one.words()
    assert "没有通过" not in student.words()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_from_staff_arrives_as_the_very_bytes(
    new: New, meeting: Meeting, name: str
) -> None:
    affairs = new("academic_affairs")
    affairs.say("你好")
    affairs.attach(name, TABLES[name])
    office = meeting.stage.assistant.office
    with office.read() as work:
        (body,) = work.session.scalars(select(Inbound.body).where(Inbound.kind == "attached"))
        blob = work.session.get_one(Blob, body["blob"])
    assert (body["name"], body["type"]) == (name, kind_of(name))
    assert office.blobs.get(blob.key) == TABLES[name]
