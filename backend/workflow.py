"""States and the ways between them, as one table for each kind of case.

A transition is: an edge exists, the row is updated only if nobody else was faster, an audit row is
written and the event announced, all in the caller's transaction. The diagrams in
``docs/workflows.md`` are drawn from these tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Table, Update, bindparam, inspect, update
from sqlalchemy.orm.attributes import set_committed_value

from backend import audit
from backend.errors import AlreadyHandled
from backend.work import Work

NEW = ""  # the state before there is anything


class Case(Protocol):
    id: Any
    number: Any
    state: Any
    version: Any


C = TypeVar("C", bound=Case)


@dataclass(frozen=True, slots=True)
class Edge(Generic[C]):
    """``source --event--> target``; afterwards ``holder`` is the one who must act.

    ``rule`` is the clause the edge rests on.
    """

    event: str
    source: str
    target: str
    holder: str = ""
    rule: str = ""


class Workflow(Generic[C]):
    """``moved`` says what changes on the case besides its state (holder, deadlines)."""

    def __init__(
        self,
        name: str,
        *edges: Edge[C],
        moved: Callable[[Work, C, Edge[C]], dict[str, Any]] = lambda *_: {},
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
        changes = {"state": edge.target, **self.moved(work, case, edge)}
        if edge.source == NEW:
            begin(work, case, changes)
        elif not move(work, case, changes):
            raise already_handled(work, case)
        audit.record(work, case.number, event, edge.source, edge.target, why)
        work.emit(f"{self.name}.{event}", case.number, **facts)


def begin(work: Work, case: Case, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(case, name, value)
    work.session.add(case)
    work.session.flush()


def move(work: Work, case: Case, changes: dict[str, Any]) -> bool:
    """Change the case's row, unless it is no longer as it was read; False when it is not."""
    work.session.flush()  # what else has been changed on it goes first
    changes["version"] = case.version + 1
    known = {"case": case.id, "seen": case.version}
    moved = work.writing.execute(_moving(type(case), frozenset(changes)), known | changes)
    if moved.rowcount == 0:
        return False
    for name, value in changes.items():
        set_committed_value(case, name, value)
    return True


@cache
def _moving(kind: type[Case], names: frozenset[str]) -> Update:
    table: Table = inspect(kind).local_table
    unchanged = table.c.id == bindparam("case"), table.c.version == bindparam("seen")
    return update(table).where(*unchanged).values({name: bindparam(name) for name in names})


def already_handled(work: Work, case: Case) -> AlreadyHandled:
    """Says what was done with the case last, by whom and when: somebody else was faster."""
    entry = audit.last(work, case.number)
    return AlreadyHandled(
        number=case.number,
        event=entry.event if entry else "",
        state=entry.to_state if entry else "",
        by=entry.actor_id if entry else None,
        at=entry.at.isoformat() if entry else "",
    )
