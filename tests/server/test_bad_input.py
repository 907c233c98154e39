"""Whatever is sent, the answer is clear, nothing is lost, and nothing is run or written down."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.server.conftest import CHEMISTS, NewGuest
from tests.server.guest import CHAT, Guest, number_in, shown
from tests.server.running import Running
from tests.server.socket_guest import is_error, line

SQL = "'; DROP TABLE application; --"
HTML = "<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}${7*7}%s"
HANDLED = range(200, 500)


def chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def clear(answer: httpx.Response) -> str:
    """The words for the user; never an accident's remains."""
    assert answer.status_code in HANDLED, answer.text
    assert "Traceback" not in answer.text
    words = str(answer.json().get("text", "")) if answer.status_code >= 400 else "好"
    assert chinese(words), answer.text
    return words


def asked_for_reason(guest: Guest) -> None:
    guest.say("我想开一份中文成绩单，带绩点")
    guest.press("集中教学和所级教学合在一起")


def test_reason_of_ten_thousand_characters_is_refused_and_nothing_is_lost(guest: NewGuest) -> None:
    student = guest("20231800000006")
    asked_for_reason(student)
    [answer, *_] = student.say("长" * 10_000)
    assert "10000" in answer["text"]
    assert "200" in answer["text"]
    said = student.say("升学深造")
    assert "中文，带 GPA" in shown(said[-1])
    assert "升学深造" in shown(said[-1])


def test_text_of_a_megabyte_is_refused_in_words(server: Running, guest: NewGuest) -> None:
    student = guest("20231800000006")
    before = [one["seq"] for one in student.messages()]  # links in them are made anew each time
    for size in (20_001, 100_000, 1_000_000, 5_000_000):
        answer = student.post(text="长" * size)
        assert answer.status_code == 413
        assert "太长" in clear(answer)
    assert [one["seq"] for one in student.messages()] == before


@pytest.mark.parametrize(
    "reason", [SQL, HTML, "👩‍🎓 去 𠮷 大 🇨🇳", "a\u202eb", "%d {0} {reason} \\n"]
)
def test_reason_is_taken_literally_by_everybody_it_is_shown_to(
    guest: NewGuest, reason: str
) -> None:
    student, officer = guest(CHEMISTS[5]), guest("unit_officer")
    said = student.apply(reason=reason)
    visible = reason.replace("\u202e", "").replace("\u200d", "")
    rows: dict[str, str] = dict(said[-1]["card"]["rows"])
    assert rows["理由"] == visible
    number = number_in(student.press("提交申请")[-1], "T")
    prompt = officer.wait_for(number)
    assert dict(prompt["card"]["rows"])["理由"] == visible
    [listed, *_] = officer.say("待审批")
    assert visible in shown(listed)
    officer.press("同意", number)
    student.wait_for(number, "已通过审批")


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01\x02\x1b[2J",
        "\ud800",
        "\udfff\ud800",
        "\u0000",
        "\u202e\u202e",
        "💥" * 500,
        "\n\n\n\t",
    ],
)
def test_odd_characters_get_an_answer(guest: NewGuest, text: str) -> None:
    student = guest("20131800000002")
    body = json.dumps({"id": f"odd{hash(text)}", "text": text})
    answer = student.http.post(
        "/api/messages", content=body, headers={"Content-Type": "application/json"}
    )
    clear(answer)
    if answer.status_code == 202:
        said = student.news()
        assert said
        assert all(chinese(one["text"]) for one in said)
        assert "出了" not in said[0]["text"], "a turn has failed"
    assert student.state()["typing"] is False


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 30_000,
        b'{"id": "x"}',
        b'{"id": "", "text": "x"}',
        b'{"id": 5, "text": "x"}',
        b'{"id": "x", "text": 5}',
        b'{"id": "x", "text": ["a"]}',
        b'{"id": "x", "text": "  "}',
        b'{"id": "x", "press": {}}',
        b'{"id": "x", "press": ""}',
        b'{"id": "' + b"x" * 65 + b'", "text": "x"}',
        b'{"id": "x", "text": NaN}',
        b'{"id": "x", "text": 1e99999}',
        b'{"id": "x", "n": ' + b"9" * 5000 + b"}",
        b"\xff\xfe\x00",
        b'\xef\xbb\xbf{"id": "x", "text": ""}',
    ],
)
def test_body_that_is_no_message_is_refused(guest: NewGuest, body: bytes) -> None:
    student = guest("20131800000002")
    before = student.messages()
    answer = student.http.post("/api/messages", content=body)
    assert answer.status_code == 400
    clear(answer)
    assert student.messages() == before


