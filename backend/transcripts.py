"""Electronic transcripts: what a student may have, filing for it, and its life until it is issued.

Rules T1-T7 of the notice; every figure comes from policy data.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select

from backend import authority, numbering
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.documents import font_files
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.errors import NotAllowed, Refused
from backend.models import (
    Application,
    Blob,
    EmailRequest,
    FreeCopy,
    Person,
    PreviewPage,
    PreviewSeen,
    Snapshot,
    TranscriptRequest,
)
from backend.policy import store
from backend.policy.transcript import TranscriptPolicy
from backend.registry import students
from backend.registry.students import StudentFile
from backend.work import Work
from backend.workdays import after_workdays
from backend.workflow import NEW, Edge, Workflow


class State(StrEnum):
    WAITING = "waiting"  # for the unit officer (T4)
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"  # the applicant may order
    ORDERED = "ordered"  # waiting for payment
    PAID = "paid"  # being made
    STUCK = "stuck"  # cannot be made; academic affairs must mend the data
    ISSUED = "issued"
    EXPIRED = "expired"  # its file is gone (T7)


def hand_over(work: Work, application: Application, edge: Edge[Application]) -> dict[str, Any]:
    """Who must act now, and since when; only what waits for a decision can become overdue.

    What no officer can decide waits for academic affairs from the start (T4).
    """
    if edge.target == State.WAITING:
        officer = has_officer(work, application)
        return {"holder": edge.holder if officer else "academic_affairs", "since": work.now}
    return {"holder": edge.holder, "since": work.now, "remind_at": None, "escalate_at": None}


WORKFLOW: Workflow[Application] = Workflow(
    "transcript",
    Edge("file_for_approval", NEW, State.WAITING, "unit_officer", "T4"),
    Edge("file", NEW, State.APPROVED, "applicant", "T5"),
    Edge("approve", State.WAITING, State.APPROVED, "applicant", "T4"),
    Edge("reject", State.WAITING, State.REJECTED, "", "T4"),
    Edge("escalate", State.WAITING, State.WAITING, "academic_affairs", "T10"),
    Edge("withdraw", State.WAITING, State.WITHDRAWN),
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
    moved=hand_over,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the four kinds (T2)."""

    language: Language
    gpa: Gpa

    def __str__(self) -> str:
        return f"{self.language}+{self.gpa}"


KINDS = tuple(Kind(language, gpa) for language in Language for gpa in Gpa)


@dataclass(frozen=True, slots=True)
class KindOffer:
    kind: Kind
    free_left: int
    price_fen: int  # of a copy that is not free
    spent_by_email: bool  # T3

    @property
    def next_copy_fen(self) -> int:
        """What the next copy costs, in fen."""
        return 0 if self.free_left else self.price_fen


@dataclass(frozen=True, slots=True)
class Offer:
    """What one student may have, and why not the rest (T1-T3)."""

    file: StudentFile
    policy: TranscriptPolicy
    coverages: tuple[Coverage, ...]
    refused: tuple[tuple[Coverage | None, Refused], ...]  # None: no transcript at all

    @property
    def needs_approval(self) -> bool:
        """T4, T5."""
        if self.file.graduated:
            return self.policy.approval_for_graduated
        return self.policy.approval_for_enrolled


def offer(work: Work, student_id: int, version: int | None = None) -> Offer:
    """Under the policy of today, or the one an application was filed under.

    Raises Refused when the person is no student in the registry.
    """
    file = students.find(work, student_id)
    if file is None:
        raise Refused("not_a_student", "T1", office="technical_support")
    policy = store.transcript(work, version)
    coverages, refused = coverages_for(file, policy)
    if coverages and not file.has_grades:
        coverages, refused = (), ((None, Refused("no_grades", "T6", office="academic_affairs")),)
    return Offer(file, policy, coverages, refused)


