"""Every step that a case may take is taken in full, and every other one is refused."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend import absences, audit, charges, credentials, handoff, orders, revocations, transcripts
from backend.errors import AlreadyHandled
from backend.exam import (
    back_entry_cases,
    exemptions,
    graduation_cases,
    transfer_in,
    transfer_out,
)
from backend.fees import waiver_workflow
from backend.held import states as held
from backend.invoices import states as invoices
from backend.models import (
    Absence,
    Application,
    BillDifference,
    Charge,
    ConsentRecord,
    Credential,
    Disposal,
    ExamTicket,
    Handoff,
    InvoiceRed,
    Order,
    Payment,
    PhotoBatch,
    PhotoSchedule,
    Revocation,
    TransferIn,
    Waiver,
)
from backend.photos import batch_steering, drafting, fee_workflow, schedule
from backend.reconciliation import days, differences
from backend.refunds import states as refunds
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow
from tests.backend.scene import START, Scene

WORKFLOWS: list[tuple[Workflow[Any], type]] = [
    (transcripts.WORKFLOW, transcripts.State),
    (revocations.WORKFLOW, revocations.State),
    (orders.WORKFLOW, orders.State),
    (charges.WORKFLOW, charges.State),
    (absences.WORKFLOW, absences.State),
    (handoff.WORKFLOW, handoff.State),
    (exemptions.WORKFLOW, exemptions.State),
    (graduation_cases.WORKFLOW, graduation_cases.State),
    (transfer_out.WORKFLOW, transfer_out.State),
    (back_entry_cases.WORKFLOW, back_entry_cases.State),
    (transfer_in.WORKFLOW, transfer_in.State),
    (schedule.WORKFLOW, schedule.State),
    (batch_steering.WORKFLOW, batch_steering.State),
    (fee_workflow.WORKFLOW, fee_workflow.State),
    (waiver_workflow.WORKFLOW, waiver_workflow.State),
    (invoices.WORKFLOW, invoices.State),
    (invoices.RED_WORKFLOW, invoices.RedState),
    (refunds.WORKFLOW, refunds.State),
    (differences.WORKFLOW, differences.State),
    (held.WORKFLOW, held.State),
]
MODELS: dict[str, type] = {
    "transcript": Application,
    "revocation": Revocation,
    "order": Order,
    "charge": Charge,
    "absence": Absence,
    "handoff": Handoff,
    "exemption": Application,
    "exam_graduation": Application,
    "transfer_out": Application,
    "back_entry": Application,
    "transfer_in": TransferIn,
    "photo_season": PhotoSchedule,
    "photo_batch": PhotoBatch,
    "photo_fee": Application,
    "waiver": Waiver,
    "invoice": Application,
    "red_letter": InvoiceRed,
    "refund": Application,
    "difference": BillDifference,
    "disposal": Disposal,
}
BY_NAME = pytest.mark.parametrize(
    ("workflow", "states"), WORKFLOWS, ids=[one.name for one, _ in WORKFLOWS]
)
WAITING = ("waiting", "pending", "second")  # for a decision
WHEN = START + timedelta(hours=3)
OVERDUE = START + timedelta(days=2)


def product(workflow: Workflow[Any], states: Any) -> list[tuple[str, str, Edge[Any] | None]]:
    """Each state with each event, and the edge if there is one."""
    by_step = {(edge.source, edge.event): edge for edge in workflow.edges}
    events = sorted({edge.event for edge in workflow.edges})
    return [
        (state, event, by_step.get((state, event)))
        for state in (NEW, *map(str, states))
        for event in events
    ]


class Cases:
    """Makes cases that stand in any state, as if an officer had brought them there."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.officer = scene.officer()
        self.student = scene.student()
        self._made = 0
        with scene.office.work(self.student) as work:
            consent = ConsentRecord(
                institution_id="demo",
                person_id=self.student,
                words="确认",
                language="zh",
                facts="",
                given_at=START,
            )
            work.session.add(consent)
            work.session.flush()
            self.consent = consent.id

    def make(self, workflow: Workflow[Any], state: str) -> str:
        self._made += 1
        number = f"X{self._made:04}"
        common = {"institution_id": "demo", "number": number, "state": state}
        document = self.document() if workflow is revocations.WORKFLOW else None
        with self.scene.office.work(self.officer) as work:
            if MODELS[workflow.name] is Application:
                case: Any = Application(
                    **common,
                    kind=workflow.name,
                    applicant_id=self.student,
                    unit_id=self.scene.physics,
                    holder="somebody",
                    since=START,
                    filed_at=START,
                    policy_version=1,
                    remind_at=OVERDUE,
                    escalate_at=OVERDUE,
                    consent_id=self.consent,
                )
            elif workflow is orders.WORKFLOW:
                case = Order(
                    **common,
                    buyer_id=self.student,
                    title_zh="电子成绩单",
                    title_en="Electronic transcript",
                    total_fen=500,
                    created_at=START,
                )
            elif workflow is charges.WORKFLOW:
                case = Charge(
                    **common,
                    provider="by_hand",
                    way="native",
                    buyer_id=self.student,
                    title="电子成绩单",
                    total_fen=500,
                    opened_at=START,
                    expires_at=OVERDUE,
                    link="",
                    opening_at=START,
                )
            elif workflow is absences.WORKFLOW:
                case = Absence(
                    **common,
                    person_id=self.officer,
                    deputy_id=self.scene.affairs,
                    begins_at=START,
                    ends_at=OVERDUE,
                    consent_id=self.consent,
                )
            elif document is not None:
                case = Revocation(
                    **common,
                    credential_id=document.id,
                    application_id=document.application_id,
                    why="学分录错",
                    proposed_by=self.scene.affairs,
                    proposed_at=START,
                    consent_id=self.consent,
                    expires_at=OVERDUE,
                )
            elif workflow is waiver_workflow.WORKFLOW:
                case = Waiver(
                    **common,
                    person_id=self.student,
                    kind="transcript",
                    times=1,
                    until=OVERDUE.date(),
                    why="家庭经济困难",
                    given_by=self.officer,
                    given_at=START,
                    consent_id=self.consent,
                )
            elif workflow is differences.WORKFLOW:
                case = BillDifference(
                    **common,
                    bill_id=days.expected(work, "by_hand", START.date()).id,
                    about="payment",
                    reference=number,
                    kind="only_here",
                    found_at=START,
                )
            elif workflow.name in OF_MONEY:
                case = OF_MONEY[workflow.name](self, work, common)
            elif workflow is transfer_in.WORKFLOW:
                ticket = ExamTicket(
                    institution_id="demo",
                    number=f"99{self._made:010}",
                    person_id=self.student,
                    active=True,
                )
                work.session.add(ticket)
                work.session.flush()
                case = TransferIn(
                    **common,
                    person_id=self.student,
                    ticket_id=ticket.id,
                    from_province="江苏",
                    from_ticket=number,
                    since=START,
                    confirm_at=OVERDUE,
                    confirm_place="1 号楼",
                    reminded_evening_at=START,
                    told_at=START,
                )
            elif workflow is schedule.WORKFLOW:
                season = drafting.season_id(work.session, "demo", "2026")
                case = PhotoSchedule(**common, season_id=season, made_at=START)
            elif workflow is batch_steering.WORKFLOW:
                counted = dict.fromkeys(("total", "cursor", "passed", "failed", "runs"), 0)
                case = PhotoBatch(
                    **common,
                    **counted,
                    name="毕业照.zip",
                    made_at=START,
                    moved_at=START,
                    policy_version=1,
                )
            else:
                case = Handoff(
                    **common,
                    student_id=self.student,
                    office="finance",
                    question="?",
                    asked_at=START,
                    last_at=START,
                )
            work.session.add(case)
            work.session.flush()
            audit.record(work, number, "brought_here", "", state)
        return number

    def red_letter(self, work: Work, common: dict[str, str]) -> Any:
        order = Order(
            institution_id="demo",
            number=f"D{common['number']}",
            state="paid",
            buyer_id=self.student,
            title_zh="电子成绩单",
            title_en="Electronic transcript",
            total_fen=500,
            created_at=START,
        )
        invoice = Application(
            institution_id="demo",
            number=f"K{common['number']}",
            state="issued",
            kind="invoice",
            applicant_id=self.student,
            unit_id=self.scene.physics,
            holder="",
            since=START,
            filed_at=START,
            policy_version=1,
            consent_id=self.consent,
        )
        work.session.add_all([order, invoice])
        work.session.flush()
        return InvoiceRed(
            **common,
            application_id=invoice.id,
            order_id=order.id,
            amount_fen=500,
            why="退款",
            asked_at=START,
        )

    def disposal(self, work: Work, common: dict[str, str]) -> Any:
        payment = Payment(
            institution_id="demo",
            charge_number="X-0",
            provider="by_hand",
            transaction_id=common["number"],
            amount_fen=500,
            currency="CNY",
            paid_at=START,
            received_at=START,
            state="unknown",
        )
        work.session.add(payment)
        work.session.flush()
        return Disposal(
            **common,
            payment_id=payment.id,
            way="elsewhere",
            amount_fen=500,
            why="付错了",
            decided_by=self.officer,
            decided_at=START,
            consent_id=self.consent,
        )

    def document(self) -> Credential:
        """One of its own for each: only one proposal may wait for a document."""
        number = self.scene.issued(self.scene.graduate(f"G{self._made}"))
        with self.scene.office.read() as work:
            application = transcripts.find(work, number)
            assert application is not None
            document = credentials.of_application(work, application)
            assert document is not None
            return document

    def find(self, work: Work, workflow: Workflow[Any], number: str) -> Any:
        model: Any = MODELS[workflow.name]
        return work.session.scalars(select(model).where(model.number == number)).one()

    def look(self, workflow: Workflow[Any], number: str) -> dict[str, Any]:
        with self.scene.office.read() as work:
            case = self.find(work, workflow, number)
            return {column.key: getattr(case, column.key) for column in case.__table__.columns}


