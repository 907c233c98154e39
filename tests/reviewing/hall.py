"""Two examining universities with their reviewers, an exam office, candidates and their proofs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import event, select

from backend.authority import Role
from backend.database import Database
from backend.exam import candidates, exemptions
from backend.exam.exemptions import CourseClaim
from backend.models import (
    Application,
    Blob,
    Decision,
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamPlanCourse,
    ExamTicket,
    GraduationScore,
    PictureFinding,
    Proof,
    ProofPicture,
)
from backend.models import Role as RoleRow
from backend.reviewing import asking, deciding
from backend.reviewing.kinds import find
from tests.backend.scene import Scene

COURSES = {
    "00015": "英语（二）",
    "00018": "计算机应用基础",
    "03708": "中国近现代史纲要",
    "03709": "马克思主义基本原理概论",
    "00312": "政治学概论",
}


class Hall(Scene):
    """The demo's policy: windows are open, 00015 by CET, PETS or a degree, 00018 by anything."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.first = self.unit("SH9001", "演示大学甲", "Demo University A")
        self.other = self.unit("SH9002", "演示大学乙", "Demo University B")
        self.courses: dict[str, int] = {}
        with self.office.work() as work:
            for code, name in COURSES.items():
                course = ExamCourse(
                    institution_id="demo", code=code, name_zh=name, credit_tenths=40
                )
                work.session.add(course)
                work.session.flush()
                self.courses[code] = course.id
            self.major = self.new_major(work, "120402", self.first)
            self.elsewhere = self.new_major(work, "120403", self.other)
        self.reviewer = self.staff("R1", Role.EXAM_REVIEWER, self.first)
        self.colleague = self.staff("R2", Role.EXAM_REVIEWER, self.first)
        self.stranger = self.staff("R3", Role.EXAM_REVIEWER, self.other)
        self.exam_office = self.staff("X1", Role.EXAM_OFFICE)
        self.tickets = 0

    def new_major(self, work: Any, code: str, unit: int) -> int:
        major = ExamMajor(
            institution_id="demo",
            code=code,
            name_zh="行政管理",
            level="bachelor",
            unit_id=unit,
            total_credit_tenths=700,
        )
        work.session.add(major)
        work.session.flush()
        for course in self.courses.values():
            work.session.add(
                ExamPlanCourse(
                    institution_id="demo",
                    major_id=major.id,
                    course_id=course,
                    kind="theory",
                    required=True,
                )
            )
        return major.id

    def candidate(self, number: str = "K1", *, major: int | None = None) -> int:
        person = self.person(number)
        self.new_ticket(person, major or self.major)
        return person

    def new_ticket(self, person: int, major: int | None) -> int:
        self.tickets += 1
        with self.office.work() as work:
            ticket = ExamTicket(
                institution_id="demo",
                number=f"99{self.tickets:010}",
                person_id=person,
                active=True,
                linked_at=work.now,
                major_id=major,
            )
            work.session.add(ticket)
            work.session.flush()
            return ticket.id

    def proof(self, owner: int, type_: str, grade: str = "", *findings: str) -> int:
        """A proof with one picture, about which this was noticed."""
        with self.office.work(owner) as work:
            proof = Proof(
                institution_id="demo",
                owner_id=owner,
                type=type_,
                grade=grade,
                score=430 if type_ == "cet" else None,
                created_at=work.now,
                month="2018-06",
                province="上海",
            )
            blob = Blob(
                id=uuid4().hex,
                institution_id="demo",
                owner_id=owner,
                key=uuid4().hex,
                sha256=uuid4().hex,
                size=1,
                media_type="image/png",
                name="a.png",
                created_at=work.now,
                expires_at=None,
            )
            work.session.add_all([proof, blob])
            work.session.flush()
            picture = ProofPicture(
                institution_id="demo",
                proof_id=proof.id,
                owner_id=owner,
                place="picture",
                type=type_,
                most_bytes=1_048_576,
                rule="E5",
                original_blob_id=blob.id,
                blob_id=blob.id,
                thumb_blob_id=blob.id,
                sha256=blob.sha256,
                state="checked",
                insisted=False,
                asked_at=work.now,
            )
            work.session.add(picture)
            work.session.flush()
            for code in findings:
                work.session.add(
                    PictureFinding(
                        picture_id=picture.id,
                        code=code,
                        severity="reviewer",
                        rule="E5",
                    )
                )
            return proof.id

    def claim(self, owner: int, code: str, *findings: str) -> CourseClaim:
        """For a course by what it takes, complete."""
        if code in ("03708", "03709"):
            proofs = [self.proof(owner, "diploma"), self.proof(owner, "registration_record")]
        elif code == "00015":
            proofs = [self.proof(owner, "cet", "4", *findings)]
        else:
            proofs = [self.proof(owner, "other", "", *findings)]
        return CourseClaim(self.courses[code], tuple(proofs))

    def file_exemptions(
        self, person: int, *codes: str, findings: tuple[str, ...] = ()
    ) -> list[str]:
        claims = [self.claim(person, code, *findings) for code in codes]
        with self.office.work(person) as work:
            ticket = candidates.require_ticket(work)
            filed = exemptions.file(work, ticket, claims, self.agreed(person))
            return [one.number for one in filed]

    def approve_case(self, person: int, *numbers: str) -> None:
        with self.office.work(person) as work:
            deciding.approve(work, numbers, self.agreed(person))

    def reject_case(self, person: int, number: str, words: str = "图片不清楚") -> None:
        with self.office.work(person) as work:
            deciding.reject(work, number, "", words, self.agreed(person))

    def refer_case(self, person: int, number: str, verdict: str = "approve") -> None:
        words = "看不清" if verdict == "reject" else ""
        with self.office.work(person) as work:
            deciding.refer(work, number, verdict, "", words, self.agreed(person))

    def withdraw_case(self, person: int, number: str) -> None:
        with self.office.work(person) as work:
            asking.withdraw(work, number, self.agreed(person))

    def case(self, number: str) -> Application:
        with self.office.read() as work:
            found = find(work, number)
            assert found is not None
            return found

    def credits(self, person: int) -> list[tuple[int, str, bool]]:
        """Course, kind and whether it counts."""
        with self.office.read() as work:
            rows = work.session.scalars(
                select(ExamCredit).where(ExamCredit.person_id == person).order_by(ExamCredit.id)
            )
            return [(row.course_id, row.kind, row.ended_at is None) for row in rows]

    def decisions(self, number: str) -> list[tuple[int, str, str]]:
        with self.office.read() as work:
            rows = work.session.scalars(
                select(Decision)
                .join(Application, Application.id == Decision.application_id)
                .where(Application.number == number)
                .order_by(Decision.id)
            )
            return [(row.decided_by, row.stage, row.verdict) for row in rows]

    def close_windows(self) -> None:
        self.pass_time(timedelta(days=100))

    def pass_exam(self, person: int, code: str) -> None:
        with self.office.work() as work:
            ticket = candidates.tickets(work, person)[0]
            work.session.add(
                ExamCredit(
                    institution_id="demo",
                    person_id=person,
                    ticket_id=ticket.id,
                    course_id=self.courses[code],
                    kind="theory",
                    source="exam",
                    session="2025-10",
                    passed_month="2025-10",
                    score=66,
                    passed=True,
                )
            )

    def graduate_with(self, exemption: str, state: str) -> None:
        """A graduation in this state that counts what this exemption stands for."""
        with self.office.work() as work:
            given = find(work, exemption)
            assert given is not None
            graduation = Application(
                institution_id="demo",
                number="B260302-0001",
                kind="exam_graduation",
                applicant_id=given.applicant_id,
                unit_id=given.unit_id,
                state=state,
                holder="",
                since=work.now,
                filed_at=work.now,
                policy_version=1,
                consent_id=given.consent_id,
            )
            work.session.add(graduation)
            work.session.flush()
            for credit in work.session.scalars(
                select(ExamCredit).where(ExamCredit.application_id == given.id)
            ):
                score = GraduationScore(
                    institution_id="demo", application_id=graduation.id, credit_id=credit.id
                )
                work.session.add(score)

    def take_role(self, person: int, role: Role) -> None:
        with self.office.work() as work:
            held = select(RoleRow).where(RoleRow.person_id == person, RoleRow.role == role)
            for row in work.session.scalars(held):
                work.session.delete(row)

    def statements(self, act: Callable[[], object]) -> int:
        """How many of them go to the database meanwhile."""
        heard: list[str] = []

        def hear(_c: object, _cur: object, statement: str, *_: object) -> None:
            heard.append(statement)

        engine = self.office.database.engine
        event.listen(engine, "before_cursor_execute", hear)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        return len(heard)

    @contextmanager
    def unchanged_cases(self, *numbers: str) -> Iterator[None]:
        """What is done inside leaves these as they are."""

        def look() -> object:
            cases = [(one.state, one.since, one.version) for one in map(self.case, numbers)]
            return cases, [len(self.audit(number)) for number in numbers]

        before = look()
        yield
        assert look() == before
