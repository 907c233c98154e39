"""How a waiver may stand. It counts while it is granted."""

from enum import StrEnum
from typing import Any

from backend.models import Waiver
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow


class State(StrEnum):
    PROPOSED = "proposed"  # a second person has to agree; it does not count yet
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def decided(work: Work, _waiver: Waiver, edge: Edge[Waiver]) -> dict[str, Any]:
    return {} if edge.source == NEW else {"decided_by": work.actor, "decided_at": work.now}


WORKFLOW: Workflow[Waiver] = Workflow(
    "waiver",
    Edge("propose", NEW, State.PROPOSED, "waiver_second"),
    Edge("grant", NEW, State.GRANTED),
    Edge("confirm", State.PROPOSED, State.GRANTED),
    Edge("decline", State.PROPOSED, State.DECLINED),
    Edge("withdraw", State.PROPOSED, State.WITHDRAWN),
    Edge("withdraw", State.GRANTED, State.WITHDRAWN),
    moved=decided,
)
