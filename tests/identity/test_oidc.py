"""The university's single sign-on by OpenID Connect, with a provider that was not written here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.sections import OidcSettings, SignInSettings
from tests.identity.conftest import CANDIDATE, NewHouse
from tests.identity.house import Browser, House, Phone, free_port
from tests.peers.oidc import OidcPeer, Unavailable

Browsers = Callable[[], Browser]
CLIENT, SECRET = "registrar assistant", "a secret: with % signs & so on"
PORT = free_port()


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcPeer]:
    try:
        peer = OidcPeer(CLIENT, SECRET, f"http://127.0.0.1:{PORT}/sign-in/back/oidc")
    except Unavailable as missing:
        pytest.skip(f"npm oidc-provider cannot be had here: {missing}")
    yield peer
    peer.stop()


@pytest.fixture
def house(provider: OidcPeer, new_house: NewHouse) -> House:
    oidc = OidcSettings(
        issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, claim="number"
    )
    return new_house(SignInSettings(oidc=oidc), PORT)


def sign_in_there(browser: Browser, who: str) -> Browser:
    """In the provider's own pages: a name, any password, and consent where it asks."""
    browser.send(login=who, password="any")
    if "/interaction/" in str(browser.page.url):
        browser.send()
    return browser


def answer_for(house: House, browser: Browser, start: str, who: str) -> str:
    """Sign in at the provider and stop before its answer is brought to us."""
    browser.open(start)
    browser.http.follow_redirects = False
    browser.send(login=who, password="any")
    while True:
        target = str(browser.page.url.join(browser.page.headers["location"]))
        if target.startswith(f"{house.base}/sign-in/back/"):
            browser.http.follow_redirects = True
            return target
        browser.open(target)
        if browser.page.status_code == 200:
            browser.send()


def signed_in(house: House, browser: Browser) -> bool:
    return browser.http.get(f"{house.base}/api/session").status_code == 200


def test_student_signs_in_to_the_web_chat(house: House, browser: Browser) -> None:
    sign_in_there(browser.open(f"{house.base}/sign-in").follow("统一身份认证"), CANDIDATE)
    assert str(browser.page.url) == f"{house.base}/"
    session = browser.http.get(f"{house.base}/api/session").json()
    assert session["name"] == "林若溪"


def test_student_binds_telegram(house: House, browser: Browser) -> None:
    phone = Phone(house, "70010001", "Lin")
    sign_in_there(browser.open(phone.wants_in()).follow("统一身份认证"), CANDIDATE)
    assert "确认绑定" in browser.words
    browser.send(answer="bind")
    assert house.owner(phone.address) == CANDIDATE
    assert "绑定好了" in phone.news()[-1]["text"]


def test_somebody_the_registry_does_not_know_is_told_and_stays_out(
    house: House, browser: Browser
) -> None:
    sign_in_there(browser.open(f"{house.base}/sign-in/with/oidc"), "nobody-we-know")
    assert browser.page.status_code == 403
    assert "没有对应的人" in browser.words
    assert not signed_in(house, browser)


def test_whoever_cancels_there_is_told_and_can_try_again(house: House, browser: Browser) -> None:
    browser.open(f"{house.base}/sign-in/with/oidc").follow("Cancel")
    assert browser.page.status_code == 403
    assert "没有登录成功" in browser.words
    sign_in_there(browser.follow("重新登录").follow("统一身份认证"), CANDIDATE)
    assert signed_in(house, browser)