OF_MONEY = {"red_letter": Cases.red_letter, "disposal": Cases.disposal}


@BY_NAME
def test_every_edge_moves_the_case_and_is_recorded_and_announced(
    scene: Scene, subtests: pytest.Subtests, workflow: Workflow[Any], states: Any
) -> None:
    cases = Cases(scene)
    edges = [edge for _, _, edge in product(workflow, states) if edge]
    assert len(edges) == len(workflow.edges), "an edge begins in a state that does not exist"
    for edge in edges:
        with subtests.test(source=edge.source, event=edge.event):
            scene.clock.set(START)
            number = cases.make(workflow, edge.source)
            scene.clock.set(WHEN)
            scene.events.clear()
            with scene.office.work(cases.officer) as work:
                case = cases.find(work, workflow, number)
                workflow.take(work, case, edge.event, why="because", more=7)
            after = cases.look(workflow, number)
            assert after["state"] == edge.target
            assert after["version"] == 2
            if MODELS[workflow.name] is Application:
                assert (after["holder"], after["since"]) == (edge.holder, WHEN)
                overdue = OVERDUE if edge.target in WAITING else None
                assert (after["remind_at"], after["escalate_at"]) == (overdue, overdue)
            entry = scene.audit(number)[-1]
            assert (entry.event, entry.from_state, entry.to_state, entry.why) == (
                edge.event,
                edge.source,
                edge.target,
                "because",
            )
            assert (entry.actor_id, entry.at) == (cases.officer, WHEN)
            (announced,) = scene.events
            assert announced.name == f"{workflow.name}.{edge.event}"
            assert (announced.subject, announced.facts) == (number, {"more": 7})


