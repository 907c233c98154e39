"""Revoking an issued document: one member of academic affairs proposes it, another confirms (T10).

Until then the document stands, and its holder is told nothing. A correction needs one person only:
``reissue`` supersedes the document by the next one, and ends a proposal that waits. A proposal that
nobody confirms lapses.
"""

from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from backend import authority, credentials, numbering, orders
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import Application, Credential, Revocation
from backend.policy import store
from backend.refunds import documents
from backend.second_person import RULE, require_second, stands_behind
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow, already_handled


class State(StrEnum):
    PROPOSED = "proposed"  # the document stands
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by whoever proposed it
    LAPSED = "lapsed"
    SETTLED = "settled"  # the document was reissued meanwhile


def decided(work: Work, _revocation: Revocation, edge: Edge[Revocation]) -> dict[str, Any]:
    """By whom and when it ended; that its time was over nobody has decided."""
    if edge.source == NEW:
        return {}
    return {"decided_by": None if edge.event == "lapse" else work.actor, "decided_at": work.now}


WORKFLOW: Workflow[Revocation] = Workflow(
    "revocation",
    Edge("propose", NEW, State.PROPOSED, "academic_affairs", RULE),
    Edge("confirm", State.PROPOSED, State.DONE, "", RULE),
    Edge("decline", State.PROPOSED, State.DECLINED, "", RULE),
    Edge("withdraw", State.PROPOSED, State.WITHDRAWN, "", RULE),
    Edge("lapse", State.PROPOSED, State.LAPSED, "", RULE),
    Edge("settle", State.PROPOSED, State.SETTLED, "", RULE),
    moved=decided,
)


# --- looking --------------------------------------------------------------------------------


def find(work: Work, number: str) -> Revocation | None:
    return work.session.scalar(
        select(Revocation).where(
            Revocation.institution_id == work.institution,
            Revocation.number == number.strip().upper(),
        )
    )


def application_of(work: Work, revocation: Revocation) -> Application:
    return work.session.get_one(Application, revocation.application_id)


def credential_of(work: Work, revocation: Revocation) -> Credential:
    return work.session.get_one(Credential, revocation.credential_id)


def open_one(work: Work, credential: Credential) -> Revocation | None:
    """The proposal that waits for a decision about this document."""
    return work.session.scalar(
        select(Revocation).where(
            Revocation.credential_id == credential.id, Revocation.state == State.PROPOSED
        )
    )


def waiting(work: Work) -> list[Revocation]:
    """What the person who acts may confirm, soonest to lapse first; raises NotAllowed."""
    person = authority.require(work, Role.ACADEMIC_AFFAIRS)
    proposed = (
        select(Revocation)
        .join(Application, Application.id == Revocation.application_id)
        .where(
            Revocation.institution_id == work.institution,
            Revocation.state == State.PROPOSED,
            Revocation.expires_at > work.now,
            Revocation.proposed_by != person,
            Application.applicant_id != person,
        )
        .order_by(Revocation.expires_at, Revocation.id)
    )
    return [one for one in work.session.scalars(proposed) if stands_behind(work, one)]


def to_see(work: Work, number: str) -> Revocation:
    """Any proposal, for academic affairs, unless it is about a document of their own."""
    person = authority.require(work, Role.ACADEMIC_AFFAIRS)
    revocation = find(work, number)
    if revocation is None or application_of(work, revocation).applicant_id == person:
        raise NotAllowed
    return revocation


def to_decide(work: Work, number: str) -> Revocation:
    """A proposal that waits, for whoever may decide on it.

    Raises NotAllowed, AlreadyHandled, and Refused to whoever proposed it themselves.
    """
    revocation = to_see(work, number)
    if revocation.state != State.PROPOSED:
        raise already_handled(work, revocation)
    if revocation.proposed_by == work.actor:
        raise Refused("own_second_look", RULE, number=revocation.number, of="revocation")
    return revocation


def to_confirm(work: Work, number: str) -> tuple[Revocation, Application, Credential]:
    """As ``to_decide``, where it still may be confirmed.

    Raises Refused where its time is over or whoever proposed it has left academic affairs.
    """
    revocation = to_decide(work, number)
    if _over(work, revocation):
        raise Refused(
            "revocation_over",
            RULE,
            number=revocation.number,
            application=application_of(work, revocation).number,
        )
    application, credential = credentials.to_take_back(
        work, application_of(work, revocation).number
    )
    if credential.id != revocation.credential_id:  # it was reissued, and the new one stands
        raise already_handled(work, application)
    return revocation, application, credential


