"""Electronic transcripts: applying for one, and its life until it is issued (T4-T7).

What one may have is in ``offers.py``, the look at it in ``previews.py``.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select

from backend import authority, numbering, offers, previews
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.errors import NotAllowed, Refused
from backend.models import Application, Person, TranscriptRequest
from backend.offers import Kind, Offer
from backend.policy import store
from backend.work import Work
from backend.workdays import after_workdays
from backend.workflow import NEW, Edge, Workflow

KIND = offers.KIND


class State(StrEnum):
    WAITING = "waiting"  # for the unit officer (T4)
    ASKED = "asked"  # the applicant has a question to answer before it is decided
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"  # the applicant may order
    ORDERED = "ordered"  # waiting for payment
    PAID = "paid"  # being made
    STUCK = "stuck"  # cannot be made; academic affairs must mend the data
    ISSUED = "issued"
    EXPIRED = "expired"  # its file is gone (T7)
    REVOKED = "revoked"  # it must not be used any more (T10)
    REFUNDED = "refunded"  # its money is paid back, and nothing is made of it


def hand_over(work: Work, application: Application, edge: Edge[Application]) -> dict[str, Any]:
    """Who must act now, and since when; only what waits for a decision can become overdue.

    What no officer can decide waits for academic affairs from the start (T4).
    """
    if edge.target == State.WAITING:
        officer = has_officer(work, application)
        return {"holder": edge.holder if officer else "academic_affairs", "since": work.now}
    return {"holder": edge.holder, "since": work.now, "remind_at": None, "escalate_at": None}


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    Edge("file_for_approval", NEW, State.WAITING, "unit_officer", "T4"),
    Edge("file", NEW, State.APPROVED, "applicant", "T5"),
    Edge("approve", State.WAITING, State.APPROVED, "applicant", "T4"),
    Edge("reject", State.WAITING, State.REJECTED, "", "T4"),
    Edge("ask_back", State.WAITING, State.ASKED, "applicant", "T4"),
    Edge("answer", State.ASKED, State.WAITING, "unit_officer", "T4"),
    Edge("escalate", State.WAITING, State.WAITING, "academic_affairs", "T10"),
    Edge("withdraw", State.WAITING, State.WITHDRAWN),
    Edge("withdraw", State.ASKED, State.WITHDRAWN),
    Edge("give_up", State.APPROVED, State.WITHDRAWN),
    Edge("order", State.APPROVED, State.ORDERED, "applicant", "T6"),
    Edge("order_expired", State.ORDERED, State.APPROVED, "applicant"),
    Edge("order_cancelled", State.ORDERED, State.APPROVED, "applicant"),
    Edge("pay", State.ORDERED, State.PAID, "system", "T7"),
    Edge("pay_late", State.APPROVED, State.PAID, "system", "T7"),
    Edge("issue", State.PAID, State.ISSUED, "", "T8"),
    Edge("get_stuck", State.PAID, State.STUCK, "academic_affairs", "T10"),
    Edge("retry", State.STUCK, State.PAID, "system", "T10"),
    Edge("expire", State.ISSUED, State.EXPIRED, "", "T7"),
    Edge("revoke", State.ISSUED, State.REVOKED, "", "T10"),
    Edge("revoke", State.EXPIRED, State.REVOKED, "", "T10"),
    Edge("reissue", State.ISSUED, State.PAID, "system", "T10"),
    Edge("reissue", State.EXPIRED, State.PAID, "system", "T10"),
    # A document that stands is revoked first: none is left whose money is paid back.
    Edge("refund", State.PAID, State.REFUNDED),
    Edge("refund", State.STUCK, State.REFUNDED),
    Edge("refund", State.REVOKED, State.REFUNDED),
    moved=hand_over,
)


def take_fresh_snapshot(work: Work, application: Application) -> None:
    """After a correction of the data: the document follows the registry as it is now (T10)."""
    request = request_of(work, application)
    given = offers.offer(work, application.applicant_id, application.policy_version)
    kind = kind_of(request)
    facts = previews.facts_today(work, given, kind.language, kind.gpa, coverage_of(request))
    request.snapshot = facts.digest


def file(
    work: Work, given: Offer, facts: TranscriptFacts, reason: str, consent: Consent
) -> Application:
    """File an application; with or without approval as policy says (T4, T5)."""
    if work.actor != given.file.person_id:
        raise NotAllowed
    previews.require_seen(work, given.policy, facts.digest)
    needs_approval = given.needs_approval
    if needs_approval and (waiting := same_waiting(work, facts)):
        raise Refused("already_waiting", "T4", number=waiting)
    application = Application(
        institution_id=work.institution,
        number=numbering.next_number(work, "T"),
        kind=KIND,
        applicant_id=given.file.person_id,
        unit_id=given.file.unit_id,
        state=NEW,
        filed_at=work.now,
        policy_version=store.version_in_force(work, "transcript"),
        consent_id=keep(work, consent),
    )
    if needs_approval:
        set_deadlines(work, application)
    WORKFLOW.take(work, application, "file_for_approval" if needs_approval else "file")
    work.session.add(
        TranscriptRequest(
            application_id=application.id,
            institution_id=work.institution,
            language=facts.language,
            gpa=facts.gpa,
            coverage=facts.coverage,
            reason=reason,
            snapshot=facts.digest,
        )
    )
    work.session.flush()
    return application


def set_deadlines(work: Work, application: Application) -> None:
    """From now on it waits for a decision; when it is overdue, by the policy it was filed under."""
    policy, calendar = store.transcript(work, application.policy_version), store.calendar(work)
    if days := policy.remind_after_days:
        application.remind_at = after_workdays(work.now, days, calendar)
    if days := policy.escalate_after_days:
        application.escalate_at = after_workdays(work.now, days, calendar)


SAME_WAITING = (
    select(Application.number)
    .join(TranscriptRequest, TranscriptRequest.application_id == Application.id)
    .where(
        Application.institution_id == bindparam("institution"),
        Application.applicant_id == bindparam("applicant"),
        Application.state.in_((State.WAITING, State.ASKED)),
        TranscriptRequest.language == bindparam("language"),
        TranscriptRequest.gpa == bindparam("gpa"),
        TranscriptRequest.coverage == bindparam("coverage"),
    )
    .limit(1)
)


def same_waiting(work: Work, facts: TranscriptFacts) -> str | None:
    """The number of an application for the very same document that waits for a decision."""
    same = {
        "institution": work.institution,
        "applicant": work.actor,
        "language": facts.language,
        "gpa": facts.gpa,
        "coverage": facts.coverage,
    }
    number: str | None = work.reading.execute(SAME_WAITING, same).scalar()
    return number


def has_officer(work: Work, application: Application) -> bool:
    """Whether the unit has an officer who is not the applicant; otherwise academic affairs decide."""
    officers = authority.people(work, Role.UNIT_OFFICER, application.unit_id)
    return any(person != application.applicant_id for person in officers)


def request_of(work: Work, application: Application) -> TranscriptRequest:
    return work.session.get_one(TranscriptRequest, application.id)


def kind_of(request: TranscriptRequest) -> Kind:
    return Kind(Language(request.language), Gpa(request.gpa))


def coverage_of(request: TranscriptRequest) -> Coverage:
    return Coverage(request.coverage)


def have_it_made(work: Work, application: Application) -> None:
    """Have the paid document made; each version of the application at most once."""
    key = f"{application.number}:{application.version}"
    work.enqueue("issue_transcript", key, application=application.number)


def own(work: Work, number: str) -> Application:
    """An application of the person who acts; anybody else's does not exist for them."""
    application = find(work, number)
    if application is None or application.applicant_id != work.actor:
        raise Refused("no_such_application", number=number)
    return application


