"""Exemptions of the demo's candidates: one that waits, one rejected beside an approved one, one
approved, and one that waits for a second look. Filed days before the demo begins, without pictures,
and with no deadline, so that nothing happens to them by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.clock import SHANGHAI
from backend.models import (
    Application,
    AuditEntry,
    ConsentRecord,
    Decision,
    ExamCredit,
    ExemptionRequest,
    Proof,
)
from backend.policy.exam_first import REASONS
from backend.registry.demo.exam import FIRST_UNIVERSITY
from backend.registry.demo.exam_people import CANDIDATES
from backend.registry.demo.units import INSTITUTION
from backend.sealing import Sealer

FIRST_REVIEWER = "S00601"
FILED, DECIDED = (4, time(9, 30)), (3, time(15))  # days ago, and when
REASON = "not_accepted"
EVENTS = {"approved": "approve", "rejected": "reject", "second": "refer"}
HOLDERS = {"pending": "exam_reviewer", "second": "exam_reviewer", "rejected": "applicant"}


@dataclass(frozen=True, slots=True)
class DemoExemption:
    case: str
    course: str
    state: str
    way: str
    type: str
    grade: str
    number: str  # of the proof


EXEMPTIONS = (
    DemoExemption("k_pending", "00015", "pending", "cet", "cet", "4", "999061712000401"),
    DemoExemption("k_rejected", "00015", "approved", "cet", "cet", "6", "999061812000501"),
    DemoExemption("k_rejected", "00018", "rejected", "other", "other", "", "99920190501"),
    DemoExemption("k_approved", "00015", "approved", "pets3", "pets", "3", "99931052019000601"),
    DemoExemption("k_second", "00015", "second", "cet", "cet", "4", "999061512000701"),
)


@dataclass(frozen=True, slots=True)
class Loading:
    """Ids by what the demo calls things; ``today`` is the day of loading."""

    session: Session
    sealer: Sealer
    units: dict[str, int]
    people: dict[str, int]
    tickets: dict[str, int]
    courses: dict[str, int]
    today: date

    def at(self, when: tuple[int, time]) -> datetime:
        days, hour = when
        day = self.today - timedelta(days=days)
        return datetime.combine(day, hour, SHANGHAI).astimezone(UTC)


def load_exemptions(load: Loading) -> None:
    tickets = {one.case: one.tickets[0].number for one in CANDIDATES}
    owners = {one.case: load.people[one.number] for one in CANDIDATES}
    numbers: dict[str, str] = {}
    for place, one in enumerate(EXEMPTIONS, 1):
        number = f"M{load.at(FILED).astimezone(SHANGHAI):%y%m%d}-{place:04}"
        filing = numbers.setdefault(one.case, number)
        application = case(load, one, number, owners[one.case])
        ticket = load.tickets[tickets[one.case]]
        rows = details(load, one, application, ticket, filing)
        load.session.add_all([*rows, *trail(load, one, application)])
        load.session.flush()


def case(load: Loading, one: DemoExemption, number: str, owner: int) -> Application:
    filed = load.at(FILED)
    consent = ConsentRecord(
        institution_id=INSTITUTION,
        person_id=owner,
        words="请核对课程、凭证类型和编号，没有问题就提交（E5）。",
        language="zh",
        facts="",
        given_at=filed,
    )
    load.session.add(consent)
    load.session.flush()
    application = Application(
        institution_id=INSTITUTION,
        number=number,
        kind="exemption",
        applicant_id=owner,
        unit_id=load.units[FIRST_UNIVERSITY],
        state=one.state,
        holder=HOLDERS.get(one.state, ""),
        since=filed if one.state == "pending" else load.at(DECIDED),
        filed_at=filed,
        policy_version=1,
        consent_id=consent.id,
    )
    load.session.add(application)
    load.session.flush()
    return application


def details(
    load: Loading, one: DemoExemption, application: Application, ticket: int, filing: str
) -> Iterator[object]:
    rejected = one.state == "rejected"
    reason = next(row for row in REASONS["exemption"] if row["id"] == REASON)
    yield ExemptionRequest(
        application_id=application.id,
        institution_id=INSTITUTION,
        ticket_id=ticket,
        course_id=load.courses[one.course],
        filing=filing,
        way=one.way,
        rejected_template=REASON if rejected else "",
        rejected_why=reason["zh"] if rejected else "",
    )
    yield Proof(
        institution_id=INSTITUTION,
        owner_id=application.applicant_id,
        application_id=application.id,
        type=one.type,
        grade=one.grade,
        number_sealed=load.sealer.seal(one.number),
        number_index=load.sealer.index(one.number),
        month="2019-06",
        province="上海",
        created_at=application.filed_at,
    )
    if one.state == "approved":
        yield ExamCredit(
            institution_id=INSTITUTION,
            person_id=application.applicant_id,
            ticket_id=ticket,
            course_id=load.courses[one.course],
            kind="exemption",
            source="exemption",
            passed_month=f"{load.at(DECIDED).astimezone(SHANGHAI):%Y-%m}",
            passed=True,
            application_id=application.id,
        )


def trail(load: Loading, one: DemoExemption, application: Application) -> Iterator[object]:
    """What the audit says of it, and who decided."""
    yield entry(application, application.filed_at, application.applicant_id, "file", "", "pending")
    if one.state == "pending":
        return
    reviewer, at = load.people[FIRST_REVIEWER], load.at(DECIDED)
    event = EVENTS[one.state]
    yield entry(application, at, reviewer, event, "pending", one.state)
    yield Decision(
        institution_id=INSTITUTION,
        application_id=application.id,
        decided_by=reviewer,
        decided_at=at,
        stage="first" if one.state == "second" else "only",
        verdict="reject" if one.state == "rejected" else "approve",
        template=REASON if one.state == "rejected" else "",
    )


def entry(
    application: Application, at: datetime, actor: int, event: str, before: str, after: str
) -> AuditEntry:
    return AuditEntry(
        institution_id=INSTITUTION,
        at=at,
        actor_id=actor,
        subject=application.number,
        event=event,
        from_state=before,
        to_state=after,
    )
