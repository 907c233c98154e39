"""More cases of the demo's candidates, all of them over: a graduation that is paid for, a score that
has left, and entries of which one counts and one was rejected. Nothing happens to them any more.
"""

from datetime import datetime, time

from sqlalchemy import select

from backend.clock import SHANGHAI
from backend.models import (
    Application,
    BackEntryRequest,
    Charge,
    ChargeOrder,
    ConsentRecord,
    ExamCredit,
    GraduationRequest,
    GraduationScore,
    Order,
    OrderLine,
    Payment,
    PaymentShare,
    TransferOutRequest,
    TransferOutScore,
)
from backend.policy.exam_first import REASONS
from backend.registry.demo.exam import BACHELOR, FIRST_UNIVERSITY
from backend.registry.demo.exam_cases import FIRST_REVIEWER, Loading, entry
from backend.registry.demo.exam_people import CANDIDATES
from backend.registry.demo.units import INSTITUTION

FILED, DECIDED, PAID = (20, time(9, 30)), (18, time(15)), (4, time(10))  # days ago, and when
APPRAISAL = "热爱祖国，遵纪守法，坚持自学，把学到的知识用在工作里，今后继续努力。" * 7
FEE = 2000
BY_HAND = "by_hand"  # no provider has it
LEFT = ("00277", "2010-06")  # course and month of the score that has left


def load_later_cases(load: Loading, majors: dict[str, int]) -> None:
    graduated(load, majors[BACHELOR])
    left(load)
    entered(load, "C{day}-0001", "00312", "1999-10", 74, "approved")
    entered(load, "C{day}-0002", "00277", "2002-10", 61, "rejected")


def owner_of(load: Loading, case: str) -> tuple[int, int]:
    """The ids of a candidate and of their ticket."""
    one = next(one for one in CANDIDATES if one.case == case)
    return load.people[one.number], load.tickets[one.tickets[0].number]


def filed(
    load: Loading,
    kind: str,
    number: str,
    owner: int,
    state: str,
    *,
    unit: str = FIRST_UNIVERSITY,
    reviewer: str = FIRST_REVIEWER,
    holder: str = "",
) -> Application:
    """A case that was filed and, unless it waits, decided, with its trail."""
    at, decided = load.at(FILED), load.at(DECIDED)
    consent = ConsentRecord(
        institution_id=INSTITUTION,
        person_id=owner,
        words="请再核对一遍，确认无误就提交。",
        language="zh",
        facts="",
        given_at=at,
    )
    load.session.add(consent)
    load.session.flush()
    application = Application(
        institution_id=INSTITUTION,
        number=number.format(day=f"{at.astimezone(SHANGHAI):%y%m%d}"),
        kind=kind,
        applicant_id=owner,
        unit_id=load.units[unit],
        state=state,
        holder=holder,
        since=at if state == "pending" else decided,
        filed_at=at,
        policy_version=1,
        consent_id=consent.id,
    )
    load.session.add(application)
    load.session.flush()
    load.session.add(entry(application, at, owner, "file", "", "pending"))
    if state != "pending":
        by = load.people[reviewer]
        verdict, after = ("reject", "rejected") if state == "rejected" else ("approve", "approved")
        load.session.add(entry(application, decided, by, verdict, "pending", after))
    return application


def graduated(load: Loading, major: int) -> None:
    """``k_paid``: approved, and the review fee is paid."""
    owner, ticket = owner_of(load, "k_paid")
    application = filed(load, "exam_graduation", "B{day}-0001", owner, "paid")
    load.session.add(
        GraduationRequest(
            application_id=application.id,
            institution_id=INSTITUTION,
            ticket_id=ticket,
            major_id=major,
            mobile_sealed=load.sealer.seal("15490000014"),
            appraisal=APPRAISAL,
            prior_month="2008-07",
            fee_fen=FEE,
        )
    )
    load.session.flush()
    mine = select(ExamCredit.id).where(ExamCredit.ticket_id == ticket, ExamCredit.passed.is_(True))
    load.session.add_all(
        GraduationScore(application_id=application.id, credit_id=one, institution_id=INSTITUTION)
        for one in load.session.scalars(mine).all()
    )
    paid_for(load, application, owner, load.at(PAID))


