"""What a student may have: which transcripts, why not the rest, and what the next copy costs (T1-T3)."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.errors import Refused
from backend.fees import price as pricing
from backend.fees.fee import Fee, Unit
from backend.fees.price import Price
from backend.models import EmailRequest
from backend.policy import store
from backend.policy.transcript import TranscriptPolicy
from backend.registry import students
from backend.registry.students import StudentFile
from backend.work import Work


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
    """What the next copy of a kind costs this student."""

    kind: Kind
    price: Price
    spent_by_email: bool  # T3

    @property
    def free_left(self) -> int:
        return self.price.free_left

    @property
    def price_fen(self) -> int:
        """Of a copy that is not free, as published."""
        return self.price.list_fen


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
        coverages, refused = (), ((None, Refused("no_grades", "T10", office="academic_affairs")),)
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


def spent_by_email(work: Work, student: int) -> set[str]:
    """Kinds of which a student has no free copy left because they asked for one by e-mail (T3)."""
    policy = store.transcript(work)
    requests = work.reading.execute(BY_EMAIL, {"student": student})
    return {
        str(Kind(Language(language), Gpa(gpa)))
        for language, gpa, day in requests
        if policy.email_from <= day <= policy.email_until
    }


KIND = "transcript"
FEE = Fee(
    KIND,
    policy="transcript",
    price="price_fen",
    hours="order_hours",
    unit=Unit.COPY,
    hours_rule="T6",
    free="free_copies",
    spent=spent_by_email,
    spent_rule="T3",
)


def prices(work: Work, given: Offer) -> dict[Kind, KindOffer]:
    """Free copies left of each kind (T2); none of a kind that was asked for by e-mail (T3).

    As published today, whatever an application was filed under.
    """
    student = given.file.person_id
    emailed = spent_by_email(work, student)
    found = pricing.prices(work, FEE, student, map(str, KINDS))
    return {kind: KindOffer(kind, found[str(kind)], str(kind) in emailed) for kind in KINDS}


def price(work: Work, given: Offer, facts: TranscriptFacts) -> KindOffer:
    return prices(work, given)[Kind(facts.language, facts.gpa)]
