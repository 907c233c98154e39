"""What each kind of case is called, and what a reviewer and its applicant are told of it.

A service that is reviewed has one ``Told`` and a line in ``TOLD``; see ``backend/reviewing/kinds.py``.
"""

from backend.models import Application
from dialogs.exam import back_entry_review, exemption_review, graduation_review, transfer_out_review
from dialogs.reviewing.told import Told

TOLD: dict[str, Told] = {
    "exemption": exemption_review.TOLD,
    "exam_graduation": graduation_review.TOLD,
    "transfer_out": transfer_out_review.TOLD,
    "back_entry": back_entry_review.TOLD,
}


def told(application: Application) -> Told:
    return TOLD[application.kind]
