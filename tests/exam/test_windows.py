"""A service is open exactly as long as its window says, and a refusal tells what comes next (E4)."""

from datetime import date, datetime, time

import pytest
from pydantic import ValidationError

from backend.clock import SHANGHAI
from backend.errors import Refused
from backend.exam import windows
from backend.policy.exam import ExamPolicy, Service
from backend.policy.exam_first import EXAM, demo, session_after
from tests.exam.conftest import START, Exam


def test_the_last_minute_is_still_open_and_the_next_one_is_not(exam: Exam) -> None:
    with exam.work() as work:
        window = windows.require(work, Service.EXEMPTION)
    exam.clock.set(window.closes_at.replace(second=59))
    with exam.work() as work:
        assert windows.require(work, Service.EXEMPTION) == window
    exam.clock.set(window.closes_at.replace(minute=1))
    with exam.work() as work, pytest.raises(Refused) as refused:
        windows.require(work, Service.EXEMPTION, "E5")
    assert (refused.value.code, refused.value.rule) == ("window_closed", "E5")
    assert refused.value.facts["closed"] == window.closes_at
    assert refused.value.facts["next"] is None


def test_a_closed_service_tells_when_it_opens_next_as_far_as_that_is_published(exam: Exam) -> None:
    with exam.work() as work:
        standing = windows.standing(work, Service.TRANSFER_OUT)
        assert not standing.open
        assert standing.last is not None
        assert standing.next is not None
        assert standing.last.closes_at < START < standing.next.opens_at
        assert [one.service for one in windows.all_standings(work)] == list(Service)


def test_where_nothing_is_published_everything_is_closed_and_nothing_is_made_up() -> None:
    policy = ExamPolicy.model_validate(EXAM)
    assert policy.windows == ()
    assert policy.matrix == {}
    assert policy.graduation.review_fee_fen is None
    assert policy.graduation.appraisal is None
    assert policy.picture.max_bytes == 1_048_576
    assert policy.demo == ()


@pytest.mark.parametrize(
    "broken",
    [
        {
            "windows": [
                {
                    "service": "exemption",
                    "opens_at": "2026-01-01T09:00+08:00",
                    "closes_at": "2026-02-01T16:00+08:00",
                },
                {
                    "service": "exemption",
                    "opens_at": "2026-02-01T16:00+08:00",
                    "closes_at": "2026-03-01T16:00+08:00",
                },
            ]
        },
        {
            "windows": [
                {
                    "service": "exemption",
                    "opens_at": "2026-02-01T09:00+08:00",
                    "closes_at": "2026-01-01T16:00+08:00",
                }
            ]
        },
        {
            "windows": [
                {
                    "service": "exemption",
                    "opens_at": "2026-01-01T09:00",
                    "closes_at": "2026-02-01T16:00",
                }
            ]
        },
        {"matrix": {"15": [{"way": "cet", "needs": [{"type": "cet"}]}]}},
        {"matrix": {"00015": []}},
        {"graduation": {"appraisal": {"least": 300, "most": 200}}},
        {"back_entry": {"theory_last_month": "2002-13"}},
        {"review": {"second_look": "every_nth"}},
    ],
)
def test_what_contradicts_itself_is_not_published(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ExamPolicy.model_validate(EXAM | broken)


def test_the_demo_is_open_on_whatever_day_it_is_loaded() -> None:
    for day in (date(2026, 3, 2), date(2028, 2, 29), date(2031, 12, 31)):
        policy = ExamPolicy.model_validate(EXAM | demo(day))
        now = datetime.combine(day, time(12), SHANGHAI)
        open_now = {one.service for one in policy.windows if one.has(now)}
        assert open_now == set(Service) - {Service.TRANSFER_OUT}
        assert session_after(day)[0] >= day.year
