"""The university's single sign-on by CAS, with a server after the specification."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.sections import CasSettings, SignInSettings
from tests.identity.conftest import CANDIDATE, NewHouse
from tests.identity.house import Browser, House, Phone
from tests.peers.cas import XML, CasPeer

Browsers = Callable[[], Browser]
USERS = {CANDIDATE: "pass", "zhou": "pass", "nobody": "pass", "twice": "pass"}
ATTRIBUTES = {
    "zhou": {"studentNumber": ["20161800000001"], "mail": ["zhou@example.edu.cn"]},
    "twice": {"studentNumber": ["20161800000001", CANDIDATE]},
}


@pytest.fixture
def server() -> Iterator[CasPeer]:
    peer = CasPeer(USERS, ATTRIBUTES, "http://127.0.0.1:")
    yield peer
    peer.stop()


@pytest.fixture
def house(server: CasPeer, new_house: NewHouse) -> House:
    return new_house(SignInSettings(cas=CasSettings(url=server.url)))


def sign_in_there(browser: Browser, user: str, password: str = "pass") -> Browser:
    return browser.send(username=user, password=password)


def answer_for(house: House, browser: Browser, user: str) -> str:
    browser.open(f"{house.base}/sign-in/with/cas")
    browser.http.follow_redirects = False
    sign_in_there(browser, user)
    browser.http.follow_redirects = True
    return str(browser.page.headers["location"])


def signed_in(house: House, browser: Browser) -> bool:
    return browser.http.get(f"{house.base}/api/session").status_code == 200


def test_student_signs_in_to_the_web_chat(house: House, browser: Browser) -> None:
    sign_in_there(browser.open(f"{house.base}/sign-in").follow("统一身份认证"), CANDIDATE)
    assert str(browser.page.url) == f"{house.base}/"
    assert browser.http.get(f"{house.base}/api/session").json()["name"] == "林若溪"


def test_student_binds_telegram(house: House, browser: Browser) -> None:
    phone = Phone(house, "70010001", "Lin")
    sign_in_there(browser.open(phone.wants_in()).follow("统一身份认证"), CANDIDATE)
    browser.send(answer="bind")
    assert house.owner(phone.address) == CANDIDATE


def test_number_may_stand_in_an_attribute(
    server: CasPeer, new_house: NewHouse, browsers: Browsers
) -> None:
    house = new_house(SignInSettings(cas=CasSettings(url=server.url, attribute="studentNumber")))
    zhou = sign_in_there(browsers().open(f"{house.base}/sign-in/with/cas"), "zhou")
    assert zhou.http.get(f"{house.base}/api/session").json()["name"] == "周明远"
    for without_one in ("nobody", "twice"):
        browser = sign_in_there(browsers().open(f"{house.base}/sign-in/with/cas"), without_one)
        assert browser.page.status_code == 403
        assert not signed_in(house, browser)


def test_somebody_the_registry_does_not_know_stays_out(house: House, browser: Browser) -> None:
    sign_in_there(browser.open(f"{house.base}/sign-in/with/cas"), "nobody")
    assert browser.page.status_code == 403
    assert "没有对应的人" in browser.words


def test_ticket_is_taken_once_and_in_its_own_browser(house: House, browsers: Browsers) -> None:
    victim, stranger = browsers(), browsers()
    answer = answer_for(house, stranger, CANDIDATE)
    assert victim.open(answer).page.status_code == 410
    cookie = stranger.http.cookies["sign-in"]
    assert signed_in(house, stranger.open(answer))
    again = httpx.get(answer, cookies={"sign-in": cookie}, trust_env=False)
    assert again.status_code == 410
    assert not signed_in(house, victim)


def test_ticket_of_somebody_else_is_not_taken(
    server: CasPeer, house: House, browsers: Browsers
) -> None:
    """A stolen ticket was made for another sign-in's address, and the server says so."""
    victim, thief = browsers(), browsers()
    theirs = parse_qs(urlsplit(answer_for(house, victim, CANDIDATE)).query)["ticket"][0]
    mine = answer_for(house, thief, "zhou")
    own = parse_qs(urlsplit(mine).query)["ticket"][0]
    assert thief.open(mine.replace(own, theirs)).page.status_code == 403
    assert theirs in server.asked
    assert not signed_in(house, thief)


