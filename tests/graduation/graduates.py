"""Candidates of a small major that can be finished, and what they file."""

from typing import Any

from sqlalchemy import select

from backend.exam import back_entry, candidates, graduation, scores, transfer_out
from backend.exam.back_entry_cases import Entry
from backend.exam.graduation_cases import Filing, Personal
from backend.exam.transfer_out import Destination
from backend.models import (
    Application,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamOptionCourse,
    ExamPlanCourse,
    ExamTicket,
    PolicyVersion,
)
from backend.sealing import Sealer
from tests.reviewing.hall import Hall

APPRAISAL = "我努力学习认真工作" * 30  # 270 characters
TO = Destination("江苏", "320112345678", "bachelor", "行政管理", "工作调动", "13800000000")
MOBILE = Personal(mobile="13800000000")


class Graduates:
    """Two courses are required (00015, 00018), 00312 is asked for in addition by an option."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        hall.office.sealer = Sealer(b"a secret of thirty-two characters")
        self.major = self.new_major("120499", "bachelor")
        self.college = self.new_major("120498", "college")
        self.person = hall.person("K9")
        self.ticket = hall.new_ticket(self.person, self.major)

    def new_major(self, code: str, level: str) -> int:
        hall = self.hall
        with hall.office.work() as work:
            major = ExamMajor(
                institution_id="demo",
                code=code,
                name_zh="演示专业",
                level=level,
                unit_id=hall.first,
                total_credit_tenths=80,
            )
            work.session.add(major)
            work.session.flush()
            for course in ("00015", "00018"):
                work.session.add(
                    ExamPlanCourse(
                        institution_id="demo",
                        major_id=major.id,
                        course_id=hall.courses[course],
                        kind="theory",
                        required=True,
                    )
                )
            return major.id

    def option(self) -> None:
        """From now on the major has two options; "other" asks for 00312."""
        with self.hall.office.work() as work:
            for code in ("none", "other"):
                option = ExamOption(
                    institution_id="demo", major_id=self.major, code=code, name_zh=code
                )
                work.session.add(option)
                work.session.flush()
                if code == "other":
                    work.session.add(
                        ExamOptionCourse(
                            institution_id="demo",
                            option_id=option.id,
                            course_id=self.hall.courses["00312"],
                        )
                    )

    def score(
        self,
        course: str,
        *,
        ticket: int | None = None,
        kind: str = "theory",
        source: str = "exam",
        month: str = "2025-10",
        passed: bool = True,
        score: int | None = 70,
        person: int | None = None,
    ) -> int:
        with self.hall.office.work() as work:
            credit = ExamCredit(
                institution_id="demo",
                person_id=person or self.person,
                ticket_id=ticket or self.ticket,
                course_id=self.hall.courses[course],
                kind=kind,
                source=source,
                session=month if source == "exam" else "",
                passed_month=month if passed else "",
                score=score,
                passed=passed,
            )
            work.session.add(credit)
            work.session.flush()
            return credit.id

    def correct(self, credit: int) -> None:
        """The registry says that it was no pass after all."""
        with self.hall.office.work() as work:
            row = work.session.get_one(ExamCredit, credit)
            row.passed, row.passed_month, row.score = False, "", None

    def everything(self) -> list[int]:
        return [self.score("00015"), self.score("00018")]

    def filing(self, **other: Any) -> Filing:
        """A complete one of a bachelor whose diploma is of 2005."""
        given: dict[str, Any] = {
            "option": None,
            "personal": MOBILE,
            "appraisal": APPRAISAL,
            "gaps": {},
            "prior_month": "2005-07",
        }
        if "proofs" not in other:
            kinds = ("diploma", "registration_record")
            given["proofs"] = tuple(self.hall.proof(self.person, one) for one in kinds)
        return Filing(**(given | other))

    def graduate(self, filing: Filing | None = None) -> str:
        hall, given = self.hall, filing or self.filing()
        with hall.office.work(self.person) as work:
            ticket = candidates.require_ticket(work)
            return graduation.file(work, ticket, given, hall.agreed(self.person)).number

    def leave(self, *credits: int, to: Destination = TO, person: int | None = None) -> str:
        hall, who = self.hall, person or self.person
        with hall.office.work(who) as work:
            ticket = work.session.get_one(ExamTicket, self.ticket)
            return transfer_out.file(work, ticket, to, credits, hall.agreed(who)).number

    def enter(self, entry: Entry) -> str:
        hall = self.hall
        with hall.office.work(self.person) as work:
            ticket = candidates.require_ticket(work)
            return back_entry.file(work, ticket, entry, hall.agreed(self.person)).number

    def entry(self, **other: Any) -> Entry:
        given: dict[str, Any] = {
            "kind": "theory",
            "course_id": self.hall.courses["00312"],
            "month": "2001-10",
            "score": 71,
        }
        if "proof" not in other:
            given["proof"] = self.hall.proof(self.person, "score_proof")
        return Entry(**(given | other))

    def counting(self) -> list[int]:
        """Ids of the scores that count."""
        with self.hall.office.read() as work:
            major = work.session.get_one(ExamMajor, self.major)
            return [one.id for one in scores.counting(work, self.person, major)]

    def policy(self, **entries: Any) -> None:
        """The exam's policy as it is from now on."""
        with self.hall.office.work() as work:
            row = work.session.scalars(
                select(PolicyVersion)
                .where(PolicyVersion.name == "exam")
                .order_by(PolicyVersion.version.desc())
                .limit(1)
            ).one()
            row.body = {**row.body, **entries}
        self.hall.office.policies.clear()

    def application(self, number: str) -> Application:
        return self.hall.case(number)
