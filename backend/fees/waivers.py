"""减免 (waivers): staff decide that somebody pays nothing, or less, for a kind of thing.

Who may is policy (``backend/policy/fees.py``), as is from which amount on a second person has to
agree: what somebody has of a kind counts together. A waiver is used by orders one after the other
(``reserving.py``); withdrawing it touches no order that has been confirmed: the price agreed to stands.
"""

from datetime import date

from sqlalchemy import func, select

from backend import authority, numbering
from backend.authority import Role
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.fees.fee import terms
from backend.fees.waiver_workflow import WORKFLOW, State
from backend.goods import GOODS
from backend.models import ExamTicket, Person, Waiver, WaiverUse
from backend.policy import store
from backend.work import Work
from backend.workflow import NEW, already_handled

MOST_TIMES = 100

# --- looking --------------------------------------------------------------------------------


def kinds_of(work: Work) -> list[str]:
    """What the actor may waive now, in the order of ``GOODS``."""
    held = authority.roles(work, work.actor) if work.actor else set()
    allowed = store.fees(work).waived_by
    return [kind for kind in GOODS if held & {Role(one) for one in allowed.get(kind, ())}]


def person_called(work: Work, number: str) -> Person:
    """By their student or staff number, or the number of an exam ticket; raises Refused."""
    wanted = number.strip().upper()
    found = work.session.scalar(
        select(Person).where(Person.institution_id == work.institution, Person.number == wanted)
    ) or work.session.scalar(
        select(Person)
        .join(ExamTicket, ExamTicket.person_id == Person.id)
        .where(ExamTicket.institution_id == work.institution, ExamTicket.number == wanted)
    )
    if found is None:
        raise Refused("no_such_person", number=number)
    return found


def number_of(work: Work, person_id: int) -> str:
    return work.session.get_one(Person, person_id).number


def find(work: Work, number: str) -> Waiver | None:
    return work.session.scalar(
        select(Waiver).where(
            Waiver.institution_id == work.institution, Waiver.number == number.strip().upper()
        )
    )


def to_see(work: Work, number: str) -> Waiver:
    """Any, for whoever may waive its kind; raises NotAllowed. Nobody decides on their own."""
    waiver = find(work, number)
    if waiver is None or waiver.kind not in kinds_of(work) or waiver.person_id == work.actor:
        raise NotAllowed
    return waiver


def given(work: Work) -> list[Waiver]:
    """Of the kinds the actor may waive, those that wait or count, the newest first."""
    found = work.session.scalars(
        select(Waiver)
        .where(
            Waiver.institution_id == work.institution,
            Waiver.kind.in_(kinds_of(work)),
            Waiver.person_id != work.actor,
            Waiver.state.in_((State.PROPOSED, State.GRANTED)),
            Waiver.until >= local_date(work.now),
        )
        .order_by(Waiver.id.desc())
    )
    return [one for one in found if used(work, one) < one.times]


def of_person(work: Work, person_id: int) -> list[Waiver]:
    """That count for them now and are not used up, the first to end first."""
    granted = work.session.scalars(
        select(Waiver)
        .where(
            Waiver.institution_id == work.institution,
            Waiver.person_id == person_id,
            Waiver.state == State.GRANTED,
            Waiver.until >= local_date(work.now),
        )
        .order_by(Waiver.until, Waiver.id)
    )
    return [one for one in granted if used(work, one) < one.times]


def used(work: Work, waiver: Waiver) -> int:
    """How many times, orders that may still be paid included."""
    of_it = WaiverUse.waiver_id == waiver.id
    return work.session.scalar(select(func.count()).select_from(WaiverUse).where(of_it)) or 0


def worth_fen(work: Work, kind: str, times: int, off_fen: int | None) -> int | None:
    """What it can take off in all; None where no price is published."""
    fee = GOODS[kind].fee
    listed = terms(work, fee, store.version_in_force(work, fee.policy)).price_fen
    if listed is None:
        return None
    return times * (listed if off_fen is None else min(off_fen, listed))


def standing_fen(work: Work, person_id: int, kind: str) -> int:
    """What the waivers of this kind that count for them and are not used up can still take off."""
    return sum(
        worth_fen(work, kind, one.times - used(work, one), one.off_fen) or 0
        for one in of_person(work, person_id)
        if one.kind == kind
    )


