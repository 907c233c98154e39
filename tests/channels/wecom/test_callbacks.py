"""What comes to the callback: once, whatever WeCom or somebody else sends."""

from typing import Any

import pytest

from backend.models import Conversation
from bot.limits import Limit
from tests.channels.wecom.house import House
from tests.peers.wecom.simulator import AGENT, CORP, Phone

OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
BOMB = (
    '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<xml><Encrypt>&b;</Encrypt></xml>"
)
FILE = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><Encrypt>&a;</Encrypt></xml>'


def test_wecom_takes_our_address_when_the_administrator_saves_it(house: House) -> None:
    assert house.simulator.control("verify", url=house.url) == {"status": 200, "same": True}


@pytest.mark.parametrize(
    ("forge", "status"),
    [
        ({"token": "another token"}, 403),
        ({"signature": "0" * 40}, 403),
        ({"signature": "ü"}, 403),
        ({"signature": ""}, 400),
        ({"corp_id": "wwanother"}, 403),
        ({"aes_key": OTHER_KEY}, 400),
        ({"timestamp": "soon"}, 400),
        ({"timestamp": "1"}, 403),
        ({"echostr": "bm90IG91cnM="}, 403),
        ({"echostr": ""}, 400),
    ],
)
def test_nobody_else_learns_what_our_keys_are(
    house: House, forge: dict[str, Any], status: int
) -> None:
    told = house.simulator.control("verify", url=house.url, forge=forge)
    assert told["same"] is False
    if "aes_key" in forge:
        assert told["status"] in (400, 403)
    else:
        assert told["status"] == status


@pytest.mark.parametrize(
    ("forge", "statuses"),
    [
        ({"token": "another token"}, {403}),
        ({"signature": "0" * 40}, {403}),
        ({"corp_id": "wwanother"}, {403}),
        ({"aes_key": OTHER_KEY}, {400, 403}),
        ({"timestamp": "99999999999999999999"}, {400}),
        ({"body": ""}, {400}),
        ({"body": "not xml"}, {400}),
        ({"body": "<xml>"}, {400}),
        ({"body": "<xml></xml>"}, {400}),
        ({"body": "<xml><Encrypt></Encrypt></xml>"}, {400}),
        ({"body": "<xml><Encrypt>AAAA</Encrypt></xml>"}, {403}),
        ({"body": BOMB}, {400}),
        ({"body": FILE}, {400}),
        ({"body": "<xml>" + " " * 300_000 + "</xml>"}, {413}),
    ],
)
def test_a_forged_or_broken_message_is_refused_and_breaks_nothing(
    house: House, student: Phone, forge: dict[str, Any], statuses: set[int]
) -> None:
    told = student.says("你好", forge=forge)
    assert set(told["statuses"]) <= statuses
    assert house.heard(student.userid) == []
    assert student.says("你好")["statuses"] == [200]
    assert len(house.heard(student.userid)) == 1


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_message_that_somebody_kept_and_sends_later_is_refused(
    house: House, student: Phone, minutes: int
) -> None:
    at = int(house.office.clock.now().timestamp()) + minutes * 60
    assert set(student.says("你好", forge={"timestamp": at})["statuses"]) == {403}
    assert house.heard(student.userid) == []


def test_the_clocks_may_differ_a_little(house: House, student: Phone) -> None:
    at = int(house.office.clock.now().timestamp()) - 120
    assert student.says("你好", forge={"timestamp": at})["statuses"] == [200]


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("well signed, but no xml", 400),
        ("<xml></xml>", 403),
        (f"<xml><ToUserName>{CORP}</ToUserName></xml>", 400),
        ("<xml><ToUserName>wwother</ToUserName><MsgType>text</MsgType></xml>", 403),
        (f"<xml><ToUserName>{CORP}</ToUserName><AgentID>{AGENT + 1}</AgentID></xml>", 403),
        (
            f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>a</FromUserName>"
            "<MsgType>text</MsgType><Content>x</Content></xml>",
            400,
        ),
        (
            f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>a</FromUserName>"
            "<MsgType>event</MsgType><Event>click</Event><CreateTime>soon</CreateTime></xml>",
            400,
        ),
        (
            f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>{'a' * 65}</FromUserName>"
            "<MsgType>text</MsgType><MsgId>1</MsgId><Content>x</Content></xml>",
            400,
        ),
    ],
)
def test_a_signed_message_that_is_not_for_us_or_lacks_something_is_refused(
    house: House, student: Phone, xml: str, status: int
) -> None:
    assert set(student.does("", xml=xml)["statuses"]) == {status}


def test_a_message_that_is_brought_again_is_answered_once(house: House, student: Phone) -> None:
    assert student.says("我的申请到哪一步了", times=3)["statuses"] == [200, 200, 200]
    house.settle()
    assert len(house.heard(student.userid)) == 1
    assert len(student.shown()) == 1


