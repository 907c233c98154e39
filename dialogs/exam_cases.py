"""The dialogs of graduation, transfer out and back-entry, by their names."""

from dialogs import (
    back_entry,
    back_entry_list,
    exam_checklist,
    exam_graduation,
    exam_graduation_status,
    exam_transfer_out,
    exam_transfer_out_status,
    proofs,
)
from dialogs.back_entry_words import BEFORE
from dialogs.running import Dialog
from dialogs.words import _

CASE = frozenset({"application_number"})

DIALOGS: dict[str, Dialog] = {
    "exam_checklist": Dialog(
        exam_checklist.exam_checklist, _("毕业还差什么"), said=exam_checklist.ASKED, brief=True
    ),
    "apply_exam_graduation": Dialog(
        exam_graduation.apply_exam_graduation,
        _("申请自考毕业"),
        file=proofs.PICTURE,
        album=True,
    ),
    "reapply_exam_graduation": Dialog(
        exam_graduation.reapply_exam_graduation,
        _("重新申请毕业"),
        file=proofs.PICTURE,
        album=True,
    ),
    "exam_graduation_status": Dialog(
        exam_graduation_status.exam_graduation_status, _("自考毕业进度"), about=CASE, brief=True
    ),
    "pay_review_fee": Dialog(
        exam_graduation_status.pay_review_fee,
        _("缴毕业审定费"),
        said=exam_graduation_status.PAYING,
    ),
    "apply_transfer_out": Dialog(
        exam_transfer_out.apply_transfer_out, _("申请转出"), hears=frozenset({"province"})
    ),
    "reapply_transfer_out": Dialog(exam_transfer_out.reapply_transfer_out, _("重新申请转出")),
    "transfer_out_status": Dialog(
        exam_transfer_out_status.transfer_out_status, _("转出进度"), about=CASE, brief=True
    ),
    "back_entries": Dialog(
        back_entry_list.back_entries, _("我补登的"), said=back_entry_list.MINE, brief=True
    ),
    "backfill_scores": Dialog(
        back_entry.backfill_scores,
        _("成绩补登"),
        hears=frozenset({"year_month", "province"}),
        said=BEFORE,
        file=proofs.PICTURE,
        album=True,
    ),
    "change_back_entry": Dialog(
        back_entry_list.change_back_entry, _("编辑补登"), file=proofs.PICTURE, album=True
    ),
}
