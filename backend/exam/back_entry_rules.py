"""What a back-entry must have (E9): each of these raises Refused."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, or_, select

from backend.clock import local_date
from backend.errors import NotAllowed, Refused
from backend.exam import candidates, graduation_cases, windows
from backend.exam.back_entry_cases import KINDS, RESULTS, RULE, Entry, of_course
from backend.exam.scores import WHOLE_COURSE
from backend.models import (
    Application,
    BackEntryRequest,
    ExamCourse,
    ExamCredit,
    ExamTicket,
    Proof,
)
from backend.policy import store
from backend.policy.exam import ExamPolicy, Service
from backend.proofs import keeping
from backend.work import Work


def require_open(work: Work, ticket: ExamTicket) -> None:
    """Within the window and before graduation is applied for (E9); raises Refused."""
    windows.require(work, Service.BACK_ENTRY, "E4")
    if not store.exam(work).back_entry.before_graduation:
        return
    if (standing := graduation_cases.under_way(work, ticket)) is not None:
        raise Refused("graduation_under_way", RULE, number=standing.number)


def last_month(policy: ExamPolicy, kind: str) -> str:
    """The last month that may still be entered, "2002-12"."""
    limits = policy.back_entry
    if kind in RESULTS:
        return limits.theory_last_month
    return limits.exemption_last_month if kind == "exemption" else limits.transfer_last_month


def require_month(work: Work, policy: ExamPolicy, kind: str, month: str) -> None:
    """Raises Refused for what is too late to be entered, and leads to the service that it is for."""
    if month > f"{local_date(work.now):%Y-%m}":
        raise Refused("month_in_future", RULE, month=month)
    if month > (last := last_month(policy, kind)):
        raise Refused("too_late_for_back_entry", RULE, kind=kind, month=month, last=last)


def require_new(work: Work, ticket: ExamTicket, kind: str, course: ExamCourse) -> None:
    """Not what is there already, nor what waits already; raises Refused."""
    named = {"course": course.name_zh, "code": course.code}
    if (standing := of_course(work, ticket, kind, course.id)) is not None:
        raise Refused("entry_filed", RULE, **named, number=standing.number)
    if there(work, ticket.person_id, kind, course.id):
        raise Refused("already_there", RULE, **named)


def require_not_left(work: Work, person_id: int, kind: str, course: ExamCourse, month: str) -> None:
    """What has left with a transfer (E8) does not come back as an entry; raises Refused.

    Of another month it may be a second pass: reviewers are told of what has left (``left``).
    """
    if any(one.passed_month == month for one in left(work, person_id, kind, course.id)):
        raise Refused("score_left", "E8", course=course.name_zh, code=course.code)


def left(work: Work, person_id: int, kind: str, course_id: int) -> list[ExamCredit]:
    """What has left (E8) of all that such an entry stands for: this part, or the whole course."""
    query = select(ExamCredit).where(
        ExamCredit.person_id == person_id,
        ExamCredit.course_id == course_id,
        ExamCredit.left_by.is_not(None),
    )
    if kind not in WHOLE_COURSE:
        query = query.where(ExamCredit.kind.in_((kind, *WHOLE_COURSE)))
    return list(work.session.scalars(query.order_by(ExamCredit.passed_month, ExamCredit.id)))


def left_before(work: Work, applications: Sequence[int]) -> Counter[int]:
    """How much of that there is for each of these entries, by the case's id."""
    same = or_(
        BackEntryRequest.kind.in_(WHOLE_COURSE),
        ExamCredit.kind == BackEntryRequest.kind,
        ExamCredit.kind.in_(WHOLE_COURSE),
    )
    found = (
        select(BackEntryRequest.application_id, func.count())
        .join(Application, Application.id == BackEntryRequest.application_id)
        .join(ExamCredit, ExamCredit.person_id == Application.applicant_id)
        .where(
            BackEntryRequest.application_id.in_(applications),
            ExamCredit.course_id == BackEntryRequest.course_id,
            ExamCredit.left_by.is_not(None),
            same,
        )
        .group_by(BackEntryRequest.application_id)
    )
    return Counter({case: count for case, count in work.session.execute(found)})


def there(work: Work, person_id: int, kind: str, course_id: int) -> bool:
    """Whether it counts already, under whichever ticket of the person."""
    found = select(func.count()).where(
        ExamCredit.ticket_id.in_(candidates.ticket_ids(work, person_id)),
        ExamCredit.course_id == course_id,
        ExamCredit.kind == kind,
        ExamCredit.passed.is_(True),
        ExamCredit.left_by.is_(None),
        ExamCredit.ended_at.is_(None),
    )
    return bool(work.session.scalar(found))


def require(
    work: Work,
    policy: ExamPolicy,
    ticket: ExamTicket,
    entry: Entry,
    before: Application | None = None,
) -> Proof | None:
    if entry.kind not in KINDS:
        raise NotAllowed
    require_month(work, policy, entry.kind, entry.month)
    course = work.session.get_one(ExamCourse, entry.course_id)
    if before is None:
        require_new(work, ticket, entry.kind, course)
    require_not_left(work, ticket.person_id, entry.kind, course, entry.month)
    mark = policy.scores.pass_mark
    if entry.kind in RESULTS and (entry.score is None or not mark <= entry.score <= 100):
        raise Refused("score_needed", RULE, least=mark)
    moved = (entry.from_province, entry.from_ticket, entry.into_major)
    if entry.kind == "transfer_in" and not all(one.strip() for one in moved):
        raise Refused("transfer_incomplete", RULE)
    proof = _usable(work, entry.proof, before) if entry.proof is not None else None
    pictures = proof is not None and bool(keeping.pictures_of(work, proof.id))
    if entry.kind in policy.back_entry.picture_required and not pictures:
        raise Refused("picture_needed", RULE)
    if entry.kind == "exemption":
        complete = proof is not None and proof.type and proof.month and proof.province
        if not complete or proof is None or proof.number_sealed is None:
            raise Refused("proof_incomplete", RULE)
    return proof


def _usable(work: Work, proof_id: int, before: Application | None) -> Proof:
    proof = work.session.get(Proof, proof_id)
    if proof is None or proof.owner_id != work.actor or proof.ended_at is not None:
        raise NotAllowed
    if proof.application_id not in (None, before.id if before else None):
        raise NotAllowed
    return proof