def needs_second(work: Work, person_id: int, kind: str, times: int, off_fen: int | None) -> bool:
    """Whether somebody else has to agree before it counts; so where nobody knows what it is worth.

    What that person has already counts with it: two halves are no way around a second person.
    """
    limit = store.fees(work).second_above_fen.get(kind)
    if limit is None:
        return False
    worth = worth_fen(work, kind, times, off_fen)
    return worth is None or worth + standing_fen(work, person_id, kind) > limit


def seconds(work: Work, kind: str, giver: int, person_id: int) -> list[int]:
    """Who could agree: they may waive it themselves, and are neither who gives nor who gets it."""
    roles = store.fees(work).waived_by.get(kind, ())
    people = [person for role in roles for person in authority.people(work, Role(role))]
    return [one for one in dict.fromkeys(people) if one not in (giver, person_id)]


# --- doing ----------------------------------------------------------------------------------


def require(work: Work, kind: str, person_id: int) -> int:
    """The actor's id, if they may waive this for that person; nobody does for themselves."""
    if work.actor is None or kind not in kinds_of(work):
        raise NotAllowed
    if person_id == work.actor:
        raise Refused("own_waiver")
    return work.actor


def give(
    work: Work,
    person_id: int,
    kind: str,
    *,
    times: int,
    off_fen: int | None,
    until: date,
    why: str,
    consent: Consent,
) -> Waiver:
    """Waive a fee ``times`` times, wholly or by ``off_fen`` each, the last time on ``until``.

    Above the amount of the policy it is a proposal, which counts once a second person confirms it.
    """
    giver = require(work, kind, person_id)
    if not why.strip():
        raise Refused("reason_needed")
    nothing_off = off_fen is not None and off_fen <= 0
    if until < local_date(work.now) or not 1 <= times <= MOST_TIMES or nothing_off:
        raise Refused("waiver_empty")
    # Of two officers who give at once the second waits here, and then finds what is there already.
    work.session.execute(
        select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    )
    second = needs_second(work, person_id, kind, times, off_fen)
    if second and not seconds(work, kind, giver, person_id):
        raise Refused("waiver_no_second")
    waiver = Waiver(
        institution_id=work.institution,
        number=numbering.next_number(work, "J"),
        person_id=person_id,
        kind=kind,
        times=times,
        off_fen=off_fen,
        until=until,
        why=why,
        state=NEW,
        given_by=giver,
        given_at=work.now,
        consent_id=keep(work, consent),
    )
    WORKFLOW.take(work, waiver, "propose" if second else "grant", why=why)
    return waiver


def to_decide(work: Work, number: str) -> Waiver:
    """A proposal, for whoever may agree to it; raises NotAllowed, AlreadyHandled, Refused."""
    waiver = to_see(work, number)
    if waiver.state != State.PROPOSED:
        raise already_handled(work, waiver)
    if waiver.given_by == work.actor:
        raise Refused("waiver_own_second", number=waiver.number)
    return waiver


def confirm(work: Work, number: str, consent: Consent) -> Waiver:
    """A second person agrees: from now on it counts.

    Raises Refused where its last day is over, or whoever gave it may not give it any more.
    """
    waiver = to_decide(work, number)
    may = seconds(work, waiver.kind, work.actor or 0, waiver.person_id)
    if waiver.until < local_date(work.now) or waiver.given_by not in may:
        raise Refused("waiver_over", number=waiver.number)
    return _decide(work, waiver, "confirm", "", consent)


def decline(work: Work, number: str, why: str, consent: Consent) -> Waiver:
    if not why.strip():
        raise Refused("reason_needed")
    return _decide(work, to_decide(work, number), "decline", why, consent)


def to_withdraw(work: Work, number: str) -> Waiver:
    """One that waits or counts, for whoever may waive its kind."""
    waiver = to_see(work, number)
    if not WORKFLOW.allows(waiver.state, "withdraw"):
        raise already_handled(work, waiver)
    return waiver


def withdraw(work: Work, number: str, why: str, consent: Consent) -> Waiver:
    """It counts no more. An order that is confirmed already keeps its price until it expires."""
    if not why.strip():
        raise Refused("reason_needed")
    return _decide(work, to_withdraw(work, number), "withdraw", why, consent)


def _decide(work: Work, waiver: Waiver, event: str, why: str, consent: Consent) -> Waiver:
    kept, granted = keep(work, consent), waiver.state == State.GRANTED
    WORKFLOW.take(work, waiver, event, why=why, counted=granted)
    waiver.decision_consent_id, waiver.decided_why = kept, why
    work.session.flush()
    return waiver
