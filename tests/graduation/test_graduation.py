"""What may be filed for graduation, what an approval rests on, and the review fee (E6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend import orders
from backend.consent import Consent
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.exam import (
    candidates,
    eligibility,
    graduation,
    graduation_cases,
    graduation_fee,
    graduation_rules,
    scores,
)
from backend.exam.graduation_cases import Filing, Personal, State
from backend.fees.price import Price
from backend.models import ExamCandidate, ExamCredit, ExamMajor, ExamTicket
from backend.reviewing import asking
from backend.tasks import housekeeping
from backend.work import Work
from tests.graduation.graduates import APPRAISAL, MOBILE, Graduates

HOUR = timedelta(hours=1)


def refused(graduates: Graduates, **other: Any) -> Refused:
    filing = graduates.filing(**other)
    with pytest.raises(Refused) as told:
        graduates.graduate(filing)
    return told.value


def agreed(graduates: Graduates) -> Consent:
    return graduates.hall.agreed(graduates.person)


def state(graduates: Graduates, number: str) -> str:
    return graduates.hall.case(number).state


def approved(graduates: Graduates, **other: Any) -> str:
    graduates.everything()
    number = graduates.graduate(graduates.filing(**other))
    graduates.hall.approve_case(graduates.hall.reviewer, number)
    return number


def test_what_is_filed_keeps_the_scores_that_counted_and_seals_what_is_personal(
    graduates: Graduates,
) -> None:
    credits = graduates.everything()
    personal = Personal(mobile="13800000000", employer="演示公司", address="演示路 1 号")
    number = graduates.graduate(graduates.filing(personal=personal))
    assert number == "B260302-0001"
    with graduates.hall.office.read() as work:
        application = graduation_cases.find(work, number)
        assert application
        assert [one.id for one in graduation_cases.scores_of(work, application)] == credits
        request = graduation_cases.request_of(work, application)
        assert graduation_cases.personal_of(work, request) == personal
        assert request.mobile_sealed
        assert b"13800000000" not in request.mobile_sealed
        assert request.fee_fen == 2000
    (filed,) = [one for one in graduates.hall.events if one.name == "review.filed"]
    assert filed.facts["numbers"] == [number]


@pytest.mark.parametrize(
    ("month", "second", "accepted"),
    [
        ("2001-12", "authentication_report", True),
        ("2001-12", "registration_record", False),
        ("2002-01", "registration_record", True),
        ("2002-01", "authentication_report", False),
        ("2003-07", "registration_record", True),
    ],
)
def test_the_second_proof_is_the_one_of_the_year(
    graduates: Graduates, month: str, second: str, accepted: bool
) -> None:
    graduates.everything()
    proofs = tuple(graduates.hall.proof(graduates.person, one) for one in ("diploma", second))
    if accepted:
        assert graduates.graduate(graduates.filing(prior_month=month, proofs=proofs))
        return
    why = refused(graduates, prior_month=month, proofs=proofs)
    assert (why.code, why.rule, why.facts["year"]) == ("wrong_second_proof", "E6", month[:4])


def test_a_bachelor_without_the_diploma_is_refused(graduates: Graduates) -> None:
    graduates.everything()
    assert refused(graduates, proofs=(), prior_month="").code == "prior_diploma_needed"
    record = graduates.hall.proof(graduates.person, "registration_record")
    assert refused(graduates, proofs=(record,)).code == "prior_diploma_needed"


def test_at_college_level_a_prior_diploma_is_not_taken(graduates: Graduates) -> None:
    graduates.everything()
    with graduates.hall.office.work() as work:
        work.session.get_one(ExamTicket, graduates.ticket).major_id = graduates.college
    assert refused(graduates).code == "no_prior_diploma"
    assert graduates.graduate(graduates.filing(proofs=(), prior_month=""))


def test_each_missing_course_needs_an_explanation_of_its_own(graduates: Graduates) -> None:
    graduates.option()
    graduates.score("00015")
    why = refused(graduates, option="other")
    assert (why.code, why.facts["code"]) == ("gap_unexplained", "00018")
    with graduates.hall.office.read() as work:
        ticket = work.session.get_one(ExamTicket, graduates.ticket)
        major = graduation_rules.require_major(work, ticket)
        done = eligibility.progress(work, ticket, major, "other")
        first, second = (one.key for one in eligibility.gaps(work, major, done))
    one = {first: "在外省合格过，档案里有成绩单。"}
    assert refused(graduates, option="other", gaps=one).facts["code"] == "00312"
    assert refused(graduates, option="other", gaps=one | {second: "短"}).code == "gap_unexplained"
    number = graduates.graduate(
        graduates.filing(option="other", gaps=one | {second: "在专科阶段已经合格，有学籍表。"})
    )
    with graduates.hall.office.read() as work:
        application = graduation_cases.find(work, number)
        assert application
        told = [course.code for course, _words in graduation_cases.explained(work, application)]
        assert told == ["00018", "00312"]


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"personal": Personal(mobile="12345")}, "mobile_needed"),
        ({"personal": Personal()}, "mobile_needed"),
        ({"appraisal": "太短"}, "appraisal_length"),
        ({"appraisal": " \n" * 300}, "appraisal_length"),
        ({"appraisal": "长" * 801}, "appraisal_length"),
    ],
)
def test_what_is_written_must_be_as_required(
    graduates: Graduates, other: dict[str, Any], code: str
) -> None:
    graduates.everything()
    assert refused(graduates, **other).code == code


def test_where_the_major_has_options_one_must_be_chosen(graduates: Graduates) -> None:
    graduates.everything()
    graduates.option()
    assert refused(graduates).code == "option_needed"
    assert graduates.graduate(graduates.filing(option="none"))


def test_nothing_is_filed_while_it_is_closed_or_while_no_length_is_set(
    graduates: Graduates,
) -> None:
    graduates.everything()
    graduates.policy(graduation={"appraisal": None})
    assert refused(graduates).code == "appraisal_not_set"
    graduates.policy(windows=[])
    assert refused(graduates).code == "window_closed"


def test_without_a_major_or_with_too_few_credits_nothing_is_filed(graduates: Graduates) -> None:
    graduates.everything()
    with graduates.hall.office.work() as work:
        major = graduation_rules.require_major(
            work, work.session.get_one(ExamTicket, graduates.ticket)
        )
        major.total_credit_tenths = 200
    assert refused(graduates).code == "credits_short"
    with graduates.hall.office.work() as work:
        work.session.get_one(ExamTicket, graduates.ticket).major_id = None
    assert refused(graduates).code == "no_major"


def test_there_is_one_application_for_a_major_and_a_rejected_one_is_filed_again(
    graduates: Graduates,
) -> None:
    graduates.everything()
    number = graduates.graduate()
    assert refused(graduates).code == "graduation_filed"
    with pytest.raises(AlreadyHandled):
        reapply(graduates, number)
    graduates.hall.reject_case(graduates.hall.reviewer, number, "自我鉴定不符合要求")
    assert refused(graduates).facts["rejected"] is True
    extra = graduates.score("00312")
    reapply(graduates, number, appraisal=APPRAISAL + "补充")
    assert state(graduates, number) == State.PENDING
    with graduates.hall.office.read() as work:
        application = graduation_cases.find(work, number)
        assert application
        request = graduation_cases.request_of(work, application)
        assert (request.rejected_why, request.appraisal[-2:]) == ("", "补充")
        assert extra not in [one.id for one in graduation_cases.scores_of(work, application)]
    graduates.hall.reject_case(graduates.hall.reviewer, number)
    graduates.hall.close_windows()
    with pytest.raises(Refused, match="window_closed"):
        reapply(graduates, number)


def reapply(graduates: Graduates, number: str, **other: Any) -> None:
    filing: Filing = graduates.filing(**other)
    with graduates.hall.office.work(graduates.person) as work:
        graduation.reapply(work, number, filing, agreed(graduates))


def test_nobody_files_for_somebody_else_nor_with_their_proofs(graduates: Graduates) -> None:
    graduates.everything()
    stranger = graduates.hall.candidate("K8")
    proofs = tuple(
        graduates.hall.proof(stranger, one) for one in ("diploma", "registration_record")
    )
    with pytest.raises(NotAllowed):
        graduates.graduate(graduates.filing(proofs=proofs))
    filing = graduates.filing()
    with graduates.hall.office.work(stranger) as work:
        ticket = work.session.get_one(ExamTicket, graduates.ticket)
        with pytest.raises(NotAllowed):
            graduation.file(work, ticket, filing, graduates.hall.agreed(stranger))


def test_a_score_that_leaves_bars_filing_and_one_that_left_bars_approving(
    graduates: Graduates,
) -> None:
    graduates.hall.clock.set(datetime(2026, 6, 1, tzinfo=UTC))
    graduates.policy(windows=window("graduation") + window("transfer_out"))
    one, _other = graduates.everything()
    leaving = graduates.leave(one)
    assert refused(graduates).code == "score_leaving"
    graduates.hall.withdraw_case(graduates.person, leaving)
    number = graduates.graduate()
    with pytest.raises(Refused, match="score_in_use"):
        graduates.leave(one)
    with graduates.hall.office.work() as work:  # the registry takes it back meanwhile
        for credit in graduation_cases.scores_of(work, graduates.hall.case(number)):
            credit.ended_at = work.now
    with pytest.raises(Refused, match="score_gone"):
        graduates.hall.approve_case(graduates.hall.reviewer, number)


def test_a_score_that_the_registry_corrected_to_a_fail_graduates_nobody(
    graduates: Graduates,
) -> None:
    one, _other = graduates.everything()
    number = graduates.graduate()
    graduates.correct(one)
    with pytest.raises(Refused, match="score_gone"):
        graduates.hall.approve_case(graduates.hall.reviewer, number)
    assert state(graduates, number) == State.PENDING


def test_the_same_scores_do_not_graduate_twice_under_two_tickets(graduates: Graduates) -> None:
    number = approved(graduates)
    hall, filing = graduates.hall, graduates.filing()
    second = hall.new_ticket(graduates.person, graduates.major)
    with hall.office.work(graduates.person) as work:
        ticket = work.session.get_one(ExamTicket, second)
        with pytest.raises(Refused, match="graduation_filed") as told:
            graduation.file(work, ticket, filing, agreed(graduates))
        assert told.value.facts["number"] == number
        standing = graduation_cases.of_ticket(work, ticket)
        assert standing
        assert standing.number == number, "and it is found under that ticket too"
        (filed,) = [
            one
            for one in eligibility.check(work, ticket, graduation_rules.require_major(work, ticket))
            if one.code == "filed"
        ]
        assert filed.facts["number"] == number


def test_what_is_filed_is_what_was_found_in_order(
    graduates: Graduates, monkeypatch: pytest.MonkeyPatch
) -> None:
    credits = graduates.everything()
    filing = graduates.filing()
    count = scores.counting
    looks = iter([True])

    def changed_meanwhile(work: Work, person_id: int, major: ExamMajor) -> list[ExamCredit]:
        return count(work, person_id, major) if next(looks, False) else []

    monkeypatch.setattr(scores, "counting", changed_meanwhile)
    number = graduates.graduate(filing)
    with graduates.hall.office.read() as work:
        kept = graduation_cases.scores_of(work, graduates.hall.case(number))
        assert [one.id for one in kept] == credits


def window(service: str, opens: str = "2026-01-01", closes: str = "2026-12-31") -> list[Any]:
    return [
        {
            "service": service,
            "session": "",
            "opens_at": f"{opens}T09:00:00+08:00",
            "closes_at": f"{closes}T16:00:00+08:00",
        }
    ]


# --- the review fee -------------------------------------------------------------------------------


def order(graduates: Graduates, number: str, price: int = 2000) -> str:
    """``price`` is what the candidate was told."""
    told = Price(price, 0, None, "E6", 1)
    with graduates.hall.office.work(graduates.person) as work:
        return graduation_fee.order(work, number, told, agreed(graduates)).number


def test_the_fee_is_paid_within_its_window_and_before_it_closes(graduates: Graduates) -> None:
    number = approved(graduates)
    with pytest.raises(AlreadyHandled):
        order(graduates, number)
    housekeeping(graduates.hall.office)
    assert state(graduates, number) == State.PAYABLE
    with pytest.raises(Refused, match="price_changed"):
        order(graduates, number, 1)
    made = order(graduates, number)
    with graduates.hall.office.read() as work:
        found = orders.find(work, made)
        assert found
        assert (found.total_fen, found.title_zh) == (2000, "毕业审定费")
    with graduates.hall.office.work() as work:
        found = orders.find(work, made)
        assert found
        orders.settle(work, found)
    assert state(graduates, number) == State.PAID
    with graduates.hall.office.work() as work:
        found = orders.find(work, made)
        assert found
        with pytest.raises(AlreadyHandled):
            orders.settle(work, found)


def test_outside_the_pay_window_nothing_is_to_be_paid_and_the_next_one_opens_it(
    graduates: Graduates,
) -> None:
    later = window("graduation") + window("graduation_payment", "2026-04-01", "2026-04-02")
    graduates.policy(windows=later)
    number = approved(graduates)
    housekeeping(graduates.hall.office)
    assert state(graduates, number) == State.APPROVED
    with pytest.raises(Refused, match="window_closed"):
        order(graduates, number)
    graduates.hall.clock.set(datetime(2026, 4, 2, 1, tzinfo=UTC))
    housekeeping(graduates.hall.office)
    made = order(graduates, number)
    with graduates.hall.office.read() as work:
        found = orders.find(work, made)
        assert found
        assert found.expires_at == datetime(2026, 4, 2, 8, 1, tzinfo=UTC), "with the window"
    graduates.hall.clock.set(datetime(2026, 4, 2, 9, tzinfo=UTC))
    housekeeping(graduates.hall.office)
    assert state(graduates, number) == State.LAPSED
    housekeeping(graduates.hall.office)
    assert [one.event for one in graduates.hall.audit(number)][-2:] == [
        "order_expired",
        "window_over",
    ]
    with graduates.hall.office.work() as work:  # money that came late is honoured
        found = orders.find(work, made)
        assert found
        orders.settle(work, found, late=True)
    assert state(graduates, number) == State.PAID


def test_an_order_ends_with_its_window_even_where_that_was_shortened_meanwhile(
    graduates: Graduates,
) -> None:
    long = window("graduation") + window("graduation_payment", "2026-03-01", "2026-04-02")
    graduates.policy(windows=long)
    number = approved(graduates)
    housekeeping(graduates.hall.office)
    made = order(graduates, number)
    graduates.policy(
        windows=window("graduation") + window("graduation_payment", "2026-03-01", "2026-03-03")
    )
    graduates.hall.clock.set(datetime(2026, 3, 4, tzinfo=UTC))
    housekeeping(graduates.hall.office)
    assert state(graduates, number) == State.LAPSED
    with graduates.hall.office.read() as work:
        found = orders.find(work, made)
        assert found
        assert found.state == orders.State.EXPIRED


def test_without_a_fee_it_stays_approved_until_one_is_set(graduates: Graduates) -> None:
    length = {"appraisal": {"least": 200, "most": 800}}
    graduates.policy(graduation=length)
    number = approved(graduates)
    housekeeping(graduates.hall.office)
    assert state(graduates, number) == State.APPROVED
    with pytest.raises(Refused, match="fee_not_set"):
        order(graduates, number)
    graduates.policy(graduation=length | {"review_fee_fen": 0})
    housekeeping(graduates.hall.office)
    order(graduates, number, 0)
    assert state(graduates, number) == State.PAID, "nothing is to be paid, so it is settled"


def test_an_order_that_is_cancelled_leaves_the_fee_to_be_paid(graduates: Graduates) -> None:
    number = approved(graduates)
    housekeeping(graduates.hall.office)
    made = order(graduates, number)
    with pytest.raises(AlreadyHandled):
        order(graduates, number)
    with graduates.hall.office.work(graduates.person) as work:
        orders.cancel(work, made, agreed(graduates))
    assert state(graduates, number) == State.PAYABLE
    assert order(graduates, number) != made


def test_what_is_decided_or_paid_for_is_not_withdrawn(graduates: Graduates) -> None:
    number = approved(graduates)
    with graduates.hall.office.work(graduates.person) as work, pytest.raises(AlreadyHandled):
        asking.withdraw(work, number, agreed(graduates))


def test_the_registrys_data_are_what_is_shown_first(graduates: Graduates) -> None:
    with graduates.hall.office.work() as work:
        assert work.sealer
        sealed = work.sealer.seal(MOBILE.mobile)
        work.session.add(
            ExamCandidate(
                person_id=graduates.person,
                institution_id="demo",
                gender="female",
                ethnicity="汉族",
                born_on=datetime(1990, 1, 1, tzinfo=UTC).date(),
                id_kind="居民身份证",
                employer="演示公司",
                mobile_sealed=sealed,
            )
        )
    with graduates.hall.office.work(graduates.person) as work:
        ticket = candidates.require_ticket(work)
        known = graduation_cases.personal_of(work, candidates.file(work, ticket).data)
    assert known == Personal(mobile=MOBILE.mobile, employer="演示公司")


def test_how_long_an_explanation_is_is_what_the_exam_office_has_published(
    graduates: Graduates,
) -> None:
    graduates.score("00015")
    with graduates.hall.office.read() as work:
        ticket = work.session.get_one(ExamTicket, graduates.ticket)
        major = graduation_rules.require_major(work, ticket)
        done = eligibility.progress(work, ticket, major, None)
        (key,) = (one.key for one in eligibility.gaps(work, major, done))
    gaps = {key: "档案里有。"}
    assert refused(graduates, gaps=gaps).facts["least"] == 10
    graduates.policy(
        graduation={
            "appraisal": {"least": 200, "most": 800},
            "explanation": {"least": 3, "most": 20},
        }
    )
    assert graduates.graduate(graduates.filing(gaps=gaps))
