"""The code that comes into the chat after an order: where it is shown, once, and after an outage."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from backend import accounts, charges
from backend.models import Blob, PaymentCode
from backend.orders import State
from backend.payments import showing, together
from backend.payments.provider import Way
from backend.work import Event
from tests.checkout.conftest import Buying

LASTING = charges.LINK_GOOD[Way.NATIVE]


def ordered(scene: Buying, *numbers: str, channel: str = accounts.WEB, again: bool = False) -> None:
    """The buyer, who has confirmed these, is shown how to pay."""
    with scene.office.work() as work:
        account = accounts.account(work, channel, f"{channel}-buyer", scene.buyer)
        where = account.id
    with scene.office.work(scene.buyer) as work:
        work.account = where
        showing.ask(work, *numbers, again=again)
    scene.direct.run_all(scene.office)


def minutes(scene: Buying, count: int) -> None:
    """Time goes by, and every minute what waits is tried again."""
    for _ in range(count):
        scene.pass_time(timedelta(minutes=1))
        with scene.office.work() as work:
            showing.try_again(work)
        scene.direct.run_all(scene.office)


def codes(scene: Buying) -> list[Event]:
    return [one for one in scene.events if one.name == "payment.code"]


def told_away(scene: Buying) -> int:
    return sum(one.name == "payment.away" for one in scene.events)


def said_by(scene: Buying, event: Event) -> str:
    with scene.office.read() as work:
        blob = work.session.get_one(Blob, event.facts["blob"])
        data = scene.office.blobs.get(blob.key)
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(data)))
    return str(code.text)


@pytest.mark.parametrize("channel", [accounts.WEB, accounts.TELEGRAM])
def test_a_code_that_can_be_scanned_comes_once(scene: Buying, channel: str) -> None:
    order = scene.confirm()
    ordered(scene, order, channel=channel)
    ordered(scene, order, channel=channel)
    minutes(scene, 5)
    (event,) = codes(scene)
    (charge,) = scene.till.charges
    assert said_by(scene, event) == f"native:{charge}"
    assert event.subject == order


def there(scene: Buying, event: Event) -> bool:
    with scene.office.read() as work:
        return work.session.get_one(Blob, event.facts["blob"]).deleted_at is None


def test_whoever_goes_to_pay_again_after_a_while_gets_a_fresh_code_for_the_same_payment(
    scene: Buying,
) -> None:
    order = scene.confirm()
    ordered(scene, order)
    for _ in range(3):
        scene.pass_time(LASTING)
        ordered(scene, order)
    found = codes(scene)
    assert len(found) == 4
    assert len({said_by(scene, one) for one in found}) == len(scene.till.charges) == 1
    assert datetime.fromisoformat(found[-1].facts["until"]) - scene.clock.now() == LASTING
    assert [there(scene, one) for one in found] == [False, False, False, True]


def test_a_code_that_would_soon_be_over_is_not_shown_again(scene: Buying) -> None:
    order = scene.confirm()
    ordered(scene, order)
    minutes(scene, 100)
    ordered(scene, order)
    until = datetime.fromisoformat(codes(scene)[-1].facts["until"])
    assert until - scene.clock.now() >= timedelta(hours=1)


def test_a_code_comes_where_the_buyer_is_now(scene: Buying) -> None:
    order = scene.confirm()
    ordered(scene, order, channel=accounts.WEB)
    ordered(scene, order, channel=accounts.TELEGRAM)
    first, second = codes(scene)
    assert first.facts["told"] != second.facts["told"]


def test_a_code_asked_for_by_a_press_comes_at_once(scene: Buying) -> None:
    order = scene.confirm()
    ordered(scene, order)
    ordered(scene, order, again=True)
    assert len(codes(scene)) == 2


def test_after_an_outage_a_code_is_waited_for_as_the_first_time(scene: Buying) -> None:
    order = scene.confirm()
    ordered(scene, order)
    minutes(scene, 110)
    scene.till.away = True
    ordered(scene, order)
    minutes(scene, 5)
    assert (told_away(scene), len(codes(scene))) == (1, 1)
    scene.till.away = False
    minutes(scene, 20)
    assert len(codes(scene)) == 2


@pytest.mark.parametrize("channel", [accounts.TERMINAL, accounts.WECOM])
def test_where_no_picture_can_be_scanned_only_the_link_leads_on(
    scene: Buying, channel: str
) -> None:
    ordered(scene, scene.confirm(), channel=channel)
    assert codes(scene) == []
    assert scene.till.charges == {}


def test_one_code_pays_several_orders(scene: Buying) -> None:
    first, second = scene.confirm(), scene.another()
    ordered(scene, first, second)
    (event,) = codes(scene)
    assert together.numbers_in(event.subject) == (first, second)
    (charge,) = scene.till.charges.values()
    assert charge.asked.amount_fen == 1000


def test_while_the_provider_is_away_the_buyer_is_told_once_and_the_code_comes_afterwards(
    scene: Buying,
) -> None:
    order = scene.confirm()
    scene.till.away = True
    ordered(scene, order)
    minutes(scene, 10)
    assert (told_away(scene), codes(scene)) == (1, [])
    assert scene.state(order) is State.CONFIRMED
    scene.till.away = False
    minutes(scene, 20)
    assert (told_away(scene), len(codes(scene))) == (1, 1)


def test_whoever_has_paid_or_cancelled_meanwhile_gets_no_code(scene: Buying) -> None:
    paid, cancelled = scene.confirm(), scene.another()
    scene.till.away = True
    ordered(scene, paid)
    ordered(scene, cancelled)
    scene.till.away = False
    scene.take(scene.pay(paid))
    scene.cancel(cancelled)
    minutes(scene, 20)
    assert codes(scene) == []
    with scene.office.read() as work:
        waiting = work.session.scalars(select(PaymentCode.over_at)).all()
    assert None not in waiting


def test_a_process_that_cannot_ask_leaves_it_to_one_that_can(scene: Buying) -> None:
    order = scene.confirm()
    scene.office.payments = None  # a chat in a terminal beside the server
    ordered(scene, order)
    assert (told_away(scene), codes(scene)) == (0, [])
    scene.office.payments = scene.till
    minutes(scene, 5)
    assert len(codes(scene)) == 1
