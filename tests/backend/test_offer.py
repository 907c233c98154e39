"""What a student may have (T1-T3), at every boundary of the notice."""

from datetime import date, timedelta
from itertools import count

import pytest

from backend import offers, previews
from backend.documents.facts import Coverage, Gpa, Language
from backend.errors import Refused
from backend.offers import KINDS, Offer
from tests.backend.scene import Scene

CENTRALIZED, COMBINED = Coverage.CENTRALIZED, Coverage.COMBINED
NUMBERS = count(1)


def offer(scene: Scene, student: int, version: int | None = None) -> Offer:
    with scene.office.read() as work:
        return offers.offer(work, student, version)


def priced(scene: Scene, given: Offer) -> list[offers.KindOffer]:
    with scene.office.read() as work:
        return list(offers.prices(work, given).values())


def entered(scene: Scene, enrolled: date, *, central: bool) -> Offer:
    number = f"S{next(NUMBERS)}"
    return offer(scene, scene.student(number, enrolled=enrolled, central=central))


TAUGHT_CENTRALLY = {
    date(2000, 12, 31): (),
    date(2001, 1, 1): (CENTRALIZED,),
    date(2012, 12, 31): (CENTRALIZED,),
    date(2013, 1, 1): (CENTRALIZED, COMBINED),
    date(2025, 9, 1): (CENTRALIZED, COMBINED),
}
TAUGHT_AT_THE_INSTITUTE = {
    date(2000, 12, 31): (),
    date(2001, 1, 1): (),
    date(2012, 12, 31): (),
    date(2013, 1, 1): (COMBINED,),
    date(2025, 9, 1): (COMBINED,),
}


def test_each_year_of_entry_has_the_coverages_of_the_notice(
    scene: Scene, subtests: pytest.Subtests
) -> None:
    for central, years in ((True, TAUGHT_CENTRALLY), (False, TAUGHT_AT_THE_INSTITUTE)):
        for enrolled, coverages in years.items():
            with subtests.test(enrolled=enrolled, central=central):
                given = entered(scene, enrolled, central=central)
                assert given.coverages == coverages


def test_whoever_gets_nothing_is_told_why_and_whom_to_ask(
    scene: Scene, subtests: pytest.Subtests
) -> None:
    nobody = [
        (date(2000, 9, 1), True, "enrolled_too_early", 2001),
        (date(2000, 9, 1), False, "enrolled_too_early", 2001),
        (date(2001, 9, 1), False, "no_central_teaching", 2013),
        (date(2012, 9, 1), False, "no_central_teaching", 2013),
    ]
    for enrolled, central, code, first in nobody:
        with subtests.test(enrolled=enrolled, central=central):
            ((coverage, why),) = entered(scene, enrolled, central=central).refused
            assert coverage is None
            assert (why.code, why.rule) == (code, "T1")
            assert why.facts["first"] == first
            assert why.facts["office"] == "academic_affairs"
            assert why.facts["year"] == enrolled.year


def test_the_coverage_one_cannot_have_is_explained(scene: Scene) -> None:
    ((early, why),) = entered(scene, date(2012, 9, 1), central=True).refused
    assert (early, why.code, why.facts["first"]) == (COMBINED, "combined_only_later", 2013)
    ((late, why),) = entered(scene, date(2013, 9, 1), central=False).refused
    assert (late, why.code) == (CENTRALIZED, "not_taught_centrally")


def test_a_coverage_that_is_not_offered_cannot_be_had_by_asking_for_it(scene: Scene) -> None:
    for enrolled, central, code in (
        (date(2012, 9, 1), True, "combined_only_later"),
        (date(2012, 9, 1), False, "no_central_teaching"),
    ):
        given = entered(scene, enrolled, central=central)
        with scene.office.work() as work, pytest.raises(Refused) as refused:
            previews.facts_today(work, given, Language.ZH, Gpa.WITHOUT, COMBINED)
        assert refused.value.code == code


