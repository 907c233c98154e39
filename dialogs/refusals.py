"""Why not: the sentence for each refusal, its clause, what to do, and whom to call."""

from collections.abc import Callable, Mapping
from datetime import datetime

from backend import authority
from backend.charges import MOST_ORDERS
from backend.clock import SHANGHAI
from backend.errors import Refused
from backend.models import Person
from backend.policy import store
from backend.work import Work
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, lines, plain
from dialogs.exam import case_refusals
from dialogs.exam import refusals as exam_refusals
from dialogs.fees import refusals as fee_refusals
from dialogs.held import refusals as held_refusals
from dialogs.invoices import refusals as invoice_refusals
from dialogs.ledger import refusals as ledger_refusals
from dialogs.photos import refusals as photo_refusals
from dialogs.reconciliation import refusals as reconciliation_refusals
from dialogs.refunds import refusals as refund_refusals
from dialogs.reviewing import refusals as review_refusals
from dialogs.revocations import refusals as revocation_refusals
from dialogs.revocations.revoked import why_words
from dialogs.sharing import refusals as sharing_refusals

Facts = Mapping[str, object]

# What is closed until the institution sets it, called as where it is published.
NOT_SET: dict[str, Words] = {
    "order_hours": _("订单有效小时"),
    "fee_order_hours": _("拍摄费订单有效小时"),
    "gpa": _("GPA 算法"),
    **invoice_refusals.NOT_SET,
}


def policy_unchanged(facts: Facts) -> Words:
    """With what stands, where that can be shown."""
    now = facts["now"]
    if isinstance(now, Joined) and now.parts:
        return _("和现在的一样，没有什么可以发布的。现在是：{now}", now=now)
    return _("和现在的一样，没有什么可以发布的。")


SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "broadcast_over": lambda f: _("群发 {number} 已经全部发出，停不了了。", number=f["number"]),
    "officer_gone": lambda f: (
        _("您不再负责这项业务，这次对话结束了，这句话没有转过去。")
        if f.get("officer")
        else _(
            "和您说话的老师不再负责这项业务，这次对话结束了，这句话没有转过去。需要的话，请重新找老师。"
        )
    ),
    "nobody_to_tell": lambda f: _("这个范围里没有人，没有发出。"),
    "not_a_student": lambda f: _("学籍里没有您的学生信息，所以不能申请成绩单。"),
    "enrolled_too_early": lambda f: _(
        "{first} 年之前入学的成绩单数据还在处理中，暂不提供电子成绩单。您是 {year} 年入学。",
        **pick(f, "first", "year"),
    ),
    "no_central_teaching": lambda f: _(
        "您是 {year} 年入学、没有参加北京集中教学；{first} 年以前入学的，只有集中教学期间有电子成绩单。",
        **pick(f, "year", "first"),
    ),
    "not_taught_centrally": lambda f: _("您没有参加北京集中教学，没有单独的集中教学成绩单。"),
    "combined_only_later": lambda f: _(
        "集中教学和所级教学合在一起的成绩单，{first} 年及以后入学才有；您是 {year} 年入学。",
        **pick(f, "first", "year"),
    ),
    "no_grades": lambda f: _("系统里还没有您的成绩，做不出成绩单。"),
    "missing_glyph": lambda f: _(
        "成绩单里有字库没有的字：{glyphs}。为了不印错，这份成绩单先不出，已经通知教务部处理。",
        **pick(f, "glyphs"),
    ),
    "already_waiting": lambda f: _(
        "同样的成绩单已经有一份在等审批：{number}。请等结果，或先撤回那一份。", **pick(f, "number")
    ),
    "preview_first": lambda f: _("成绩数据有更新，确认订单之前请先看一遍新的预览。"),
    "policy_not_set": lambda f: _(
        "学校还没有定下“{entry}”，要用到它的业务暂时不开放。", entry=NOT_SET[str(f["entry"])]
    ),
    "service_closed": lambda f: _("这项业务还没有开放。"),
    "policy_in_the_past": lambda f: _("新的规定不能从过去的日期开始。"),
    "calendar_first": lambda f: _(
        "还没有发布过放假的日子，没法数工作日。请把“放假的日子”一起发布，或先发布工作日历。"
    ),
    "policy_contradiction": lambda f: _(
        "这些改动互相矛盾：合并成绩单的入学年不能早于集中教学成绩单，邮件申请的截止日不能早于起始日。"
    ),
    "times_contradiction": lambda f: _(
        "这些时间互相矛盾：免打扰要有开始和结束，早上汇总不能落在免打扰里，办公时间前后不能重叠。"
    ),
    "policy_unchanged": policy_unchanged,
    "credential_contradiction": lambda f: _(
        "这些改动互相矛盾：先提议的月数不能超过最长的月数；等级成绩的说明要么中文、英文都有，要么都没有。"
    ),
    "nobody_there": lambda f: _("现在没有老师可以在这里回答。"),
    "talking_already": lambda f: _("您已经在一段对话里（或正在等老师），请先结束那一段。"),
    "they_are_talking": lambda f: _("对方正在另一段对话里，请等那一段结束再接手。"),
    "free_copy_gone": lambda f: _("这一种的免费份额刚刚用掉了，请重新确认价格。"),
    "no_such_application": lambda f: _(
        "没有查到您名下编号为 {number} 的申请。", **pick(f, "number")
    ),
    "no_such_order": lambda f: _("没有查到您名下编号为 {number} 的订单。", **pick(f, "number")),
    "not_issued_yet": lambda f: _("{number} 的成绩单还没有生成。", **pick(f, "number")),
    "download_over": lambda f: _(
        "{number} 的下载期是 {months} 个月，到 {until} 为止，文件已经删除。需要的话请重新申请；旧文件的二维码仍然可以验证。",
        number=f["number"],
        months=f["months"],
        until=datetime.fromisoformat(str(f["until"])).astimezone(SHANGHAI),
    ),
    "credential_revoked": lambda f: _("这份成绩单已被撤销：{why}", why=why_words(f["why"])),
    "not_a_colleague": lambda f: _("不能转给这位老师：不是这份申请的审批人。"),
    "absence_days": lambda f: _("请假要从今天或以后开始，一年之内结束。"),
    "absent_already": lambda f: _("这几天您已经登记过请假，请先提前结束那一次。"),
    "deputy_absent": lambda f: _("这位老师这几天也请假，请换一位代办人。"),
    "not_a_deputy": lambda f: _("这位老师不能代您审批。"),
    "no_such_person": lambda f: _("没有工号或学号为 {number} 的人。", **pick(f, "number")),
    "no_such_unit": lambda f: _("没有代码为 {code} 的培养单位。", **pick(f, "code")),
    "deputy_already": lambda f: _("已经是这个单位的代办人了。"),
    "no_deputies": lambda f: _("没有可以代您审批的人，请联系教务部指定。"),
    "reason_needed": lambda f: _("要写明理由。"),
    "picture_stopped": lambda f: _("有一张图片没有通过检查，请换一张再提交。"),
    "file_gone": lambda f: _("这份文件已经不在了，请再发一次。"),
    "nothing_to_publish": lambda f: _("一条都没有留下，没有可以发布的。"),
    "published_already": lambda f: _(
        "这份文件已经发布过：{title}（{number}）。要重新发布，请先撤回那一份。",
        **pick(f, "title", "number"),
    ),
    "not_replaceable": lambda f: _("要代替的文件刚刚有变化，请重新选。"),
    "withdrawn_already": lambda f: _("{number} 已经撤回过了。", **pick(f, "number")),
    "not_allowed": lambda f: _("没有这一项，或者不由您办理。"),
    "nothing_traced": lambda f: _(
        "没有查到。请核对编号；交易单号在付款人微信的账单详情里，28 位。姓名要写全，没有下过单的人查不到。"
    ),
    "order_not_payable": lambda f: _("订单 {number} 现在不用支付。", **pick(f, "number")),
    "not_together": lambda f: _(
        "只有同一个人的订单可以一起支付，一次最多 {most} 张。", most=MOST_ORDERS
    ),
    "no_payments": lambda f: _("这里现在不能在线支付。"),
    "no_exam_ticket": lambda f: _("没有查到您名下有效的准考证；新的准考证要重新登录一次才会连上。"),
    "step_up_impossible": lambda f: _("这一步要先确认是您本人，但这里现在没有办法确认。"),
    "link_over": lambda f: _("链接已经用过，或者过了十分钟。请回到对话重新打开。"),
    "account_taken": lambda f: _("这个账号已经绑定给别人了，要先解除绑定。"),
    "other_person": lambda f: _("登录的不是这个账号的主人。"),
    **exam_refusals.SENTENCES,
    **photo_refusals.SENTENCES,
    **sharing_refusals.SENTENCES,
    **ledger_refusals.SENTENCES,
    **invoice_refusals.SENTENCES,
}

SENTENCES |= review_refusals.SENTENCES
SENTENCES |= case_refusals.SENTENCES
SENTENCES |= revocation_refusals.SENTENCES
SENTENCES |= refund_refusals.SENTENCES
SENTENCES |= fee_refusals.SENTENCES
SENTENCES |= reconciliation_refusals.SENTENCES
SENTENCES |= held_refusals.SENTENCES

# What helps after a refusal, one press away.
NEXT: dict[str, tuple[Words, str]] = {
    "already_waiting": (_("我的申请"), "my_applications"),
    "download_over": (_("重新申请"), "apply_transcript"),
    "no_such_application": (_("我的申请"), "my_applications"),
    "no_such_order": (_("我的订单"), "my_orders"),
    "not_a_student": (_("收费和规定"), "ask_rule"),
    "enrolled_too_early": (_("收费和规定"), "ask_rule"),
    "no_central_teaching": (_("收费和规定"), "ask_rule"),
    "not_issued_yet": (_("我的申请"), "my_applications"),
    "credential_revoked": (_("重新申请"), "apply_transcript"),
    "not_allowed": (_("我能办什么"), "help"),
    "nothing_traced": (_("再查一次"), "trace_money"),
    **exam_refusals.NEXT,
    **sharing_refusals.NEXT,
    **ledger_refusals.NEXT,
    **invoice_refusals.NEXT,
}

