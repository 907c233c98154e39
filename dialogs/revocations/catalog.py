"""The dialogs about documents that are revoked or reissued."""

from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.revocations import review, revoking

CASE = frozenset({"application_number", "order_number"})
DIALOGS: dict[str, Dialog] = {
    "revoke_transcript": Dialog(
        revoking.revoke_transcript, _("撤销成绩单"), about=CASE, said=revoking.REVOKING
    ),
    "review_revocation": Dialog(review.review_revocation, _("确认撤销")),
    "confirm_revocation": Dialog(review.confirm_revocation, _("确认撤销")),
    "decline_revocation": Dialog(review.decline_revocation, _("不同意撤销")),
    "withdraw_revocation": Dialog(review.withdraw_revocation, _("撤回提请")),
    "look_at_revocation": Dialog(review.look_at_revocation, _("看成绩单")),
}