def paid_for(load: Loading, application: Application, owner: int, at: datetime) -> None:
    order = Order(
        institution_id=INSTITUTION,
        number=f"D{at.astimezone(SHANGHAI):%y%m%d}-0001",
        title_zh="毕业审定费",
        title_en="Graduation review fee",
        buyer_id=owner,
        state="paid",
        total_fen=FEE,
        created_at=at,
        paid_at=at,
    )
    load.session.add(order)
    load.session.flush()
    load.session.add(
        OrderLine(
            institution_id=INSTITUTION,
            order_id=order.id,
            application_id=application.id,
            price_fen=FEE,
            free=False,
        )
    )
    paid_by_hand(load, order, at)
    application.since = at
    load.session.add_all(
        [
            entry(application, at, owner, "open_payment", "approved", "payable"),
            entry(application, at, owner, "order", "payable", "ordered"),
            entry(application, at, owner, "pay", "ordered", "paid"),
        ]
    )


def paid_by_hand(load: Loading, order: Order, at: datetime) -> None:
    """The charge of an order that was paid before there was a conversation; its entry in the ledger
    is made with those of all payments that have none."""
    charge = Charge(
        institution_id=INSTITUTION,
        number=f"C{order.number[1:]}-DEMO",
        provider=BY_HAND,
        way="native",
        buyer_id=order.buyer_id,
        title=order.title_zh,
        total_fen=order.total_fen,
        state="paid",
        opened_at=at,
        opening_at=at,
        expires_at=at,
        link="",
    )
    load.session.add(charge)
    load.session.flush()
    payment = Payment(
        institution_id=INSTITUTION,
        charge_id=charge.id,
        charge_number=charge.number,
        provider=BY_HAND,
        transaction_id=f"DEMO-{order.number}",
        amount_fen=order.total_fen,
        currency="CNY",
        paid_at=at,
        received_at=at,
        state="settled",
    )
    load.session.add(payment)
    load.session.flush()
    of_order = {
        "order_id": order.id,
        "institution_id": INSTITUTION,
        "amount_fen": order.total_fen,
    }
    load.session.add_all(
        [
            ChargeOrder(charge_id=charge.id, **of_order),
            PaymentShare(payment_id=payment.id, state="settled", **of_order),
        ]
    )


def left(load: Loading) -> None:
    """``k_left``: one score has left for another province."""
    owner, ticket = owner_of(load, "k_left")
    application = filed(load, "transfer_out", "Z{day}-0001", owner, "approved")
    load.session.add(
        TransferOutRequest(
            application_id=application.id,
            institution_id=INSTITUTION,
            ticket_id=ticket,
            to_province="浙江",
            to_ticket="990099000019",
            to_level="bachelor",
            to_major="行政管理",
            reason="工作调动",
            phone_sealed=load.sealer.seal("15490000019"),
        )
    )
    load.session.flush()
    code, month = LEFT
    credit = load.session.scalars(
        select(ExamCredit).where(
            ExamCredit.ticket_id == ticket,
            ExamCredit.course_id == load.courses[code],
            ExamCredit.passed_month == month,
        )
    ).one()
    credit.left_by = application.id
    load.session.add(
        TransferOutScore(
            application_id=application.id, credit_id=credit.id, institution_id=INSTITUTION
        )
    )


def entered(load: Loading, number: str, course: str, month: str, score: int, state: str) -> None:
    """``k_backentry``: a theory score from before the platform."""
    owner, ticket = owner_of(load, "k_backentry")
    application = filed(load, "back_entry", number, owner, state)
    reason = next(one for one in REASONS["back_entry"] if one["id"] == "proof")
    rejected = state == "rejected"
    load.session.add(
        BackEntryRequest(
            application_id=application.id,
            institution_id=INSTITUTION,
            ticket_id=ticket,
            kind="theory",
            course_id=load.courses[course],
            passed_month=month,
            score=score,
            rejected_why=reason["zh"] if rejected else "",
            rejected_template=reason["id"] if rejected else "",
        )
    )
    load.session.flush()
    if not rejected:
        load.session.add(
            ExamCredit(
                institution_id=INSTITUTION,
                person_id=owner,
                ticket_id=ticket,
                course_id=load.courses[course],
                kind="theory",
                source="back_entry",
                passed_month=month,
                score=score,
                passed=True,
                application_id=application.id,
            )
        )
