"""A bill comes at ten; one that does not come is asked for again, and no day is left out."""

from collections.abc import Collection
from datetime import date, time, timedelta

import pytest

from backend.authority import Role
from backend.errors import NotAllowed
from backend.payments.provider import Bill, Payee, ProviderRefused
from backend.reconciliation import days, reports
from tests.reconciliation.scene import DAY, MINUTES, Scene

NEXT = DAY + timedelta(days=1)


def test_before_ten_nobody_asks_for_yesterdays_bill(scene: Scene) -> None:
    scene.pay(scene.ordered())
    scene.at(NEXT, time(9, days.MINUTE))
    scene.look()
    assert scene.jobs_asked("reconcile") == []
    scene.at(NEXT, MINUTES)
    scene.look()
    assert scene.bill().compared_at == scene.clock.now()


def test_it_is_looked_at_once_an_hour_and_a_day_only_until_it_is_compared(scene: Scene) -> None:
    scene.pay(scene.ordered())
    scene.at(NEXT, time(10, days.MINUTE + 1))
    scene.look()
    assert scene.jobs_asked("reconcile") == []
    scene.morning()
    assert len(scene.jobs_asked("reconcile")) == 1
    scene.pass_time(timedelta(hours=1))
    scene.look()
    assert len(scene.jobs_asked("reconcile")) == 1


def test_nothing_is_asked_for_before_anything_could_be_paid(scene: Scene) -> None:
    scene.morning()
    assert (scene.jobs_asked("reconcile"), scene.heard()) == ([], [])


def test_a_provider_that_is_away_is_asked_every_hour_and_finance_hears_after_a_day(
    scene: Scene,
) -> None:
    scene.pay(scene.ordered())
    scene.bank.away = True
    scene.morning()
    assert scene.bill().trouble == "unreachable"
    for _ in range(23):
        scene.pass_time(timedelta(hours=1))
        scene.look()
    assert scene.heard() == []
    for _ in range(3):
        scene.pass_time(timedelta(hours=1))
        scene.look()
    assert scene.heard() == [("late", DAY.isoformat())], "told once"
    scene.bank.away = False
    scene.pass_time(timedelta(hours=1))
    scene.look()
    assert scene.heard()[1:] == [("agreed", NEXT.isoformat())]


def test_a_day_that_is_refused_does_not_keep_the_others_waiting(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.pay(scene.ordered())
    whole = scene.bank.bill

    def bill(day: date, also: Collection[Payee]) -> Bill | None:
        if day == DAY:
            raise ProviderRefused("PARAM_ERROR")
        return whole(day, also)

    monkeypatch.setattr(scene.bank, "bill", bill)
    scene.morning(NEXT)
    assert (scene.bill().trouble, scene.bill().compared_at) == ("PARAM_ERROR", None)
    assert scene.bill(NEXT).compared_at is not None


def test_days_on_which_the_server_was_off_are_made_up_for_one_by_one(scene: Scene) -> None:
    scene.pay(scene.ordered())
    scene.morning(DAY + timedelta(days=4))
    assert len(scene.jobs_asked("reconcile")) == 5
    assert all(scene.bill(DAY + timedelta(days=n)).compared_at for n in range(5))
    last = DAY + timedelta(days=4)
    assert scene.heard() == [("agreed", last.isoformat())], "in one message"
    (event,) = [one for one in scene.events if one.name == "reconciliation.agreed"]
    assert len(event.facts["days"]) == 5


def test_a_job_that_fails_for_good_is_asked_for_again_in_an_hour(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.pay(scene.ordered())

    def broken(_: date) -> Bill | None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(scene.bank, "bill", broken)
        scene.morning()
    assert scene.bill().trouble == "failed"
    assert scene.told("job.failed") == [DAY.isoformat()]
    scene.pass_time(timedelta(hours=1))
    scene.look()
    assert scene.heard() == [("agreed", DAY.isoformat())]


def test_nobody_but_finance_sees_a_day(scene: Scene) -> None:
    scene.pay(scene.ordered())
    scene.morning()
    for person in (scene.buyer, scene.affairs, scene.staff("O9", Role.EXAM_OFFICE)):
        with scene.office.read(person) as work, pytest.raises(NotAllowed):
            reports.of_day(work, DAY)
    assert scene.report() is not None