@BY_NAME
def test_every_other_step_is_refused_saying_who_did_what_when_and_changes_nothing(
    scene: Scene, subtests: pytest.Subtests, workflow: Workflow[Any], states: Any
) -> None:
    cases = Cases(scene)
    standing = {state: cases.make(workflow, state) for state in (NEW, *map(str, states))}
    scene.clock.set(WHEN)
    refused = [(state, event) for state, event, edge in product(workflow, states) if not edge]
    assert len(refused) + len(workflow.edges) == len(product(workflow, states))
    for state, event in refused:
        with subtests.test(state=state, event=event):
            number = standing[state]
            before, trail = cases.look(workflow, number), len(scene.audit(number))
            assert not workflow.allows(state, event)
            with scene.office.work(cases.student) as work:
                case = cases.find(work, workflow, number)
                with pytest.raises(AlreadyHandled) as told:
                    workflow.take(work, case, event)
                assert not work.events
            assert told.value.facts == {
                "number": number,
                "event": "brought_here",
                "state": state,
                "by": cases.officer,
                "at": START.isoformat(),
            }
            assert cases.look(workflow, number) == before
            assert len(scene.audit(number)) == trail


@BY_NAME
def test_a_case_can_reach_every_state_and_leave_all_but_the_last_ones(
    workflow: Workflow[Any], states: Any
) -> None:
    reached, left = {NEW}, {edge.source for edge in workflow.edges}
    while more := {edge.target for edge in workflow.edges if edge.source in reached} - reached:
        reached |= more
    assert reached == {NEW, *map(str, states)}
    final = {
        "transcript": {"rejected", "withdrawn", "refunded"},
        "revocation": {"done", "declined", "withdrawn", "lapsed", "settled"},
        "order": {"paid"},
        "charge": {"paid"},
        "absence": {"over"},
        "handoff": {"ended"},
        "exemption": {"withdrawn", "superseded", "revoked"},
        "exam_graduation": {"withdrawn", "paid"},
        "transfer_out": {"withdrawn", "approved"},
        "back_entry": {"withdrawn", "superseded", "approved", "rejected"},
        "transfer_in": {"accepted", "rejected"},
        "photo_season": {"replaced", "discarded", "ended"},
        "photo_batch": {"done"},
        "photo_fee": set(),
        "waiver": {"declined", "withdrawn"},
        "invoice": {"cancelled"},
        "red_letter": {"issued", "dropped"},
        "refund": {"refunded", "by_hand", "refused", "withdrawn"},
        "disposal": {"done", "refused"},
        "difference": set(),  # what is closed may be found again
    }[workflow.name]
    assert set(map(str, states)) - left == final


