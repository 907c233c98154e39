"""What an intent is called where staff choose one; the names are the interpreter's."""

from dialogs.coming import COMING
from dialogs.engine.words import Words, _

OUT_OF_SCOPE = "out_of_scope"

MEANINGS: dict[str, Words] = {
    "apply_transcript": _("申请成绩单"),
    "transcript_status": _("查进度"),
    "download_transcript": _("下载成绩单"),
    "withdraw_application": _("撤回申请"),
    "my_applications": _("我的申请"),
    "my_orders": _("我的订单"),
    "pay_order": _("支付订单"),
    "verify_document": _("验证真伪"),
    "share_transcript": _("分享成绩单"),
    "my_shares": _("我的分享"),
    "stop_share": _("停用分享"),
    "request_invoice": _("发票"),
    "my_invoices": _("我的发票"),
    "request_refund": _("退款"),
    "my_refunds": _("我的退款"),
    "price_list": _("收费标准"),
    "ask_rule": _("收费和规定"),
    "ask_human": _("找人"),
    "help": _("帮助"),
    "greet": _("问好"),
    "goodbye": _("再见"),
    "thank": _("谢谢"),
    "affirm": _("回答“是”"),
    "deny": _("回答“不”"),
    "cancel": _("不办了"),
    "go_back": _("上一步"),
    "change_answer": _("改前面的回答"),
    "switch_language": _("换语言"),
    "bind_account": _("绑定账号"),
    "unbind_account": _("解除绑定"),
    "switch_exam_ticket": _("换准考证"),
    "staff_inbox": _("待我审批"),
    "review_statistics": _("审核统计"),
    "revoke_approval": _("通过错了"),
    "ledger_report": _("账目和收支明细"),
    "grant_waiver": _("减免"),
    "reconciliation": _("每日对账"),
    "absence": _("请假"),
    "publish_policy": _("发布新规定"),
    "apply_exemption": _("申请免考"),
    "exemption_status": _("免考进度"),
    "credential_samples": _("凭证样例"),
    "open_services": _("现在能办的业务"),
    "exam_scores": _("自考成绩"),
    "transfer_in_status": _("转入进度"),
    "get_photo_code": _("图像采集码"),
    "photo_schedule": _("拍照安排"),
    "check_photo": _("检查照片"),
    "exam_checklist": _("毕业还差什么"),
    "apply_exam_graduation": _("申请自考毕业"),
    "exam_graduation_status": _("自考毕业进度"),
    "apply_transfer_out": _("申请转出"),
    "transfer_out_status": _("转出进度"),
    "backfill_scores": _("成绩补登"),
    **COMING,
    OUT_OF_SCOPE: _("与我们无关"),
}

# Where one is looked for; every meaning is in one of them.
GROUPS: dict[str, tuple[Words, str]] = {
    "transcripts": (
        _("电子成绩单"),
        "apply_transcript transcript_status download_transcript withdraw_application"
        " my_applications verify_document share_transcript my_shares stop_share",
    ),
    "money": (
        _("订单和钱"),
        "price_list my_orders pay_order request_invoice my_invoices request_refund my_refunds",
    ),
    "questions": (_("规定和找人"), "ask_rule open_services ask_human help"),
    "graduation": (
        _("毕业、学位和照片"),
        "registration_status update_origin_place degree_status fill_degree_data"
        " get_photo_code photo_schedule check_photo",
    ),
    "exam": (
        _("自学考试"),
        "apply_exemption exemption_status exam_scores exam_checklist apply_exam_graduation"
        " exam_graduation_status transfer_in_status apply_transfer_out transfer_out_status"
        " backfill_scores credential_samples switch_exam_ticket",
    ),
    "account": (
        _("账号和个人信息"),
        "bind_account unbind_account change_personal_data export_my_data delete_my_data",
    ),
    "talking": (
        _("对话中的话"),
        "affirm deny cancel go_back change_answer switch_language greet goodbye thank",
    ),
    "staff": (
        _("老师的业务"),
        "staff_inbox review_statistics revoke_approval ledger_report reconciliation grant_waiver"
        " absence"
        " publish_policy",
    ),
}


def grouped(group: str) -> dict[str, Words]:
    """The meanings of a group, by their names."""
    return {name: MEANINGS[name] for name in GROUPS[group][1].split()}
