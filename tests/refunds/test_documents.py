"""No document stands whose money is back, and none is made any more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from backend import issuing, revocations
from backend.errors import AlreadyHandled, NotAllowed
from backend.refunds import documents
from backend.refunds.states import Reason, State
from tests.refunds.scene import PRICE, Scene


def test_a_document_that_stands_is_revoked_first_and_then_the_money_goes_back(
    scene: Scene,
) -> None:
    order = scene.bought()
    number = scene.ask(order)
    scene.allow(number)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.DOCUMENT, 0)
    assert scene.case(number).holder == "academic_affairs"
    assert scene.still_owed() == 0
    scene.revoke(scene.application_of(order))
    assert scene.state(number) == State.APPROVED
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)
    assert scene.service_state(order) == "refunded"


def test_one_member_of_academic_affairs_alone_brings_no_money_back(scene: Scene) -> None:
    order = scene.bought()
    number = scene.ask(order)
    scene.allow(number)
    with scene.office.work(scene.affairs) as work:
        agreed = scene.agreed(scene.affairs)
        revocations.propose(work, scene.application_of(order), "名字错了", agreed)
    scene.work_off()
    assert (scene.state(number), scene.service_state(order)) == (State.DOCUMENT, "issued")


def keep(scene: Scene, number: str, person: int) -> None:
    with scene.office.work(person) as work:
        documents.keep_document(work, number, "名字没有错", scene.agreed(person))


def test_a_document_that_academic_affairs_keep_goes_back_to_finance(scene: Scene) -> None:
    order = scene.bought()
    number = scene.ask(order)
    scene.allow(number)
    for nobody in (scene.finance, scene.buyer):
        with pytest.raises(NotAllowed):
            keep(scene, number, nobody)
    keep(scene, number, scene.affairs)
    assert (scene.state(number), scene.service_state(order)) == (State.ASKED, "issued")
    assert scene.refund(number).document_kept_why == "名字没有错"
    with pytest.raises(AlreadyHandled):
        keep(scene, number, scene.colleague)
    scene.refuse(number)
    assert scene.bank.gone() == 0


def test_a_document_that_is_corrected_instead_goes_back_to_finance(scene: Scene) -> None:
    order = scene.bought()
    number = scene.ask(order)
    scene.allow(number)
    scene.pass_time(timedelta(minutes=1))
    with scene.office.work(scene.affairs) as work:
        agreed = scene.agreed(scene.affairs)
        revocations.reissue(work, scene.application_of(order), "名字错了", agreed)
    assert scene.state(number) == State.ASKED
    scene.work_off()
    assert scene.service_state(order) == "issued"


def test_what_is_not_made_yet_is_not_made_any_more(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay(order)
    number = scene.ask(order)
    scene.allow(number)
    scene.work_off()
    assert scene.made() == []
    assert scene.press.made == []
    assert (scene.state(number), scene.service_state(order)) == (State.REFUNDED, "refunded")


def test_deciding_while_the_document_is_being_made_leaves_one_of_the_two(scene: Scene) -> None:
    """Whoever is first: either it is called off, or it stands and has to be revoked first."""
    for kind in range(4):
        order = scene.ordered(kind)
        scene.pay(order)
        number, application = scene.ask(order), scene.application_of(order)
        with ThreadPoolExecutor(2) as pool:
            making = pool.submit(issuing.issue_transcript, scene.office, application)
            deciding = pool.submit(scene.allow, number)
            making.result()
            deciding.result()
        scene.work_off()
        assert (scene.service_state(order), scene.state(number)) in (
            ("refunded", State.REFUNDED),
            ("issued", State.DOCUMENT),
        )


def test_a_document_that_is_revoked_without_having_been_asked_about_is_proposed_where_wanted(
    scene: Scene,
) -> None:
    order, other = scene.bought(), scene.bought(1)
    scene.revoke(scene.application_of(order))
    assert scene.refunds() == [], "not by default"
    scene.policy(proposed=["revoked_document"])
    scene.revoke(scene.application_of(other))
    number = scene.only(Reason.REVOKED_DOCUMENT)
    scene.allow(number)
    scene.work_off()
    assert (scene.service_state(other), scene.bank.gone()) == ("refunded", PRICE)


def test_paying_twice_leaves_the_document_as_it_is(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay_twice(order)
    scene.allow(scene.only(Reason.DOUBLE_PAYMENT))
    scene.work_off()
    assert scene.service_state(order) == "issued"
