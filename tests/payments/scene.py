"""A student with approved applications, an office, and a bank to pay at."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend import orders, transcripts
from backend.clock import SetClock
from backend.consent import Consent
from backend.database import Database
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.models import (
    Application,
    AuditEntry,
    ConsentRecord,
    Institution,
    Order,
    Payment,
    Person,
    PolicyVersion,
    Snapshot,
    Student,
    TranscriptRequest,
    Unit,
)
from backend.office import Office
from backend.orders import State
from backend.payments import settle
from backend.payments.provider import PaymentNotice
from backend.payments.sandbox import SandboxProvider
from backend.payments.settle import Outcome
from backend.policy.transcript import TranscriptPolicy
from backend.registry import students
from backend.transcripts import Offer
from backend.work import Event, Work

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PRICE = 500
LIFETIME = timedelta(hours=24)
POLICY = TranscriptPolicy(
    centralized_from=2001,
    combined_from=2013,
    free_copies=0,
    price_fen=PRICE,
    email_from=date(2020, 3, 25),
    email_until=date(2020, 4, 29),
    approval_for_enrolled=True,
    approval_for_graduated=False,
    preview_before_order=False,
    download_months=1,
    verify_by_qr=True,
    order_hours=24,
)
FACTS = TranscriptFacts(
    institution_zh="演示大学",
    institution_en="Demo University",
    language=Language.ZH,
    gpa=Gpa.WITHOUT,
    coverage=Coverage.COMBINED,
    name_zh="林小满",
    name_en="Lin Xiaoman",
    student_number="S0001",
    unit_zh="演示研究所",
    unit_en="Demo Institute",
    major_zh="演示学",
    major_en="Demonstration",
    level="master",
    enrolled_on="2021-09-01",
    graduated_on=None,
    courses=(),
    total_credits="0",
    gpa_value=None,
    gpa_scale=None,
    gpa_note_zh=None,
    gpa_note_en=None,
)


class KeptJobs:
    """The jobs that committed work has asked for; nobody runs them here."""

    def __init__(self) -> None:
        self.enqueued: list[str] = []

    def enqueue(self, work: Work, name: str, key: str, payload: dict[str, Any]) -> None:
        work.after_commit(lambda: self.enqueued.append(f"{name}:{key}"))


class Scene:
    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        site: str = "http://registrar.test",
        transport: Any = None,
    ) -> None:
        self.site = site
        self.clock = SetClock(START)
        self.jobs = KeptJobs()
        self.events: list[Event] = []
        self._lock = threading.Lock()
        self.transport = transport
        self.folder = folder
        self.sandbox = self.open_bank()
        nothing: Any = None  # nothing is drawn or stored in these tests
        self.office = Office(
            institution="demo",
            database=database,
            clock=self.clock,
            jobs=self.jobs,
            blobs=nothing,
            workshop=nothing,
            payments=self.sandbox,
            base_url=site,
            announce=self._announce,
        )
        self._settle_in()

    def open_bank(self, merchant: str = "demo-merchant") -> SandboxProvider:
        """The bank as it is after a start of the program."""
        return SandboxProvider(
            self.folder,
            merchant=merchant,
            purpose_zh="电子成绩单",
            purpose_en="Electronic transcript",
            notify_url=f"{self.site}/pay/notify/sandbox",
            clock=self.clock,
            production=False,
            transport=self.transport,
        )

    def pass_time(self, time: timedelta) -> None:
        self.clock.set(self.clock.now() + time)

    def approved(self) -> str:
        """The number of an application that may be ordered now."""
        with self.office.work(self.student) as work:
            count = len(transcripts.of_person(work, self.student)) + 1
            application = Application(
                institution_id="demo",
                number=f"T260302-{count:04}",
                kind="transcript",
                applicant_id=self.student,
                unit_id=self.unit,
                state=transcripts.State.APPROVED,
                holder="applicant",
                since=work.now,
                filed_at=work.now,
                policy_version=1,
                consent_id=self.consent,
            )
            work.session.add(application)
            work.session.flush()
            work.session.add(
                TranscriptRequest(
                    application_id=application.id,
                    institution_id="demo",
                    language="zh",
                    gpa="without",
                    coverage="combined",
                    reason="找工作",
                    snapshot=FACTS.digest,
                )
            )
        return application.number

    def confirm(self, application: str | None = None) -> str:
        """Confirm an order of 5 yuan; its number."""
        number = application or self.approved()
        with self.office.work(self.student) as work:
            price = transcripts.price(work, self.offer(work), FACTS)
            case = transcripts.own(work, number)
            order = orders.confirm(work, case, FACTS, price, self.agreed())
        return order.number

    def save(self, application: str) -> str:
        with self.office.work(self.student) as work:
            case = transcripts.own(work, application)
            return orders.save(work, case, PRICE, self.agreed()).number

    def cancel(self, order: str) -> None:
        with self.office.work(self.student) as work:
            orders.cancel(work, order, self.agreed())

    def withdraw(self, application: str) -> None:
        with self.office.work(self.student) as work:
            transcripts.withdraw(work, application, self.agreed())

    def expire(self) -> None:
        """Let the time of all open orders run out."""
        self.pass_time(LIFETIME + timedelta(seconds=1))
        with self.office.work() as work:
            orders.expire_due(work)

    def take(self, notice: PaymentNotice) -> Outcome:
        with self.office.work() as work:
            return settle.take(work, notice)

    def notice(self, order: str, transaction: str = "SB1", **changed: Any) -> PaymentNotice:
        plain = PaymentNotice("sandbox", transaction, order, PRICE, "CNY", self.clock.now())
        return replace(plain, **changed)

    def token(self, order: str) -> str:
        return self.sandbox.pay_url(self.order(order)).rpartition("/")[2]

    def pay(self, order: str) -> PaymentNotice:
        """Pay at the bank; what it says about it."""
        self.sandbox.pay(self.token(order), self.clock.now())
        notice = self.sandbox.query(order)
        assert notice is not None
        return notice

    def order(self, number: str) -> Order:
        with self.office.read() as work:
            found = orders.find(work, number)
            assert found is not None
            return found

    def state(self, number: str) -> State:
        return State(self.order(number).state)

    def application_state(self, order: str) -> str:
        with self.office.read() as work:
            found = orders.find(work, order)
            assert found is not None
            return orders.application_of(work, found).state

    def payments(self) -> list[Payment]:
        with self.office.read() as work:
            return list(work.session.scalars(select(Payment).order_by(Payment.id)))

    def payment_states(self) -> list[tuple[str, str]]:
        return [(one.transaction_id, one.state) for one in self.payments()]

    def audit(self, transaction: str = "SB1") -> list[str]:
        """What the record says about a transaction."""
        with self.office.read() as work:
            rows = work.session.scalars(
                select(AuditEntry.event)
                .where(AuditEntry.subject == f"payment:sandbox:{transaction}")
                .order_by(AuditEntry.id)
            )
            return list(rows)

    def told(self) -> list[str]:
        """What was announced about payments."""
        return [one.name for one in self.events if one.name.startswith("payment.")]

    def issues(self) -> list[str]:
        """Applications whose document is being made."""
        return [job for job in self.jobs.enqueued if job.startswith("issue_transcript")]

    def agreed(self) -> Consent:
        return Consent(self.student, "确认", "zh", "")

    def offer(self, work: Work) -> Offer:
        file = students.find(work, self.student)
        assert file is not None
        return Offer(file, POLICY, (Coverage.COMBINED,), ())

    def _announce(self, work: Work) -> None:
        happened = list(work.events)

        def keep() -> None:
            with self._lock:
                self.events.extend(happened)

        work.after_commit(keep)

    def _settle_in(self) -> None:
        with self.office.work() as work:
            session = work.session
            session.add(Institution(id="demo", name_zh="演示大学", name_en="Demo University"))
            session.flush()
            unit = Unit(institution_id="demo", code="80001")
            person = Person(institution_id="demo", number="S0001", name="林小满")
            session.add_all([unit, person])
            session.flush()
            consent = ConsentRecord(
                institution_id="demo",
                person_id=person.id,
                words="确认",
                language="zh",
                facts="",
                given_at=START,
            )
            policy = PolicyVersion(
                institution_id="demo",
                name="transcript",
                version=1,
                valid_from=date(2020, 1, 1),
                body=POLICY.model_dump(mode="json"),
                published_at=START,
            )
            student = Student(
                person_id=person.id,
                institution_id="demo",
                unit_id=unit.id,
                level="master",
                kind="academic",
                major_zh="演示学",
                major_en="Demonstration",
                enrolled_on=date(2021, 9, 1),
                central_teaching=False,
            )
            snapshot = Snapshot(
                institution_id="demo",
                digest=FACTS.digest,
                student_id=person.id,
                facts=FACTS.to_json(),
                taken_at=START,
            )
            session.add_all([consent, policy, student])
            session.flush()
            session.add(snapshot)
            session.flush()
            self.student, self.unit, self.consent = person.id, unit.id, consent.id
