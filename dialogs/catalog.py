"""Every dialog by its name. The intents of the interpreter and the buttons both use these names."""

from collections.abc import Mapping
from functools import partial

from backend import authority
from backend.exam.windows import OFFICE
from backend.work import Work
from dialogs import cases, learning, smalltalk, uploads
from dialogs.accounts import binding
from dialogs.coming import COMING
from dialogs.engine import repair
from dialogs.engine.dialog import Dialog
from dialogs.engine.engine import Engine
from dialogs.engine.words import Words, _
from dialogs.exam import (
    case_catalog,
    credential_samples,
    scores,
    tickets,
    transfer_in,
    transfer_review,
)
from dialogs.exam import (
    catalog as exam_catalog,
)
from dialogs.fees import catalog as fee_catalog
from dialogs.held import catalog as held_catalog
from dialogs.invoices import catalog as invoice_catalog
from dialogs.ledger import catalog as ledger_catalog
from dialogs.notices import tell
from dialogs.orders import code, ordering, own, paid, tracing
from dialogs.photos import catalog as photo_catalog
from dialogs.policies import exam_windows
from dialogs.policies import publishing as policies
from dialogs.publications import publishing as publication
from dialogs.reconciliation import catalog as reconciliation_catalog
from dialogs.refunds import catalog as refund_catalog
from dialogs.revocations import catalog as revocation_catalog
from dialogs.rules import answering, published
from dialogs.sharing import catalog as sharing_catalog
from dialogs.staff import absence, approvals, asking, broadcasts, handoff, inboxes, labelling
from dialogs.transcripts import applying, mending, status
from dialogs.verification import verifying

CASE = frozenset({"application_number", "order_number"})


def open_here(work: Work, person: int | None, name: str) -> Words | None:
    """The title of a service that is open, and that this person may be offered."""
    dialog = DIALOGS.get(name)
    if dialog is None or dialog.run is COMING_SOON:
        return None
    if dialog.staff and not (person is not None and authority.roles(work, person)):
        return None
    return dialog.title


COMING_SOON = partial(answering.coming, open_here, smalltalk.coming)