def test_somebody_who_never_studied_here_is_sent_to_technical_support(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        offer(scene, scene.affairs)
    assert refused.value.code == "not_a_student"
    assert refused.value.facts == {"office": "technical_support"}


def test_a_student_without_grades_is_sent_to_academic_affairs(scene: Scene) -> None:
    student = scene.student(graded=False)
    with scene.office.work() as work:
        given = offers.offer(work, student)
        with pytest.raises(Refused) as refused:
            previews.facts_today(work, given, Language.ZH, Gpa.WITHOUT, COMBINED)
    assert (refused.value.code, refused.value.rule) == ("no_grades", "T10")
    assert refused.value.facts == {"office": "academic_affairs"}


def test_without_centrally_taught_courses_there_is_no_transcript_of_them(scene: Scene) -> None:
    student = scene.student(graded=False)
    scene.grade(student, "P200", "85", period=COMBINED)
    with scene.office.work() as work:
        given = offers.offer(work, student)
        previews.facts_today(work, given, Language.ZH, Gpa.WITHOUT, COMBINED)
        with pytest.raises(Refused) as refused:
            previews.facts_today(work, given, Language.ZH, Gpa.WITHOUT, CENTRALIZED)
    assert refused.value.code == "no_grades"


def test_the_centralized_transcript_leaves_out_what_the_institute_taught(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work() as work:
        given = offers.offer(work, student)
        central = previews.facts_today(work, given, Language.ZH, Gpa.WITHOUT, CENTRALIZED)
        both = previews.facts_today(work, given, Language.ZH, Gpa.WITHOUT, COMBINED)
    assert [line.code for line in central.courses] == ["P100"]
    assert [line.code for line in both.courses] == ["P100", "P200"]
    assert (central.total_credits, both.total_credits) == ("3", "6")


def test_the_first_copy_of_each_of_the_four_kinds_is_free(scene: Scene) -> None:
    given = offer(scene, scene.student())
    assert [str(one.kind) for one in priced(scene, given)] == [
        "zh+with",
        "zh+without",
        "en+with",
        "en+without",
    ]
    assert {(one.free_left, one.price.due_fen, one.price_fen) for one in priced(scene, given)} == {
        (1, 0, 500)
    }


def test_a_second_copy_costs_five_yuan_whatever_it_covers_and_other_kinds_stay_free(
    scene: Scene,
) -> None:
    student = scene.graduate()
    scene.confirm(scene.file(student))
    given = offer(scene, student)
    spent = next(one for one in priced(scene, given) if str(one.kind) == "zh+without")
    assert (spent.free_left, spent.price.due_fen, spent.spent_by_email) == (0, 500, False)
    assert sum(one.free_left for one in priced(scene, given)) == 3


FIRST, LAST = date(2020, 3, 25), date(2020, 4, 29)
DAY = timedelta(days=1)


@pytest.mark.parametrize("on", [FIRST, date(2020, 4, 10), LAST], ids=str)
def test_a_kind_asked_for_by_email_in_the_window_is_no_longer_free(scene: Scene, on: date) -> None:
    student = scene.student()
    scene.asked_by_email(student, "en", "with", on)
    given = offer(scene, student)
    for one in priced(scene, given):
        by_email = str(one.kind) == "en+with"
        assert one.spent_by_email is by_email
        assert one.free_left == (0 if by_email else 1)
        assert one.price.due_fen == (500 if by_email else 0)


@pytest.mark.parametrize("on", [FIRST - DAY, LAST + DAY], ids=str)
def test_an_email_a_day_outside_the_window_costs_nobody_a_free_copy(scene: Scene, on: date) -> None:
    student, other = scene.student(), scene.student("S2")
    scene.asked_by_email(student, "zh", "with", on)
    scene.asked_by_email(other, "zh", "with", FIRST)
    assert {one.free_left for one in priced(scene, offer(scene, student))} == {1}


def test_only_enrolled_students_need_approval(scene: Scene) -> None:
    assert offer(scene, scene.student()).needs_approval
    assert not offer(scene, scene.graduate()).needs_approval


def test_what_policy_says_is_what_is_offered(scene: Scene) -> None:
    """An older version still says who may have what; what it costs is as published today."""
    student = scene.student(enrolled=date(2002, 9, 1))
    changed = scene.set_policy(
        "transcript",
        date(2026, 1, 1),
        combined_from=2002,
        free_copies=2,
        price_fen=700,
        approval_for_enrolled=False,
    )
    now, before = offer(scene, student), offer(scene, student, version=1)
    assert offer(scene, student, version=changed).policy == now.policy
    assert (now.coverages, before.coverages) == ((CENTRALIZED, COMBINED), (CENTRALIZED,))
    assert {(one.free_left, one.price_fen) for one in priced(scene, now)} == {(2, 700)}
    assert priced(scene, before) == priced(scene, now)
    assert (now.needs_approval, before.needs_approval) == (False, True)
    assert len(KINDS) == len(priced(scene, now))
