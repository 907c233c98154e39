"""While a reviewer is away a deputy is asked and decides; what came at night is in the digest (E5)."""

from datetime import date, datetime, timedelta

import pytest

from backend import absences, authority, telling
from backend.authority import Role
from backend.clock import SHANGHAI
from backend.errors import NotAllowed, Refused
from backend.models import Conversation, Outbound
from backend.policy import notices
from backend.policy.offices import CalendarPolicy
from backend.policy.telling import TellingPolicy
from backend.reviewing import reviewers
from backend.reviewing.kinds import find
from tests.reviewing.hall import Hall

TODAY = date(2026, 3, 2)


def away(hall: Hall, person: int, deputy: int, days: int = 0) -> None:
    with hall.office.work(person) as work:
        absences.plan(work, deputy, TODAY, TODAY + timedelta(days=days), hall.agreed(person))


def asked(hall: Hall, number: str) -> list[int]:
    with hall.office.read() as work:
        application = find(work, number)
        assert application is not None
        return reviewers.deciders(work, application)


def deputies(hall: Hall, person: int) -> list[int]:
    with hall.office.read(person) as work:
        return [one.id for one in absences.deputies(work, person)]


def test_colleagues_and_the_exam_office_stand_in_for_a_reviewer_and_nobody_else(
    hall: Hall,
) -> None:
    assert deputies(hall, hall.reviewer) == [hall.colleague, hall.exam_office]
    assert deputies(hall, hall.stranger) == [hall.exam_office]
    named = hall.staff("D1", Role.DEPUTY, hall.first)
    assert deputies(hall, hall.reviewer) == [hall.colleague, named, hall.exam_office]
    with hall.office.work(hall.reviewer) as work, pytest.raises(Refused, match="not_a_deputy"):
        absences.plan(work, hall.stranger, TODAY, TODAY, hall.agreed(hall.reviewer))
    with hall.office.work(hall.candidate()) as work, pytest.raises(NotAllowed):
        absences.require_officer(work)


def test_the_deputy_of_a_reviewer_is_asked_and_decides_for_exactly_that_time(hall: Hall) -> None:
    deputy = hall.staff("D1", Role.DEPUTY, hall.first)
    first, second = hall.file_exemptions(hall.candidate(), "00015", "00018")
    with pytest.raises(NotAllowed):
        hall.approve_case(deputy, first)
    away(hall, hall.reviewer, deputy)
    assert asked(hall, first) == [deputy, hall.colleague]
    with hall.office.work(deputy) as work:
        assert [one.number for one in reviewers.inbox(work)] == [first, second]
    hall.approve_case(deputy, first)
    hall.pass_time(timedelta(days=1))
    assert asked(hall, second) == [hall.reviewer, hall.colleague]
    with pytest.raises(NotAllowed):
        hall.approve_case(deputy, second)


def test_a_deputy_decides_neither_on_their_own_case_nor_on_what_they_proposed(hall: Hall) -> None:
    hall.new_ticket(hall.colleague, hall.major)
    (own,) = hall.file_exemptions(hall.colleague, "00015")
    (other,) = hall.file_exemptions(hall.candidate(), "00015")
    hall.refer_case(hall.colleague, other)
    away(hall, hall.reviewer, hall.colleague)
    with pytest.raises(NotAllowed):
        hall.approve_case(hall.colleague, own)
    with pytest.raises(Refused, match="own_second_look"):
        hall.approve_case(hall.colleague, other)
    assert asked(hall, own) == asked(hall, other) == [hall.reviewer], "they may decide from afar"


def test_a_lent_role_ends_with_what_it_rests_on(hall: Hall) -> None:
    deputy = hall.staff("D1", Role.DEPUTY, hall.first)
    away(hall, hall.reviewer, deputy, days=3)
    with hall.office.read(deputy) as work:
        assert authority.holds(work, deputy, Role.EXAM_REVIEWER, hall.first)
        assert not authority.holds(work, deputy, Role.EXAM_REVIEWER, hall.other)
    hall.take_role(deputy, Role.DEPUTY)
    with hall.office.read(deputy) as work:
        assert not authority.holds(work, deputy, Role.EXAM_REVIEWER, hall.first)


def test_what_the_deputy_of_a_reviewer_decided_is_told_afterwards(hall: Hall) -> None:
    first, second = hall.file_exemptions(hall.candidate(), "00015", "00018")
    away(hall, hall.reviewer, hall.colleague)
    hall.approve_case(hall.colleague, first)
    hall.reject_case(hall.colleague, second)
    with hall.office.work(hall.reviewer) as work:
        (absence,) = absences.of_person(work, hall.reviewer)
        assert absences.decided(work, absence) == [(first, "approve"), (second, "reject")]


@pytest.mark.parametrize("kind", ["review.filed", "review.remind", "exemption.refer"])
def test_a_case_that_comes_at_night_rings_no_phone_and_is_in_the_digest(kind: str) -> None:
    policy = TellingPolicy.model_validate(notices.NOTICES_DEMO)
    night, day = (datetime(2026, 3, 3, hour, tzinfo=SHANGHAI) for hour in (2, 10))
    assert telling.gathered(policy, CalendarPolicy(), kind, night)
    assert not telling.gathered(policy, CalendarPolicy(), kind, day)


def test_the_digest_is_sent_to_reviewers_with_an_open_prompt(hall: Hall) -> None:
    hall.pass_time(timedelta(hours=17))  # at two in the night
    with hall.office.work() as work:
        conversation = Conversation(
            institution_id="demo", person_id=hall.reviewer, language="zh", state={}, next_seq=1
        )
        work.session.add(conversation)
        work.session.flush()
        work.session.add(
            Outbound(
                institution_id="demo",
                conversation_id=conversation.id,
                seq=1,
                body={},
                actions=[],
                token="token",
                about="M260302-0001",
                created_at=work.now,
            )
        )
    hall.pass_time(timedelta(hours=7))
    with hall.office.work() as work:
        assert telling.held_back(work, work.now - timedelta(days=1)) == [hall.reviewer]