DIALOGS: dict[str, Dialog] = {
    # 发票: first, since what finance sends of its own accord is an issued invoice
    **invoice_catalog.DIALOGS,
    # 电子成绩单
    "apply_transcript": Dialog(
        applying.apply_transcript,
        _("申请成绩单"),
        hears=frozenset({"language", "gpa", "coverage"}),
        each=frozenset({"language", "gpa"}),
    ),
    "order_transcript": Dialog(ordering.order_transcript, _("办理订单")),
    "transcript_status": Dialog(
        status.transcript_status, _("查进度"), about=CASE, said=status.MINE, brief=True
    ),
    "about_case": Dialog(cases.about_case, _("查进度"), about=CASE, brief=True),
    "my_applications": Dialog(cases.my_applications, _("我的申请"), brief=True),
    "download_transcript": Dialog(
        status.download_transcript, _("下载成绩单"), about=CASE, brief=True
    ),
    "withdraw_application": Dialog(cases.withdraw_application, _("撤回申请"), about=CASE),
    "my_orders": Dialog(own.my_orders, _("我的订单"), brief=True),
    "paid_order": Dialog(paid.paid_order, _("已付的订单"), brief=True),
    "trace_money": Dialog(
        tracing.trace_money,
        _("查款"),
        staff=True,
        about=CASE,
        clear=tracing.clear,
        office="finance",
    ),
    "pay_order": Dialog(own.pay_order, _("支付订单"), about=frozenset({"order_number"})),
    "payment_code": Dialog(code.payment_code, _("付款二维码"), brief=True),
    "cancel_order": Dialog(
        own.cancel_order,
        _("取消订单"),
        about=frozenset({"order_number"}),
        said=own.CANCELLING,
    ),
    "verify_document": Dialog(
        verifying.verify_document,
        _("验证真伪"),
        signed_in=False,
        said=verifying.SAID,
        lapses=True,
        file=verifying.SENT,
        further="verify_document",
        takes=verifying.may_send,
    ),
    "verification_report": Dialog(
        verifying.verification_report,
        _("详细报告"),
        signed_in=False,
        brief=True,
        further="verify_document",
    ),
    "stop_following": Dialog(
        verifying.stop_following,
        _("不再关注"),
        signed_in=False,
        brief=True,
        further="verify_document",
    ),
    "ask_rule": Dialog(
        partial(answering.ask_rule, open_here),
        _("收费和规定"),
        signed_in=False,
        about=frozenset({"application_number"}),
        brief=True,
        knows=published.knows,
    ),
    # 审批
    "staff_inbox": Dialog(inboxes.staff_inbox, _("待我审批"), staff=True),
    "decide": Dialog(approvals.decide, _("审批")),
    "approve": Dialog(approvals.approve, _("同意")),
    "approve_many": Dialog(approvals.approve_many, _("一起同意")),
    "reject": Dialog(approvals.reject, _("驳回")),
    "look": Dialog(approvals.look, _("看成绩单")),
    "ask_back": Dialog(asking.ask_back, _("问学生")),
    "answer_back": Dialog(asking.answer_back, _("回答老师")),
    "assign": Dialog(asking.assign, _("转给同事")),
    "retry_transcript": Dialog(mending.retry_transcript, _("重新生成")),
    "absence": Dialog(absence.absence, _("请假"), staff=True),
    "name_deputy": Dialog(absence.name_deputy, _("指定代办人"), said=absence.NAMING),
    "end_absence": Dialog(absence.end_absence, _("结束请假"), said=absence.BACK),
    # 规定
    "publish_policy": Dialog(
        policies.publish_policy,
        _("发布新规定"),
        staff=True,
        said=exam_windows.WINDOWS_SAID,
    ),
    # 通知和手册
    "publish_notice": Dialog(
        partial(publication.publish_notice, open_here),
        _("发布新通知"),
        staff=True,
        said=publication.PUBLISHING,
        file=publication.SENT,
        takes=publication.may_send,
    ),
    "withdraw_notice": Dialog(
        publication.withdraw_notice, _("撤回通知"), staff=True, said=publication.WITHDRAWING
    ),
    # 群发
    "broadcast_progress": Dialog(
        broadcasts.broadcast_progress, _("群发进度"), said=broadcasts.PROGRESS
    ),
    "broadcast": Dialog(broadcasts.broadcast, _("群发通知"), said=broadcasts.ANNOUNCING),
    "stop_broadcast": Dialog(broadcasts.stop_broadcast, _("停止群发")),
    # 自学考试
    "credential_samples": Dialog(
        credential_samples.credential_samples, _("凭证样例"), signed_in=False, brief=True
    ),
    # 账号
    "bind_account": Dialog(binding.bind_account, _("绑定账号"), signed_in=False),
    "bind_by_start": Dialog(binding.bind_by_start, _("绑定这个账号"), signed_in=False),
    "unbind_account": Dialog(binding.unbind_account, _("解除绑定")),
    "switch_exam_ticket": Dialog(binding.switch_exam_ticket, _("换准考证")),
    "withheld": Dialog(binding.withheld, _("没有保存的消息"), signed_in=False),
    # 听懂更多
    "help_improve": Dialog(learning.help_improve, learning.IMPROVE, said=learning.GIVING),
    "decline_improving": Dialog(learning.decline_improving, _("不帮助改进")),
    "stop_improving": Dialog(learning.stop_improving, _("不再帮助改进"), said=learning.WITHDRAWING),
    "label_unclear": Dialog(
        labelling.label_unclear, _("没听懂的话"), staff=True, said=labelling.LABELLING
    ),
    "label_otherwise": Dialog(labelling.label_otherwise, _("其他意思")),
    # 自学考试
    "open_services": Dialog(
        partial(tickets.open_services, open_here), _("现在能办的业务"), signed_in=False, brief=True
    ),
    "exam_scores": Dialog(
        scores.exam_scores,
        _("自考成绩"),
        hears=frozenset({"exam_ticket", "course", "year_month"}),
        brief=True,
        office=OFFICE,
    ),
    "transfer_in_status": Dialog(transfer_in.transfer_in_status, _("转入进度"), brief=True),
    "review_transfers": Dialog(
        transfer_review.review_transfers, _("外省转入"), staff=True, brief=True
    ),
    "review_transfer": Dialog(transfer_review.review_transfer, _("外省转入"), brief=True),
    "invite_transfer": Dialog(transfer_review.invite_transfer, _("约现场确认")),
    "move_transfer": Dialog(transfer_review.move_transfer, _("审核转入")),
    # 其他
    "greet": Dialog(smalltalk.greet, _("问好"), signed_in=False),
    "goodbye": Dialog(smalltalk.goodbye, _("再见"), signed_in=False),
    "thank": Dialog(smalltalk.thank, _("谢谢"), signed_in=False),
    "help": Dialog(smalltalk.help_, _("帮助"), signed_in=False),
    "upload_file": Dialog(uploads.upload_file, _("上传文件"), said=uploads.UPLOADING),
    "ask_human": Dialog(
        partial(answering.whom_to_call, open_here, handoff.ask_human),
        _("找人"),
        signed_in=False,
        said=handoff.WANTED,
    ),
    "ask_person": Dialog(handoff.ask_person, _("找老师")),
    "take_over": Dialog(handoff.take_over, _("接手")),
    "end_talk": Dialog(handoff.end_talk, _("结束对话")),
    "waiting_students": Dialog(handoff.waiting_students, _("等老师的同学"), said=handoff.WAITING),
    "switch_language": Dialog(smalltalk.switch_language, _("换语言"), signed_in=False),
    "leave": Dialog(repair.leave, _("不办了"), signed_in=False),
}

DIALOGS |= revocation_catalog.DIALOGS
DIALOGS |= refund_catalog.DIALOGS
DIALOGS |= fee_catalog.DIALOGS
DIALOGS |= exam_catalog.DIALOGS
DIALOGS |= photo_catalog.DIALOGS
DIALOGS |= sharing_catalog.DIALOGS
DIALOGS |= case_catalog.DIALOGS
DIALOGS |= held_catalog.DIALOGS
DIALOGS |= reconciliation_catalog.DIALOGS
DIALOGS |= ledger_catalog.DIALOGS
DIALOGS |= {
    name: Dialog(COMING_SOON, title, signed_in=False, brief=True) for name, title in COMING.items()
}


def engine(dialogs: Mapping[str, Dialog] = DIALOGS) -> Engine:
    return Engine(dialogs, tell, dict.fromkeys(CASE, "about_case"), handoff.relay, asking.owed)
