"""Why money is not paid back, or not yet: the sentences, and what helps."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from dialogs.engine.words import Words, _
from dialogs.refunds.words import REASONS

Facts = Mapping[str, object]

SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "refund_asked_already": lambda f: _("已经在退或已经退过（{number}）。", number=f["number"]),
    "refund_nothing_left": lambda f: _("这笔款已经在退或已经退过，没有剩下可退的。"),
    "refund_too_late": lambda f: _(
        "“{reason}”的退款最晚 {until} 申请，已经过期。",
        reason=REASONS[str(f["reason"])],
        until=datetime.fromisoformat(str(f["until"])).date(),
    ),
    "refund_not_open": lambda f: _("学校还没有定下退款期限，这里暂时不能申请退款。"),
    "refund_changed": lambda f: _("这份成绩单刚刚有变化，请重新申请退款。"),
    "refund_by_office": lambda f: _("这一项在这里不能退，由财务处办理。"),
    "refund_used": lambda f: _("照片已经拍过，拍摄费不能退。"),
    "refund_used_since": lambda f: _(
        "{number} 没有办理：照片 {day} 已经拍过，拍摄费不能退，请点“不同意”。",
        number=f["number"],
        day=date.fromisoformat(str(f["day"])),
    ),
    "own_refund_look": lambda f: _(
        "{number} 是您先同意的，要请财务处另一位老师确认。", number=f["number"]
    ),
    "nobody_for_refund": lambda f: _(
        "{number} 金额较大，要财务处两位老师同意，现在没有另一位老师，所以没有办理。请系统管理员先加一位财务处老师。",
        number=f["number"],
    ),
    "refund_under_way": lambda f: _(
        "{number} 现在不能登记：还没有问到支付平台是不是正在退这一笔，现在另外付就可能退两次。请过几分钟再登记。",
        number=f["number"],
    ),
    "refund_in_hand": lambda f: _(
        "{who}正在线下退 {number}，{until} 之前这里不退，以免退两次。请先问{who}。",
        who=str(f["who"]),
        number=f["number"],
        until=datetime.fromisoformat(str(f["until"])),
    ),
    "refund_by_two": lambda f: _(
        "{number} 金额较大，要财务处两位老师：请先点“同意退款”，再请另一位老师登记线下退款。",
        number=f["number"],
    ),
    "refund_document_stands": lambda f: _(
        "成绩单 {transcript} 还有效，退了钱就不能再用。请教务部先撤销，撤销以后再登记。",
        transcript=f["transcript"],
    ),
    "reference_needed": lambda f: _("要写银行流水号。"),
    "refund_day": lambda f: _(
        "退款日期要在 {since} 以后，不能晚于今天。", since=date.fromisoformat(str(f["since"]))
    ),
}
NEXT: dict[str, tuple[Words, str]] = {
    "refund_asked_already": (_("我的退款"), "my_refunds"),
    "refund_nothing_left": (_("我的退款"), "my_refunds"),
    "refund_changed": (_("我要退款"), "request_refund"),
    "own_refund_look": (_("待我办理"), "staff_inbox"),
    "refund_used_since": (_("待我办理"), "staff_inbox"),
    "refund_in_hand": (_("待我办理"), "staff_inbox"),
    "refund_under_way": (_("待我办理"), "staff_inbox"),
}
# What was done last with a refund; the letter of its number tells it from other cases.
EVENTS: dict[str, Words] = {
    "R.ask": _("已申请退款"),
    "R.propose": _("已提出退款"),
    "R.withdraw": _("付款人已撤回"),
    "R.refer": _("已同意，等另一位老师确认"),
    "R.refuse": _("没有同意"),
    "R.await_document": _("已同意，等教务部撤销成绩单"),
    "R.document_kept": _("成绩单没有撤销，已交回财务处"),
    "R.document_ended": _("成绩单已撤销，正在退款"),
    "R.approve": _("已同意"),
    "R.send": _("退款已发出"),
    "R.fail": _("退款没有成功"),
    "R.again": _("已再退一次"),
    "R.by_hand": _("已登记线下退款"),
    "R.succeed": _("已退款"),
    "refund": _("已退款，不再办理"),
}
