"""Whoever leaves is gone: neither the token nor an open window speaks for them any more."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.server.conftest import NewGuest
from tests.server.guest import CHAT, Guest, get, send
from tests.server.running import Running
from tests.server.socket_guest import line

SIGNED_OUT = 4401


def signed_in(guest: Guest) -> bool:
    return guest.http.get("/api/session").status_code == 200


def test_token_is_worth_nothing_after_its_bearer_has_left(guest: NewGuest) -> None:
    student = guest("20131800000003")
    assert signed_in(student)
    assert student.http.delete("/api/session").status_code == 204
    assert not signed_in(student)
    assert student.http.get("/api/messages").status_code == 401
    assert student.post(text="还在吗").status_code == 401
    assert student.attach(b"%PDF-1.4").status_code == 401
    assert student.http.delete("/api/session").status_code == 204  # leaving twice does no harm


def test_leaving_in_one_browser_leaves_the_other_signed_in(
    server: Running, guest: NewGuest
) -> None:
    here, there = guest("20131800000003"), guest("20131800000003")
    here.http.delete("/api/session")
    assert not signed_in(here)
    assert signed_in(there)


def test_open_window_of_whoever_leaves_hears_nothing_more(server: Running, guest: NewGuest) -> None:
    here, there = guest("20141800000002"), guest("20141800000002")
    with (
        line(server, here.token, here.heard) as mine,
        line(server, there.token, there.heard) as theirs,
    ):
        here.http.delete("/api/session")
        with pytest.raises(ConnectionClosed) as closed:
            mine.until(lambda _: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == SIGNED_OUT
        theirs.send(id="still", text="谢谢")
        theirs.until(lambda frame: frame["type"] == "message" and frame["message"]["from"] != "me")
        assert "谢谢" not in str(mine.frames)


def test_becoming_somebody_else_ends_what_this_browser_was_before(server: Running) -> None:
    with httpx.Client(base_url=server.base, headers=CHAT, trust_env=False) as browser:
        browser.post("/api/session", json={"person": "graduated"}).raise_for_status()
        first = browser.cookies["chat"]
        browser.post("/api/session", json={"person": "enrolled"}).raise_for_status()
    answer = get(server, "/api/session", headers={"Authorization": f"Bearer {first}"})
    assert answer.status_code == 401


def test_session_ends_by_itself_after_its_time_and_is_cleared_away(
    server: Running, guest: NewGuest
) -> None:
    student = guest("20131800000003")
    past = (datetime.now(UTC) - timedelta(seconds=1)).replace(tzinfo=None).isoformat(" ")
    with sqlite3.connect(server.data / "registrar.db") as database:
        [[last]] = database.execute("SELECT max(rowid) FROM web_session")
        database.execute("UPDATE web_session SET expires_at = ? WHERE rowid = ?", (past, last))
    assert not signed_in(student)
    guest("20131800000003")
    with sqlite3.connect(server.data / "registrar.db") as database:
        query = "SELECT count(*) FROM web_session WHERE expires_at <= ?"
        assert database.execute(query, (past,)).fetchone() == (0,)


def test_database_in_strange_hands_signs_nobody_in(server: Running, guest: NewGuest) -> None:
    student = guest("20131800000003")
    with sqlite3.connect(server.data / "registrar.db") as database:
        kept = [row for (row,) in database.execute("SELECT token_hash FROM web_session")]
    assert student.token not in kept
    for value in kept:
        answer = get(server, "/api/session", headers={"Authorization": f"Bearer {value}"})
        assert answer.status_code == 401


def test_language_chosen_on_the_page_is_the_one_that_is_spoken(guest: NewGuest) -> None:
    student = guest("20141800000004")
    changed = student.http.patch("/api/session", json={"language": "en"})
    assert changed.json()["language"] == "en"
    assert student.http.get("/api/session").json()["language"] == "en"
    assert {one["lang"] for one in student.say("thanks")} == {"en"}
    for wrong in ("fr", "", None, 5, ["en"], {}):
        assert student.http.patch("/api/session", json={"language": wrong}).status_code == 400
    student.http.patch("/api/session", json={"language": "zh"})
    assert {one["lang"] for one in student.say("谢谢")} == {"zh"}
    assert student.say("where are my orders please")[-1]["lang"] == "zh"


def test_who_chose_no_language_on_the_page_is_answered_in_the_one_they_write(
    guest: NewGuest,
) -> None:
    student = guest("20161800000002")
    said = [one for one in student.say("where are my orders please") if one["lang"] == "en"]
    told = [[(one["label"], one.get("language")) for one in message["buttons"]] for message in said]
    assert told[0] == [("中文", "zh")]
    assert len(said) > 1
    assert student.http.get("/api/session").json()["language"] == "en"


def test_button_for_the_language_is_marked_so_that_a_page_need_not_show_a_second_control(
    guest: NewGuest,
) -> None:
    [*_, greeted] = guest("20141800000004").say("你好")
    marked = {one["label"]: one.get("language") for one in greeted["buttons"]}
    assert marked.pop("English") == "en"
    assert marked
    assert set(marked.values()) == {None}


def test_language_is_chosen_by_nobody_else(server: Running, guest: NewGuest) -> None:
    student = guest("20141800000004")
    cookie = {"Cookie": f"chat={student.token}"}
    body = {"language": "en"}
    answer = send(server, "PATCH", "/api/session", json=body, headers=cookie)
    assert answer.status_code == 403
    assert send(server, "PATCH", "/api/session", json=body, headers=CHAT).status_code == 401