@pytest.mark.parametrize("ticket", ["ST-invented", "PT-1", "", "ST-" + "x" * 400, "ST-号"])
def test_ticket_that_is_made_up_is_not_taken(house: House, browser: Browser, ticket: str) -> None:
    answer = answer_for(house, browser, CANDIDATE)
    own = parse_qs(urlsplit(answer).query)["ticket"][0]
    assert browser.open(answer.replace(own, ticket)).page.status_code == 403
    assert not signed_in(house, browser)


SUCCESS = f"<cas:authenticationSuccess><cas:user>{CANDIDATE}</cas:user></cas:authenticationSuccess>"
FAILURE = '<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>'
NASTY = {
    "nothing": b"",
    "no XML": b"yes\n20231800000001\n",
    "success and failure": XML.format(SUCCESS + FAILURE).encode(),
    "two successes": XML.format(SUCCESS * 2).encode(),
    "two users": XML.format(
        SUCCESS.replace("</cas:user>", "</cas:user><cas:user>20161800000001</cas:user>")
    ).encode(),
    "no namespace": b"<serviceResponse><authenticationSuccess><user>20231800000001</user>"
    b"</authenticationSuccess></serviceResponse>",
    "an entity": b'<!DOCTYPE r [<!ENTITY who "20231800000001">]>'
    + XML.format(SUCCESS.replace(CANDIDATE, "&who;")).encode(),
    "no user": XML.format("<cas:authenticationSuccess/>").encode(),
    "a page in between": XML.format(f"<div>{SUCCESS}</div>").encode(),
}


@pytest.mark.parametrize("answer", NASTY.values(), ids=NASTY.keys())
def test_answer_of_the_server_that_is_not_a_clear_yes_signs_nobody_in(
    server: CasPeer, house: House, browser: Browser, answer: bytes
) -> None:
    server.answer = answer
    sign_in_there(browser.open(f"{house.base}/sign-in/with/cas"), CANDIDATE)
    assert browser.page.status_code == 403
    assert not signed_in(house, browser)


def test_answer_without_end_is_not_read(server: CasPeer, house: House, browser: Browser) -> None:
    server.answer = XML.format(SUCCESS + " " * 100_000).encode()
    sign_in_there(browser.open(f"{house.base}/sign-in/with/cas"), CANDIDATE)
    assert browser.page.status_code == 503


def test_step_up_asks_for_the_password_again_though_the_browser_is_signed_in_there(
    house: House, browser: Browser
) -> None:
    phone = Phone(house, "70010001", "Lin")
    sign_in_there(browser.open(phone.wants_in()).follow("统一身份认证"), CANDIDATE)
    browser.send(answer="bind")
    phone.say("解除绑定")
    browser.open(phone.link("去登录")).follow("统一身份认证")
    assert "/cas/login" in str(browser.page.url)
    sign_in_there(browser, CANDIDATE)
    assert "登录好了" in browser.words


def test_step_up_does_not_take_a_ticket_from_the_session_there(
    server: CasPeer, house: House, browser: Browser
) -> None:
    phone = Phone(house, "70010001", "Lin")
    sign_in_there(browser.open(phone.wants_in()).follow("统一身份认证"), CANDIDATE)
    browser.send(answer="bind")
    phone.say("解除绑定")
    link = phone.link("去登录")
    asked = browser.http.get(f"{link}/with/cas", follow_redirects=False).headers["location"]
    browser.open(asked.replace("renew=true", ""))  # somebody leaves the demand out
    assert browser.page.status_code == 403
    assert house.audited("step_up") == 0
    assert server.asked


def test_silent_sign_in_by_a_session_there_is_no_proof_of_who_sits_here(
    house: House, browser: Browser
) -> None:
    phone = Phone(house, "70010001", "Lin")
    sign_in_there(browser.open(phone.wants_in()).follow("统一身份认证"), CANDIDATE)
    browser.send(answer="bind")
    browser.open(f"{house.base}/sign-in").follow("统一身份认证")
    assert signed_in(house, browser)  # without a word typed
    browser.open(f"{house.base}/accounts").send()
    assert browser.page.url.path.startswith("/step-up/")
    assert house.audited("step_up") == 0
    sign_in_there(browser.follow("统一身份认证"), CANDIDATE)
    assert browser.page.url.path == "/accounts"
    browser.send()
    assert house.owner(phone.address) is None
