"""Results of the demo students: which courses, when, and how well."""

from dataclasses import dataclass
from datetime import date
from random import Random

from backend.registry.demo.courses import COURSES, DemoCourse
from backend.registry.demo.students import SEED, DemoStudent
from backend.registry.demo.units import UNITS

FIELDS = {unit.code: unit.field for unit in UNITS}
LETTERS = ("A", "A", "A-", "A-", "B+", "B", "B-", "C+")


@dataclass(frozen=True, slots=True)
class DemoGrade:
    course: str
    term: str
    score: str
    degree_course: bool
    period: str


def grades(student: DemoStudent, today: date) -> list[DemoGrade]:
    """What ``student`` has passed by ``today``, in the order of the terms."""
    random = Random(f"{SEED}/{student.number}")  # noqa: S311 - repeatable data, not secrets
    chosen = courses_of(student, random)
    every = max(4, -(-len(chosen) // 6))  # at most six terms
    result = []
    for index, course in enumerate(chosen):
        year, term = divmod(index // every, 2)
        first = student.enrolled_on.year + year
        if date(first + 1, 1, 31) > today or (term and date(first + 1, 7, 15) > today):
            continue
        result.append(
            DemoGrade(
                course=course.code,
                term=f"{first}-{first + 1}-{term + 1}",
                score=score(course, random),
                degree_course=not course.pass_fail and course.field != "general",
                period="centralized" if course.central and student.central else "combined",
            )
        )
    return result


def courses_of(student: DemoStudent, random: Random) -> list[DemoCourse]:
    """Required ones first, then the student's field, then other fields when more are wanted.

    Central teaching fills the first year; institutes teach afterwards.
    """
    field = FIELDS[student.unit]
    barred = "硕士学位英语" if student.level == "doctor" else "博士学位英语"
    general = [c for c in COURSES if c.field == "general" and c.name_zh != barred]
    own = [c for c in COURSES if c.field == field]
    other = [c for c in COURSES if c.field not in ("general", field)]
    for group in (general, own, other):
        random.shuffle(group)
    wanted = (general[: max(student.courses // 4, 1)] + own + other)[: student.courses]
    return sorted(wanted, key=lambda course: not course.central)


def score(course: DemoCourse, random: Random) -> str:
    if course.pass_fail:
        return "通过"
    if int(course.code[-1]) % 5 == 0:
        return random.choice(LETTERS)
    return str(min(100, max(58, round(random.gauss(85, 7)))))
