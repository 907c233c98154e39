"""Two institutions in one database: what one has heard of is not taken for the other's."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from backend.models import Institution, Payment
from backend.office import Office
from backend.payments import settle
from backend.payments.by_hand import NAME
from backend.payments.provider import PaymentNotice
from backend.payments.settle import Outcome
from backend.policy import notices
from backend.reconciliation import fetching
from tests.payments.scene import PRICE, Scene


@pytest.fixture
def neighbour(scene: Scene) -> Office:
    """Of another institution, which is paid at the same provider."""
    with scene.office.work() as work:
        work.session.add(Institution(id="other", name_zh="另一所大学", name_en="Another"))
        work.session.flush()
        notices.load(work.session, "other", demo=True, today=date(2026, 3, 2))
    return replace(scene.office, institution="other")


def stray(scene: Scene) -> PaymentNotice:
    return PaymentNotice(NAME, "SB1", "C260302-9999-ABCD", PRICE, "CNY", scene.clock.now())


def of(office: Office) -> list[str]:
    with office.read() as work:
        return list(
            work.session.scalars(
                select(Payment.transaction_id).where(Payment.institution_id == office.institution)
            )
        )


def test_each_keeps_what_it_was_told(scene: Scene, neighbour: Office) -> None:
    for office in (scene.office, neighbour):
        with office.work() as work:
            assert settle.take(work, stray(scene)) is Outcome.UNKNOWN
    assert (of(scene.office), of(neighbour)) == (["SB1"], ["SB1"])


def test_what_a_bill_names_is_taken_though_the_other_knows_it(
    scene: Scene, neighbour: Office
) -> None:
    with neighbour.work() as work:
        settle.take(work, stray(scene))
    scene.till.strange.append(stray(scene))
    day = date(2026, 3, 2)
    scene.pass_time(2 * (date(2026, 3, 3) - day))
    assert fetching.reconcile(scene.office, day)
    assert of(scene.office) == ["SB1"]
