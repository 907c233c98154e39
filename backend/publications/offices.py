"""Which office publishes what: academic affairs everything, others their own documents."""

from collections.abc import Iterable

from backend import authority
from backend.authority import Role
from backend.work import Work

PUBLISHERS = (Role.ACADEMIC_AFFAIRS, Role.STUDENT_AFFAIRS, Role.EXAM_OFFICE)
SHIPPED = {
    "transcript-2020": Role.ACADEMIC_AFFAIRS,
    "registration-2022": Role.STUDENT_AFFAIRS,
    "photo-2024": Role.STUDENT_AFFAIRS,
    "degree-manual": Role.ACADEMIC_AFFAIRS,
    "exam-manual": Role.EXAM_OFFICE,
}
CONTACTS = {
    Role.ACADEMIC_AFFAIRS: "academic_affairs",
    Role.STUDENT_AFFAIRS: "student_affairs",
    Role.EXAM_OFFICE: "exam_policy",
}


def contact(document: str) -> str:
    """Under which the office of a document that ships is in policy; empty for others."""
    return CONTACTS[SHIPPED[document]] if document in SHIPPED else ""


def office_of(work: Work, person: int) -> Role | None:
    """The role in which somebody publishes; None for whoever may not."""
    held = authority.roles(work, person)
    return next((role for role in PUBLISHERS if role in held), None)


def may_replace(held: Iterable[Role], office: str) -> bool:
    """Whether a document of that office is theirs to replace or withdraw."""
    held = set(held)
    return Role.ACADEMIC_AFFAIRS in held or office in held & set(PUBLISHERS)
