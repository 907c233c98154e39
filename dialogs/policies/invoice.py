"""What finance may change about invoices: until when, what stands on them, who answers (T10)."""

import re
from collections.abc import Callable
from typing import Any, get_args

from backend.policy.invoice import Rate
from dialogs.engine import slots
from dialogs.engine.slots import Slot, choice
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.policies.entry import Entry, arrow, literally
from dialogs.policies.notices import show_time, time_slot
from dialogs.policies.offices import line_slot

RATES: dict[str, Words] = {
    rate: _("免税") if rate == "exempt" else plain(f"{float(rate) * 100:g}%")
    for rate in get_args(Rate)
}


def invoice(
    name: str, title: Words, slot: Callable[[str], Slot[Any]], show: Callable[[Any], Speech]
) -> Entry:
    return Entry("invoice", (name,), title, slot, arrow(show))


def whole(name: str, title: Words, prompt: Words, most: int) -> Entry:
    return invoice(
        name,
        title,
        lambda slot: slots.number(slot, prompt, title=title, least=1, most=most),
        literally,
    )


def rate_slot(name: str) -> Slot[Any]:
    return choice(name, _("税率是多少？"), RATES, title=_("税率"))


INVOICE = (
    whole("months_after_payment", _("付款后几个月内开发票"), _("付款后几个月内可以申请发票？"), 60),
    invoice(
        "goods_name",
        _("发票的项目名称"),
        line_slot(
            _("发票上的项目名称怎么写？例如“*非学历教育服务*教务服务费”。"), _("发票的项目名称")
        ),
        literally,
    ),
    invoice(
        "tax_code",
        _("税收分类编码"),
        line_slot(
            _("商品和服务税收分类编码是多少？19 位数字。"),
            _("税收分类编码"),
            like=re.compile(r"[0-9]{19}"),
            or_else=_("税收分类编码是 19 位数字。"),
        ),
        literally,
    ),
    invoice("tax_rate", _("税率"), rate_slot, lambda value: RATES[value]),
    invoice(
        "exempt_note",
        _("优惠政策类型"),
        line_slot(_("免税的优惠类型怎么写？不免税就写“没有”。"), _("优惠政策类型"), optional=True),
        literally,
    ),
    whole(
        "issue_workdays",
        _("几个工作日内开好发票"),
        _("提交以后几个工作日内开好发票？会告诉申请人，过了会提醒财务。"),
        60,
    ),
    invoice(
        "prompt_at",
        _("提醒开票的时间"),
        lambda slot: time_slot(
            slot, _("工作日几点告诉财务有多少发票要开？例如 09:00。"), _("提醒开票的时间")
        ),
        show_time,
    ),
    whole("download_months", _("发票文件留几个月"), _("发票文件在对话里留几个月？"), 120),
)
