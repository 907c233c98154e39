"""Pages opened in WeCom know who it is, and nobody else."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.templating import Jinja2Templates

import bot
from backend.models import Person
from bot import signin
from bot.channels.port import Unreachable
from bot.hub import Hub
from bot.limits import Limit
from bot.signin.wecom import WecomProvider
from bot.web import sessions
from bot.web.sessions import Sessions
from tests.channels.wecom.house import SEALER, House, number_of
from tests.peers.wecom.simulator import CORP

BACK = "https://registrar.test/sign-in/back/wecom"
BEGIN = "/sign-in/with/wecom"


class Browser:
    """One that WeCom has opened, with cookies of its own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.sessions = Sessions(house.office, Hub())
        assistant = house.stage.assistant
        templates = Jinja2Templates(Path(bot.__file__).parent / "templates")
        pages = signin.routes(
            house.office,
            Hub(),
            assistant.links,
            templates,
            SEALER,
            assistant.settings,
            Limit(0, 1),
            more=[WecomProvider(house.wecom.oauth)],
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=pages)),
            base_url="https://registrar.test",
        )

    def sent_away(self) -> str:
        """To which address of WeCom, when somebody signs in."""
        answer = self.house.run(self.http.get(BEGIN))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def comes_back(self, query: httpx.QueryParams) -> str | None:
        """Whose number is signed in then, if anybody's."""
        self.house.run(self.http.get("/sign-in/back/wecom", params=query))
        token = self.http.cookies.get(sessions.COOKIE)
        if token is None:
            return None
        with self.house.office.read() as work:
            return work.session.get_one(Person, self.sessions.person(token)).number


def signed_in(house: House, userid: str) -> tuple[Browser, httpx.QueryParams]:
    """A browser, and what it comes back with after WeCom has asked the phone."""
    browser = Browser(house)
    address = browser.sent_away()
    asked = httpx.URL(address)
    assert asked.host == "open.weixin.qq.com"
    assert asked.fragment == "wechat_redirect"
    assert asked.params["appid"] == CORP
    assert asked.params["scope"] == "snsapi_base"
    back = house.simulator.authorize(address, userid)
    assert back.path == "/sign-in/back/wecom"
    return browser, back.params


def who(house: House, code: str) -> str | None:
    person = house.run(house.wecom.oauth.person_from_code(code))
    if person is None:
        return None
    with house.office.read() as work:
        return work.session.get_one(Person, person).number


def code_of(house: House, userid: str) -> str:
    address = house.wecom.oauth.address(BACK, "state")
    return house.simulator.authorize(address, userid).params["code"]


def test_a_page_opened_in_wecom_knows_its_reader(house: House) -> None:
    student = house.phone("enrolled")
    browser, back = signed_in(house, student.userid)
    assert browser.comes_back(back) == student.userid


def test_an_answer_is_good_once(house: House) -> None:
    browser, back = signed_in(house, house.phone("enrolled").userid)
    assert browser.comes_back(back)
    browser.http.cookies.delete(sessions.COOKIE)
    assert browser.comes_back(back) is None


def test_nobody_is_signed_in_by_a_link_that_somebody_else_began(house: House) -> None:
    _attacker, back = signed_in(house, house.phone("enrolled").userid)
    assert Browser(house).comes_back(back) is None
    victim = Browser(house)
    victim.sent_away()
    assert victim.comes_back(back) is None


@pytest.mark.parametrize("state", ["", "guessed", "x" * 5000])
def test_a_state_that_we_never_gave_is_worth_nothing(house: House, state: str) -> None:
    browser, back = signed_in(house, house.phone("enrolled").userid)
    assert browser.comes_back(back.set("state", state)) is None


def test_a_code_is_good_once(house: House) -> None:
    code = code_of(house, house.phone("enrolled").userid)
    assert who(house, code)
    assert who(house, code) is None


def test_a_code_that_is_over_signs_nobody_in(house: House) -> None:
    code = code_of(house, house.phone("enrolled").userid)
    house.later(minutes=6)
    assert who(house, code) is None


def test_a_sign_in_that_took_too_long_begins_again(house: House) -> None:
    browser, student = Browser(house), house.phone("enrolled")
    address = browser.sent_away()
    house.later(minutes=11)
    back = house.simulator.authorize(address, student.userid)
    assert browser.comes_back(back.params) is None


def test_a_guest_of_the_enterprise_is_nobody(house: House) -> None:
    assert who(house, code_of(house, "not-a-member")) is None


def test_a_member_whom_the_registry_lacks_is_nobody(house: House) -> None:
    house.phone("stranger", "gate-keeper")
    assert who(house, code_of(house, "gate-keeper")) is None


def test_an_outage_of_wecom_is_not_taken_for_a_stranger(house: House) -> None:
    code = code_of(house, house.phone("enrolled").userid)
    house.simulator.control("misbehave", path="/cgi-bin/auth", status=503, times=10)
    with pytest.raises(Unreachable):
        who(house, code)


def test_sign_in_by_number_is_kept_as_the_binding(house: House) -> None:
    code = code_of(house, house.phone("unit_officer").userid)
    assert who(house, code) == number_of("unit_officer")
    assert house.account(number_of("unit_officer")) is not None
