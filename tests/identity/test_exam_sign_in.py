"""The exam office's own sign-in (E1): nobody guesses their way in, and nobody learns who is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import Type, extract_parameters
from sqlalchemy import select

from backend.identity import exam, links, sign_ins, stepup
from backend.models import AccountLink, SignIn, SignInTry
from bot.limits import Limit
from bot.signin import captcha, exam_reset
from tests.identity.conftest import CANDIDATE
from tests.identity.house import Browser, House, Phone, exam_first, exam_sign_in
from tests.identity.test_binding import bind

Browsers = Callable[[], Browser]
REAL = exam.HASHER  # before the tests make it quick
PASSWORD = "brave-panda-7"
WRONG = "身份证号或密码不对"


@pytest.fixture
def door(house: House, browser: Browser) -> Browser:
    return browser.open(f"{house.base}/sign-in").follow("自考账号")


def at_the_door(house: House, browser: Browser) -> Browser:
    return browser.open(f"{house.base}/sign-in").follow("自考账号")


def signed_in(house: House, browser: Browser) -> bool:
    return browser.http.get(f"{house.base}/api/session").status_code == 200


def test_candidate_signs_in_with_the_initial_password_and_must_change_it(
    house: House, door: Browser
) -> None:
    id_number = house.id_number(CANDIDATE)
    exam_sign_in(door, id_number, id_number[-6:].lower())
    assert "设置新密码" in door.words
    assert not signed_in(house, door)
    for weak in ("short1", "aaaaaaaa", "onlyletters", "12345678", f"ab-{id_number[-6:]}", ""):
        door.send(password=weak, again=weak)
        assert door.page.status_code == 403, weak
        assert not signed_in(house, door)
    door.send(password=PASSWORD, again="something-else-1")
    assert "两次输入的不一样" in door.words
    door.send(password=PASSWORD, again=PASSWORD)
    assert signed_in(house, door)


def test_candidate_who_forgot_the_password_comes_in_again_after_the_office_reset_it(
    house: House, browsers: Browsers
) -> None:
    exam_first(at_the_door(house, browsers()), house, CANDIDATE, PASSWORD)
    id_number = house.id_number(CANDIDATE)
    for _ in range(6):
        exam_sign_in(at_the_door(house, browsers()), id_number, "not-it-at-all-1")
    with house.office.work() as work:
        assert exam_reset.reset(work, CANDIDATE)
        assert not exam_reset.reset(work, "S00101")  # holds no exam ticket
        assert not exam_reset.reset(work, "nobody")
    assert house.audited("reset_password") == 1
    with_old = exam_sign_in(at_the_door(house, browsers()), id_number, PASSWORD)
    assert WRONG in with_old.words
    exam_first(at_the_door(house, browsers()), house, CANDIDATE, "calm-otter-9")


def test_whoever_stopped_before_the_new_password_does_not_put_theirs_over_the_owners(
    house: House, browsers: Browsers
) -> None:
    """The initial password stands in many places; whoever knew it first must not come in last."""
    id_number = house.id_number(CANDIDATE)
    early = exam_sign_in(at_the_door(house, browsers()), id_number, id_number[-6:])
    late = exam_sign_in(at_the_door(house, browsers()), id_number, id_number[-6:])
    kept = late.http.cookies["sign-in"]
    exam_first(at_the_door(house, browsers()), house, CANDIDATE, PASSWORD)
    early.send(password="evil-goose-3", again="evil-goose-3")
    assert early.page.status_code == 410
    with house.office.work() as work:  # as if it had come to that page a moment later
        person = house.person(CANDIDATE).id
        work.session.add(
            SignIn(
                token_hash=sign_ins.hashed(kept),
                institution_id=work.institution,
                provider="exam",
                kept={},
                pending_id=person,
                expires_at=work.now + sign_ins.LIFETIME,
            )
        )
    late.send(password="evil-goose-4", again="evil-goose-4")
    assert late.page.status_code == 410
    assert not signed_in(house, early)
    assert not signed_in(house, late)
    owner = exam_sign_in(at_the_door(house, browsers()), id_number, PASSWORD)
    assert signed_in(house, owner)
    assert house.audited("set_password") == 1


def test_reset_signs_everybody_out_and_the_owner_is_told_where_they_can_be_reached(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    inside = browsers()
    bind(house, phone, inside)
    exam_sign_in(at_the_door(house, inside), house.id_number(CANDIDATE), PASSWORD)
    assert signed_in(house, inside)
    phone.news()
    with house.office.work() as work:
        account = house.account(phone.address)
        stepup.grant(work, account.id, "sign_in", "")
        stepup.page_link(work, account)
    with house.office.work() as work:
        assert exam_reset.reset(work, CANDIDATE)
    assert not signed_in(house, inside)
    with house.office.work() as work:
        account = house.account(phone.address)
        assert stepup.due(work, account, stepup.Purpose.FIRST_FILE)
        link = select(AccountLink).where(AccountLink.purpose == links.STEP_UP)
        assert [one.used_at is not None for one in work.session.scalars(link)] == [True]
    assert ["已恢复初始密码" in one["text"] for one in phone.news()] == [True]


def test_reset_on_the_command_line_is_told_too(
    house: House, phone: Phone, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    bind(house, phone, browser)
    monkeypatch.setattr("bot.prepare.check_folder", lambda *_: None)
    assert exam_reset.run(house.settings, CANDIDATE) == 0
    house.later(minutes=1)
    house.assistant.reception.sweep()
    assert ["已恢复初始密码" in one["text"] for one in phone.news()] == [True]


def test_initial_password_is_worth_nothing_once_it_is_changed(
    house: House, browsers: Browsers
) -> None:
    exam_first(at_the_door(house, browsers()), house, CANDIDATE, PASSWORD)
    id_number = house.id_number(CANDIDATE)
    again = exam_sign_in(at_the_door(house, browsers()), id_number, id_number[-6:])
    assert WRONG in again.words
    with_new = exam_sign_in(at_the_door(house, browsers()), id_number, PASSWORD)
    assert signed_in(house, with_new)
    full_width = "".join(chr(ord(one) + 0xFEE0) for one in id_number)
    assert signed_in(house, exam_sign_in(at_the_door(house, browsers()), full_width, PASSWORD))


def test_step_of_the_new_password_cannot_be_left_out(
    house: House, door: Browser, browsers: Browsers
) -> None:
    id_number = house.id_number(CANDIDATE)
    exam_sign_in(door, id_number, id_number[-6:])
    door.open(f"{house.base}/sign-in/confirm")
    assert door.page.status_code == 410
    door.open(f"{house.base}/")
    assert not signed_in(house, door)
    stranger = at_the_door(house, browsers())
    assert stranger.open(f"{house.base}/sign-in/exam/password").page.status_code == 410


def test_wrong_passwords_first_cost_seconds_then_lock_the_account_and_it_opens_again(
    house: House, browsers: Browsers
) -> None:
    exam_first(at_the_door(house, browsers()), house, CANDIDATE, PASSWORD)
    id_number = house.id_number(CANDIDATE)
    browser = at_the_door(house, browsers())
    said = []
    for _ in range(5):
        said.append(exam_sign_in(browser, id_number, "wrong-guess-1").words)
        house.later(seconds=20)
    assert [WRONG in words for words in said] == [True] * 4 + [False]
    assert "请过" not in said[1]
    assert re.search(r"请过 [1-5] 秒", said[2])
    assert "暂时锁住" in said[4]
    locked = exam_sign_in(at_the_door(house, browsers()), id_number, PASSWORD)
    assert "暂时锁住" in locked.words  # the right one does not help either
    assert not signed_in(house, locked)
    house.later(minutes=15)
    opened = exam_sign_in(at_the_door(house, browsers()), id_number, PASSWORD)
    assert signed_in(house, opened)
    for _ in range(2):  # the count has begun anew
        assert (
            "锁" not in exam_sign_in(at_the_door(house, browsers()), id_number, "x-wrong-1").words
        )


def test_many_guesses_at_once_are_no_more_than_one_after_another(
    house: House, browsers: Browsers
) -> None:
    id_number = house.id_number(CANDIDATE)
    guessers = [at_the_door(house, browsers()) for _ in range(12)]

    def guess(browser: Browser) -> bool:
        return WRONG in exam_sign_in(browser, id_number, "wrong-guess-1").words

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(guess, guessers))
    with house.office.read() as work:
        who = select(SignInTry.failures).where(SignInTry.who.startswith("account:"))
        assert work.session.scalars(who).one() == 3  # the others had to wait and were not looked at


def test_nobody_learns_whether_a_number_has_an_account(house: House, browsers: Browsers) -> None:
    """Somebody with a ticket, with none, with one that is over, and a number of nobody."""
    house.ticket("20161800000001", "010555555555", active=False)
    numbers = [
        house.id_number(CANDIDATE),
        house.id_number("20151800000001"),
        house.id_number("20161800000001"),
        "11010519491231002X",
        "not a number",
    ]
    answers = []
    for number in numbers:
        browser = at_the_door(house, browsers())
        words = [exam_sign_in(browser, number, f"guess-{n}").words for n in range(3)]
        house.later(seconds=30)
        words += [exam_sign_in(browser, number, f"guess-{n}").words for n in range(4, 6)]
        answers.append([re.sub(r"What is .*?\?|\S+等于几|\d+[-: ]?", "", one) for one in words])
        house.later(seconds=30)
    assert all(one == answers[0] for one in answers)


def test_person_without_an_active_ticket_has_no_initial_password(
    house: House, browsers: Browsers
) -> None:
    id_number = house.id_number("20151800000001")
    browser = exam_sign_in(at_the_door(house, browsers()), id_number, id_number[-6:])
    assert WRONG in browser.words


def test_nobody_keeps_the_server_drawing_captchas(
    house: House, door: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{house.base}/sign-in/exam/captcha"
    assert door.open(address).page.headers["content-type"] == "image/png"
    drawn: list[str] = []
    monkeypatch.setattr(captcha, "picture", drawn.append)
    monkeypatch.setattr(Limit, "take", lambda *_: 7.0)
    assert door.open(address).page.status_code == 429
    assert drawn == []


def test_captcha_is_asked_and_good_for_one_try(house: House, door: Browser) -> None:
    id_number = house.id_number(CANDIDATE)
    exam_sign_in(door, id_number, id_number[-6:], captcha="99")
    assert "验证码不对" in door.words
    right = exam_sign_in(door, id_number, "wrong-guess-1")
    assert WRONG in right.words
    form = {"id_number": id_number, "password": id_number[-6:], "captcha": "", "captcha_kind": ""}
    answer = door.http.post(f"{house.base}/sign-in/exam", data=form, headers={"Origin": house.base})
    assert "验证码不对" in answer.text  # no answer is no answer, also before one is expected


def test_captcha_is_a_picture_or_a_sum_in_words(house: House, door: Browser) -> None:
    first = door.http.get(f"{house.base}/sign-in/exam/captcha")
    second = door.http.get(f"{house.base}/sign-in/exam/captcha")
    assert first.headers["content-type"] == "image/png"
    assert first.content != second.content
    assert "改答文字题" in door.open(f"{house.base}/sign-in/exam").words
    assert "等于几" in door.follow("改答文字题").words


def test_answer_to_the_captcha_is_not_to_be_found_in_the_database(
    house: House, door: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.signin.captcha.new_text", lambda: "QXZJK")
    door.http.get(f"{house.base}/sign-in/exam/captcha")
    assert "QXZJK" not in house.everything_stored()
    id_number = house.id_number(CANDIDATE)
    door.open(f"{house.base}/sign-in/exam")
    door.http.get(f"{house.base}/sign-in/exam/captcha")
    door.send(id_number=id_number, password=id_number[-6:], captcha="q xzjk")
    assert "设置新密码" in door.words


def test_sign_in_that_lay_too_long_starts_again(house: House, door: Browser) -> None:
    house.later(minutes=10)
    assert door.open(f"{house.base}/sign-in/exam").page.status_code == 410
    assert "重新登录" in door.words


def test_strange_page_cannot_send_the_form(house: House, door: Browser) -> None:
    form = {"id_number": "1", "password": "2", "captcha": "3"}
    for headers in ({}, {"Origin": "null"}, {"Origin": "https://evil.example"}):
        answer = door.http.post(f"{house.base}/sign-in/exam", data=form, headers=headers)
        assert answer.status_code == 403


def test_password_and_id_number_are_nowhere_in_the_database(house: House, door: Browser) -> None:
    exam_first(door, house, CANDIDATE, PASSWORD)
    stored = house.everything_stored()
    assert PASSWORD not in stored
    assert house.id_number(CANDIDATE) not in stored


def test_passwords_are_kept_as_argon2id_with_no_less_than_is_recommended() -> None:
    """OWASP: 19 MiB and two passes at the least."""
    parameters = extract_parameters(REAL.hash("brave-panda-7"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_new_sign_in_ends_what_this_browser_was_before(house: House, door: Browser) -> None:
    exam_first(door, house, CANDIDATE, PASSWORD)
    before = door.http.cookies["chat"]
    exam_sign_in(at_the_door(house, door), house.id_number(CANDIDATE), PASSWORD)
    assert door.http.cookies["chat"] != before
    answer = door.http.get(
        f"{house.base}/api/messages", headers={"Authorization": f"Bearer {before}"}
    )
    assert answer.status_code == 401
