"""Pictures that answered a reviewer are no proof of the form's, and stay with the case (E5, E6, E9)."""

from dataclasses import replace

from backend.exam import back_entry, back_entry_cases, exemption_cases, exemptions, graduation
from backend.proofs import keeping
from backend.reviewing import asking
from tests.graduation.graduates import Graduates
from tests.graduation.test_back_entry import transfer


def answered(graduates: Graduates, number: str, person: int) -> int:
    """The reviewer asked, and was answered with a picture."""
    hall = graduates.hall
    with hall.office.work(hall.reviewer) as work:
        asking.ask_back(work, number, "请再发一张清楚的", hall.agreed(hall.reviewer))
    picture = hall.proof(person, keeping.ANSWER)
    with hall.office.work(person) as work:
        asking.answer(work, number, "见图片，1 张", hall.agreed(person), picture)
    return picture


def resting_on(graduates: Graduates, number: str) -> list[int]:
    with graduates.hall.office.read() as work:
        application = graduates.hall.case(number)
        return [one.id for one in keeping.of_application(work, application.id)]


def given(graduates: Graduates, number: str) -> tuple[int, ...]:
    with graduates.hall.office.read() as work:
        return tuple(one.id for one in keeping.given(work, graduates.hall.case(number).id))


def test_the_diploma_is_used_again_after_a_reviewer_was_answered(graduates: Graduates) -> None:
    graduates.everything()
    hall, filing = graduates.hall, graduates.filing()
    number = graduates.graduate(filing)
    picture = answered(graduates, number, graduates.person)
    hall.reject_case(hall.reviewer, number)
    assert given(graduates, number) == filing.proofs
    again = replace(filing, proofs=given(graduates, number))
    with hall.office.work(graduates.person) as work:
        graduation.reapply(work, number, again, hall.agreed(graduates.person))
    assert resting_on(graduates, number) == [*filing.proofs, picture]


def test_changing_an_entry_does_not_take_away_what_answered_the_reviewer(
    graduates: Graduates,
) -> None:
    hall, person = graduates.hall, graduates.person
    number = graduates.enter(transfer(graduates))  # without any picture
    picture = answered(graduates, number, person)
    with hall.office.work(person) as work:
        entry = back_entry_cases.entry_of(work, back_entry_cases.own(work, number))
        assert entry.proof is None
        changed = replace(entry, remark="工作调动")
        back_entry.change(work, number, changed, hall.agreed(person))
    assert resting_on(graduates, number) == [picture]


def test_another_proof_of_an_exemption_leaves_what_answered_the_reviewer(
    graduates: Graduates,
) -> None:
    hall = graduates.hall
    person = hall.candidate()
    (number,) = hall.file_exemptions(person, "00015")
    picture = answered(graduates, number, person)
    new = hall.proof(person, "pets", "3")
    with hall.office.work(person) as work:
        application = exemption_cases.own(work, number)
        assert picture not in [one.id for one in exemption_cases.proofs_of(work, application)]
        exemptions.change(work, number, [new], hall.agreed(person))
    assert resting_on(graduates, number) == [picture, new]
