"""The contacts of the offices (T10): what of each may change, and what a phone number looks like."""

import re
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

from backend.policy import store
from backend.work import Work
from dialogs import slots
from dialogs.policy_entry import Entry, arrow, literally
from dialogs.policy_notices import hours_slot, show_hours
from dialogs.slots import Invalid, Option, Slot
from dialogs.turn import Said
from dialogs.words import Bilingual, Speech, Words, _

_ONE = r"[+0-9][0-9 ()\-]{4,28}"
PHONE = re.compile(rf"{_ONE}(?:[、,/]{_ONE}){{0,3}}")
EMAIL = re.compile(r"[^@\s<>]{1,60}@[^@\s<>]{1,60}\.[a-zA-Z]{2,20}")
NONE = Option("none", _("没有"))


def line_slot(
    prompt: Words,
    title: Words,
    *,
    like: re.Pattern[str] | None = None,
    or_else: Words | None = None,
    optional: bool = False,
) -> Callable[[str], Slot[str]]:
    """One line of words; ``or_else`` is said when it does not look ``like`` what it should."""

    def make(name: str) -> Slot[str]:
        base = slots.text(name, prompt, title=title, at_most=120)

        def parse(stored: str) -> str:
            if optional and stored == NONE.value:
                return ""
            words = base.parse(normalize("NFKC", stored) if like else stored)
            if like and or_else and not like.fullmatch(words):
                raise Invalid(or_else)
            return words

        def read(said: Said) -> str | None:
            return slots.option_meant(said.text, options) or said.text

        options = (NONE,) if optional else ()
        return Slot(name, prompt, title, parse, read, options, free=True)

    return make


def office_entries(work: Work) -> tuple[Entry, ...]:
    """The entries of every office there is."""
    return tuple(
        Entry("offices", ("offices", key, field), title, slot, arrow(show))
        for key, office in store.offices(work).offices.items()
        for field, title, slot, show in office_fields(Bilingual(office.name_zh, office.name_en))
    )


Field = tuple[str, Words, Callable[[str], Slot[Any]], Callable[[Any], Speech]]


def office_fields(office: Speech) -> tuple[Field, ...]:
    phone = _("{office}的电话", office=office)
    email = _("{office}的邮箱", office=office)
    contact = _("{office}的联系人", office=office)
    hours = _("{office}的办公时间", office=office)
    name_zh = _("{office}的中文名称", office=office)
    name_en = _("{office}的英文名称", office=office)
    return (
        (
            "phone",
            phone,
            line_slot(
                _("新的电话是多少？"),
                phone,
                like=PHONE,
                or_else=_("电话只能有数字、空格、括号和短横，例如 010-12345678。"),
            ),
            literally,
        ),
        (
            "email",
            email,
            line_slot(
                _("新的邮箱是什么？"),
                email,
                like=EMAIL,
                or_else=_("这不像邮箱地址，例如 office@example.edu.cn。"),
                optional=True,
            ),
            literally,
        ),
        (
            "hours",
            hours,
            hours_slot(_("工作日的办公时间？例如“08:30-11:30 13:30-17:00”。"), hours),
            show_hours,
        ),
        ("contact", contact, line_slot(_("联系人怎么称呼？"), contact, optional=True), literally),
        ("name_zh", name_zh, line_slot(_("新的中文名称是什么？"), name_zh), literally),
        ("name_en", name_en, line_slot(_("新的英文名称是什么？"), name_en), literally),
    )
