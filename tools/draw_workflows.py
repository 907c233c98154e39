"""Draws ``docs/workflows.md`` from the tables that the program itself goes by.

``python -m tools.draw_workflows`` writes the file; a test says when it has to be.
"""

from pathlib import Path
from typing import Any

from backend import absences, handoff, orders, transcripts
from backend.workflow import NEW, Workflow

FILE = Path(__file__).parents[1] / "docs" / "workflows.md"
HOLDERS = {
    "": "–",
    "applicant": "the applicant",
    "unit_officer": "the unit's officer",
    "academic_affairs": "academic affairs",
    "system": "the program",
}
TITLES: dict[str, tuple[str, str]] = {
    "transcript": (
        "Electronic transcript",
        "An application, from filing until its file is gone. `backend/transcripts.py`",
    ),
    "order": ("Order", "What is to be paid for an application. `backend/orders.py`"),
    "absence": (
        "Absence",
        "An officer is away, and a deputy decides meanwhile. `backend/absences.py`",
    ),
    "handoff": (
        "A person",
        "A student asks for somebody of an office and talks to them. `backend/handoff.py`",
    ),
}
INTRODUCTION = """\
# Workflows

Drawn by `python -m tools.draw_workflows` from the tables in the code; do not edit.

Whatever is not drawn is refused: whoever tries is told who moved the case, when and how. Every
step is one audit row and one announced event, `<workflow>.<event>`. The clauses (T1 to T10) are
those of the notice on electronic transcripts.
"""


def draw() -> str:
    workflows: tuple[Workflow[Any], ...] = (
        transcripts.WORKFLOW,
        orders.WORKFLOW,
        absences.WORKFLOW,
        handoff.WORKFLOW,
    )
    return "\n".join([INTRODUCTION, *(section(one) for one in workflows)])


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
