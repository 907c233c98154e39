"""What docs/web-protocol.md promises to pages, scripts and load tests holds on the real server."""

from __future__ import annotations

import base64
import json
import socket
from secrets import token_hex

import httpx
import pytest

from tests.server.conftest import NewGuest
from tests.server.guest import CHAT, get, send
from tests.server.running import PATIENCE, Running

LIMIT = 20 * 1024 * 1024


def refused(answer: httpx.Response, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    body: dict[str, str] = answer.json()
    assert body["error"]
    assert any("\u4e00" <= character <= "\u9fff" for character in body["text"]), body
    return body


# --- who it is ------------------------------------------------------------------------------


def test_visitor_sees_who_one_may_be_and_becomes_one(server: Running) -> None:
    with httpx.Client(base_url=server.base, headers=CHAT, trust_env=False) as browser:
        people = browser.get("/api/people").json()
        assert {"enrolled", "graduated", "unit_officer"} <= {one["id"] for one in people}
        for part in ("name", "about", "role"):
            assert all(one[part] and one[f"{part}_en"].isascii() for one in people), part
            assert all(one[f"{part}_en"] for one in people), part
        refused(browser.get("/api/session"), 401)
        became = browser.post("/api/session", json={"person": "graduated"})
        cookie = became.headers["set-cookie"]
        assert cookie.startswith("chat=")
        assert {"httponly", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}
        assert became.json().keys() >= {"token", "name", "language"}
        me = browser.get("/api/session").json()
        assert (me["name"], me["language"]) == ("周明远", "zh")
        assert browser.delete("/api/session").status_code == 204
        refused(browser.get("/api/session"), 401)


@pytest.mark.parametrize(
    "person", ["nobody", "", "0", "' or 1=1 --", 7, None, ["enrolled"], {}, "\ud800", "\x00"]
)
def test_nobody_becomes_a_person_who_is_not_there(server: Running, person: object) -> None:
    body = json.dumps({"person": person})
    refused(send(server, "POST", "/api/session", content=body, headers=CHAT), 404)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "..",
        "é",
        "9" * 5000,
        "MS4x.AAAA",
        base64.urlsafe_b64encode(b"9999999999.1").decode(),
    ],
)
def test_invented_token_is_nobody(server: Running, token: str) -> None:
    bearer = {"Authorization": f"Bearer {token}".strip().encode()}
    refused(get(server, "/api/messages", headers=bearer), 401)
    refused(get(server, "/api/messages", headers={"Cookie": f"chat={token}".encode()}), 401)


def test_token_made_for_a_file_does_not_sign_anybody_in(guest: NewGuest, server: Running) -> None:
    student = guest("20131800000001")
    student.apply()
    [preview] = [one for one in student.messages() if one["pictures"]][-1:]
    token = preview["pictures"][0]["url"].rsplit("/", 1)[-1]
    refused(get(server, "/api/session", headers={"Authorization": f"Bearer {token}"}), 401)
    assert get(server, f"/files/{student.token}").status_code == 404


def test_token_counts_before_the_cookie_so_that_two_people_sit_side_by_side(
    server: Running, guest: NewGuest
) -> None:
    one, other = guest("graduated"), guest("enrolled")
    both = {"Authorization": f"Bearer {one.token}", "Cookie": f"chat={other.token}"}
    assert get(server, "/api/session", headers=both).json()["name"] == one.name


def test_visitor_without_a_session_reads_and_says_nothing(server: Running) -> None:
    refused(get(server, "/api/messages"), 401)
    said = {"id": "1", "text": "你好"}
    refused(send(server, "POST", "/api/messages", json=said, headers=CHAT), 401)
    file = {"file": ("a.txt", b"a")}
    refused(
        send(server, "POST", "/api/attachments", data={"id": "1"}, files=file, headers=CHAT), 401
    )


def test_page_of_another_site_can_change_nothing(server: Running, guest: NewGuest) -> None:
    student = guest("graduated")
    cookie = {"Cookie": f"chat={student.token}"}
    before = student.messages()
    refused(send(server, "POST", "/api/session", json={"person": "enrolled"}), 403)
    refused(send(server, "DELETE", "/api/session", headers=cookie), 403)
    said = {"id": token_hex(4), "text": "办成绩单"}
    refused(send(server, "POST", "/api/messages", json=said, headers=cookie), 403)
    file = {"file": ("a.txt", b"a")}
    refused(
        send(server, "POST", "/api/attachments", data={"id": "1"}, files=file, headers=cookie), 403
    )
    assert student.messages() == before


# --- talking --------------------------------------------------------------------------------


def test_same_id_three_times_counts_once_and_has_one_place(guest: NewGuest) -> None:
    student = guest("20151800000002")
    answers = [
        student.http.post("/api/messages", json={"id": "same", "text": "你好"}) for _ in "123"
    ]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["seq"] for answer in answers}) == 1
    student.news()
    mine = [one for one in student.messages() if one.get("id") == "same"]
    assert [one["text"] for one in mine] == ["你好"]


