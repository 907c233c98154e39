"""The dialogs about money that goes back, and how a refund stands in lists of all kinds."""

from backend.authority import Role
from backend.refunds import asking as refunds
from backend.refunds.states import KIND, OVER
from dialogs.case_kinds import CASES, CaseKind
from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.refunds import asking, deciding, documents, mending, mine, refusing
from dialogs.refunds.words import STATES, title

CASE = frozenset({"application_number", "order_number"})
DIALOGS: dict[str, Dialog] = {
    "request_refund": Dialog(
        asking.request_refund, _("我要退款"), about=CASE, said=asking.PAID_TWICE
    ),
    "my_refunds": Dialog(
        mine.my_refunds,
        _("我的退款"),
        about=frozenset({"application_number"}),
        said=mine.MINE,
        brief=True,
    ),
    "refund_status": Dialog(mine.refund_status, _("退款进度"), brief=True),
    "refund_inbox": Dialog(
        deciding.refund_inbox, _("待办的退款"), staff=True, said=deciding.WAITING, brief=True
    ),
    "decide_refund": Dialog(deciding.decide_refund, _("退款审批")),
    "approve_refund": Dialog(deciding.approve_refund, _("同意退款")),
    "approve_refunds": Dialog(deciding.approve_refunds, _("一起同意退款")),
    "refuse_refund": Dialog(refusing.refuse_refund, _("不同意退款")),
    "keep_document": Dialog(documents.keep_document, _("不撤销成绩单")),
    "refund_again": Dialog(mending.refund_again, _("再退一次")),
    "refund_by_hand": Dialog(mending.refund_by_hand, _("登记线下退款")),
}
CASES[KIND] = CaseKind(
    title,
    STATES,
    frozenset(OVER),
    status="refund_status",
    decide="decide_refund",
    deciders=frozenset({Role.FINANCE}),
    withdrawable=refunds.withdrawable,
    withdraw=refunds.withdraw,
)
