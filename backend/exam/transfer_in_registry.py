"""What the registry says of scores that come from another province (E7): cases follow its exports."""

from backend import numbering
from backend.exam.transfer_in import WORKFLOW, Appointment, State
from backend.models import ExamTicket, TransferIn
from backend.work import Work
from backend.workflow import NEW


class NoWay(Exception):
    """A case does not go to this state from where it is, which is the argument."""


def receive(
    work: Work,
    ticket: ExamTicket,
    from_province: str,
    from_ticket: str,
    into_major_id: int | None,
) -> TransferIn:
    """A case the registry has sent for the first time."""
    transfer = TransferIn(
        institution_id=work.institution,
        number=numbering.next_number(work, "W"),
        person_id=ticket.person_id,
        ticket_id=ticket.id,
        from_province=from_province,
        from_ticket=from_ticket,
        into_major_id=into_major_id,
        state=NEW,
        since=work.now,
        confirm_place="",
        confirm_note="",
        reason="",
    )
    WORKFLOW.take(work, transfer, "receive")
    return transfer


def steps_to(state: str, target: str) -> list[str] | None:
    """The fewest events that lead from one state to another; None where no way does.

    An export may have skipped a state that was there only between two of them.
    """
    ways: list[tuple[str, list[str]]] = [(state, [])]
    seen = {state}
    for here, taken in ways:
        if here == target:
            return taken
        for edge in WORKFLOW.edges:
            if edge.source == here and edge.target not in seen:
                seen.add(edge.target)
                ways.append((edge.target, [*taken, edge.event]))
    return None


def follow(
    work: Work, transfer: TransferIn, state: str, when: Appointment | None, reason: str
) -> bool:
    """Bring a case to where the registry has it; whether anything about it was new.

    Raises NoWay where none leads there.
    """
    again = when is not None and transfer.confirm_at == when.at
    if (transfer.state, state, again) == (State.MISSED, State.INVITED, True):
        return False  # the appointment that was missed, exported once more
    events = steps_to(transfer.state, state)
    if events is None:
        raise NoWay(transfer.state)
    moved = (
        when is not None
        and transfer.confirm_at is not None
        and (transfer.confirm_at, transfer.confirm_place) != (when.at, when.place)
    )
    if not events and state == State.INVITED and moved:
        events = ["reschedule"]
    if when is not None:
        transfer.confirm_at, transfer.confirm_place = when.at, when.place
    if reason:
        transfer.reason = reason
    for event in events:
        why = transfer.reason if event == "reject" else ""
        WORKFLOW.take(work, transfer, event, why=why)
    if events:
        transfer.told_at = None  # an import announces nothing: the next sweep does
        work.session.flush()
    return bool(events)
