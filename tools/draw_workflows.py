"""Draws ``docs/workflows.md`` from the tables that the program itself goes by.

``python -m tools.draw_workflows`` writes the file; a test says when it has to be.
"""

from pathlib import Path
from typing import Any

from backend import absences, charges, handoff, orders, revocations, transcripts
from backend.exam import (
    back_entry_cases,
    exemptions,
    graduation_cases,
    transfer_in,
    transfer_out,
)
from backend.fees import waiver_workflow
from backend.held import states as held
from backend.invoices import states as invoices
from backend.photos import batch_steering, fee_workflow, schedule
from backend.reconciliation import differences
from backend.refunds import states as refunds
from backend.workflow import NEW, Workflow

FILE = Path(__file__).parents[1] / "docs" / "workflows.md"
HOLDERS = {
    "": "–",
    "applicant": "the applicant",
    "unit_officer": "the unit's officer",
    "academic_affairs": "academic affairs",
    "system": "the program",
    "exam_reviewer": "the examining university",
    "exam_office": "the exam office",
    "student_affairs": "student affairs",
    "waiver_second": "a second person",
    "finance": "the finance office",
}
TITLES: dict[str, tuple[str, str]] = {
    "transcript": (
        "Electronic transcript",
        "An application, from filing until its file is gone. `backend/transcripts.py`",
    ),
    "revocation": (
        "Revocation",
        "An issued document that one person proposes to revoke and another confirms. "
        "`backend/revocations.py`",
    ),
    "order": ("Order", "What is to be paid for an application. `backend/orders.py`"),
    "charge": (
        "Charge",
        "A request for money at the provider, for one or several orders. `backend/charges.py`",
    ),
    "absence": (
        "Absence",
        "An officer is away, and a deputy decides meanwhile. `backend/absences.py`",
    ),
    "handoff": (
        "A person",
        "A student asks for somebody of an office and talks to them. `backend/handoff.py`",
    ),
    "exemption": (
        "Exemption",
        "One course somebody wants to be exempt from. `backend/exam/exemptions.py`",
    ),
    "exam_graduation": (
        "Graduation from the self-study exam",
        "Review, then the review fee within its window. `backend/exam/graduation_cases.py`",
    ),
    "transfer_out": (
        "Transfer out",
        "Scores that leave for another province. `backend/exam/transfer_out.py`",
    ),
    "back_entry": (
        "Back-entry",
        "One result from before the platform. `backend/exam/back_entry_cases.py`",
    ),
    "transfer_in": (
        "Transfer in",
        "Scores of the self-study exam that come from another province. "
        "`backend/exam/transfer_in.py`",
    ),
    "photo_season": (
        "Photo schedule",
        "A season's table of shootings, version by version (P1). `backend/photos/schedule.py`",
    ),
    "photo_batch": (
        "Photo batch",
        "Many picture files that are checked together (R15, R16). `backend/photos/batch_steering.py`",
    ),
    "photo_fee": (
        "Photo fee",
        "Only where the institution collects it itself (P3). `backend/photos/fee_workflow.py`",
    ),
    "waiver": (
        "Waiver",
        "A fee that staff waive for somebody, by two people above an amount. "
        "`backend/fees/waiver_workflow.py`",
    ),
    "invoice": (
        "Invoice",
        "For paid orders, issued by finance, taken back in red when money is paid back. "
        "`backend/invoices/states.py`",
    ),
    "red_letter": (
        "Red letter",
        "What an issued invoice gives back when money of its orders is paid back. "
        "`backend/invoices/states.py`",
    ),
    "refund": (
        "Refund",
        "Money that goes back: asked for or proposed by the program, decided by finance, executed once. "
        "`backend/refunds/states.py`",
    ),
    "disposal": (
        "Disposal",
        "Held money that is for an order or handed over, or that went back in the provider's own pages. "
        "`backend/held/states.py`",
    ),
    "difference": (
        "Difference",
        "Where a day's bill of the provider and what is known here do not agree. "
        "`backend/reconciliation/differences.py`",
    ),
}
INTRODUCTION = """\
# Workflows

Drawn by `python -m tools.draw_workflows` from the tables in the code; do not edit.

Whatever is not drawn is refused: whoever tries is told who moved the case, when and how. Every
step is one audit row and one announced event, `<workflow>.<event>`. The clauses T1 to T10 are those
of the notice on electronic transcripts, E1 to E11 those of the manual of the self-study exam, P1 to
P7 and R1 to R17 those on graduation photos and on the registration of certificates.
"""


WORKFLOWS: tuple[Workflow[Any], ...] = (
    transcripts.WORKFLOW,
    revocations.WORKFLOW,
    orders.WORKFLOW,
    charges.WORKFLOW,
    absences.WORKFLOW,
    handoff.WORKFLOW,
    exemptions.WORKFLOW,
    graduation_cases.WORKFLOW,
    transfer_out.WORKFLOW,
    back_entry_cases.WORKFLOW,
    transfer_in.WORKFLOW,
    schedule.WORKFLOW,
    batch_steering.WORKFLOW,
    fee_workflow.WORKFLOW,
    waiver_workflow.WORKFLOW,
    invoices.WORKFLOW,
    invoices.RED_WORKFLOW,
    refunds.WORKFLOW,
    held.WORKFLOW,
    differences.WORKFLOW,
)


def draw() -> str:
    return "\n".join([INTRODUCTION, *(section(one) for one in WORKFLOWS)])


def section(workflow: Workflow[Any]) -> str:
    title, about = TITLES[workflow.name]
    return f"## {title}\n\n{about}\n\n{diagram(workflow)}\n\n{table(workflow)}\n"


def diagram(workflow: Workflow[Any]) -> str:
    sources = {edge.source for edge in workflow.edges}
    ends = dict.fromkeys(edge.target for edge in workflow.edges if edge.target not in sources)
    lines = [
        f"    {edge.source or '[*]'} --> {edge.target}: {edge.event}"
        + (f" ({edge.rule})" if edge.rule else "")
        for edge in workflow.edges
    ]
    lines += [f"    {state} --> [*]" for state in ends]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def table(workflow: Workflow[Any]) -> str:
    held = any(edge.holder for edge in workflow.edges)  # an order is its buyer's all along
    head = ["From", "Event", "To", "Clause", *(["Then waits for"] if held else [])]
    rows = [
        [
            "(new)" if edge.source == NEW else edge.source,
            f"`{edge.event}`",
            edge.target,
            edge.rule or "–",
            *([HOLDERS[edge.holder]] if held else []),
        ]
        for edge in workflow.edges
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    FILE.write_text(draw())
