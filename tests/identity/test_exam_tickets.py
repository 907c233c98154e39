"""Several exam tickets of one person (E2): linked at sign-in, switched without another one."""

from __future__ import annotations

from collections.abc import Callable

from backend.identity import exam_tickets
from dialogs import contacts
from tests.identity.conftest import CANDIDATE
from tests.identity.house import Browser, House, Phone
from tests.identity.test_binding import bind, bind_again

Browsers = Callable[[], Browser]
FIRST, SECOND, OVER, LATER = "010123456789", "010222222222", "010333333333", "010444444444"


def current(house: House) -> str | None:
    with house.office.read() as work:
        found = exam_tickets.current(work, house.person(CANDIDATE).id)
        return found.number if found else None


def test_all_active_tickets_are_linked_and_switched_in_the_chat(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    house.ticket(CANDIDATE, SECOND)
    house.ticket(CANDIDATE, OVER, active=False)
    bind(house, phone, browsers())
    house.ticket(CANDIDATE, LATER)
    assert current(house) is None  # nobody guesses which
    [asked] = phone.say("换准考证")
    assert [button["label"] for button in asked["buttons"]] == [FIRST, SECOND]
    [done] = phone.press(SECOND)
    assert SECOND in done["text"]
    assert current(house) == SECOND
    [asked] = phone.say("换准考证")
    assert f"现在用的准考证是 {SECOND}" in asked["text"]
    phone.say(FIRST)
    assert current(house) == FIRST
    assert house.audited("switch_ticket") == 2


def test_ticket_that_is_new_is_linked_at_the_next_sign_in(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    assert "只有一个准考证" in phone.say("换准考证")[0]["text"]
    house.ticket(CANDIDATE, LATER)
    assert "只有一个准考证" in phone.say("换准考证")[0]["text"]
    second = Phone(house, "70020002")
    bind_again(house, second, browsers())
    assert "2 个准考证" in second.news()[0]["text"]
    assert [one["label"] for one in phone.say("换准考证")[-1]["buttons"]] == [FIRST, LATER]


def test_whoever_has_no_ticket_is_told(house: House, phone: Phone, browsers: Browsers) -> None:
    bind(house, phone, browsers())
    with house.office.work() as work:
        for one in exam_tickets.held(work, house.person(CANDIDATE).id):
            one.active = False
    [told] = phone.say("换准考证")
    assert "没有查到" in told["text"]
    assert "E2" in told["text"]


def test_candidate_who_wants_a_person_is_led_to_the_exam_office(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    """E11."""
    bind(house, phone, browsers())
    [led] = phone.say("转人工")
    assert "021-35367070" in led["text"]
    assert "400-0960-900" in led["text"]
    [asked] = phone.say("免考想找个老师问")
    assert "自考考籍咨询" in asked["text"]
    [told] = phone.say("成人学历的证书能不能免考")
    assert "自考考籍咨询" in told["text"]
    assert house.audited("ask") == 1


def test_nobody_is_sent_to_an_office_of_the_other_kind(house: House) -> None:
    officer_only, student = house.person("S00101").id, house.person("20231800000002").id
    house.ticket("S00101", LATER)
    with house.office.read() as work:
        assert set(contacts.concerning(work, officer_only)) == {"exam_policy", "exam_technical"}
        assert "exam_policy" not in contacts.concerning(work, student)