def test_the_same_words_twice_are_two_messages(house: House, student: Phone) -> None:
    student.says("我的申请到哪一步了")
    student.says("我的申请到哪一步了")
    house.settle()
    assert len(house.heard(student.userid)) == 2


def test_a_press_that_is_brought_again_counts_once(house: House, student: Phone) -> None:
    student.says("我想开一份英文成绩单，带绩点")
    house.settle()
    student.presses("北京集中教学阶段", times=3)
    house.settle()
    assert [one.kind for one in house.heard(student.userid)] == ["said", "pressed"]
    assert "已经用过" not in student.words()


def test_two_entries_of_the_menu_in_one_second_both_count(house: House, student: Phone) -> None:
    student.does("click", key="帮助", times=2)
    student.does("click", key="我的申请")
    assert [one.body["text"] for one in house.heard(student.userid)] == ["帮助", "我的申请"]


def test_what_we_could_not_take_is_brought_again_and_taken(
    house: House, student: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = house.reception.hear
    failed: list[Any] = []

    def once_broken(*what: Any, **how: Any) -> Any:
        if not failed:
            failed.append(what)
            raise RuntimeError("the database is away")
        return hear(*what, **how)

    monkeypatch.setattr(house.reception, "hear", once_broken)
    assert student.says("你好")["statuses"] == [503, 200]
    assert len(house.heard(student.userid)) == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("voice", "语音我还听不懂"),
        ("video", "视频用不上"),
        ("shortvideo", "视频用不上"),
        ("location", "位置用不上"),
        ("link", "链接我打不开"),
    ],
)
def test_what_cannot_be_read_is_said_at_once_and_not_kept(
    house: House, student: Phone, kind: str, words: str
) -> None:
    told = student.does(kind)
    assert told["statuses"] == [200]
    assert words in told["reply"]
    assert house.heard(student.userid) == []


def test_what_cannot_be_read_is_said_in_the_language_of_the_conversation(
    house: House, student: Phone
) -> None:
    student.says("你好")
    house.speak(student.userid, "en")
    assert student.does("voice")["reply"].startswith("I cannot understand voice")


def test_a_voice_message_that_wecom_has_written_down_is_understood(
    house: House, student: Phone
) -> None:
    student.does("voice", fields={"Recognition": "我的申请到哪一步了"})
    assert [one.body["text"] for one in house.heard(student.userid)] == ["我的申请到哪一步了"]


@pytest.mark.parametrize(
    "kind",
    ["view", "LOCATION", "batch_job_result", "scancode_push", "change_contact", "never_heard_of"],
)
def test_events_that_are_nothing_to_us_are_taken_politely(
    house: House, student: Phone, kind: str
) -> None:
    assert student.does(kind, key="https://example.org/") == {
        "statuses": [200],
        "reply": "",
        "text": "",
    }
    assert house.heard(student.userid) == []


def test_an_unknown_button_does_nothing_and_says_so(house: House, student: Phone) -> None:
    for key in ("nonsense", "token.9", "..", "x" * 1024):
        told = student.does("template_card_event", key=key, task="no-such-card")
        assert told["statuses"] == [200]
    house.settle()
    assert "过期" in student.words()


def test_a_card_of_somebody_else_cannot_be_pressed(
    house: House, student: Phone, officer: Phone
) -> None:
    student.says("我想开一份英文成绩单，带绩点")
    house.settle()
    card = student.cards()[-1]["card"]
    key = card["button_list"][0]["key"]
    officer.does("template_card_event", key=key, task=card["task_id"])
    house.settle()
    assert "申请理由是什么" not in student.words()
    assert "过期" in officer.words()


def test_a_press_in_the_corner_menu_of_a_card_counts_like_its_buttons(
    house: House, student: Phone
) -> None:
    student.says("我想开一份英文成绩单，带绩点")
    house.settle()
    card = student.cards()[-1]["card"]
    student.does(
        "template_card_menu_event", key=card["button_list"][0]["key"], task=card["task_id"]
    )
    house.settle()
    assert "申请理由是什么" in student.words()


def test_a_message_longer_than_anybody_reads_is_refused_in_words(
    house: House, student: Phone
) -> None:
    told = student.says("啊" * 12_001)
    assert told["statuses"] == [200]
    assert "太长" in told["reply"]
    assert house.heard(student.userid) == []


def test_marks_that_xml_knows_come_through_as_they_were_typed(house: House, student: Phone) -> None:
    student.says("a < b & c > d “é”\U0001f600")
    (heard,) = house.heard(student.userid)
    assert heard.body["text"] == "a < b & c > d “é”\U0001f600"
    with house.office.read() as work:
        assert work.session.get(Conversation, heard.conversation_id) is not None


def test_one_member_who_floods_us_is_told_so(house: House, student: Phone) -> None:
    house.wecom._callback._messages = Limit(1, 2)
    replies = [student.says("你好")["reply"] for _ in range(3)]
    assert replies[:2] == ["", ""]
    assert "太快" in replies[2]
    assert len(house.heard(student.userid)) == 2
