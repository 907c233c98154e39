"""States and the ways between them, as one table for each kind of case.

A transition is: an edge exists, its guard agrees, the row is updated only if nobody else was faster,
an audit row is written and the event announced, all in the caller's transaction. The diagrams in
``docs/workflows.md`` are drawn from these tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm.exc import StaleDataError

from backend import audit
from backend.errors import AlreadyHandled
from backend.work import Work

NEW = ""  # the state before there is anything


class Case(Protocol):
    number: Any
    state: Any


C = TypeVar("C", bound=Case)


@dataclass(frozen=True, slots=True)
class Edge(Generic[C]):
    """``source --event--> target``; afterwards ``holder`` is the one who must act.

    ``rule`` is the clause the edge rests on; ``guard`` raises Refused or NotAllowed.
    """

    event: str
    source: str
    target: str
    holder: str = ""
    rule: str = ""
    guard: Callable[[Work, C], None] | None = None


class Workflow(Generic[C]):
    """``moved`` notes on the case itself whatever the edge says about it (holder, deadlines)."""

    def __init__(
        self, name: str, *edges: Edge[C], moved: Callable[[Work, C, Edge[C]], None] | None = None
    ) -> None:
        self.name = name
        self.moved = moved
        self.edges = edges
        self._by_step = {(edge.source, edge.event): edge for edge in edges}
        if len(self._by_step) != len(edges):
            raise ValueError(f"{name}: two edges for the same state and event")

    def allows(self, state: str, event: str) -> bool:
        return (state, event) in self._by_step

    def take(self, work: Work, case: C, event: str, *, why: str = "", **facts: object) -> None:
        """Move the case along the edge; raises AlreadyHandled where there is none from here."""
        edge = self._by_step.get((case.state, event))
        if edge is None:
            raise already_handled(work, case)
        if edge.guard:
            edge.guard(work, case)
        try:
            with work.session.begin_nested():  # a lost race undoes this step and nothing else
                case.state = edge.target
                if self.moved:
                    self.moved(work, case, edge)
                work.session.flush()
        except StaleDataError:
            raise already_handled(work, case) from None
        audit.record(work, case.number, event, edge.source, edge.target, why)
        work.emit(f"{self.name}.{event}", case.number, **facts)


def already_handled(work: Work, case: Case) -> AlreadyHandled:
    entry = audit.last(work, case.number)
    return AlreadyHandled(
        number=case.number,
        event=entry.event if entry else "",
        state=entry.to_state if entry else "",
        by=entry.actor_id if entry else None,
        at=entry.at.isoformat() if entry else "",
    )