def coverages_for(
    file: StudentFile, policy: TranscriptPolicy
) -> tuple[tuple[Coverage, ...], tuple[tuple[Coverage | None, Refused], ...]]:
    """Which teaching may be covered, and why not the rest (T1)."""
    year = file.enrolled_on.year
    central = file.central_teaching
    contact = {"office": "academic_affairs", "year": year}
    if year < policy.centralized_from:
        first = policy.centralized_from
        return (), ((None, Refused("enrolled_too_early", "T1", first=first, **contact)),)
    if year < policy.combined_from and not central:
        return (), (
            (None, Refused("no_central_teaching", "T1", first=policy.combined_from, **contact)),
        )
    offered, refused = [], []
    if central:
        offered.append(Coverage.CENTRALIZED)
    else:
        why = Refused("not_taught_centrally", "T1", **contact)
        refused.append((Coverage.CENTRALIZED, why))
    if year >= policy.combined_from:
        offered.append(Coverage.COMBINED)
    else:
        why = Refused("combined_only_later", "T1", first=policy.combined_from, **contact)
        refused.append((Coverage.COMBINED, why))
    return tuple(offered), tuple(refused)


BY_EMAIL = select(EmailRequest.language, EmailRequest.gpa, EmailRequest.requested_on).where(
    EmailRequest.student_id == bindparam("student")
)
TAKEN = select(FreeCopy.kind).where(FreeCopy.student_id == bindparam("student"))


def prices(work: Work, given: Offer) -> dict[Kind, KindOffer]:
    """Free copies left of each kind (T2); none of a kind that was asked for by e-mail (T3)."""
    policy, student = given.policy, {"student": given.file.person_id}
    emailed = {
        Kind(Language(language), Gpa(gpa))
        for language, gpa, day in work.reading.execute(BY_EMAIL, student)
        if policy.email_from <= day <= policy.email_until
    }
    taken = Counter(work.reading.execute(TAKEN, student).scalars())
    return {
        kind: KindOffer(
            kind,
            0 if kind in emailed else max(policy.free_copies - taken[str(kind)], 0),
            policy.price_fen,
            kind in emailed,
        )
        for kind in KINDS
    }


def price(work: Work, given: Offer, facts: TranscriptFacts) -> KindOffer:
    return prices(work, given)[Kind(facts.language, facts.gpa)]


def facts_today(
    work: Work, given: Offer, language: Language, gpa: Gpa, coverage: Coverage
) -> TranscriptFacts:
    """What the document would say now; kept as a snapshot under its digest (T6)."""
    if coverage not in given.coverages:
        why = dict(given.refused)
        raise why.get(coverage) or why[None]
    facts = students.transcript_facts(work, given.file, given.policy, language, gpa, coverage)
    if not facts.courses:
        raise Refused("no_grades", "T6", office="academic_affairs")
    if drawing(work, facts.digest) is None:
        work.session.add(
            Snapshot(
                institution_id=work.institution,
                digest=facts.digest,
                student_id=given.file.person_id,
                facts=facts.to_json(),
                taken_at=work.now,
            )
        )
        work.session.flush()
        work.forget(("drawing", facts.digest))
    return facts


def take_fresh_snapshot(work: Work, application: Application) -> None:
    """After a correction of the data: the document follows the registry as it is now (T10)."""
    request = request_of(work, application)
    given = offer(work, application.applicant_id, application.policy_version)
    kind = kind_of(request)
    facts = facts_today(work, given, kind.language, kind.gpa, coverage_of(request))
    request.snapshot = facts.digest


DRAWING = select(Snapshot.undrawable, Snapshot.undrawable_in).where(
    Snapshot.institution_id == bindparam("institution"), Snapshot.digest == bindparam("digest")
)


def drawing(work: Work, digest: str) -> Any:
    """What kept a snapshot from being drawn; None when there is no such snapshot."""
    where = {"institution": work.institution, "digest": digest}
    return work.once(
        ("drawing", digest), lambda: work.reading.execute(DRAWING, where).one_or_none()
    )


PAGES = (
    select(Blob)
    .join(PreviewPage, PreviewPage.blob_id == Blob.id)
    .where(
        PreviewPage.institution_id == bindparam("institution"),
        PreviewPage.digest == bindparam("digest"),
        Blob.deleted_at.is_(None),
    )
    .order_by(PreviewPage.page)
)