def test_whatever_waits_for_somebody_says_for_whom() -> None:
    """Nobody is left holding a case that is over, and no open case is left to nobody."""
    of_transcripts = {
        transcripts.State.ISSUED,
        transcripts.State.EXPIRED,
        transcripts.State.REVOKED,
    }
    done = {*of_transcripts, exemptions.State.APPROVED}
    of_exam = (graduation_cases.WORKFLOW, transfer_out.WORKFLOW, back_entry_cases.WORKFLOW)
    others = (transcripts, revocations, exemptions)
    for workflow in (*(one.WORKFLOW for one in others), *of_exam):
        sources = {edge.source for edge in workflow.edges}
        for edge in workflow.edges:
            goes_on = edge.target in sources and edge.target not in done
            if workflow is transcripts.WORKFLOW and edge.target == transcripts.State.APPROVED:
                goes_on = True  # to order
            assert bool(edge.holder) == goes_on, edge
    for edge in refunds.WORKFLOW.edges:
        assert bool(edge.holder) == (edge.target not in refunds.OVER), edge


def test_a_table_with_two_ways_for_one_step_is_refused() -> None:
    with pytest.raises(ValueError, match="two edges"):
        Workflow("torn", Edge("go", NEW, "here"), Edge("go", NEW, "there"))
