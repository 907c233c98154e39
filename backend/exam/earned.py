"""Which courses a candidate has behind them, whatever ticket they were passed under."""

from collections import defaultdict

from backend.exam import candidates, plans, scores
from backend.models import ExamTicket
from backend.work import Work


def courses(work: Work, ticket: ExamTicket) -> set[int]:
    """Ids of the courses that need no exemption: passed, exempt or transferred.

    One that has theory and practice in the plan needs both.
    """
    have: dict[int, set[str]] = defaultdict(set)
    for credit in scores.passed(work, ticket.person_id):
        have[credit.course_id].add(credit.kind)
    major = candidates.major_of(work, ticket)
    parts: dict[int, set[str]] = defaultdict(set)
    for line in plans.plan(work, major) if major else []:
        parts[line.course.id].add(line.kind)
    return {
        course
        for course, kinds in have.items()
        if kinds & set(scores.WHOLE_COURSE) or parts.get(course, kinds) <= kinds
    }
