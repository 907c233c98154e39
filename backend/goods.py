"""What is paid for, by the kind of application. Whatever costs something adds one entry here.

Its workflow has the edges ``order``, ``order_expired``, ``order_cancelled``, ``pay`` and
``pay_late``, which ``orders.py`` takes. How another one is added: ``docs/add-a-fee.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend import offers, transcripts
from backend.exam import graduation, graduation_cases, windows
from backend.fees.fee import Fee, Unit
from backend.models import Application
from backend.photos import fee_workflow
from backend.policy.exam import Service
from backend.work import Work
from backend.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Title:
    zh: str
    en: str


def only_one(_work: Work, _application: Application) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Goods:
    """``title`` is what the payment page and the statement call it; ``fee`` says where its price is
    published; ``paid`` sets in motion what follows; ``variety`` tells apart what has free quotas of
    its own."""

    title: Title
    fee: Fee
    workflow: Workflow[Application]
    paid: Callable[[Work, Application], None]
    variety: Callable[[Work, Application], str] = only_one


def transcript_kind(work: Work, application: Application) -> str:
    return str(transcripts.kind_of(transcripts.request_of(work, application)))


def pay_window_closes(work: Work) -> datetime:
    """The last minute belongs to the window (E6g)."""
    window = windows.require(work, Service.GRADUATION_PAYMENT, graduation_cases.RULE)
    return window.closes_at + timedelta(minutes=1)


GOODS: dict[str, Goods] = {
    fee_workflow.KIND: Goods(
        Title("毕业照拍摄费", "Graduation photo fee"),
        Fee(
            fee_workflow.KIND,
            policy="photo",
            price="fee_fen",
            hours="fee_order_hours",
            unit=Unit.PERSON,
            here=lambda policy: policy.fee_collected == "institution",
        ),
        fee_workflow.WORKFLOW,
        fee_workflow.nothing_follows,
    ),
    transcripts.KIND: Goods(
        Title("电子成绩单", "Electronic transcript"),
        offers.FEE,
        transcripts.WORKFLOW,
        transcripts.have_it_made,
        transcript_kind,
    ),
    graduation_cases.KIND: Goods(
        Title("毕业审定费", "Graduation review fee"),
        Fee(
            graduation_cases.KIND,
            policy="exam",
            price="graduation.review_fee_fen",
            hours="graduation.order_hours",
            closes=pay_window_closes,
            unset="fee_not_set",  # no prompt to pay: the examining university knows (E6g)
        ),
        graduation_cases.WORKFLOW,
        graduation.paid,
    ),
}
