"""Pages opened in WeCom know who it is, and nobody else."""

import httpx
import pytest

from backend.models import Person
from bot.channels.port import Unreachable
from tests.channels.wecom.house import House, number_of
from tests.peers.wecom.simulator import CORP

BACK = "https://registrar.test/signin/wecom"


def sent_back(house: House, userid: str, browser: str = "browser one") -> httpx.QueryParams:
    """What a browser comes back with after WeCom has asked the phone."""
    address = house.run(house.wecom.oauth.begin(BACK, browser))
    asked = httpx.URL(address)
    assert asked.host == "open.weixin.qq.com"
    assert asked.fragment == "wechat_redirect"
    assert asked.params["appid"] == CORP
    assert asked.params["scope"] == "snsapi_base"
    back = house.simulator.authorize(address, userid)
    assert str(back).startswith(BACK)
    return back.params


def who(house: House, code: str, state: str, browser: str = "browser one") -> str | None:
    person = house.run(house.wecom.oauth.person_from_code(code, state, browser))
    if person is None:
        return None
    with house.office.read() as work:
        return work.session.get_one(Person, person).number


def test_a_page_opened_in_wecom_knows_its_reader(house: House) -> None:
    student = house.phone("enrolled")
    params = sent_back(house, student.userid)
    assert who(house, params["code"], params["state"]) == student.userid


def test_a_code_and_a_state_are_good_once(house: House) -> None:
    student = house.phone("enrolled")
    first = sent_back(house, student.userid)
    assert who(house, first["code"], first["state"])
    assert who(house, first["code"], first["state"]) is None
    second = sent_back(house, student.userid)
    assert who(house, first["code"], second["state"]) is None


def test_nobody_is_signed_in_by_a_link_that_somebody_else_began(house: House) -> None:
    params = sent_back(house, house.phone("enrolled").userid, browser="of the attacker")
    assert who(house, params["code"], params["state"], browser="of the victim") is None


@pytest.mark.parametrize("state", ["", "guessed", "x" * 5000])
def test_a_state_that_we_never_gave_is_worth_nothing(house: House, state: str) -> None:
    params = sent_back(house, house.phone("enrolled").userid)
    assert who(house, params["code"], state) is None


def test_a_sign_in_that_took_too_long_begins_again(house: House) -> None:
    params = sent_back(house, house.phone("enrolled").userid)
    house.later(minutes=11)
    assert who(house, params["code"], params["state"]) is None


def test_a_code_that_is_over_signs_nobody_in(house: House) -> None:
    params = sent_back(house, house.phone("enrolled").userid)
    house.later(minutes=6)
    assert who(house, params["code"], params["state"]) is None


def test_a_guest_of_the_enterprise_is_nobody(house: House) -> None:
    params = sent_back(house, "not-a-member")
    assert who(house, params["code"], params["state"]) is None


def test_a_member_whom_the_registry_lacks_is_nobody(house: House) -> None:
    house.phone("stranger", "gate-keeper")
    params = sent_back(house, "gate-keeper")
    assert who(house, params["code"], params["state"]) is None


def test_an_outage_of_wecom_is_not_taken_for_a_stranger(house: House) -> None:
    params = sent_back(house, house.phone("enrolled").userid)
    house.simulator.control("misbehave", path="/cgi-bin/auth", status=503, times=10)
    with pytest.raises(Unreachable):
        who(house, params["code"], params["state"])


def test_sign_in_by_number_is_kept_as_the_binding(house: House) -> None:
    params = sent_back(house, house.phone("unit_officer").userid)
    assert who(house, params["code"], params["state"]) == number_of("unit_officer")
    assert house.account(number_of("unit_officer")) is not None