NEXT |= review_refusals.NEXT
NEXT |= case_refusals.NEXT
NEXT |= revocation_refusals.NEXT
NEXT |= refund_refusals.NEXT
NEXT |= fee_refusals.NEXT
NEXT |= reconciliation_refusals.NEXT
NEXT |= held_refusals.NEXT

# Officers ask for others' applications, and not for their own.
TO_OFFICERS: dict[str, Callable[[Facts], Words]] = {
    "no_such_application": lambda f: _(
        "没有由您经办、编号为 {number} 的申请。", **pick(f, "number")
    ),
}
NEXT_FOR_OFFICERS = {"no_such_application": (_("待我审批"), "staff_inbox")}


def to_an_officer(work: Work, refused: Refused) -> bool:
    return refused.code in TO_OFFICERS and bool(work.actor and authority.roles(work, work.actor))


def next_step(work: Work, refused: Refused) -> tuple[Words, str] | None:
    """What the button says that helps, and which dialog it opens."""
    steps = NEXT_FOR_OFFICERS if to_an_officer(work, refused) else NEXT
    return steps.get(refused.code)


def pick(facts: Facts, *names: str) -> dict[str, object]:
    return {name: facts[name] for name in names}


def sentence(work: Work, refused: Refused) -> Joined:
    """The reason, the clause in brackets, and the office to call where one can help."""
    if refused.code == "already_handled":
        return Joined((already_handled(work, refused.facts),))
    sentences = TO_OFFICERS if to_an_officer(work, refused) else SENTENCES
    reason = sentences[refused.code](refused.facts)
    parts: list[Speech] = [
        _("{reason}（依据 {rule}）", reason=reason, rule=refused.rule) if refused.rule else reason
    ]
    if name := refused.facts.get("office"):
        parts.append(office(work, str(name)))
    return lines(*parts)


def already_handled(work: Work, facts: Facts) -> Words:
    by = work.session.get(Person, facts["by"]) if facts.get("by") else None
    return _(
        "{number} 已经办理过了：{by}，{at}，{event}。",
        number=facts["number"],
        by=Bilingual(by.name, by.name_en) if by else _("系统"),
        at=datetime.fromisoformat(str(facts["at"])),
        event=event_name(str(facts["event"]), str(facts["number"])),
    )


EVENTS: dict[str, Words] = {
    "approve": _("已同意"),
    "reject": _("已驳回"),
    "take": _("已接手"),
    "end": _("已结束"),
    "run_out": _("已自动结束"),
    "ask_back": _("已问学生"),
    "answer": _("学生已回答"),
    "assign": _("已转给同事"),
    "withdraw": _("申请人已撤回"),
    "supersede": _("已有合格成绩，自动结束"),
    "give_up": _("申请人已撤回"),
    "order": _("已确认订单"),
    "order_expired": _("订单已过期"),
    "pay": _("已支付"),
    "pay_late": _("已支付"),
    "get_stuck": _("已转教务部"),
    "retry": _("已重新生成"),
    "issue": _("已签发"),
    "expire": _("下载期已满"),
    "revoke": _("已撤销"),
    "reissue": _("已撤销并重新出具"),
    "escalate": _("已转教务部"),
    "confirm": _("已确认订单"),
    "close": _("订单已关闭"),
    "cancel": _("订单已取消"),
    "order_cancelled": _("订单已取消"),
    "save": _("订单已保存"),
    "label": _("已标注"),
    **exam_refusals.EVENTS,
    **invoice_refusals.EVENTS,
}

EVENTS |= review_refusals.EVENTS
EVENTS |= case_refusals.EVENTS
EVENTS |= revocation_refusals.EVENTS
EVENTS |= refund_refusals.EVENTS
EVENTS |= fee_refusals.EVENTS
EVENTS |= reconciliation_refusals.EVENTS
EVENTS |= held_refusals.EVENTS


def event_name(event: str, number: str) -> Words:
    """What was done last with a case; some kinds, told by the letter of the number, have own words."""
    return EVENTS.get(f"{number[:1]}.{event}") or EVENTS.get(event, plain(event))


def office(work: Work, name: str) -> Words:
    """``请联系教务部（刘老师）：010-…，…@…`` (T10)."""
    entry = store.offices(work).offices[name]
    reach = Joined(tuple(plain(part) for part in (entry.phone, entry.email) if part), "，", ", ")
    if entry.contact:
        return _(
            "请联系{office}（{contact}）：{reach}",
            office=Bilingual(entry.name_zh, entry.name_en),
            contact=entry.contact,
            reach=reach,
        )
    return _("请联系{office}：{reach}", office=Bilingual(entry.name_zh, entry.name_en), reach=reach)
