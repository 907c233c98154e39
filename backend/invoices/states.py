"""How an application for an invoice may stand, and its red letters. Finance answers for them (T10)."""

from enum import StrEnum
from typing import Any

from backend.models import Application, InvoiceRed
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow

KIND, LETTER, BATCH_LETTER, RULE = "invoice", "K", "Y", "T10"


class State(StrEnum):
    FILED = "filed"  # in the next export
    EXPORTED = "exported"  # being issued
    REJECTED = "rejected"  # the applicant has something to correct
    ISSUED = "issued"
    RED_REQUESTED = "red_requested"  # money was paid back: a red letter is due
    RED_ISSUED = "red_issued"
    CANCELLED = "cancelled"


class RedState(StrEnum):
    WAITING = "waiting"  # the invoice itself is being issued
    REQUESTED = "requested"  # in the next export
    EXPORTED = "exported"
    ISSUED = "issued"
    DROPPED = "dropped"  # the invoice was never issued; its amount is smaller instead


def moved(work: Work, application: Application, edge: Edge[Application]) -> dict[str, Any]:
    return {"holder": edge.holder, "since": work.now, "remind_at": None, "escalate_at": None}


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    Edge("file", NEW, State.FILED, "finance", RULE),
    Edge("correct", State.FILED, State.FILED, "finance"),
    Edge("correct", State.REJECTED, State.FILED, "finance"),
    Edge("cancel", State.FILED, State.CANCELLED),
    Edge("cancel", State.REJECTED, State.CANCELLED),
    Edge("export", State.FILED, State.EXPORTED, "finance", RULE),
    Edge("reject", State.FILED, State.REJECTED, "applicant", RULE),
    Edge("reject", State.EXPORTED, State.REJECTED, "applicant", RULE),
    Edge("issue", State.EXPORTED, State.ISSUED, "", RULE),
    # Money was paid back before it was issued: the amount is smaller, or there is nothing to issue.
    Edge("lessen", State.FILED, State.FILED, "finance"),
    Edge("lessen", State.REJECTED, State.REJECTED, "applicant"),
    Edge("void", State.FILED, State.CANCELLED),
    Edge("void", State.REJECTED, State.CANCELLED),
    Edge("note_red", State.EXPORTED, State.EXPORTED, "finance"),
    # ... or after it was issued.
    Edge("request_red", State.ISSUED, State.RED_REQUESTED, "finance", RULE),
    Edge("request_red", State.RED_REQUESTED, State.RED_REQUESTED, "finance", RULE),
    Edge("request_red", State.RED_ISSUED, State.RED_REQUESTED, "finance", RULE),
    Edge("issue_one_red", State.RED_REQUESTED, State.RED_REQUESTED, "finance", RULE),
    Edge("issue_red", State.RED_REQUESTED, State.RED_ISSUED, "", RULE),
    moved=moved,
)


def red_moved(work: Work, red: InvoiceRed, edge: Edge[InvoiceRed]) -> dict[str, Any]:
    return {"issued_at": work.now} if edge.target == RedState.ISSUED else {}


RED_WORKFLOW: Workflow[InvoiceRed] = Workflow(
    "red_letter",
    Edge("ask", NEW, RedState.REQUESTED, "finance", RULE),
    Edge("wait", NEW, RedState.WAITING, "finance", RULE),
    Edge("ask", RedState.WAITING, RedState.REQUESTED, "finance", RULE),
    Edge("drop", RedState.WAITING, RedState.DROPPED),
    Edge("export", RedState.REQUESTED, RedState.EXPORTED, "finance", RULE),
    Edge("issue", RedState.EXPORTED, RedState.ISSUED, "", RULE),
    moved=red_moved,
)
CANCELLABLE = frozenset({State.FILED, State.REJECTED})
OVER = frozenset({State.CANCELLED, State.ISSUED, State.RED_ISSUED})
