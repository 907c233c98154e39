"""Whoever has an invoice and gets the money back: no invoice stands for it, and nobody has to think of it."""

from backend.invoices import exporting, handing_over, lines, requesting
from backend.invoices.buyers import Buyer, Kind
from backend.models import Application, InvoiceRed
from backend.refunds import executing
from backend.refunds.states import Reason, State
from tests.backend.scene import SEALER
from tests.refunds.scene import PRICE, Scene

ME = Buyer(Kind.PERSON, "")


def invoiced(scene: Scene, *orders: str) -> str:
    scene.office.sealer = SEALER
    with scene.office.work(scene.buyer) as work:
        ids = [scene.order(one).id for one in orders]
        return requesting.file(work, ids, ME, scene.agreed(scene.buyer)).number


def export(scene: Scene) -> None:
    with scene.office.work(scene.finance) as work:
        digest = exporting.waiting(work).digest
        exporting.export(work, digest, scene.agreed(scene.finance))


def issue(scene: Scene, number: str) -> None:
    with scene.office.work(scene.finance) as work:
        handing_over.issue(work, requesting.find(work, number) or Application())


def invoice(scene: Scene, number: str) -> tuple[str, int]:
    """Its state, and what it is for."""
    with scene.office.read() as work:
        found = requesting.find(work, number)
        assert found is not None
        return found.state, lines.amount_fen(work, found)


def reds(scene: Scene) -> list[tuple[str, int, str]]:
    with scene.office.read() as work:
        return [(one.state, one.amount_fen, one.why) for one in work.session.query(InvoiceRed)]


def paid(scene: Scene, kind: int = 0) -> str:
    """Paid, and not made yet."""
    order = scene.ordered(kind)
    scene.pay(order)
    return order


def back(scene: Scene, order: str) -> str:
    number = scene.ask(order)
    scene.allow(number)
    executing.pay_back(scene.office, number)
    assert scene.state(number) == State.REFUNDED
    return number


def test_an_invoice_not_exported_yet_is_for_less_and_then_cancelled(scene: Scene) -> None:
    first, second = paid(scene), paid(scene, 1)
    number = invoiced(scene, first, second)
    back(scene, first)
    assert invoice(scene, number) == ("filed", PRICE)
    back(scene, second)
    assert invoice(scene, number)[0] == "cancelled"
    assert reds(scene) == []
    assert scene.told("invoice.void") == [number]


def test_an_issued_one_is_taken_back_in_red_by_the_number_of_the_refund(scene: Scene) -> None:
    order = paid(scene)
    number = invoiced(scene, order)
    export(scene)
    issue(scene, number)
    refund = back(scene, order)
    assert invoice(scene, number) == ("red_requested", PRICE)
    assert reds(scene) == [("requested", PRICE, f"退款 {refund}")]


def test_one_that_is_being_issued_is_taken_back_as_soon_as_it_is(scene: Scene) -> None:
    order = paid(scene)
    number = invoiced(scene, order)
    export(scene)
    back(scene, order)
    assert (invoice(scene, number)[0], reds(scene)[0][0]) == ("exported", "waiting")
    issue(scene, number)
    assert (invoice(scene, number)[0], reds(scene)[0][0]) == ("red_requested", "requested")


def test_nothing_happens_to_it_before_the_money_is_back(scene: Scene) -> None:
    order = scene.bought()
    number = invoiced(scene, order)
    refund = scene.ask(order)
    scene.allow(refund)
    scene.work_off()
    assert (scene.state(refund), invoice(scene, number)) == (State.DOCUMENT, ("filed", PRICE))
    scene.revoke(scene.application_of(order))
    scene.work_off()
    assert (scene.state(refund), invoice(scene, number)[0]) == (State.REFUNDED, "cancelled")


def test_what_was_paid_twice_leaves_the_invoice_as_it_is(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay_twice(order)
    scene.work_off()
    number = invoiced(scene, order)
    scene.allow(scene.only(Reason.DOUBLE_PAYMENT))
    scene.work_off()
    assert invoice(scene, number) == ("filed", PRICE)


def test_paid_back_by_hand_it_is_lessened_too(scene: Scene) -> None:
    order = paid(scene)
    number = invoiced(scene, order)
    scene.bank.refusing = "PARAM_ERROR"
    refund = scene.ask(order)
    scene.allow(refund)
    scene.work_off()
    scene.look_at(refund)
    scene.by_hand(refund)
    assert invoice(scene, number)[0] == "cancelled"


def test_money_that_is_back_cannot_be_asked_for_on_an_invoice(scene: Scene) -> None:
    scene.office.sealer = SEALER
    back(scene, paid(scene))
    with scene.office.read(scene.buyer) as work:
        offer = requesting.offer(work)
    assert (offer.lines, offer.nothing_left) == ((), 1)
