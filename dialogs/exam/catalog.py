"""The dialogs of exemption and of reviewing, by their names."""

from dataclasses import replace

from backend.exam.windows import OFFICE
from dialogs.engine import early
from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.exam import exemption, exemption_changes, exemption_status
from dialogs.proofs import collecting
from dialogs.reviewing import deciding, look, many, questions, statistics, undo

VALUES = frozenset(early.NAMES)
CASE = frozenset({"application_number"})

DIALOGS: dict[str, Dialog] = {
    "apply_exemption": Dialog(
        exemption.apply_exemption,
        _("申请免考"),
        hears=VALUES | {"course", "course*", "credential_type"},
        file=collecting.PICTURE,
        album=True,
    ),
    "change_exemption": Dialog(
        exemption_changes.change_exemption,
        _("修改免考申请"),
        hears=VALUES,
        file=collecting.PICTURE,
        album=True,
    ),
    "withdraw_exemption": Dialog(exemption_changes.withdraw_exemption, _("撤回免考申请")),
    "revoke_exemption": Dialog(
        exemption_changes.revoke_exemption,
        _("撤销免考"),
        about=CASE,
        said=exemption_changes.REVOKING,
    ),
    "exemption_status": Dialog(exemption_status.exemption_status, _("免考进度"), brief=True),
    "review": Dialog(deciding.review, _("审核")),
    "review_next": Dialog(deciding.review_next, _("下一份")),
    "review_approve": Dialog(deciding.review_approve, _("审核通过")),
    "review_approve_many": Dialog(many.review_approve_many, _("一起通过")),
    "review_approve_rest": Dialog(many.review_approve_rest, _("剩下的都通过"), said=many.REST),
    "revoke_approval": Dialog(undo.revoke_approval, _("通过错了"), about=CASE, said=undo.UNDOING),
    "look_doubted": Dialog(look.look_doubted, _("看图")),
    "settle_doubt": Dialog(undo.settle_doubt, _("复核撤销")),
    "review_reject": Dialog(deciding.review_reject, _("审核驳回")),
    "review_refer": Dialog(deciding.review_refer, _("请同事复核")),
    "review_send_back": Dialog(deciding.review_send_back, _("退回再看")),
    "review_look": Dialog(look.review_look, _("看图")),
    "review_ask": Dialog(questions.review_ask, _("问考生")),
    "answer_review": Dialog(
        questions.answer_review,
        _("回答审核的老师"),
        file=collecting.PICTURE,
        album=True,
    ),
    "review_statistics": Dialog(
        statistics.review_statistics,
        _("审核统计"),
        said=statistics.ASKED,
        brief=True,
    ),
}
DIALOGS = {name: replace(one, office=OFFICE) for name, one in DIALOGS.items()}
