"""What waits too long: officers are reminded, then academic affairs take over (working days)."""

from datetime import datetime, timedelta

import pytest

from backend import approvals
from backend.clock import SHANGHAI
from tests.backend.scene import Scene

MOMENT = timedelta(seconds=1)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)


def sweep(scene: Scene) -> tuple[int, int]:
    with scene.office.work() as work:
        return approvals.remind_due(work), approvals.escalate_due(work)


@pytest.mark.parametrize(
    ("filed", "reminded", "escalated"),
    [
        ("2026-03-02 09:00", "2026-03-04 09:00", "2026-03-09 09:00"),  # Monday
        ("2026-03-05 17:30", "2026-03-09 17:30", "2026-03-12 17:30"),  # Thursday, a weekend
        ("2026-02-13 10:00", "2026-02-24 10:00", "2026-02-27 10:00"),  # Spring Festival
        ("2026-03-07 10:00", "2026-03-10 10:00", "2026-03-13 10:00"),  # filed on a Saturday
        ("2026-03-02 00:30", "2026-03-04 00:30", "2026-03-09 00:30"),  # still Sunday in UTC
    ],
)
def test_officers_are_reminded_after_two_and_relieved_after_five_working_days(
    scene: Scene, filed: str, reminded: str, escalated: str
) -> None:
    scene.clock.set(at(filed))
    scene.officer()
    number = scene.file(scene.student())
    scene.clock.set(at(reminded) - MOMENT)
    assert sweep(scene) == (0, 0)
    scene.clock.set(at(reminded))
    assert sweep(scene) == (1, 0)
    assert scene.told("transcript.remind") == [number]
    scene.clock.set(at(escalated) - MOMENT)
    assert sweep(scene)[1] == 0
    assert scene.application(number).holder == "unit_officer"
    scene.clock.set(at(escalated))
    assert sweep(scene)[1] == 1
    assert scene.told("transcript.escalate") == [number]
    application = scene.application(number)
    assert (application.state, application.holder) == ("waiting", "academic_affairs")


def test_sweeping_again_and_again_tells_nobody_twice(scene: Scene) -> None:
    scene.officer()
    number = scene.file(scene.student())
    scene.clock.set(at("2026-03-04 09:00"))
    assert [sweep(scene) for _ in range(5)] == [(1, 0), *[(0, 0)] * 4]
    scene.clock.set(at("2026-03-09 09:00"))
    assert [sweep(scene) for _ in range(5)] == [(1, 1), *[(0, 0)] * 4]
    assert scene.told("transcript.remind") == [number, number]
    assert scene.told("transcript.escalate") == [number]


def test_a_reminder_comes_again_after_as_many_working_days(scene: Scene) -> None:
    scene.officer()
    scene.file(scene.student())
    reminders = []
    day = at("2026-03-02 09:00")
    while day < at("2026-03-14 00:00"):
        scene.clock.set(day)
        if sweep(scene)[0]:
            reminders.append(f"{day:%m-%d}")
        day += timedelta(hours=12)
    assert reminders == ["03-04", "03-06", "03-10", "03-12"]


def test_after_a_long_standstill_one_reminder_is_enough(scene: Scene) -> None:
    scene.officer()
    number = scene.file(scene.student())
    scene.clock.set(at("2026-05-20 09:00"))
    assert sweep(scene) == (1, 1)
    assert sweep(scene) == (0, 0)
    assert scene.told("transcript.remind") == [number]


def test_what_is_decided_reminds_nobody(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    approved, rejected = scene.file(student), scene.file(student)
    scene.approve(officer, approved)
    scene.reject(officer, rejected)
    scene.file(scene.graduate())
    scene.clock.set(at("2026-05-20 09:00"))
    assert sweep(scene) == (0, 0)


def test_each_application_keeps_the_deadlines_of_its_day(scene: Scene) -> None:
    scene.officer()
    student = scene.student()
    before = scene.file(student)
    scene.set_policy("transcript", at("2026-03-02 00:00").date(), remind_after_days=10)
    after = scene.file(student)
    scene.clock.set(at("2026-03-04 09:00"))
    assert sweep(scene) == (1, 0)
    assert scene.told("transcript.remind") == [before]
    assert scene.application(before).remind_at == at("2026-03-06 09:00")
    assert scene.application(after).remind_at == at("2026-03-16 09:00")


def test_where_no_deadlines_are_set_nothing_is_overdue(scene: Scene) -> None:
    day = at("2026-03-02 00:00").date()
    scene.set_policy("transcript", day, remind_after_days=None, escalate_after_days=None)
    scene.officer()
    application = scene.application(scene.file(scene.student()))
    assert (application.remind_at, application.escalate_at) == (None, None)
    scene.clock.set(at("2026-12-01 09:00"))
    assert sweep(scene) == (0, 0)
