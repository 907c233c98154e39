"""What is told to whoever asks why they cannot graduate yet, and what counts (E6, E8)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from backend.exam import candidates, eligibility, plans, scores
from backend.exam.eligibility import Item, Stage, Who
from backend.models import Application, ConsentRecord, ExamCredit, ExamMajor, ExamTicket
from backend.work import Work
from tests.graduation.graduates import Graduates


@contextmanager
def looking(graduates: Graduates) -> Iterator[tuple[Work, ExamTicket, ExamMajor]]:
    with graduates.hall.office.work(graduates.person) as work:
        ticket = work.session.get_one(ExamTicket, graduates.ticket)
        yield work, ticket, work.session.get_one(ExamMajor, graduates.major)


def check(graduates: Graduates, option: str | None = None) -> list[Item]:
    with looking(graduates) as (work, ticket, major):
        return eligibility.check(work, ticket, major, option)


def test_every_requirement_is_told_met_or_not_and_none_hides_another(graduates: Graduates) -> None:
    graduates.option()
    graduates.policy(windows=[], graduation={"appraisal": None})
    items = check(graduates, "other")
    found = Counter((one.code, one.met) for one in items)
    assert found == {
        ("window", False): 1,
        ("major", True): 1,
        ("course", False): 2,
        ("option_course", False): 1,
        ("credits", False): 1,
        ("exemptions_pending", True): 1,
        ("back_entries_pending", True): 1,
        ("leaving", True): 1,
        ("left", True): 1,
        ("mobile", False): 1,
        ("option", True): 1,
        ("appraisal_not_set", False): 1,
        ("prior_diploma", False): 1,
        ("fee", False): 1,
    }
    assert {one.rule for one in items} == {"E4", "E5", "E6", "E8", "E9"}
    assert all(one.who in Who for one in items)


def test_a_course_that_a_proof_exempts_from_is_for_the_candidate_to_see_to(
    graduates: Graduates,
) -> None:
    graduates.policy(matrix={"00015": [{"way": "cet", "needs": [{"type": "cet"}]}]})
    who = [one.who for one in check(graduates) if one.code == "course"]
    assert who == [Who.APPLICANT, Who.EXAM]


def test_with_everything_passed_only_what_is_given_while_applying_is_left(
    graduates: Graduates,
) -> None:
    graduates.everything()
    items = check(graduates)
    assert not eligibility.unmet(items, Stage.BARS, Stage.GAP, Stage.NOTED, Stage.LATER)
    given_ = [one.code for one in eligibility.unmet(items, Stage.GIVEN)]
    assert given_ == ["mobile", "appraisal", "prior_diploma"]


def test_courses_that_are_explained_do_not_bar_but_credits_beyond_them_do(
    graduates: Graduates,
) -> None:
    (credits,) = [one for one in check(graduates) if one.code == "credits"]
    assert credits.stage is Stage.GAP, "both courses may be explained, and are all there is"
    with graduates.hall.office.work() as work:
        work.session.get_one(ExamMajor, graduates.major).total_credit_tenths = 100
    (credits,) = [one for one in check(graduates) if one.code == "credits"]
    assert credits.stage is Stage.BARS


def test_scores_that_leave_are_told_with_their_case(graduates: Graduates) -> None:
    graduates.hall.clock.set(datetime(2026, 6, 1, tzinfo=UTC))  # the service is open
    one, _other = graduates.everything()
    number = graduates.leave(one)
    (leaving,) = [item for item in check(graduates) if item.code == "leaving"]
    assert (leaving.met, leaving.facts["numbers"]) == (False, [number])
    graduates.hall.approve_case(graduates.hall.reviewer, number)
    by_code = {item.code: item for item in check(graduates)}
    assert by_code["leaving"].met
    assert not by_code["left"].met
    assert sum(item.code == "course" and not item.met for item in check(graduates)) == 1


def test_what_waits_for_review_is_told_and_does_not_bar(graduates: Graduates) -> None:
    graduates.policy(back_entry={"picture_required": []})
    number = graduates.enter(graduates.entry(proof=None))
    (waits,) = [one for one in check(graduates) if one.code == "back_entries_pending"]
    assert (waits.met, waits.stage, waits.who) == (False, Stage.NOTED, Who.REVIEWER)
    assert waits.facts["numbers"] == [number]


CREDIT = st.fixed_dictionaries(
    {
        "course": st.sampled_from(["00015", "00018", "00312"]),
        "kind": st.sampled_from(["theory", "practice", "exemption", "transfer_in"]),
        "ticket": st.sampled_from([0, 1, 2]),  # two of one's own, one of somebody else's
        "passed": st.booleans(),
        "gone": st.sampled_from(["", "", "left", "ended"]),
        "score": st.one_of(st.none(), st.integers(60, 100)),
    }
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(CREDIT, max_size=12))
def test_a_score_counts_at_most_once_never_after_it_left_and_under_any_of_ones_own_tickets(
    graduates: Graduates, rows: list[dict[str, object]]
) -> None:
    hall = graduates.hall
    with hall.office.work() as work:
        work.session.execute(delete(ExamCredit))
    stranger = hall.person(f"S{hall.tickets}")
    tickets = [
        (graduates.person, graduates.ticket),
        (graduates.person, hall.new_ticket(graduates.person, None)),
        (stranger, hall.new_ticket(stranger, None)),
    ]
    with hall.office.work() as work:
        for place, row in enumerate(rows):
            person, ticket = tickets[int(str(row["ticket"]))]
            work.session.add(
                ExamCredit(
                    institution_id="demo",
                    person_id=person,
                    ticket_id=ticket,
                    course_id=hall.courses[str(row["course"])],
                    kind=str(row["kind"]),
                    source="exam",
                    session=f"{2000 + place}-04",
                    passed_month=f"{2000 + place}-04" if row["passed"] else "",
                    score=row["score"],
                    passed=bool(row["passed"]),
                    left_by=None,
                    ended_at=work.now if row["gone"] == "ended" else None,
                    remark="left" if row["gone"] == "left" else "",
                )
            )
        work.session.flush()
        gone = [one for one in work.session.query(ExamCredit) if one.remark == "left"]
        number = hall_case(graduates, work) if gone else None
        for one in gone:
            one.left_by = number
        work.session.flush()
    with looking(graduates) as (work, _ticket, major):
        counted = scores.counting(work, graduates.person, major)
        assert len({one.id for one in counted}) == len(counted)
        assert all(one.passed and one.left_by is None and one.ended_at is None for one in counted)
        assert {one.person_id for one in counted} <= {graduates.person}
        planned = plans.parts(work, major)
        parts = Counter(
            (one.course_id, kind)
            for one in counted
            for kind in ([one.kind] if one.kind in planned[one.course_id] else [])
        )
        assert all(count == 1 for count in parts.values())
        for course in ("00015", "00018"):  # and what should count, does
            course_id = hall.courses[course]
            good = [
                row
                for row in rows
                if row["course"] == course
                and row["ticket"] != 2
                and row["passed"]
                and not row["gone"]
                and row["kind"] in ("theory", "exemption", "transfer_in")
            ]
            assert any(one.course_id == course_id for one in counted) == bool(good)
        done = eligibility.progress(work, _ticket, major, None)
        assert done.credit_tenths <= 80, "a course's credits count once"
        missing = {gap.course.id for gap in eligibility.gaps(work, major, done)}
        assert missing == {one.course.id for one in done.missing}


def hall_case(graduates: Graduates, work: Work) -> int:
    """Some case that scores may have left with."""
    found = work.session.query(Application.id).first()
    if found is not None:
        return int(found[0])
    consent = ConsentRecord(
        institution_id="demo",
        person_id=graduates.person,
        words="确认",
        language="zh",
        facts="",
        given_at=work.now,
    )
    work.session.add(consent)
    work.session.flush()
    case = Application(
        institution_id="demo",
        number="Z000000-0001",
        kind="transfer_out",
        applicant_id=graduates.person,
        unit_id=graduates.hall.first,
        state="approved",
        filed_at=work.now,
        since=work.now,
        holder="",
        policy_version=1,
        consent_id=consent.id,
    )
    work.session.add(case)
    work.session.flush()
    return case.id


def test_the_ticket_of_somebody_else_is_no_ticket_of_mine(graduates: Graduates) -> None:
    with graduates.hall.office.work(graduates.person) as work:
        assert candidates.ticket_ids(work, graduates.person) == [graduates.ticket]


def test_another_pass_of_a_course_may_leave_without_barring_graduation(
    graduates: Graduates,
) -> None:
    graduates.hall.clock.set(datetime(2026, 6, 1, tzinfo=UTC))
    graduates.everything()
    older = graduates.score("00015", month="2010-12", score=60)
    graduates.leave(older)
    assert not eligibility.unmet(check(graduates), Stage.GAP)
    assert {item.code: item.met for item in check(graduates)}["leaving"]
