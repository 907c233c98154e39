"""The dialogs of exemption and of reviewing, by their names."""

from dialogs import (
    exemption,
    exemption_changes,
    exemption_status,
    proofs,
    review_questions,
    review_statistics,
    reviewing,
)
from dialogs.running import Dialog
from dialogs.words import _

CASE = frozenset({"application_number"})

DIALOGS: dict[str, Dialog] = {
    "apply_exemption": Dialog(
        exemption.apply_exemption,
        _("申请免考"),
        hears=frozenset({"course", "course*", "credential_type", "province", "year_month"}),
        file=proofs.PICTURE,
        album=True,
    ),
    "change_exemption": Dialog(
        exemption_changes.change_exemption, _("修改免考申请"), file=proofs.PICTURE, album=True
    ),
    "withdraw_exemption": Dialog(exemption_changes.withdraw_exemption, _("撤回免考申请")),
    "revoke_exemption": Dialog(
        exemption_changes.revoke_exemption,
        _("撤销免考"),
        about=CASE,
        said=exemption_changes.REVOKING,
    ),
    "exemption_status": Dialog(exemption_status.exemption_status, _("免考进度"), brief=True),
    "review": Dialog(reviewing.review, _("审核")),
    "review_next": Dialog(reviewing.review_next, _("下一份")),
    "review_approve": Dialog(reviewing.review_approve, _("审核通过")),
    "review_approve_many": Dialog(reviewing.review_approve_many, _("一起通过")),
    "review_reject": Dialog(reviewing.review_reject, _("审核驳回")),
    "review_refer": Dialog(reviewing.review_refer, _("请同事复核")),
    "review_send_back": Dialog(reviewing.review_send_back, _("退回再看")),
    "review_look": Dialog(reviewing.review_look, _("看图")),
    "review_ask": Dialog(review_questions.review_ask, _("问考生")),
    "answer_review": Dialog(review_questions.answer_review, _("回答审核的老师")),
    "review_statistics": Dialog(
        review_statistics.review_statistics,
        _("审核统计"),
        said=review_statistics.ASKED,
        brief=True,
    ),
}
