"""Cases of the demo's candidates that are under way, all at the second university: courses filed
together of which one was changed, graduations in each state before the fee is paid, a transfer out
and an entry that wait. No deadline is set, so that nothing happens to them by itself.
"""

from datetime import time

from sqlalchemy import select

from backend.models import (
    Application,
    BackEntryRequest,
    ExamCredit,
    ExemptionRequest,
    GraduationRequest,
    GraduationScore,
    Proof,
    TransferOutRequest,
    TransferOutScore,
)
from backend.policy.exam_first import REASONS
from backend.registry.demo.exam import COLLEGE, SECOND_UNIVERSITY
from backend.registry.demo.exam_cases import Loading, entry
from backend.registry.demo.exam_later_cases import APPRAISAL, FEE, filed, owner_of
from backend.registry.demo.units import INSTITUTION

REVIEWER = "S00603"
CHANGED, OPENED = (18, time(20)), (4, time(9))  # days ago, and when
REVIEWED, APPLICANT = "exam_reviewer", "applicant"


def load_waiting_cases(load: Loading, majors: dict[str, int]) -> None:
    several(load)
    graduation(load, majors[COLLEGE], "k_filed", "B{day}-0002", "pending", REVIEWED)
    graduation(load, majors[COLLEGE], "k_sent_back", "B{day}-0003", "rejected", APPLICANT)
    payable(load, graduation(load, majors[COLLEGE], "k_awaiting_fee", "B{day}-0004", "payable"))
    leaving(load, "k_leaving", "Z{day}-0002", "pending", REVIEWED)
    leaving(load, "k_stays", "Z{day}-0003", "rejected", APPLICANT)
    entered(load)


def case(load: Loading, kind: str, number: str, owner: int, state: str, holder: str) -> Application:
    return filed(
        load, kind, number, owner, state, unit=SECOND_UNIVERSITY, reviewer=REVIEWER, holder=holder
    )


def reason(service: str, name: str) -> str:
    return next(one["zh"] for one in REASONS[service] if one["id"] == name)


def several(load: Loading) -> None:
    """``k_several``: two courses at once, and another proof for the first since."""
    owner, ticket = owner_of(load, "k_several")
    filing = ""
    for course, way, type_, grade, number in (
        ("00012", "pets2", "pets", "2", "M{day}-0006"),
        ("00018", "other", "other", "", "M{day}-0007"),
    ):
        application = case(load, "exemption", number, owner, "pending", REVIEWED)
        filing = filing or application.number
        load.session.add(
            ExemptionRequest(
                application_id=application.id,
                institution_id=INSTITUTION,
                ticket_id=ticket,
                course_id=load.courses[course],
                filing=filing,
                way=way,
            )
        )
        sealed = f"9992018{load.courses[course]:06}"
        load.session.add(
            Proof(
                institution_id=INSTITUTION,
                owner_id=owner,
                application_id=application.id,
                type=type_,
                grade=grade,
                number_sealed=load.sealer.seal(sealed),
                number_index=load.sealer.index(sealed),
                month="2018-09",
                province="上海",
                created_at=application.filed_at,
            )
        )
        if application.number == filing:
            at = load.at(CHANGED)
            load.session.add(entry(application, at, owner, "change", "pending", "pending"))
            application.since = at
        load.session.flush()


def graduation(
    load: Loading, major: int, who: str, number: str, state: str, holder: str = APPLICANT
) -> Application:
    owner, ticket = owner_of(load, who)
    application = case(load, "exam_graduation", number, owner, state, holder)
    rejected = state == "rejected"
    load.session.add(
        GraduationRequest(
            application_id=application.id,
            institution_id=INSTITUTION,
            ticket_id=ticket,
            major_id=major,
            mobile_sealed=load.sealer.seal("15490000026"),
            appraisal=APPRAISAL,
            prior_month="",
            fee_fen=FEE,
            rejected_why=reason("graduation", "appraisal") if rejected else "",
            rejected_template="appraisal" if rejected else "",
        )
    )
    load.session.flush()
    mine = select(ExamCredit.id).where(ExamCredit.ticket_id == ticket, ExamCredit.passed.is_(True))
    load.session.add_all(
        GraduationScore(application_id=application.id, credit_id=one, institution_id=INSTITUTION)
        for one in load.session.scalars(mine).all()
    )
    return application


def payable(load: Loading, application: Application) -> None:
    """The pay window has opened since (``exam_first.WINDOWS``), and nobody has paid yet."""
    at = load.at(OPENED)
    application.since = at
    owner = application.applicant_id
    load.session.add(entry(application, at, owner, "open_payment", "approved", "payable"))


def leaving(load: Loading, who: str, number: str, state: str, holder: str) -> None:
    owner, ticket = owner_of(load, who)
    application = case(load, "transfer_out", number, owner, state, holder)
    rejected = state == "rejected"
    load.session.add(
        TransferOutRequest(
            application_id=application.id,
            institution_id=INSTITUTION,
            ticket_id=ticket,
            to_province="江苏",
            to_ticket=f"99009900{ticket % 10_000:04}",
            to_level="college",
            to_major="行政管理",
            reason="工作调动",
            phone_sealed=load.sealer.seal("15490000029"),
            rejected_why=reason("transfer_out", "ticket") if rejected else "",
            rejected_template="ticket" if rejected else "",
        )
    )
    load.session.flush()
    credit = load.session.scalars(
        select(ExamCredit)
        .where(ExamCredit.ticket_id == ticket, ExamCredit.passed.is_(True))
        .order_by(ExamCredit.id)
        .limit(1)
    ).one()
    load.session.add(
        TransferOutScore(
            application_id=application.id, credit_id=credit.id, institution_id=INSTITUTION
        )
    )


def entered(load: Loading) -> None:
    """``k_entry_waits``: a theory score of 2001 that a reviewer has to look at."""
    owner, ticket = owner_of(load, "k_entry_waits")
    application = case(load, "back_entry", "C{day}-0003", owner, "pending", REVIEWED)
    load.session.add(
        BackEntryRequest(
            application_id=application.id,
            institution_id=INSTITUTION,
            ticket_id=ticket,
            kind="theory",
            course_id=load.courses["00312"],
            passed_month="2001-10",
            score=72,
        )
    )