def preview(work: Work, digest: str) -> list[Blob]:
    """The watermarked pages; while there are none they are being drawn, started by asking.

    ``preview:<digest>`` is the key under which the drawing is announced. Raises Refused when no
    font here has a character of the data: never an empty box (T8).
    """
    hindrance = drawing(work, digest)
    if hindrance.undrawable and hindrance.undrawable_in == font_files.edition():
        raise Refused("missing_glyph", "T8", glyphs=hindrance.undrawable, office="academic_affairs")
    where = {"institution": work.institution, "digest": digest}
    if pages := work.session.scalars(PAGES, where).all():
        return list(pages)
    # Whoever draws it now ends after this turn, and then finds the dialog that waits for it.
    snapshot = work.session.get_one(Snapshot, (work.institution, digest), with_for_update=True)
    pages = work.session.scalars(PAGES, where).all()
    if not pages and snapshot.drawing_since is None:
        snapshot.drawing_since = work.now
        work.enqueue("draw_preview", f"{digest}:{work.now.isoformat()}", digest=digest)
    return list(pages)


SEEN = select(PreviewSeen.seen_at).where(
    PreviewSeen.institution_id == bindparam("institution"),
    PreviewSeen.person_id == bindparam("person"),
    PreviewSeen.digest == bindparam("digest"),
)
SEE = insert(PreviewSeen)


def preview_seen(work: Work, digest: str) -> bool:
    if work.actor is None:
        return False
    where = {"institution": work.institution, "person": work.actor, "digest": digest}
    seen = work.once(("seen", digest), lambda: work.reading.execute(SEEN, where).scalar())
    return seen is not None


def note_preview_seen(work: Work, digest: str) -> None:
    """The pages are on their way to the person who acts (T6)."""
    if work.actor is None or preview_seen(work, digest):
        return
    seen = {
        "institution_id": work.institution,
        "person_id": work.actor,
        "digest": digest,
        "seen_at": work.now,
    }
    work.writing.execute(SEE, seen)
    work.forget(("seen", digest))


def file(
    work: Work, given: Offer, facts: TranscriptFacts, reason: str, consent: Consent
) -> Application:
    """File an application; with or without approval as policy says (T4, T5)."""
    if work.actor != given.file.person_id:
        raise NotAllowed
    require_preview(work, given.policy, facts.digest)
    needs_approval = given.needs_approval
    if needs_approval and (waiting := same_waiting(work, facts)):
        raise Refused("already_waiting", "T4", number=waiting)
    application = Application(
        institution_id=work.institution,
        number=numbering.next_number(work, "T"),
        kind="transcript",
        applicant_id=given.file.person_id,
        unit_id=given.file.unit_id,
        state=NEW,
        filed_at=work.now,
        policy_version=store.version_in_force(work, "transcript"),
        consent_id=keep(work, consent),
    )
    if needs_approval:
        calendar = store.calendar(work)
        if days := given.policy.remind_after_days:
            application.remind_at = after_workdays(work.now, days, calendar)
        if days := given.policy.escalate_after_days:
            application.escalate_at = after_workdays(work.now, days, calendar)
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


SAME_WAITING = (
    select(Application.number)
    .join(TranscriptRequest, TranscriptRequest.application_id == Application.id)
    .where(
        Application.institution_id == bindparam("institution"),
        Application.applicant_id == bindparam("applicant"),
        Application.state == State.WAITING,
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


def require_preview(work: Work, policy: TranscriptPolicy, digest: str) -> None:
    """T6: whoever confirms has seen exactly these facts."""
    if policy.preview_before_order and not preview_seen(work, digest):
        raise Refused("preview_first", "T6")


def request_of(work: Work, application: Application) -> TranscriptRequest:
    return work.session.get_one(TranscriptRequest, application.id)


def kind_of(request: TranscriptRequest) -> Kind:
    return Kind(Language(request.language), Gpa(request.gpa))


def coverage_of(request: TranscriptRequest) -> Coverage:
    return Coverage(request.coverage)


def snapshot_facts(work: Work, digest: str) -> TranscriptFacts:
    return TranscriptFacts.from_json(
        work.session.get_one(Snapshot, (work.institution, digest)).facts
    )


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
                Application.kind == "transcript",
                Application.applicant_id == person_id,
            )
            .order_by(Application.id.desc())
        )
    )


def withdrawable(application: Application) -> bool:
    return any(WORKFLOW.allows(application.state, event) for event in ("withdraw", "give_up"))


def withdraw(work: Work, number: str, consent: Consent) -> Application:
    """The applicant changes their mind; ``orders.withdraw`` also closes the order that was saved."""
    application = own(work, number)
    keep(work, consent)
    event = "give_up" if application.state == State.APPROVED else "withdraw"
    WORKFLOW.take(work, application, event)
    return application
