"""When people are told, as entries that academic affairs may change."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from backend.policy.telling import IN_THE_DIGEST
from dialogs.engine import slots
from dialogs.engine.slots import Invalid, Option, Slot
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, listed
from dialogs.policies.entry import Entry, arrow, literally

KINDS: dict[str, Words] = {
    "transcript.file_for_approval": _("新的申请"),
    "transcript.answer": _("学生的回答"),
    "transcript.assign": _("同事转来的申请"),
    "transcript.remind": _("审批提醒"),
    "review.filed": _("要审核的申请"),
    "review.remind": _("审核提醒"),
    "transcript.escalate": _("转教务部"),
    "transcript.ask_back": _("老师的问题"),
    "transcript.approve": _("审批通过"),
    "transcript.reject": _("审批驳回"),
    "transcript.pay": _("收到付款"),
    "transcript.pay_late": _("收到迟到的付款"),
    "payment.received": _("一起付款的收据"),
    "transcript.issue": _("成绩单做好"),
    "transcript.get_stuck": _("成绩单没做出来"),
    "transcript.order_expired": _("订单过期"),
    "absence.plan": _("请人代办"),
    "absence.begin": _("代办开始"),
    "absence.finish": _("代办结束"),
    "handoff.ask": _("学生找人"),
    "handoff.take": _("老师接手"),
    "handoff.words": _("和老师的对话"),
    "handoff.end": _("和老师的对话结束"),
    "handoff.run_out": _("和老师的对话自动结束"),
    "job.failed": _("后台任务失败"),
    "payment.mismatch": _("金额不符的付款"),
    "transfer_in.remind_hours": _("转入现场确认的当天提醒"),
    "photo.remind_evening": _("拍照前一晚的提醒"),
    "photo.remind_hours": _("拍照当天的提醒"),
    "photo.remind_missing": _("没拍照的提醒"),
    "photo.moved": _("拍照安排变了"),
    "revocation.propose": _("待确认的撤销"),
    "refund.ask": _("退款申请"),
    "refund.propose": _("系统提出的退款"),
    "refund.refer": _("待确认的退款"),
    "refund.await_document": _("要退款的成绩单"),
    "refund.document_kept": _("交回财务处的退款"),
    "refund.remind": _("退款提醒"),
    "refund.fail": _("退款没有成功"),
    "refund.succeed": _("退款成功"),
    "disposal.refer": _("待确认的款项处理"),
    "reconciliation.agreed": _("对账一致"),
    "reconciliation.differs": _("对账有差异"),
    "reconciliation.explained": _("差异已对上"),
    "reconciliation.late": _("账单没有拿到"),
    "signing.refused": _("签名密钥用不了"),
    "signing.revoked": _("签名证书被吊销"),
    "exam_window.change": _("自考办理时间变了"),
}
NOBODY = Option("none", _("没有"))
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s*(?::|点)\s*([0-5]\d)?(?!\d)")


def time_slot(name: str, prompt: Words, title: Words) -> Slot[time]:
    """22:00, 22点, 7点30."""

    def read(said: Said) -> str | None:
        found = _TIME.findall(said.words)
        if len(found) != 1:
            return None
        hour, minute = found[0]
        return f"{int(hour):02}:{minute or '00'}"

    return Slot(name, prompt, title, time.fromisoformat, read)


def kinds_slot(
    name: str, prompt: Words, title: Words, allowed: Mapping[str, Words]
) -> Slot[tuple[str, ...]]:
    """Several of these kinds by their titles, separated by commas."""
    options = tuple(Option(kind, title) for kind, title in allowed.items())

    def parse(stored: str) -> tuple[str, ...]:
        if stored == NOBODY.value:
            return ()
        found = []
        for part in re.split(r"[,，、;；\n]+", stored):
            kind = slots.option_meant(part, options)
            if kind is None:
                raise Invalid(not_one_of(part, allowed))
            found.append(kind)
        return tuple(dict.fromkeys(found))

    def read(said: Said) -> str | None:
        return slots.option_meant(said.words, (NOBODY,)) or said.text

    return Slot(name, prompt, title, parse, read, (NOBODY,), free=True, verbatim=True)


def not_one_of(part: str, allowed: Mapping[str, Words]) -> Words:
    """Why these words name none of the kinds, and which there are."""
    every = listed(*allowed.values())
    known = tuple(Option(kind, title) for kind, title in KINDS.items())
    if slots.option_meant(part, known) is None:
        return _("没有“{part}”这种通知。有：{all}。", part=part, all=every)
    return _("早上的汇总里没有“{part}”，不能并入。可以并入的有：{all}。", part=part, all=every)


def show_kinds(kinds: Any) -> Speech:
    return listed(*(KINDS.get(one, Words(one)) for one in kinds)) if kinds else _("没有")


def show_time(value: Any) -> Speech:
    return literally(f"{value:%H:%M}")


def at_time(name: str, title: Words, prompt: Words) -> Entry:
    return Entry(
        "notices", (name,), title, lambda slot: time_slot(slot, prompt, title), arrow(show_time)
    )


def kinds(name: str, title: Words, prompt: Words, allowed: Mapping[str, Words] = KINDS) -> Entry:
    def slot(place: str) -> Slot[tuple[str, ...]]:
        return kinds_slot(place, prompt, title, allowed)

    return Entry("notices", (name,), title, slot, arrow(show_kinds))


def whole(name: str, title: Words, prompt: Words, least: int, most: int) -> Entry:
    def slot(place: str) -> Slot[int]:
        return slots.number(place, prompt, title=title, least=least, most=most)

    return Entry("notices", (name,), title, slot, arrow(literally))


NOTICES = (
    at_time("quiet_from", _("免打扰开始"), _("从几点起不推送通知？例如 22:00。")),
    at_time("quiet_until", _("免打扰结束"), _("到几点恢复推送？例如 07:30。")),
    at_time("digest_at", _("早上汇总时间"), _("工作日早上几点发待办汇总？例如 08:30。")),
    kinds(
        "gathered",
        _("并入早上汇总的通知"),
        _("哪些通知在下班后并入早上的汇总？用顿号隔开。"),
        {kind: KINDS[kind] for kind in IN_THE_DIGEST},
    ),
    kinds("urgent", _("随时推送的通知"), _("哪些通知不受免打扰限制？用顿号隔开。")),
    whole("handoff_minutes", _("人工对话几分钟没人说话就结束"), _("几分钟？"), 5, 1440),
    whole("handoff_days", _("没人接手几个工作日后关闭"), _("几个工作日？"), 1, 30),
)