def test_same_id_from_two_people_counts_for_both(guest: NewGuest) -> None:
    for number in ("20151800000002", "20151800000003"):
        student = guest(number)
        student.http.post("/api/messages", json={"id": "shared", "text": "谢谢"})
        student.news()
        assert [one["text"] for one in student.messages() if one.get("id") == "shared"] == ["谢谢"]


def test_message_has_exactly_the_promised_parts(guest: NewGuest) -> None:
    student = guest("20161800000003")
    student.apply()
    parts = {"seq", "from", "at", "text", "lang", "card", "buttons", "pictures", "files"}
    parts |= {"used", "closed"}
    messages = student.messages()
    assert [one["seq"] for one in messages] == sorted({one["seq"] for one in messages})
    for one in messages:
        assert one.keys() == parts | ({"id"} if one["from"] == "me" else set())
        assert one["at"].endswith("Z")
    [preview] = [one for one in messages if one["pictures"]]
    assert preview["pictures"][0].keys() == {"url", "alt", "width", "height"}
    assert all(button["n"] and button["press"] for button in messages[-1]["buttons"])


def test_pressed_question_is_shown_as_used_and_a_late_press_does_no_harm(guest: NewGuest) -> None:
    student = guest("20161800000002")
    student.say("我想开一份中文成绩单，带绩点")
    button = student.button("集中教学和所级教学合在一起")
    student.press("集中教学和所级教学合在一起")
    asked = [one for one in student.messages() if button in one["buttons"]]
    assert [one["used"] for one in asked] == [True]
    student.say("升学深造")
    student.post(press=button["press"])
    [late, *_] = student.news()
    assert "按钮" in late["text"]
    assert student.messages(student.heard) == []


def test_number_may_be_typed_instead_of_pressing(guest: NewGuest) -> None:
    student = guest("2014" + "1800000003")
    [*_, asked] = student.say("我想开一份中文成绩单，带绩点")
    wanted = next(one for one in asked["buttons"] if one["label"].startswith("集中教学和"))
    [reason, *_] = student.say(str(wanted["n"]))
    assert "理由" in reason["text"]


def test_reading_goes_on_after_the_place_one_has(guest: NewGuest) -> None:
    student = guest("20121800000001")
    student.say("你好")
    everything = student.messages()
    middle = everything[len(everything) // 2]["seq"]
    assert student.messages(middle) == [one for one in everything if one["seq"] > middle]


@pytest.mark.parametrize("after", ["-1", "x", "1e9", "9" * 40, "²", "", "1;2"])
def test_strange_place_to_read_from_is_no_accident(guest: NewGuest, after: str) -> None:
    assert guest("20121800000001").http.get(f"/api/messages?after={after}").status_code == 200


def test_file_that_nobody_asked_for_is_answered_kindly(guest: NewGuest) -> None:
    student = guest("20121800000002")
    assert student.attach(b"%PDF-1.4").status_code == 202
    student.wait_for("正在核对")
    student.wait_for("文件不完整")
    assert "证明.pdf" in [one["text"] for one in student.messages() if one["from"] == "me"]


def test_file_of_twenty_megabytes_is_taken_and_a_larger_one_refused(guest: NewGuest) -> None:
    student = guest("20121800000002")
    assert student.attach(bytes(LIMIT)).status_code == 202
    assert "20 MB" in refused(student.attach(bytes(LIMIT + 1)), 413)["text"]
    refused(student.attach(bytes(LIMIT + 100_000)), 413)
    student.news()


def test_upload_that_hides_its_length_does_not_fill_the_disk(
    server: Running, guest: NewGuest
) -> None:
    student = guest("20121800000002")
    megabyte = b"%x\r\n%b\r\n" % (1024 * 1024, bytes(1024 * 1024))
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="big"\r\n\r\n'
    head = (
        "POST /api/attachments HTTP/1.1\r\nHost: localhost\r\nX-Requested-With: chat\r\n"
        f"Authorization: Bearer {student.token}\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as wire:
        wire.sendall(head.encode() + b"%x\r\n%b\r\n" % (len(part), part))
        for _ in range(21):
            wire.sendall(megabyte)
        answer = wire.recv(4096)  # although the body has not ended
    assert b" 413 " in answer.splitlines()[0]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=b"),
        (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
        (b"x", "multipart/form-data"),
        (b"{}", "application/json"),
        (
            b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_upload_that_is_no_upload_is_refused(guest: NewGuest, content: bytes, kind: str) -> None:
    answer = guest("20121800000002").http.post(
        "/api/attachments", content=content, headers={"Content-Type": kind}
    )
    refused(answer, 400)
