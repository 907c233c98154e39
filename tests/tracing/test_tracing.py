"""Finance find the money that a payer speaks of; nobody else does, and nothing of other institutions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend import orders, transcripts
from backend.authority import Role
from backend.errors import NotAllowed, Refused
from backend.models import AuditEntry, Charge, Institution, Payment, Person
from backend.models import Role as RoleRow
from backend.office import Office
from backend.payments import asking
from backend.payments.provider import PaymentNotice
from backend.refunds import states
from backend.tracing import finding, seeing
from backend.tracing.finding import Found
from tests.refunds.scene import Scene

ON_THE_PHONE = "4200001234202603021234567890"


@pytest.fixture
def order(scene: Scene) -> str:
    """Paid for, under a number as WeChat Pay gives them, and paid a second time."""
    number = scene.ordered()
    charge = scene.charge(number)
    for transaction in (ON_THE_PHONE, "4200001234202603020000000002"):
        notice = PaymentNotice(scene.bank.name, transaction, charge, 500, "CNY", scene.clock.now())
        scene.receive(notice)
    scene.work_off()
    return number


def traced(scene: Scene, words: str, by: int | None = None, office: Office | None = None) -> Found:
    with (office or scene.office).work(by or scene.finance) as work:
        return finding.trace(work, words)


def the_charge(scene: Scene) -> str:
    with scene.office.read() as work:
        return work.session.scalars(select(Charge.number)).one()


@pytest.mark.parametrize(
    "written",
    [
        ON_THE_PHONE,
        "4200 0012 3420 2603 0212 3456 7890",
        " ４２００００１２３４202603021234567890 ",
    ],
)
def test_a_payment_is_found_by_the_number_on_the_payers_phone(
    scene: Scene, order: str, written: str
) -> None:
    found = traced(scene, written).payment
    assert found is not None
    assert found.transaction_id == ON_THE_PHONE
    with scene.office.read() as work:
        assert [one.number for one, _part in seeing.parts_of(work, found)] == [order]


def test_an_order_is_found_however_its_number_is_typed(scene: Scene, order: str) -> None:
    for written in (order, order.lower(), order.replace("-", ""), f"{order[0]} {order[1:]}"):
        found = traced(scene, written).order
        assert found is not None
        assert found.number == order


def test_a_payment_request_is_found_with_its_random_end_or_without(
    scene: Scene, order: str
) -> None:
    number = the_charge(scene)
    for written in (number, number.lower(), number.rpartition("-")[0]):
        found = traced(scene, written).charge
        assert found is not None
        assert found.number == number
    with pytest.raises(Refused, match="nothing_traced"):
        traced(scene, number.rpartition("-")[0] + "-ZZZZ")  # another one, lost with a database


def test_money_that_nothing_here_asked_for_is_found_by_what_it_was_paid_for(scene: Scene) -> None:
    lost = PaymentNotice(
        scene.bank.name, "4200009999", "C260101-0009-ABCD", 700, "CNY", scene.clock.now()
    )
    scene.receive(lost)
    found = traced(scene, "C260101-0009-ABCD").payment
    assert found is not None
    assert found.transaction_id == "4200009999"
    with scene.office.read() as work:
        assert seeing.parts_of(work, found) == []


def test_a_refund_is_found_by_its_own_number_and_by_the_providers(scene: Scene, order: str) -> None:
    with scene.office.read() as work:
        (proposed,) = states.of_person(work, scene.buyer)  # what was paid twice goes back by itself
    number = proposed.number
    scene.allow(number)
    scene.work_off()
    refund = scene.refund(number)
    assert refund.refund_id
    for written in (number, number.lower(), refund.asked_as, refund.refund_id):
        found = traced(scene, written).case
        assert found is not None
        assert found.number == number


def test_a_payer_is_found_by_number_and_by_name(scene: Scene, order: str) -> None:
    with scene.office.read() as work:
        buyer = work.session.get_one(Person, scene.buyer)
    for written in (buyer.number, buyer.name, buyer.name_en.upper()):
        assert [one.id for one in traced(scene, written).people] == [scene.buyer]
    with scene.office.work(scene.finance) as work:
        money = seeing.money_of(work, scene.buyer)
        assert [one.number for one in money.orders] == [order]
        assert {one.state for one in money.payments} == {"settled", "double"}


def test_namesakes_who_never_ordered_anything_are_not_shown(scene: Scene, order: str) -> None:
    with scene.office.read() as work:
        name = work.session.get_one(Person, scene.buyer).name
    scene.person("G9", name)
    assert [one.id for one in traced(scene, name).people] == [scene.buyer]


@pytest.mark.parametrize("who", ["buyer", "affairs"])
def test_nobody_but_finance_traces_money(scene: Scene, order: str, who: str) -> None:
    person = getattr(scene, who)
    with pytest.raises(NotAllowed):
        traced(scene, order, by=person)
    with scene.office.work(person) as work:
        with pytest.raises(NotAllowed):
            seeing.money_of(work, scene.buyer)
        with pytest.raises(NotAllowed):
            finding.named(work, "周明远")


def test_that_finance_looked_is_on_record_and_moves_nothing(scene: Scene, order: str) -> None:
    with scene.office.work(scene.finance) as work:
        seeing.money_of(work, scene.buyer)
    with scene.office.read() as work:
        row = work.session.scalars(select(AuditEntry).where(AuditEntry.event == "look")).one()
    assert (row.actor_id, row.subject) == (scene.finance, f"traced:person:{scene.buyer}")


def test_nothing_of_another_institution_is_found(scene: Scene, order: str) -> None:
    with scene.office.work() as work:
        work.session.add(Institution(id="other", name_zh="别处", name_en="Elsewhere"))
        work.session.flush()
        officer = Person(institution_id="other", number="F1", name="别处财务", name_en="")
        work.session.add(officer)
        work.session.flush()
        work.session.add(
            RoleRow(institution_id="other", person_id=officer.id, role=Role.FINANCE, unit_id=None)
        )
        buyer = work.session.get_one(Person, scene.buyer)
        theirs, stranger = (buyer.number, buyer.name), officer.id
    other = replace(scene.office, institution="other")
    for written in (order, the_charge(scene), ON_THE_PHONE, *theirs):
        with pytest.raises(Refused, match="nothing_traced"):
            traced(scene, written, by=stranger, office=other)
    with other.work(stranger) as work, pytest.raises(Refused, match="nothing_traced"):
        seeing.money_of(work, scene.buyer)


def test_a_payment_of_two_orders_names_both(scene: Scene) -> None:
    numbers = [scene.ordered(0), scene.ordered(1)]
    notice = scene.pay(*numbers)
    found = traced(scene, notice.transaction_id).payment
    assert isinstance(found, Payment)
    with scene.office.read() as work:
        assert [one.number for one, _part in seeing.parts_of(work, found)] == numbers


def test_what_paid_an_order_is_not_what_is_held_for_it(scene: Scene, order: str) -> None:
    with scene.office.read() as work:
        paid = seeing.what_paid(work, scene.order(order))
    assert [one.transaction_id for one in paid] == [ON_THE_PHONE]


def test_an_application_shows_the_order_that_was_paid_not_the_one_that_was_begun_since(
    scene: Scene,
) -> None:
    first = scene.ordered()
    charge = scene.charge(first)
    with scene.office.read() as work:
        application = orders.application_of(work, scene.order(first)).number
    scene.pass_time(timedelta(hours=25))
    asking.ask(scene.office)
    with scene.office.work() as work:
        orders.expire_due(work)
    with scene.office.work(scene.buyer) as work:
        case = transcripts.own(work, application)
        again = orders.save(work, case, 500, scene.agreed(scene.buyer)).number
    late = PaymentNotice(scene.bank.name, ON_THE_PHONE, charge, 500, "CNY", scene.clock.now())
    scene.receive(late)
    assert (scene.order(first).state, scene.order(again).state) == ("paid", "closed")
    found = traced(scene, application).order
    assert found is not None
    assert found.number == first