# A case with its details and its applicant, read at once.
WHOLE = (
    select(Application, TranscriptRequest, Person)
    .join(TranscriptRequest, TranscriptRequest.application_id == Application.id)
    .join(Person, Person.id == Application.applicant_id)
)
FIND = WHOLE.where(
    Application.institution_id == bindparam("institution"),
    Application.number == bindparam("number"),
)


def find(work: Work, number: str) -> Application | None:
    """Whosesoever it is, however its number is typed; looked up once in a transaction.

    Whether the actor may see it is for the caller to ask: ``own`` does.
    """
    where = {"institution": work.institution, "number": number.strip().upper()}
    return work.once(
        ("transcript", where["number"]),
        lambda: next(iter(work.session.scalars(FIND, where)), None),
    )


def locked(work: Work, number: str) -> Application:
    """For a job that has done its slow part and now writes: nobody else moves the case meanwhile."""
    return work.session.scalars(
        select(Application)
        .where(Application.institution_id == work.institution, Application.number == number)
        .with_for_update()
    ).one()


def of_person(work: Work, person_id: int) -> list[Application]:
    """Newest first."""
    return list(
        work.session.scalars(
            select(Application)
            .where(
                Application.institution_id == work.institution,
                Application.kind == KIND,
                Application.applicant_id == person_id,
            )
            .order_by(Application.id.desc())
        )
    )


def withdrawable(application: Application) -> bool:
    return any(WORKFLOW.allows(application.state, event) for event in ("withdraw", "give_up"))


def withdraw(work: Work, number: str, consent: Consent) -> Application:
    """The applicant changes their mind; ``transcript_orders.withdraw`` also closes the order that was saved."""
    application = own(work, number)
    keep(work, consent)
    event = "give_up" if application.state == State.APPROVED else "withdraw"
    WORKFLOW.take(work, application, event)
    return application
