"""The dialogs of graduation, transfer out and back-entry, by their names."""

from dataclasses import replace

from backend.exam.windows import OFFICE
from dialogs.engine import early
from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.exam import (
    back_entry,
    back_entry_list,
    checklist,
    graduation,
    graduation_status,
    review_fee,
    transfer_out,
    transfer_out_status,
)
from dialogs.exam.back_entry_words import BEFORE
from dialogs.proofs import collecting

VALUES = frozenset(early.NAMES)
CASE = frozenset({"application_number"})

DIALOGS: dict[str, Dialog] = {
    "exam_checklist": Dialog(
        checklist.exam_checklist, _("毕业还差什么"), said=checklist.ASKED, brief=True
    ),
    "apply_exam_graduation": Dialog(
        graduation.apply_exam_graduation,
        _("申请自考毕业"),
        hears=VALUES | {"phone"},
        file=collecting.PICTURE,
        album=True,
    ),
    "reapply_exam_graduation": Dialog(
        graduation.reapply_exam_graduation,
        _("重新申请毕业"),
        hears=VALUES | {"phone"},
        file=collecting.PICTURE,
        album=True,
    ),
    "exam_graduation_status": Dialog(
        graduation_status.exam_graduation_status, _("自考毕业进度"), about=CASE, brief=True
    ),
    "pay_review_fee": Dialog(
        graduation_status.pay_review_fee,
        _("缴毕业审定费"),
        said=graduation_status.PAYING,
    ),
    "review_fee": Dialog(
        review_fee.review_fee, _("毕业审定费"), signed_in=False, said=review_fee.ASKED, brief=True
    ),
    "apply_transfer_out": Dialog(
        transfer_out.apply_transfer_out, _("申请转出"), hears=frozenset({"province"})
    ),
    "reapply_transfer_out": Dialog(transfer_out.reapply_transfer_out, _("重新申请转出")),
    "transfer_out_status": Dialog(
        transfer_out_status.transfer_out_status, _("转出进度"), about=CASE, brief=True
    ),
    "back_entries": Dialog(
        back_entry_list.back_entries, _("我补登的"), said=back_entry_list.MINE, brief=True
    ),
    "backfill_scores": Dialog(
        back_entry.backfill_scores,
        _("成绩补登"),
        hears=VALUES,
        said=BEFORE,
        file=collecting.PICTURE,
        album=True,
    ),
    "change_back_entry": Dialog(
        back_entry_list.change_back_entry,
        _("编辑补登"),
        hears=VALUES,
        file=collecting.PICTURE,
        album=True,
    ),
}
DIALOGS = {name: replace(one, office=OFFICE) for name, one in DIALOGS.items()}
