"""Approvals a graduation rests on that somebody says were wrong, while nobody has settled it (E6)."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from backend.models import Application, Decision, ExamCredit, GraduationScore
from backend.proofs import noticing
from backend.reviewing.case import APPROVED
from backend.work import Work


def doubted(work: Work, graduations: Sequence[Application]) -> dict[int, list[str]]:
    """Their numbers, by the id of the graduation."""
    latest = select(func.max(Decision.id)).where(Decision.application_id == Application.id)
    rows = work.session.execute(
        select(GraduationScore.application_id, Application.number)
        .join(ExamCredit, ExamCredit.id == GraduationScore.credit_id)
        .join(Application, Application.id == ExamCredit.application_id)
        .join(Decision, Decision.id == latest.correlate(Application).scalar_subquery())
        .where(
            GraduationScore.application_id.in_([one.id for one in graduations]),
            Application.state == APPROVED,
            Decision.verdict == "doubt",
        )
        .distinct()
        .order_by(Application.number)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for graduation, number in rows:
        found[graduation].append(number)
    return found


def findings(work: Work, graduations: Sequence[Application]) -> Counter[int]:
    """With what was noticed about their pictures."""
    counted = {one: len(numbers) for one, numbers in doubted(work, graduations).items()}
    return noticing.in_pictures(work, graduations) + Counter(counted)