@pytest.mark.parametrize("key", ["\x00", "a\x00b", "\ud800", "' --", "../..", "💥"])
def test_odd_message_id_is_taken_or_refused_and_never_an_accident(
    guest: NewGuest, key: str
) -> None:
    student = guest("20131800000002")
    body = json.dumps({"id": key, "text": "谢谢"}).encode()
    for _ in range(2):
        clear(student.http.post("/api/messages", content=body))
    student.news()


FORGED = [
    "x",
    ".",
    "a.b",
    "x.0",
    "x.-1",
    "x.99999",
    "x.²",
    "\x00.0",
    "' or 1=1.0",
    "x" * 9000,
    "\ud800.0",
]


@pytest.mark.parametrize("press", FORGED)
def test_invented_button_does_nothing(guest: NewGuest, press: str) -> None:
    student = guest("20131800000002")
    body = json.dumps({"id": f"forged{FORGED.index(press)}", "press": press}).encode()
    answer = student.http.post("/api/messages", content=body)
    clear(answer)
    if answer.status_code == 202:
        assert "按钮" in student.news()[0]["text"]


def test_button_of_another_person_does_nothing(guest: NewGuest) -> None:
    student, stranger, officer = guest(CHEMISTS[3]), guest(CHEMISTS[4]), guest("unit_officer")
    student.apply()
    theirs = student.button("提交申请")
    stranger.post(press=theirs["press"])
    assert "按钮" in stranger.news()[0]["text"]
    number = number_in(student.press("提交申请")[-1], "T")
    officer.wait_for(number)
    agree = officer.button("同意", number)
    for person in (student, stranger):
        person.post(press=agree["press"])
        assert "按钮" in person.news()[0]["text"]
    assert "已通过" not in str(student.say(f"{number} 办到哪了"))
    officer.press("同意", number)
    student.wait_for(number, "已通过审批")


def test_number_of_somebody_elses_application_says_no_more_than_an_invented_one(
    guest: NewGuest,
) -> None:
    owner, stranger = guest("20241800000001"), guest("20241800000003")
    owner.apply(reason="只有我知道的理由")
    number = number_in(owner.press("提交申请")[-1], "T")
    stranger.say("您好您好")  # whose conversation is in English: what is said to that comes once
    theirs = [shown(one) for one in stranger.say(f"{number} 办到哪了")]
    invented = [shown(one) for one in stranger.say("T990101-0001 办到哪了")]
    assert "只有我知道的理由" not in str(theirs)
    assert owner.name not in str(theirs)
    assert [one.replace(number, "T990101-0001") for one in theirs] == invented


FRAMES: list[Any] = [
    "{",
    "",
    "[]",
    "[1, 2]",
    "null",
    "7",
    "[" * 50_000,
    '{"a":' * 20_000,
    '{"id": {}, "text": "x"}',
    '{"id": "q"}',
    '{"id": "\\ud800", "text": "x"}',
    '{"id": "q\\u0000", "text": "x"}',
    '{"id": "q", "n": ' + "9" * 5000 + "}",
    b"\x00\xff",
    b"{}",
]


def test_frames_that_are_no_messages_are_refused_and_the_line_stays_open(
    server: Running, guest: NewGuest
) -> None:
    student = guest("20251800000002")
    for place, frame in enumerate(FRAMES):
        with line(server, student.token, after=student.heard) as open_line:
            open_line.wire.send(frame)
            refusal = open_line.until(is_error)
            assert chinese(refusal["text"]), frame
            open_line.send(id=f"after{place}", text="谢谢")
            open_line.until(
                lambda f, key=f"after{place}": f["type"] == "accepted" and f["id"] == key  # type: ignore[misc]
            )
    student.news()


def test_frame_that_is_too_long_is_refused_in_words(server: Running, guest: NewGuest) -> None:
    student = guest("20251800000002")
    with line(server, student.token, after=student.heard) as open_line:
        open_line.send(id="long", text="长" * 20_001)
        refusal = open_line.until(is_error)
        assert (refusal["id"], "太长" in refusal["text"]) == ("long", True)


def test_log_holds_nothing_that_was_said_and_no_names(server: Running, guest: NewGuest) -> None:
    student = guest("20251800000001")
    student.say("这是一句不该出现在日志里的话")
    student.post(text="长" * 30_000)
    student.post(press="forged.0")
    student.http.post("/api/session", json={"person": "没有这个人的名字"}, headers=CHAT)
    student.news()
    log = server.output()
    for secret in (
        "不该出现",
        "长长长",
        "程一诺",
        "20251800000001",
        "没有这个人的名字",
        student.token,
    ):
        assert secret not in log
    assert "Traceback" not in log