def test_request_is_one_of_code_flow_with_pkce_state_and_nonce(house: House) -> None:
    asked = []
    for _ in range(2):
        answer = httpx.get(f"{house.base}/sign-in/with/oidc", trust_env=False)
        asked.append(parse_qs(urlsplit(answer.headers["location"]).query))
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    for query in asked:
        assert query["response_type"] == ["code"]
        assert query["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


def test_answer_is_taken_once(house: House, browser: Browser) -> None:
    answer = answer_for(house, browser, f"{house.base}/sign-in/with/oidc", CANDIDATE)
    cookie = browser.http.cookies["sign-in"]
    browser.open(answer)
    assert signed_in(house, browser)
    again = httpx.get(answer, cookies={"sign-in": cookie}, trust_env=False)
    assert again.status_code == 410


def test_answer_brought_by_another_browser_is_not_taken(house: House, browsers: Browsers) -> None:
    """A stranger cannot make somebody sign in as the stranger, nor use what they overheard."""
    victim, stranger = browsers(), browsers()
    answer = answer_for(house, stranger, f"{house.base}/sign-in/with/oidc", CANDIDATE)
    assert victim.open(answer).page.status_code == 410
    victim.open(f"{house.base}/sign-in/with/oidc")  # with a sign-in of their own under way
    assert victim.open(answer).page.status_code == 410
    assert not signed_in(house, victim)


def test_state_that_was_changed_is_not_taken(house: House, browser: Browser) -> None:
    answer = answer_for(house, browser, f"{house.base}/sign-in/with/oidc", CANDIDATE)
    state = parse_qs(urlsplit(answer).query)["state"][0]
    for wrong in (state[:-1], state[::-1], "", "x" * 200):
        assert browser.open(answer.replace(state, wrong)).page.status_code == 410
    assert browser.open(answer.replace("state=", "status=")).page.status_code == 410
    assert not signed_in(house, browser)
    assert signed_in(house, browser.open(answer))  # none of this has used it up


def test_code_of_somebody_else_is_not_taken(house: House, browsers: Browsers) -> None:
    """PKCE: a code that was stolen on its way is worth nothing in another sign-in."""
    victim, thief = browsers(), browsers()
    theirs = answer_for(house, victim, f"{house.base}/sign-in/with/oidc", CANDIDATE)
    mine = answer_for(house, thief, f"{house.base}/sign-in/with/oidc", "20161800000001")
    stolen = parse_qs(urlsplit(theirs).query)["code"][0]
    own = parse_qs(urlsplit(mine).query)["code"][0]
    assert thief.open(mine.replace(own, stolen)).page.status_code == 403
    assert not signed_in(house, thief)


def test_answer_that_names_another_issuer_is_not_taken(house: House, browser: Browser) -> None:
    answer = answer_for(house, browser, f"{house.base}/sign-in/with/oidc", CANDIDATE)
    issuer = parse_qs(urlsplit(answer).query)["iss"][0]
    port = str(urlsplit(issuer).port)
    assert browser.open(answer.replace(port, "1", 2)).page.status_code == 403
    assert not signed_in(house, browser)


def test_answer_that_comes_too_late_is_not_taken(house: House, browser: Browser) -> None:
    answer = answer_for(house, browser, f"{house.base}/sign-in/with/oidc", CANDIDATE)
    house.later(minutes=10)
    assert browser.open(answer).page.status_code == 410


def test_two_people_at_two_browsers_do_not_get_mixed_up(house: House, browsers: Browsers) -> None:
    one, other = browsers(), browsers()
    first = answer_for(house, one, f"{house.base}/sign-in/with/oidc", CANDIDATE)
    second = answer_for(house, other, f"{house.base}/sign-in/with/oidc", "20161800000001")
    other.open(second)
    one.open(first)
    names = [b.http.get(f"{house.base}/api/session").json()["name"] for b in (one, other)]
    assert names == ["林若溪", "周明远"]


def test_step_up_asks_for_the_password_again_though_the_browser_is_signed_in_there(
    house: House, browser: Browser
) -> None:
    phone = Phone(house, "70010001", "Lin")
    sign_in_there(browser.open(phone.wants_in()).follow("统一身份认证"), CANDIDATE)
    browser.send(answer="bind")
    phone.news()
    phone.say("解除绑定")
    browser.open(phone.link("去登录")).follow("统一身份认证")
    assert "/interaction/" in str(browser.page.url)  # although it knows this browser
    sign_in_there(browser, CANDIDATE)
    assert "登录好了" in browser.words
    assert "解除绑定" in phone.news()[-1]["text"]


def test_step_up_by_somebody_else_is_none(house: House, browsers: Browsers) -> None:
    phone = Phone(house, "70010001", "Lin")
    browser = browsers()
    sign_in_there(browser.open(phone.wants_in()).follow("统一身份认证"), CANDIDATE)
    browser.send(answer="bind")
    phone.say("解除绑定")
    other = browsers()
    sign_in_there(other.open(phone.link("去登录")).follow("统一身份认证"), "20161800000001")
    assert other.page.status_code == 410
    assert "不是这个账号的主人" in other.words
    assert house.audited("step_up") == 0


def test_provider_that_is_away_is_said_to_be_away(new_house: NewHouse, browser: Browser) -> None:
    oidc = OidcSettings(issuer=f"http://127.0.0.1:{free_port()}", client_id="c")
    away = new_house(SignInSettings(oidc=oidc))
    assert browser.open(f"{away.base}/sign-in/with/oidc").page.status_code == 503
    assert "连不上" in browser.words
