"""The contacts of the offices (T10): what of each may change, and what phone numbers and hours look like."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any
from unicodedata import normalize

from backend.policy import store
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.slots import Invalid, Option, Slot
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _
from dialogs.policies.entry import Entry, arrow, literally

_ONE = r"[+0-9][0-9 ()\-]{4,28}"
PHONE = re.compile(rf"{_ONE}(?:[、,/]{_ONE}){{0,3}}")
EMAIL = re.compile(r"[^@\s<>]{1,60}@[^@\s<>]{1,60}\.[a-zA-Z]{2,20}")
NONE = Option("none", _("没有"))
SPAN = re.compile(
    r"([01]?\d|2[0-3]):([0-5]\d)\s*(?:-|~|至|到|—|–)\s*([01]?\d|2[0-3]):([0-5]\d)", re.ASCII
)


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
            return slots.option_meant(said.words, options) or said.text

        options = (NONE,) if optional else ()
        return Slot(name, prompt, title, parse, read, options, free=True)

    return make


def hours_slot(prompt: Words, title: Words) -> Callable[[str], Slot[tuple[tuple[time, time], ...]]]:
    """``08:30-11:30 13:30-17:00``"""

    def make(name: str) -> Slot[tuple[tuple[time, time], ...]]:
        def parse(stored: str) -> tuple[tuple[time, time], ...]:
            if stored == NONE.value:
                return ()
            spans = [
                (time(int(a), int(b)), time(int(c), int(d)))
                for a, b, c, d in SPAN.findall(normalize("NFKC", stored))
            ]
            ordered = [moment for span in spans for moment in span]
            if not spans or ordered != sorted(set(ordered)):
                raise Invalid(_("请按“08:30-11:30 13:30-17:00”的样子写，前后不能重叠。"))
            return tuple(spans)

        def read(said: Said) -> str | None:
            return slots.option_meant(said.words, (NONE,)) or said.text

        return Slot(name, prompt, title, parse, read, (NONE,), free=True, verbatim=True)

    return make


def show_hours(spans: Any) -> Speech:
    if not spans:
        return _("没有")
    return literally(" ".join(f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in spans))


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
