"""What does not add up is named, whoever did it; finance hears of it once."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from backend.consents import keep
from backend.ledger import checking, guard, payments
from backend.ledger.checking import Fault
from backend.models import (
    Application,
    LedgerEntry,
    LedgerLine,
    Order,
    OrderLine,
    Payment,
    PaymentShare,
)
from tests.ledger.scene import Scene


def found(scene: Scene) -> set[Fault]:
    with scene.office.read() as work:
        return set(checking.check(work).faults)


def row(
    scene: Scene, transaction: str, order: int | None, fen: int = 500, currency: str = "CNY"
) -> None:
    """A payment as it is kept beside the ledger."""
    with scene.office.work() as work:
        payment = Payment(
            institution_id="demo",
            charge_number=f"C{transaction}",
            provider="wechat",
            transaction_id=transaction,
            amount_fen=fen,
            currency=currency,
            paid_at=work.now,
            received_at=work.now,
            state="settled",
        )
        work.session.add(payment)
        work.session.flush()
        if order is not None:
            share = PaymentShare(
                payment_id=payment.id,
                order_id=order,
                institution_id="demo",
                amount_fen=fen,
                state="settled",
            )
            work.session.add(share)


def settled(scene: Scene, transaction: str = "A", number: str = "D1") -> int:
    order = scene.sold(number)
    row(scene, transaction, order)
    scene.paid(transaction, order)
    return order


def spoil(scene: Scene, *statements: object) -> None:
    """With the triggers away, as only the owner of the database could."""
    with scene.office.work() as work:
        connection = work.session.connection()
        sqlite = connection.dialect.name == "sqlite"
        for name in guard.missing(connection) or guard._names(connection.dialect.name):
            table = name.rpartition("_")[0]
            connection.execute(text(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}")))
        for statement in statements:
            connection.execute(statement)
        guard.install(connection)


def test_books_that_are_right_have_no_faults(scene: Scene) -> None:
    order = settled(scene)
    scene.refunded("R1", "A", order, 200)
    row(scene, "B", None, 700)
    scene.held("B", 700)
    scene.sold("D2", state="confirmed")
    scene.sold("D3", price_fen=0)
    with scene.office.read() as work:
        report = checking.check(work)
    assert (report.faults, report.entries, report.lines) == ((), 4, 8)


def test_an_amount_that_was_changed_is_found_from_every_side(scene: Scene) -> None:
    settled(scene)
    spoil(scene, update(LedgerLine).where(LedgerLine.line == 2).values(amount_fen=-400))
    assert found(scene) == {
        Fault("entry_unbalanced", "1"),
        Fault("sum_not_zero", "100"),
        Fault("order_differs", "D1"),
    }


def test_an_entry_that_was_taken_away_is_found(scene: Scene) -> None:
    settled(scene)
    settled(scene, "B", "D2")
    lines, entry = (
        text("DELETE FROM ledger_line WHERE number = 1"),
        text("DELETE FROM ledger_entry WHERE number = 1"),
    )
    spoil(scene, lines, entry)
    assert found(scene) == {
        Fault("number_missing", "1"),
        Fault("payment_unbooked", "wechat:A"),
        Fault("order_differs", "D1"),
    }


def test_a_payment_that_nobody_booked_is_named(scene: Scene) -> None:
    row(scene, "A", scene.sold("D1"))
    assert found(scene) == {
        Fault("payment_unbooked", "wechat:A"),
        Fault("order_differs", "D1"),
    }


def test_a_payment_that_was_booked_with_another_amount_is_named(scene: Scene) -> None:
    order = scene.sold("D1")
    row(scene, "A", order, 600)
    scene.paid("A", order)
    assert found(scene) == {Fault("payment_differs", "wechat:A")}


def test_an_entry_for_a_payment_that_is_not_there_is_named(scene: Scene) -> None:
    scene.paid("A", scene.sold("D1"))
    assert found(scene) == {Fault("payment_not_there", "wechat:A")}


def test_income_of_an_order_that_is_not_paid_is_named(scene: Scene) -> None:
    order = settled(scene)
    with scene.office.work() as work:
        work.session.get_one(Order, order).state = "expired"
    assert found(scene) == {Fault("order_differs", "D1")}


def test_an_order_that_was_booked_twice_is_named(scene: Scene) -> None:
    order = settled(scene)
    row(scene, "B", order)
    scene.paid("B", order)
    assert found(scene) == {Fault("order_differs", "D1")}


def test_a_guard_that_is_gone_is_named(scene: Scene) -> None:
    on_table = "" if scene.office.database.dialect == "sqlite" else " ON ledger_line"
    with scene.office.work() as work:
        work.session.execute(text(f"DROP TRIGGER ledger_line_delete{on_table}"))
    assert found(scene) == {Fault("guard_missing", "ledger_line_delete")}


def test_money_in_another_currency_is_named_and_is_no_fault(scene: Scene) -> None:
    row(scene, "A", scene.sold("D1", state="confirmed"), currency="USD")
    with scene.office.read() as work:
        report = checking.check(work)
    assert (report.faults, report.foreign) == ((), ("wechat:A",))


def told(scene: Scene) -> list[list[list[str]]]:
    return [event.facts["faults"] for event in scene.events if event.name == "ledger.fault"]


def test_finance_hears_of_a_fault_once_and_again_when_it_comes_back(scene: Scene) -> None:
    order = settled(scene)
    checking.tell(scene.office)
    assert told(scene) == []
    for state in ("expired", "expired", "paid", "expired"):
        with scene.office.work() as work:
            work.session.get_one(Order, order).state = state
        checking.tell(scene.office)
    assert told(scene) == [[["order_differs", "D1"]]] * 2


def test_the_books_are_looked_at_every_hour(scene: Scene) -> None:
    row(scene, "A", scene.sold("D1", state="expired"))
    minutes = 0
    while not told(scene):
        scene.pass_time(timedelta(minutes=1))
        checking.look(scene.office)
        minutes += 1
    assert minutes <= 60


@pytest.mark.parametrize("again", [False, True])
def test_payments_from_before_the_ledger_are_entered_once(scene: Scene, again: bool) -> None:
    order = scene.sold("D1")
    row(scene, "A", order)
    with scene.office.work(scene.buyer) as work:
        application = Application(
            institution_id="demo",
            number="T1",
            kind="transcript",
            applicant_id=scene.buyer,
            state="paid",
            holder="",
            unit_id=scene.physics,
            since=work.now,
            filed_at=work.now,
            policy_version=1,
            consent_id=keep(work, scene.agreed(scene.buyer)),
        )
        work.session.add(application)
        work.session.flush()
        line = OrderLine(
            institution_id="demo",
            order_id=order,
            application_id=application.id,
            price_fen=500,
            free=False,
        )
        work.session.add(line)
    for _ in range(1 + again):
        with scene.office.work() as work:
            payments.begin(work)
    assert found(scene) == set()
    with scene.office.read() as work:
        assert work.session.query(LedgerEntry).count() == 1