def to_withdraw(work: Work, number: str) -> Revocation:
    revocation = find(work, number)
    if revocation is None or revocation.proposed_by != work.actor:
        raise NotAllowed
    if revocation.state != State.PROPOSED:
        raise already_handled(work, revocation)
    return revocation


def _over(work: Work, revocation: Revocation) -> bool:
    return revocation.expires_at <= work.now or not stands_behind(work, revocation)


# --- doing ----------------------------------------------------------------------------------


def propose(work: Work, number: str, why: str, consent: Consent) -> Revocation:
    """Ask that an issued document be revoked; it stands until another person confirms.

    Raises Refused where nobody could confirm it, or where somebody has proposed it already.
    """
    application, credential = credentials.to_take_back(work, number)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    require_second(work, application)
    _wait_for_others(work, application)
    if (before := open_one(work, credential)) is not None:
        if not _over(work, before):
            raise _proposed_already(before)
        WORKFLOW.take(work, before, "lapse")
    person = authority.require(work, Role.ACADEMIC_AFFAIRS)
    revocation = Revocation(
        institution_id=work.institution,
        number=numbering.next_number(work, "V"),
        credential_id=credential.id,
        application_id=application.id,
        state=NEW,
        why=why,
        proposed_by=person,
        proposed_at=work.now,
        consent_id=keep(work, consent),
        expires_at=work.now + timedelta(days=store.credential(work).revocation_days),
    )
    WORKFLOW.take(work, revocation, "propose", why=why)
    return revocation


def _wait_for_others(work: Work, application: Application) -> None:
    """Of two who act on a document at once, the second sees what the first has done."""
    version = work.writing.execute(
        select(Application.version).where(Application.id == application.id).with_for_update()
    ).scalar_one()
    if version != application.version:
        raise already_handled(work, application)


def _proposed_already(revocation: Revocation) -> Refused:
    return Refused(
        "already_proposed",
        RULE,
        number=revocation.number,
        until=revocation.expires_at.isoformat(),
    )


def confirm(work: Work, number: str, consent: Consent) -> Application:
    """The other person agrees: the document does not stand any more, from this moment (T8, T10)."""
    revocation, application, credential = to_confirm(work, number)
    orders.lock_all(work, application.id)  # before the case: what was paid for it may go back
    kept = keep(work, consent)
    credentials.revoke(work, application, credential, revocation.why)
    WORKFLOW.take(work, revocation, "confirm", why=revocation.why)
    documents.revoked(work, application)
    revocation.decision_consent_id = kept
    work.session.flush()
    return application


def decline(work: Work, number: str, why: str, consent: Consent) -> Revocation:
    """The document stands; whoever proposed to revoke it is told why."""
    revocation = to_decide(work, number)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    kept = keep(work, consent)
    WORKFLOW.take(work, revocation, "decline", why=why)
    revocation.decision_consent_id, revocation.decided_why = kept, why
    work.session.flush()
    return revocation


def withdraw(work: Work, number: str, consent: Consent) -> Revocation:
    """Whoever proposed it takes that back, even where they have left academic affairs."""
    revocation = to_withdraw(work, number)
    kept = keep(work, consent)
    WORKFLOW.take(work, revocation, "withdraw")
    revocation.decision_consent_id = kept
    work.session.flush()
    return revocation


def reissue(work: Work, number: str, why: str, consent: Consent) -> Application:
    """Supersede a wrong document by one made from what the registry says now (T10).

    The old one stops standing at once, not only when the new one is there; nothing is to be paid.
    What was proposed about it is settled by this. Raises Refused when the registry as it is now
    gives no such transcript.
    """
    application, credential = credentials.to_take_back(work, number)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    orders.lock_all(work, application.id)
    keep(work, consent)
    credentials.reissue(work, application, credential, why)
    if (proposed := open_one(work, credential)) is not None:
        with suppress(AlreadyHandled):  # withdrawn or declined at the same moment
            WORKFLOW.take(work, proposed, "settle", application=application.number)
    documents.corrected(work, application)
    return application


def lapse_due(work: Work) -> int:
    """End what nobody confirmed in time, and what nobody stands behind any more; safe to repeat.

    What a document was proposed for that was reissued at that very moment is settled.
    """
    proposed = work.session.scalars(
        select(Revocation)
        .where(Revocation.institution_id == work.institution, Revocation.state == State.PROPOSED)
        .with_for_update(skip_locked=True)
    ).all()
    ended = 0
    for revocation in proposed:
        if credential_of(work, revocation).status != "issued":
            application = application_of(work, revocation)
            WORKFLOW.take(work, revocation, "settle", application=application.number)
        elif _over(work, revocation):
            WORKFLOW.take(work, revocation, "lapse")
        else:
            continue
        ended += 1
    return ended
