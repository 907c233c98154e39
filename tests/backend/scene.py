"""One institution with the notice's own rules: students, officers, academic affairs, a press."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from backend import approvals, offers, orders, previews, transcript_orders, transcripts
from backend.authority import Role
from backend.blobs import BlobStore
from backend.clock import SetClock, local_date
from backend.consent import Consent
from backend.database import Database
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.documents.materials import Evidence, Issue, Level, Made, Picture
from backend.documents.workshop import Workshop
from backend.errors import Refused
from backend.jobs import DirectJobs
from backend.models import (
    Application,
    AuditEntry,
    Course,
    EmailRequest,
    FreeCopy,
    Grade,
    Institution,
    Order,
    Person,
    PolicyVersion,
    Student,
    Unit,
    UnitName,
)
from backend.models import Role as RoleRow
from backend.office import Office
from backend.payments.provider import PaymentProvider
from backend.policy import notices
from backend.sealing import Sealer
from backend.work import Event, Jobs, Work

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
SEALER = Sealer(b"a secret that is long enough for it!")
CERTIFICATE = "c" * 64  # the fingerprint of nobody's
UNIT_SINCE = date(1978, 1, 1)


class Press:
    """Stands in for the workshop: documents have tests of their own."""

    def __init__(self) -> None:
        self.made: list[str] = []  # codes
        self.file: bytes | None = None  # None: a few words instead
        self.failing: Exception | None = None

    def preview(self, facts: TranscriptFacts) -> list[Picture]:
        if self.failing:
            raise self.failing
        return [Picture(f"page of {facts.digest}".encode(), 10, 14)]

    def sample(self, name: str, language: str) -> Picture:
        return Picture(f"{name} in {language}".encode(), 10, 14)

    def make(
        self,
        facts: TranscriptFacts,
        issue: Issue,
        barred: Mapping[str, str],
        level: Level = Level.B_B,
        evidence: Evidence | None = None,
    ) -> Made:
        if self.failing:
            raise self.failing
        self.made.append(issue.code)
        pdf = self.file or f"{issue.code} {facts.digest}".encode()
        return Made(pdf, Level.B_B, CERTIFICATE, (0, 0), b"", b"", finished=True)


class Scene:
    """Whatever is announced is kept once it is committed, as are the jobs."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        jobs: Jobs | None = None,
        demo: bool = True,
    ) -> None:
        self.clock = SetClock(START)
        self.direct = DirectJobs()
        self.press = Press()
        self.blobs = BlobStore(str(folder / "blobs"), SEALER)
        self.folder = folder
        self.events: list[Event] = []
        self._lock = threading.Lock()
        self.office = Office(
            institution="demo",
            database=database,
            clock=self.clock,
            jobs=jobs or self.direct,
            blobs=self.blobs,
            workshop=cast(Workshop, self.press),
            payments=self.provider(),
            base_url="http://registrar.test",
            announce=self._announce,
        )
        with self.office.work() as work:
            work.session.add(Institution(id="demo", name_zh="演示大学", name_en="Demo University"))
            work.session.flush()
            notices.load(work.session, "demo", demo=demo, today=local_date(work.now))
        self.physics = self.unit("80001", "物理研究所", "Institute of Physics")
        self.maths = self.unit("80002", "数学研究所", "Institute of Mathematics")
        self.affairs = self.staff("A1", Role.ACADEMIC_AFFAIRS)

    def provider(self) -> PaymentProvider:
        nobody: Any = None  # no money moves in most tests
        return nobody

    # who there is

    def unit(self, code: str, name_zh: str, name_en: str) -> int:
        with self.office.work() as work:
            unit = Unit(institution_id="demo", code=code)
            work.session.add(unit)
            work.session.flush()
            work.session.add(
                UnitName(unit_id=unit.id, valid_from=UNIT_SINCE, name_zh=name_zh, name_en=name_en)
            )
            return unit.id

    def person(self, number: str, name: str = "林小满") -> int:
        with self.office.work() as work:
            person = Person(institution_id="demo", number=number, name=name, name_en="Lin Xiaoman")
            work.session.add(person)
            work.session.flush()
            return person.id

    def give_role(self, person: int, role: Role, unit: int | None = None) -> None:
        with self.office.work() as work:
            work.session.add(
                RoleRow(institution_id="demo", person_id=person, role=role, unit_id=unit)
            )

    def staff(self, number: str, role: Role, unit: int | None = None) -> int:
        person = self.person(number, "王老师")
        self.give_role(person, role, unit)
        return person

    def officer(self, number: str = "O1", unit: int | None = None) -> int:
        return self.staff(number, Role.UNIT_OFFICER, unit or self.physics)

    def student(
        self,
        number: str = "S1",
        *,
        enrolled: date = date(2021, 9, 1),
        graduated: date | None = None,
        central: bool = True,
        unit: int | None = None,
        graded: bool = True,
    ) -> int:
        person = self.person(number)
        with self.office.work() as work:
            work.session.add(
                Student(
                    person_id=person,
                    institution_id="demo",
                    unit_id=unit or self.physics,
                    level="master",
                    kind="academic",
                    major_zh="理论物理",
                    major_en="Theoretical Physics",
                    enrolled_on=enrolled,
                    graduated_on=graduated,
                    central_teaching=central,
                )
            )
        if graded:
            self.grade(person, "P100", "92")
            self.grade(person, "P200", "85", period=Coverage.COMBINED)
        return person

    def graduate(self, number: str = "G1") -> int:
        """A student who files without approval (T5)."""
        return self.student(number, graduated=date(2024, 6, 30))

    def grade(
        self,
        student: int,
        code: str,
        score: str,
        *,
        credit_tenths: int = 30,
        period: Coverage = Coverage.CENTRALIZED,
        term: str = "2021-2022-1",
    ) -> None:
        with self.office.work() as work:
            course = work.session.scalar(select(Course).where(Course.code == code))
            if course is None:
                course = Course(
                    institution_id="demo",
                    code=code,
                    name_zh=f"课程{code}",
                    name_en=f"Course {code}",
                    credit_tenths=credit_tenths,
                    hours=40,
                )
                work.session.add(course)
                work.session.flush()
            work.session.add(
                Grade(
                    institution_id="demo",
                    student_id=student,
                    course_id=course.id,
                    term=term,
                    score=score,
                    degree_course=True,
                    period=period,
                )
            )

    def asked_by_email(self, student: int, language: str, gpa: str, on: date) -> None:
        with self.office.work() as work:
            work.session.add(
                EmailRequest(
                    institution_id="demo",
                    student_id=student,
                    language=language,
                    gpa=gpa,
                    requested_on=on,
                )
            )

    def set_policy(self, name: str, valid_from: date, **changed: Any) -> int:
        """A later version of a policy that differs from the latest in these entries."""
        with self.office.work() as work:
            latest = work.session.scalars(
                select(PolicyVersion)
                .where(PolicyVersion.name == name)
                .order_by(PolicyVersion.version.desc())
                .limit(1)
            ).one()
            version = latest.version + 1
            work.session.add(
                PolicyVersion(
                    institution_id="demo",
                    name=name,
                    version=version,
                    valid_from=valid_from,
                    body=latest.body | changed,
                    published_at=work.now,
                )
            )
            return version

    # what they do

    def agreed(self, person: int) -> Consent:
        return Consent(person, "确认", "zh", "")

    def facts(
        self,
        work: Work,
        student: int,
        language: Language = Language.ZH,
        gpa: Gpa = Gpa.WITHOUT,
        coverage: Coverage = Coverage.COMBINED,
    ) -> TranscriptFacts:
        return previews.facts_today(work, offers.offer(work, student), language, gpa, coverage)

    def file(self, student: int, language: Language | None = None, gpa: Gpa = Gpa.WITHOUT) -> str:
        """See the preview and file; the number of the application.

        Where no language is named, the first kind that does not wait already.
        """
        if language is not None:
            return self.file_kind(student, language, gpa)
        for kind in sorted(
            offers.KINDS, key=lambda one: (one.gpa == Gpa.WITH, one.language != "zh")
        ):
            try:
                return self.file_kind(student, kind.language, kind.gpa)
            except Refused as refused:
                if refused.code != "already_waiting":
                    raise
        raise AssertionError("all four kinds wait")

    def file_kind(self, student: int, language: Language, gpa: Gpa) -> str:
        with self.office.work(student) as work:
            facts = self.facts(work, student, language, gpa)
            previews.note_seen(work, facts.digest)
            given = offers.offer(work, student)
            return transcripts.file(work, given, facts, "找工作", self.agreed(student)).number

    def approve(self, officer: int, *numbers: str) -> None:
        with self.office.work(officer) as work:
            approvals.approve(work, list(numbers), self.agreed(officer))

    def reject(self, officer: int, *numbers: str, why: str = "材料不全") -> None:
        with self.office.work(officer) as work:
            approvals.reject(work, list(numbers), why, self.agreed(officer))

    def confirm(self, number: str) -> str:
        """Order what was approved; the number of the order."""
        with self.office.work(self.application(number).applicant_id) as work:
            return self.confirm_in(work, number).number

    def confirm_in(self, work: Work, number: str) -> Order:
        application = transcripts.own(work, number)
        given = offers.offer(work, application.applicant_id, application.policy_version)
        request = transcripts.request_of(work, application)
        facts = previews.facts_of(work, request.snapshot)
        price = offers.price(work, given, facts)
        return transcript_orders.confirm(
            work, application, facts, price, self.agreed(application.applicant_id)
        )

    def settle(self, order: str) -> None:
        with self.office.work() as work:
            found = orders.find(work, order)
            assert found is not None
            orders.settle(work, found)

    def issued(self, student: int) -> str:
        """The number of a free transcript that has been issued to a graduate."""
        number = self.file(student)
        self.confirm(number)
        self.direct.run_all(self.office)
        assert self.application(number).state == transcripts.State.ISSUED
        return number

    def pass_time(self, time: timedelta) -> None:
        self.clock.set(self.clock.now() + time)

    # what is to be seen

    def application(self, number: str) -> Application:
        with self.office.read() as work:
            found = transcripts.find(work, number)
            assert found is not None
            return found

    def order(self, number: str) -> Order:
        with self.office.read() as work:
            found = orders.find(work, number)
            assert found is not None
            return found

    def audit(self, subject: str) -> list[AuditEntry]:
        with self.office.read() as work:
            return list(
                work.session.scalars(
                    select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
                )
            )

    def free_copies(self, student: int) -> list[tuple[str, int]]:
        with self.office.read() as work:
            rows = work.session.scalars(
                select(FreeCopy)
                .where(FreeCopy.student_id == student)
                .order_by(FreeCopy.kind, FreeCopy.ordinal)
            )
            return [(row.kind, row.ordinal) for row in rows]

    def told(self, name: str) -> list[str]:
        """The cases about which this was announced."""
        return [one.subject for one in self.events if one.name == name]

    def jobs_asked(self, name: str) -> list[str]:
        return [job for job in self.direct.enqueued if job.startswith(f"{name}:")]

    @contextmanager
    def unchanged(self, *numbers: str) -> Iterator[None]:
        """What is done inside leaves no trace: no row, no event, no job."""

        def look() -> object:
            cases = [
                (one.state, one.holder, one.since, one.version)
                for one in map(self.application, numbers)
            ]
            trail = [len(self.audit(number)) for number in numbers]
            return cases, trail, len(self.events), list(self.direct.enqueued)

        before = look()
        yield
        assert look() == before

    def _announce(self, work: Work) -> None:
        happened = list(work.events)

        def keep() -> None:
            with self._lock:
                self.events.extend(happened)

        work.after_commit(keep)
