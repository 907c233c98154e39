"""What a comparison comes to: each difference is found, and closed by itself or by finance."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from backend import authority, numbering
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import BillDifference, DailyBill
from backend.reconciliation.comparing import Finding, Key
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow, already_handled

LETTER, RULE = "L", "T10"


class State(StrEnum):
    OPEN = "open"
    EXPLAINED = "explained"  # by a later bill, or by what has been heard since
    SETTLED = "settled"  # by finance, with a reason


def moved(work: Work, difference: BillDifference, edge: Edge[BillDifference]) -> dict[str, Any]:
    return {"closed_at": None if edge.target == State.OPEN else work.now}


WORKFLOW: Workflow[BillDifference] = Workflow(
    "difference",
    Edge("find", NEW, State.OPEN, "finance", RULE),
    Edge("explain", State.OPEN, State.EXPLAINED, "", RULE),
    Edge("settle", State.OPEN, State.SETTLED, "", RULE),
    Edge("find_again", State.EXPLAINED, State.OPEN, "finance", RULE),
    Edge("find_again", State.SETTLED, State.OPEN, "finance", RULE),
    moved=moved,
)


def note(work: Work, bill: DailyBill, findings: Sequence[Finding]) -> list[BillDifference]:
    """Keep what differs on this day; returns those that are explained by now.

    Safe to repeat. One that finance has settled stays so while it stays the same, and money that
    was taken from the bill and fits nothing stays until they have settled it.
    """
    there: dict[Key, BillDifference] = {(one.about, one.reference): one for one in of(work, bill)}
    for finding in findings:
        found(work, bill, finding, there)
    differs = {finding.key for finding in findings}
    gone = [
        one
        for key, one in there.items()
        if key not in differs and one.state == State.OPEN and not one.outcome
    ]
    for one in gone:
        WORKFLOW.take(work, one, "explain")
    return gone


def found(
    work: Work, bill: DailyBill, finding: Finding, there: dict[Key, BillDifference]
) -> BillDifference:
    """The difference as it now is; finance is told of it where they have not been."""
    known = there.get(finding.key)
    if known is None:
        return _begun(work, bill, finding)
    same = _facts(known) == _facts(finding)
    if not same:
        _change(known, finding)
    if known.state == State.EXPLAINED or (known.state == State.SETTLED and not same):
        WORKFLOW.take(work, known, "find_again", why=finding.kind)
        known.told_at = None
    return known


def of(work: Work, bill: DailyBill) -> list[BillDifference]:
    """All of this day, whatever became of them, in the order in which they were found."""
    return list(
        work.session.scalars(
            select(BillDifference)
            .where(BillDifference.bill_id == bill.id)
            .order_by(BillDifference.id)
        )
    )


def open_(work: Work) -> list[BillDifference]:
    """What finance has to look at, the oldest first; raises NotAllowed."""
    authority.require(work, Role.FINANCE)
    return list(work.session.scalars(_OPEN.where(_ours(work)).order_by(BillDifference.id)))


def count(work: Work) -> int:
    query = select(func.count()).select_from(BillDifference)
    waiting = query.where(_ours(work), BillDifference.state == State.OPEN)
    return work.session.scalars(waiting).one()


def find(work: Work, number: str) -> BillDifference | None:
    return work.session.scalar(
        select(BillDifference).where(_ours(work), BillDifference.number == number.strip().upper())
    )


def to_see(work: Work, number: str) -> BillDifference:
    """Any, for finance. Raises NotAllowed."""
    authority.require(work, Role.FINANCE)
    difference = find(work, number)
    if difference is None:
        raise NotAllowed
    return difference


def to_settle(work: Work, number: str) -> BillDifference:
    """Raises NotAllowed and AlreadyHandled."""
    difference = to_see(work, number)
    if difference.state != State.OPEN:
        raise already_handled(work, difference)
    return difference


def settle(work: Work, number: str, why: str, consent: Consent) -> BillDifference:
    """Finance has seen to it; the reason is kept under their name. Moves no money."""
    difference = to_settle(work, number)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    kept = keep(work, consent)
    WORKFLOW.take(work, difference, "settle", why=why)
    difference.settled_by, difference.settled_why = work.actor, why
    difference.consent_id = kept
    work.session.flush()
    return difference


def entered(work: Work, difference: BillDifference, number: str, why: str) -> None:
    """Finance have entered in the ledger what it is about, under this number: it is settled by that.

    One that they had settled before stays as it was.
    """
    if difference.state != State.OPEN:
        return
    WORKFLOW.take(work, difference, "settle", why=f"{number} {why}")
    difference.settled_by, difference.settled_why = work.actor, f"{number} {why}"
    work.session.flush()


_OPEN = select(BillDifference).where(BillDifference.state == State.OPEN)


def _ours(work: Work) -> Any:
    return BillDifference.institution_id == work.institution


def _begun(work: Work, bill: DailyBill, finding: Finding) -> BillDifference:
    difference = BillDifference(
        institution_id=work.institution,
        number=numbering.next_number(work, LETTER),
        bill_id=bill.id,
        about=finding.about,
        reference=finding.reference,
        state=NEW,
        found_at=work.now,
    )
    _change(difference, finding)
    WORKFLOW.take(work, difference, "find", why=finding.kind)
    return difference


def _change(difference: BillDifference, finding: Finding) -> None:
    difference.kind = finding.kind
    difference.their_fen, difference.our_fen = finding.their_fen, finding.our_fen
    difference.theirs, difference.ours = finding.theirs, finding.ours
    difference.told_at = None


def _facts(one: BillDifference | Finding) -> tuple[object, ...]:
    return str(one.kind), one.their_fen, one.our_fen, one.theirs, one.ours
