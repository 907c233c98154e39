"""When money is paid back, no invoice stands for it: it is smaller, cancelled, or taken back in red."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.errors import Refused
from backend.invoices import handing_over, requesting
from backend.invoices.red_letters import red_letter_needed
from tests.invoices.conftest import Finance, invoice_pdf, red_pdf


def issued(scene: Finance, *orders: int, amount: str = "5.00") -> str:
    number = scene.request(*orders)
    scene.export()
    scene.upload(invoice_pdf(number, amount=amount), "a.pdf")
    assert scene.state(number) == "issued"
    return number


def test_before_it_is_exported_it_is_for_less(scene: Finance) -> None:
    first, second = scene.paid(2)
    number = scene.request(first, second)
    assert scene.pay_back(first, 200) == number
    assert scene.amount(number) == 800
    assert scene.pay_back(first, 300) == number
    assert scene.amount(number) == 500
    assert scene.state(number) == "filed"
    assert scene.told("invoice.lessen") == [number, number]


def test_before_it_is_exported_it_is_cancelled_when_nothing_is_left(scene: Finance) -> None:
    (order,) = scene.paid()
    number = scene.request(order)
    scene.pay_back(order)
    assert scene.state(number) == "cancelled"
    assert scene.told("invoice.void") == [number]
    assert scene.reds() == []


def test_an_issued_one_is_taken_back_in_red_and_exported_on_its_own(scene: Finance) -> None:
    (order,) = scene.paid()
    number = issued(scene, order)
    assert scene.pay_back(order) == number
    assert scene.state(number) == "red_requested"
    (red,) = scene.reds()
    assert (red.number, red.amount_fen, red.state) == (f"{number}-R1", 500, "requested")
    scene.export()
    assert scene.reds()[0].state == "exported"
    upload = scene.upload(red_pdf(f"{number}-R1"), "red.pdf")
    assert scene.outcomes(upload) == ["matched"]
    assert scene.state(number) == "red_issued"
    assert scene.told("invoice.issue_red") == [number]
    assert [name for name, *_ in scene.files(number)] == [
        f"发票-{number}-R1.pdf",
        f"发票-{number}.pdf",
    ]


def test_the_file_of_a_red_letter_is_found_for_whom_it_is_told(scene: Finance) -> None:
    (order,) = scene.paid()
    number = issued(scene, order)
    scene.pay_back(order)
    scene.export()
    scene.upload(red_pdf(f"{number}-R1"), "red.pdf")
    with scene.office.read(scene.zhou) as work:
        files = handing_over.files_of(work, requesting.own(work, number), f"{number}-R1")
    assert [one.name for one in files] == [f"发票-{number}-R1.pdf"]


def test_part_of_it_is_taken_back_and_then_the_rest(scene: Finance) -> None:
    first, second = scene.paid(2)
    number = issued(scene, first, second, amount="10.00")
    scene.pay_back(first, 200)
    scene.pay_back(second, 500)
    scene.export()
    scene.upload(red_pdf(f"{number}-R1", amount="2.00"), "1.pdf")
    assert scene.state(number) == "red_requested"
    scene.upload(red_pdf(f"{number}-R2", amount="5.00"), "2.pdf")
    assert scene.state(number) == "red_issued"
    scene.pay_back(first, 300)
    assert scene.state(number) == "red_requested"


def test_what_is_paid_back_while_it_is_being_issued_waits_for_it(scene: Finance) -> None:
    """The bureau may be issuing it this very moment: nobody can call it back."""
    (order,) = scene.paid()
    number = scene.request(order)
    scene.export()
    scene.pay_back(order)
    assert scene.state(number) == "exported"
    assert scene.reds()[0].state == "waiting"
    scene.upload(invoice_pdf(number), "a.pdf")
    assert scene.state(number) == "red_requested"
    assert scene.reds()[0].state == "requested"


def test_what_was_exported_and_never_issued_needs_no_red_letter(scene: Finance) -> None:
    (order,) = scene.paid()
    number = scene.request(order)
    scene.export()
    scene.pay_back(order)
    scene.reject(number)
    assert scene.state(number) == "cancelled"
    assert scene.reds()[0].state == "dropped"


def test_what_was_sent_back_and_partly_paid_back_is_for_the_rest(scene: Finance) -> None:
    first, second = scene.paid(2)
    number = scene.request(first, second)
    scene.export()
    scene.pay_back(second, 100)
    scene.pay_back(second, 400)
    scene.reject(number)
    assert (scene.state(number), scene.amount(number)) == ("rejected", 500)


def test_an_order_without_an_invoice_needs_nothing(scene: Finance) -> None:
    (order,) = scene.paid()
    assert scene.pay_back(order, 500) is None
    assert scene.reds() == []


def test_nothing_cannot_be_paid_back(scene: Finance) -> None:
    (order,) = scene.paid()
    with pytest.raises(ValueError, match="more than nothing"), scene.office.work() as work:
        red_letter_needed(work, order, 0, "")


def test_no_more_is_taken_back_than_was_invoiced(scene: Finance) -> None:
    (order,) = scene.paid()
    issued(scene, order)
    scene.pay_back(order, 400)
    scene.pay_back(order, 100)
    with pytest.raises(Refused, match="refund_nothing_left"):
        scene.pay_back(order, 100)
    assert [red.amount_fen for red in scene.reds()] == [400, 100]


def test_what_was_on_its_way_back_already_is_not_taken_off_again(scene: Finance) -> None:
    """An invoice for the rest is for the rest, whenever the part arrives."""
    (order,) = scene.paid()
    refund = scene.refund_asked(order, 200)
    number = scene.request(order)
    assert scene.amount(number) == 300
    scene.refund_ends(refund)
    assert (scene.state(number), scene.amount(number), scene.reds()) == ("filed", 300, [])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pay_back", "ask", "end", "request", "export", "issue"]),
            st.integers(1, 500),
        )
    )
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_invoice_less_red_letters_is_what_was_kept_whatever_comes_when(
    scene: Finance, steps: list[tuple[str, int]]
) -> None:
    """The sum that the tax bureau knows of, once all is issued, is the money that stayed."""
    (order,) = scene.paid()
    left, number, asked = 500, "", ""
    for what, fen in [*steps, ("end", 0)]:
        if what in ("pay_back", "ask") and left and not asked:
            back = min(fen, left)
            left -= back
            asked = scene.refund_asked(order, back)
        if what in ("pay_back", "end") and asked:
            scene.refund_ends(asked)
            asked = ""
        elif what == "request" and left and not number:
            number = scene.request(order)
        elif what == "export" and number and scene.state(number) == "filed":
            scene.export()
        elif what == "issue" and number and scene.state(number) == "exported":
            yuan = f"{scene.amount(number) / 100:.2f}"
            scene.upload(invoice_pdf(number, amount=yuan), "a.pdf")
    if not number:
        return
    standing = 0 if scene.state(number) == "cancelled" else scene.amount(number)
    ours = [red.amount_fen for red in scene.reds() if red.number.startswith(f"{number}-R")]
    assert standing - sum(ours) == left
