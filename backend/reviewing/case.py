"""What all cases that exam reviewers decide on have in common (E5-E9), and what each kind adds.

A kind of case has one ``Reviewed`` and a line in ``reviewing.KINDS``; its workflow begins with
``steps``, and whoever files one of it calls ``begin`` and ``announce``.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from backend import numbering
from backend.errors import NotAllowed
from backend.models import Application
from backend.policy import store
from backend.work import Work
from backend.workdays import after_workdays
from backend.workflow import NEW, Edge, Workflow

PENDING = "pending"  # 待审核: for a reviewer of the examining university
ASKED = "asked"  # the applicant has a question to answer before it is decided
SECOND = "second"  # 待复核: somebody else than who proposed the decision has to look
REJECTED = "rejected"
APPROVED = "approved"
WITHDRAWN = "withdrawn"
SUPERSEDED = "superseded"  # the registry has the score meanwhile
DECIDABLE = (PENDING, SECOND)
LIVE = (PENDING, ASKED, SECOND)  # neither decided nor taken back

REVIEWER, OFFICE = "exam_reviewer", "exam_office"  # as in ``Application.holder``


def steps(rule: str, *, approved: str = "", rejected: str = "applicant") -> list[Edge[Application]]:
    """The edges of a review; ``approved`` and ``rejected`` are who must act afterwards."""
    return [
        Edge("file", NEW, PENDING, REVIEWER, rule),
        Edge("ask_back", PENDING, ASKED, "applicant", rule),
        Edge("answer", ASKED, PENDING, REVIEWER, rule),
        Edge("refer", PENDING, SECOND, REVIEWER, rule),
        Edge("send_back", SECOND, PENDING, REVIEWER, rule),
        Edge("approve", PENDING, APPROVED, approved, rule),
        Edge("approve", SECOND, APPROVED, approved, rule),
        Edge("reject", PENDING, REJECTED, rejected, rule),
        Edge("reject", SECOND, REJECTED, rejected, rule),
        Edge("withdraw", PENDING, WITHDRAWN),
        Edge("withdraw", ASKED, WITHDRAWN),
        Edge("escalate", PENDING, PENDING, OFFICE),
        Edge("escalate", SECOND, SECOND, OFFICE),
    ]


def superseded(rule: str) -> list[Edge[Application]]:
    """The edges by which a score that comes from the registry ends a case that asked for it."""
    return [Edge("supersede", state, SUPERSEDED, rule=rule) for state in LIVE]


def hand_over(work: Work, application: Application, edge: Edge[Application]) -> dict[str, Any]:
    """Who must act now, and since when; only what waits for a reviewer can become overdue."""
    changes: dict[str, Any] = {"holder": edge.holder, "since": work.now}
    if edge.target not in DECIDABLE:
        changes |= {"remind_at": None, "escalate_at": None}
    return changes


def nothing(work: Work, application: Application) -> None:
    """Nothing more happens."""


def no_findings(work: Work, applications: Sequence[Application]) -> Counter[int]:
    return Counter()


def alone(work: Work, application: Application) -> list[Application]:
    return [application]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """``kind`` is that of the application, and the name of its workflow; ``service`` is what the
    exam's policy calls it.

    ``request`` is its table of details, with ``rejected_why`` and ``rejected_template``. What
    happens besides the change of state: ``approvable`` raises Refused where it cannot be approved
    any more, ``approved`` and ``rejected`` act in the same transaction. ``findings`` counts what a
    reviewer must look at in each of several, by id; ``together`` is what was filed in one go, itself among it.
    ``revoke`` takes an approval back, for a reason, where that can be done at all; ``revocable``
    raises Refused where it cannot any more.
    """

    kind: str
    service: str
    workflow: Workflow[Application]
    rule: str
    request: type[Any]
    approvable: Callable[[Work, Application], None] = nothing
    approved: Callable[[Work, Application], None] = nothing
    rejected: Callable[[Work, Application], None] = nothing
    findings: Callable[[Work, Sequence[Application]], Counter[int]] = no_findings
    together: Callable[[Work, Application], list[Application]] = alone
    revocable: Callable[[Work, Application], None] = nothing
    revoke: Callable[[Work, Application, str], None] | None = None


def begin(work: Work, kind: str, letter: str, unit_id: int, consent_id: int) -> Application:
    """A new case of the person who acts, not yet filed; its request is for the caller to add."""
    if work.actor is None:
        raise NotAllowed
    application = Application(
        institution_id=work.institution,
        number=numbering.next_number(work, letter),
        kind=kind,
        applicant_id=work.actor,
        unit_id=unit_id,
        state=NEW,
        filed_at=work.now,
        policy_version=store.version_in_force(work, "exam"),
        consent_id=consent_id,
    )
    set_deadlines(work, application)
    return application


def set_deadlines(work: Work, application: Application) -> None:
    """From now on it waits for a reviewer; when it is overdue, by the policy it was filed under."""
    review, calendar = store.exam(work, application.policy_version).review, store.calendar(work)
    application.remind_at = application.escalate_at = None
    if days := review.remind_after_days:
        application.remind_at = after_workdays(work.now, days, calendar)
    if days := review.escalate_after_days:
        application.escalate_at = after_workdays(work.now, days, calendar)


def settle(work: Work, together: Sequence[Application]) -> None:
    """Once nothing of what was filed in one go waits any more, its common prompt is done with."""
    if len(together) > 1 and not any(one.state in DECIDABLE for one in together):
        work.emit("review.settled", common(together))


def common(together: Sequence[Application]) -> str:
    """What a prompt about all of them is about; no number of a case."""
    return f"{min(one.number for one in together)}+"


def announce(work: Work, filed: Sequence[Application], event: str = "file") -> None:
    """What was filed in one go is one notice to the reviewers; ``event`` is how it came to them."""
    numbers = [one.number for one in filed]
    work.emit("review.filed", numbers[0], numbers=numbers, event=event)
