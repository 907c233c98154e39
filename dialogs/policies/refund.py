"""What finance may change about refunds: until when each reason, what is proposed, when two decide."""

from typing import Any

from backend.refunds.states import BY_PAYERS, Reason
from dialogs.engine import slots
from dialogs.engine.words import Speech, Words, _, listed, yuan
from dialogs.policies.entry import Entry, arrow, literally
from dialogs.policies.notices import kinds_slot
from dialogs.refunds.words import REASONS

PROPOSED: dict[str, Words] = {
    one: REASONS[one]
    for one in (
        Reason.LATE_PAYMENT,
        Reason.DOUBLE_PAYMENT,
        Reason.MISMATCH,
        Reason.REVOKED_DOCUMENT,
    )
}


def whole(name: str, title: Words, prompt: Words, most: int) -> Entry:
    return Entry(
        "refund",
        (name,),
        title,
        lambda slot: slots.number(slot, prompt, title=title, least=1, most=most),
        arrow(literally),
    )


def days(reason: Reason) -> Entry:
    return whole(
        f"{reason}_days",
        _("“{reason}”付款后几天内可以申请", reason=REASONS[reason]),
        _("“{reason}”的，付款后几天之内可以申请退款？", reason=REASONS[reason]),
        365,
    )


def show_proposed(reasons: Any) -> Speech:
    return listed(*(REASONS[one] for one in reasons)) if reasons else _("没有")


REFUND = (
    *(days(reason) for reason in BY_PAYERS),
    Entry(
        "refund",
        ("proposed",),
        _("系统自动提出的退款"),
        lambda slot: kinds_slot(
            slot,
            _("哪些退款由系统自动提出，财务处只要点同意？写名称，用逗号分开；没有就写“没有”。"),
            _("系统自动提出的退款"),
            PROPOSED,
        ),
        arrow(show_proposed),
    ),
    Entry(
        "refund",
        ("second_from_fen",),
        _("两人同意的金额"),
        lambda slot: slots.fen(
            slot, _("从多少元起要财务处两位老师同意？"), title=_("两人同意的金额"), most=10_000_000
        ),
        arrow(yuan),
    ),
    whole("remind_after_days", _("退款几个工作日后提醒"), _("几个工作日没处理就提醒？"), 60),
    whole("escalate_after_days", _("退款几个工作日后催办"), _("几个工作日没处理就催办？"), 60),
)
