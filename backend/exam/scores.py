"""Scores of the exam: the latest session, what there was before it (E3), and what counts (E6, E8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from backend.exam import plans
from backend.models import ExamCourse, ExamCredit, ExamMajor, ExamTicket
from backend.work import Work

LINES = (
    select(ExamCredit, ExamCourse, ExamTicket.number)
    .join(ExamCourse, ExamCourse.id == ExamCredit.course_id)
    .join(ExamTicket, ExamTicket.id == ExamCredit.ticket_id)
)
WHOLE_COURSE = ("exemption", "transfer_in")  # stand for its theory and its practice


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One score as it is shown. ``gone`` is "left" (E8), "ended", or "" for one that is there."""

    credit_id: int
    ticket: str
    code: str
    name_zh: str
    name_en: str
    kind: str
    source: str
    session: str
    score: int | None
    remark: str
    credit_tenths: int
    passed_month: str
    passed: bool
    gone: str

    @property
    def month(self) -> str:
        """That of the exam, or in which it was obtained; "" where neither is known."""
        return self.session or self.passed_month


def latest(work: Work, ticket: ExamTicket) -> tuple[str, list[CreditLine]]:
    """当次成绩: the last session this ticket has scores of, and they; "" where there are none (E3)."""
    lines = history(work, ticket)
    session = max((one.session for one in lines if one.source == "exam"), default="")
    return session, [one for one in lines if session and one.session == session]


def earlier(work: Work, ticket: ExamTicket) -> list[CreditLine]:
    """历次成绩: everything else under this ticket, newest first (E3)."""
    lines = history(work, ticket)
    session = max((one.session for one in lines if one.source == "exam"), default="")
    return [one for one in lines if not session or one.session != session]


def history(work: Work, ticket: ExamTicket) -> list[CreditLine]:
    """Everything under this ticket, fails and what is gone included; newest first."""
    return lines_of(work, [ticket.id])


def lines_of(work: Work, tickets: Iterable[int]) -> list[CreditLine]:
    """The same for several tickets: scores under all of one's own are one's own."""
    found = work.session.execute(LINES.where(ExamCredit.ticket_id.in_(list(tickets)))).all()
    lines = [line(credit, course, number) for credit, course, number in found]
    return sorted(
        lines, key=lambda one: (_newest_first(one.month), one.code, one.kind, one.credit_id)
    )


def line(credit: ExamCredit, course: ExamCourse, ticket: str) -> CreditLine:
    gone = "left" if credit.left_by is not None else "ended" if credit.ended_at is not None else ""
    return CreditLine(
        credit_id=credit.id,
        ticket=ticket,
        code=course.code,
        name_zh=course.name_zh,
        name_en=course.name_en,
        kind=credit.kind,
        source=credit.source,
        session=credit.session,
        score=credit.score,
        remark=credit.remark,
        credit_tenths=course.credit_tenths,
        passed_month=credit.passed_month,
        passed=credit.passed,
        gone=gone,
    )


def passed(work: Work, person_id: int) -> list[ExamCredit]:
    """Every pass of this person under whichever ticket that has neither left nor ended."""
    query = (
        select(ExamCredit)
        .join(ExamTicket, ExamTicket.id == ExamCredit.ticket_id)
        .where(
            and_(
                ExamTicket.institution_id == work.institution,
                ExamTicket.person_id == person_id,
                ExamCredit.person_id == person_id,
                ExamCredit.passed.is_(True),
                ExamCredit.left_by.is_(None),
                ExamCredit.ended_at.is_(None),
            )
        )
    )
    return list(work.session.scalars(query.order_by(ExamCredit.id)))


def counts(credit: ExamCredit) -> bool:
    """Whether it is a pass that has neither left nor ended."""
    return credit.passed and credit.left_by is None and credit.ended_at is None


def locked(work: Work, of_these: ColumnElement[bool]) -> list[ExamCredit]:
    """Scores as they stand now; nobody else decides on them until the end. By id.

    Whoever approves what rests on a score, or takes a score away, asks for it here first.
    """
    query = select(ExamCredit).where(of_these).order_by(ExamCredit.id).with_for_update()
    return list(work.session.scalars(query.execution_options(populate_existing=True)))


def counting(work: Work, person_id: int, major: ExamMajor) -> list[ExamCredit]:
    """What counts towards graduation in a major (E6): the best pass of each part of each course.

    Only courses of its plan and of its options; an exemption or a transfer stands for the whole
    course where there is no pass of its own. By course.
    """
    wanted = plans.parts(work, major)
    best: dict[tuple[int, str], ExamCredit] = {}
    mine = [one for one in passed(work, person_id) if one.course_id in wanted]
    for one in sorted(mine, key=_worst_first):
        kinds = wanted[one.course_id] if one.kind in WHOLE_COURSE else {one.kind}
        for kind in kinds & wanted[one.course_id]:
            best[one.course_id, kind] = one
    chosen = {one.id: one for one in best.values()}
    return sorted(chosen.values(), key=lambda one: (one.course_id, one.kind, one.id))


def _worst_first(credit: ExamCredit) -> tuple[bool, int, str, int]:
    own_pass = credit.kind not in WHOLE_COURSE
    return own_pass, -1 if credit.score is None else credit.score, credit.passed_month, credit.id


def _newest_first(month: str) -> tuple[int, int]:
    year, _, number = month.partition("-")
    return (-int(year), -int(number)) if number else (0, 0)
