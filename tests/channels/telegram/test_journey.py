"""A student and an officer with nothing but Telegram."""

from backend import accounts
from backend.identity import links as identity_links
from tests.channels.everywhere import signs_in
from tests.channels.telegram.house import House
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person


def labels(person: Person) -> list[str]:
    return [button["text"] for _, button in person.buttons()]


def test_a_student_gets_the_signed_transcript_and_an_officer_approves_it(
    house: House, api: BotApi, student: Person, officer: Person
) -> None:
    house.bind(student.id, "enrolled")
    house.bind(officer.id, "unit_officer")

    student.say("我想要一份中文成绩单，带绩点")
    house.settle()
    query = student.press("集中教学和所级教学合在一起")
    house.settle()
    assert query in api.answered, "the button would go on showing that it waits"
    student.press("求职")
    house.settle()
    assert "先确认一下是您本人" in student.seen
    assert not [one for one in student.messages if "photo" in one]
    signs_in(house.stage, "enrolled")
    house.settle()
    previews = [one for one in student.messages if "photo" in one]
    assert len(previews) == 1, student.seen
    assert api.uploads[previews[0]["message_id"]].data[:4] == b"\x89PNG"
    student.press("提交申请")
    house.settle()
    assert "T260302-0001" in student.seen
    assert "提交申请" not in labels(student)

    prompt = next(one for one in officer.messages if "有一份成绩单申请等您审批" in one["text"])
    assert "学生：林若溪" in prompt["text"]
    bold = prompt["entities"][0]
    assert bold["type"] == "bold"
    title = prompt["text"].encode("utf-16-le")[2 * bold["offset"] :][: 2 * bold["length"]]
    assert title.decode("utf-16-le") == "成绩单申请 T260302-0001"
    officer.press("同意")
    house.settle()
    assert "已通过审批" in student.seen
    assert "reply_markup" not in prompt

    student.press("办理订单")
    house.settle()
    student.press("确认订单")
    house.settle()
    assert student.seen.count("先确认一下是您本人") == 1
    (document,) = [one for one in student.messages if "document" in one]
    upload = api.uploads[document["message_id"]]
    assert upload.name == "电子成绩单-T260302-0001.pdf"
    assert upload.data.startswith(b"%PDF-")
    assert b"/ByteRange" in upload.data
    assert api.refused == []
    assert {status for _, status in api.webhook.pushed} == {200}


def test_everybody_gets_an_answer_though_many_ask_at_once(house: House, api: BotApi) -> None:
    people = [Person(api, 730_000_000 + n) for n in range(60)]
    for person in people:
        person.say("你好")
    house.settle()
    assert all("我是教务助手" in person.seen for person in people)
    assert api.refused == []


def test_a_link_opened_from_the_web_chat_makes_the_phone_the_students_own(
    house: House, api: BotApi, student: Person
) -> None:
    links = house.stage.assistant.links
    house.bind(1, "enrolled")  # who is known elsewhere
    with house.office.work() as work:
        person = accounts.person_behind(work, "telegram", "1")
        token = links.one_time("start", identity_links.new(work, "start", person=person).id)
    student.say(f"/start {token}")
    house.settle()
    assert "请看清楚" in student.messages[0]["text"]
    account = house.account(student.id)
    assert account is not None
    assert account.person_id is None, "whoever is sent a link must not become its sender"
    student.press("绑定")
    house.settle()
    assert "绑定好了" in student.seen
    student.say("我的进度")
    house.settle()
    assert "请先登录" not in student.seen
    assert token not in "".join(house.texts(student.id))
    stranger = Person(api, 700_000_009)
    stranger.say(f"/start {token}")
    house.settle()
    account = house.account(stranger.id)
    assert account is None or account.person_id is None
