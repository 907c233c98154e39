"""How an application to pay the fee of the shooting may stand (P3); orders take its edges."""

from enum import StrEnum
from typing import Any

from backend.models import Application
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow

KIND = "photo_fee"


class State(StrEnum):
    PAYABLE = "payable"
    ORDERED = "ordered"
    PAID = "paid"
    REFUNDED = "refunded"


def moved(work: Work, application: Application, edge: Edge[Application]) -> dict[str, Any]:
    return {"holder": edge.holder, "since": work.now, "remind_at": None, "escalate_at": None}


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    Edge("file", NEW, State.PAYABLE, "applicant", "P3"),
    Edge("order", State.PAYABLE, State.ORDERED, "applicant", "P3"),
    Edge("order_expired", State.ORDERED, State.PAYABLE, "applicant"),
    Edge("order_cancelled", State.ORDERED, State.PAYABLE, "applicant"),
    Edge("pay", State.ORDERED, State.PAID, "", "P3"),
    Edge("pay_late", State.PAYABLE, State.PAID, "", "P3"),
    Edge("refund", State.PAID, State.REFUNDED),
    Edge("order", State.REFUNDED, State.ORDERED, "applicant", "P3"),
    moved=moved,
)


def nothing_follows(work: Work, application: Application) -> None:
    """Paid is all there is to it."""
