"""Over the socket, everything comes once, in order, and to nobody else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.server.conftest import NewGuest
from tests.server.running import Running
from tests.server.socket_guest import Frame, line, says


def is_accepted(frame: Frame) -> bool:
    """It may come before or after the answer, which is made in the same step."""
    return bool(frame["type"] == "accepted")


def test_conversation_goes_through_the_socket_alone(server: Running, guest: NewGuest) -> None:
    student = guest("20151800000001")
    with line(server, student.token, cookie=True) as open_line:
        assert open_line.wire.subprotocol == "chat"
        open_line.send(id="w1", text="我想开一份中文成绩单，带绩点")
        asked = open_line.until(says("哪些课程"))
        accepted = open_line.of("accepted") or [open_line.until(is_accepted)]
        assert [frame["id"] for frame in accepted] == ["w1"]
        echo = next(f["message"] for f in open_line.of("message") if f["message"]["from"] == "me")
        assert (echo["id"], echo["seq"]) == ("w1", accepted[0]["seq"])
        press = asked["message"]["buttons"][0]["press"]
        open_line.send(id="w2", press=press)
        used = open_line.until(lambda f: f["type"] == "updated")["message"]
        assert (used["seq"], used["used"]) == (asked["message"]["seq"], True)
        open_line.send(id="w3", text="签证")
        open_line.until(lambda f: f["type"] == "message" and f["message"]["pictures"] != [])
        open_line.until(lambda f: f["type"] == "message" and f["message"]["card"] is not None)
        open_line.until(lambda f: f == {"type": "typing", "on": False})
        assert open_line.seqs() == sorted(set(open_line.seqs()))
        told = [frame["on"] for frame in open_line.of("typing")]
        assert all(one != then for one, then in pairwise(told)), "typing does not alternate"


def test_same_id_over_socket_and_http_counts_once(server: Running, guest: NewGuest) -> None:
    student = guest("20151800000003")
    with line(server, student.token, after=student.heard) as open_line:
        for _ in range(3):
            open_line.send(id="twice", text="谢谢")
        student.http.post("/api/messages", json={"id": "twice", "text": "谢谢"})
        student.news()
        open_line.send(id="end", text="再见")
        open_line.until(lambda f: f["type"] == "message" and f["message"].get("id") == "end")
        places = {f["seq"] for f in open_line.of("accepted") if f["id"] == "twice"}
        assert len(places) == 1
        mine = [f for f in open_line.of("message") if f["message"].get("id") == "twice"]
        assert len(mine) == 1
        student.news()


def test_reopened_socket_sends_what_was_missed_and_nothing_twice(
    server: Running, guest: NewGuest
) -> None:
    student = guest("20141800000003")
    with line(server, student.token) as open_line:
        open_line.send(id="r1", text="你好")
        seen = open_line.until(lambda f: f["type"] == "message" and f["message"]["from"] != "me")
        last = seen["message"]["seq"]
    student.say("我想开一份中文成绩单，带绩点")
    expected = [one["seq"] for one in student.messages(last)]
    assert expected
    with line(server, student.token, after=last) as open_line:
        open_line.until(lambda f: f["type"] == "message" and f["message"]["seq"] == expected[-1])
        assert open_line.seqs() == expected


def test_two_windows_of_one_person_see_the_same(server: Running, guest: NewGuest) -> None:
    student = guest("20161800000001")
    with (
        line(server, student.token, student.heard) as one,
        line(server, student.token, student.heard) as other,
    ):
        one.send(id="two", text="你能做什么")
        first = one.until(lambda f: f["type"] == "message" and f["message"]["from"] != "me")
        assert other.until(lambda f: f == first) == first
        assert other.of("accepted") == []


def test_nobody_hears_the_conversation_of_another(server: Running, guest: NewGuest) -> None:
    student, stranger = guest("20131800000002"), guest("19991800000002")
    with line(server, stranger.token) as ear:
        student.say("这句话只有我自己看得到")
        ear.send(id="e", text="你好")
        ear.until(lambda f: f["type"] == "message" and f["message"]["from"] != "me")
        assert not [frame for frame in ear.frames if "自己看得到" in str(frame)]


def test_decided_application_is_shown_as_decided_without_a_reload(
    server: Running, guest: NewGuest
) -> None:
    student, officer = guest("20231800000005"), guest("unit_officer")
    student.apply()
    student.press("提交申请")
    prompt = officer.wait_for("T2", after=officer.heard)
    with line(server, officer.token, after=prompt["seq"]) as open_line:
        open_line.send(id="agree", press=prompt["buttons"][0]["press"])
        open_line.until(says("已同意"))
    again = [one for one in officer.messages() if one["seq"] == prompt["seq"]]
    assert [one["used"] for one in again] == [True]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_page_of_another_site_cannot_open_the_socket(
    server: Running, guest: NewGuest, origin: str
) -> None:
    student = guest("graduated")
    with (
        pytest.raises((InvalidStatus, ConnectionClosed)),
        line(server, student.token, origin=origin, cookie=True) as open_line,
    ):
        open_line.until(lambda _: True)


@pytest.mark.parametrize("token", ["x", "MS4x.AAAA"])
def test_socket_opens_for_nobody_unknown(server: Running, token: str) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosed)), line(server, token) as open_line:
        open_line.until(lambda _: True)
