"""Whoever cannot or may not show who they are is told so, and with whom to speak."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend import accounts
from backend.errors import Refused
from backend.identity.stepup import Purpose
from bot.sections import SignInSettings
from dialogs import refusals
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.talk import Frame
from tests.identity.conftest import CANDIDATE, NewHouse
from tests.identity.house import Browser, House, Phone, exam_first
from tests.identity.test_binding import bind

Browsers = Callable[[], Browser]


def test_somebody_else_who_signs_in_by_the_link_confirms_nothing(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    house.ticket("20161800000001", "010987654321")
    phone.say("解除绑定")
    stranger = browsers().open(phone.link("去登录"))
    exam_first(stranger, house, "20161800000001")
    assert "登录的不是这个账号的主人" in stranger.words
    assert not phone.news()
    assert house.owner(phone.address) == CANDIDATE


def test_where_nobody_can_show_who_they_are_it_is_refused_with_whom_to_call(
    new_house: NewHouse,
) -> None:
    bare = new_house(SignInSettings())
    assert not bare.office.identity.pages
    person = bare.person(CANDIDATE).id
    with bare.office.work(person) as work:
        work.production = True
        work.account = accounts.account(work, "web", str(person), person).id
        chat = Chat(person, "zh", Frame("1", "unbind_account"))
        with pytest.raises(Refused) as refused:
            step_up.require(chat, work, Purpose.BULK)
        said = refusals.sentence(work, refused.value).into("zh")
    assert refused.value.code == "step_up_impossible"
    assert "010-88256622" in said
