"""Why a document is not revoked, or not yet: the sentences, and what helps."""

from collections.abc import Callable, Mapping
from datetime import datetime

from dialogs.engine.words import Words, _
from dialogs.reviewing import refusals as review_refusals

Facts = Mapping[str, object]


def own_second_look(facts: Facts) -> Words:
    if facts.get("of") != "revocation":
        return review_refusals.SENTENCES["own_second_look"](facts)
    return _("{number} 是您自己提请的，要请教务部另一位老师确认。", number=facts["number"])


def nobody_for_second_look(facts: Facts) -> Words:
    if facts.get("of") != "revocation":
        return review_refusals.SENTENCES["nobody_for_second_look"](facts)
    return _("教务部没有另一位老师能确认撤销 {number}，没有提请。", number=facts["number"])


SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "own_second_look": own_second_look,
    "nobody_for_second_look": nobody_for_second_look,
    "already_proposed": lambda f: _(
        "已经有人提请撤销（{number}），等另一位老师确认，最晚 {until}。",
        number=f["number"],
        until=datetime.fromisoformat(str(f["until"])),
    ),
    "revocation_over": lambda f: _(
        "{number} 已经失效：到期了，或者提请的老师不在教务部了。没有撤销；要撤销 {application}，请重新提请。",
        number=f["number"],
        application=f["application"],
    ),
}
NEXT: dict[str, tuple[Words, str]] = {"already_proposed": (_("待我审批"), "staff_inbox")}
# What was done last with a proposal; the letter of its number tells it from other cases.
EVENTS: dict[str, Words] = {
    "V.propose": _("已提请撤销"),
    "V.confirm": _("已撤销"),
    "V.decline": _("没有同意撤销"),
    "V.withdraw": _("提请人已撤回"),
    "V.lapse": _("到期没有确认，没有撤销"),
    "V.settle": _("已重新出具"),
}
