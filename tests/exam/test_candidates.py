"""Everything is done under one ticket, which is always one's own and in force (E2)."""

import pytest

from backend.errors import Refused
from backend.exam import candidates
from backend.identity import exam_tickets
from tests.exam.conftest import Exam


def refused(exam: Exam, who: str, number: str | None = None) -> Refused:
    with exam.work(who) as work, pytest.raises(Refused) as why:
        candidates.require_ticket(work, number)
    return why.value


def test_of_several_tickets_one_has_to_be_chosen_and_is_then_the_one_in_use(exam: Exam) -> None:
    why = refused(exam, "k_two_tickets")
    assert (why.code, why.rule, why.facts["count"]) == ("which_ticket", "E2", 2)
    with exam.work("k_two_tickets") as work:
        exam_tickets.choose(work, "990000200002")
        assert candidates.require_ticket(work).number == "990000200002"
        assert candidates.require_ticket(work, "990000200001").number == "990000200001"


@pytest.mark.parametrize("who", ["k_inactive", "S00001"])
def test_without_an_active_ticket_nothing_is_done_here(exam: Exam, who: str) -> None:
    assert refused(exam, who).code == "no_exam_ticket"


def test_nobody_acts_under_the_ticket_of_another(exam: Exam) -> None:
    assert refused(exam, "k_plain", "990000200001").code == "not_your_ticket"


def test_a_course_is_found_by_the_beginning_of_its_code_or_name(exam: Exam) -> None:
    def found(start: str) -> list[str]:
        with exam.work() as work:
            return [one.code for one in candidates.courses_like(work, start)]

    assert found("英语") == ["00012", "00015"]
    assert found("0001") == ["00012", "00015", "00016", "00018"]
    assert found("public") == ["00277", "00318"]
    assert found("%") == found(" ") == []


def test_without_a_major_the_exam_office_itself_reviews(exam: Exam) -> None:
    with exam.work() as work:
        office = candidates.unit_id(work, exam.ticket(work, "k_no_major"))
        university = candidates.unit_id(work, exam.ticket(work, "k_plain"))
        file = candidates.file(work, exam.ticket(work, "k_plain"))
    assert office != university
    assert file.major is not None
    assert file.major.code == "120402"
    assert file.data is not None
    assert file.data.mobile_sealed is not None
