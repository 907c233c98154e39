"""A long number said early is a certificate's only where it is called so."""

import pytest

from dialogs.engine import early
from dialogs.engine.turn import Meant, Said


def number_in(words: str) -> str | None:
    said = Said(words, Meant("", 0.0, ()))
    return early.with_values(said, {early.NUMBER}, "").entities().get(early.NUMBER)


@pytest.mark.parametrize(
    "words",
    [
        "证书编号 999052312001234",
        "编号是999052312001234",
        "the certificate number is 999052312001234",
    ],
)
def test_what_is_called_a_certificates_is_kept(words: str) -> None:
    assert number_in(words) == "999052312001234"


@pytest.mark.parametrize(
    "words",
    [
        "订单编号 202603020001234",
        "我的学号是202318000000001",
        "学号编号202318000000001",
        "准考证 990000100001",
        "订单 202603020001234 付了没有",
        "申请编号202603020001234",
        "order number 202603020001234",
        "202603020001234",
    ],
)
def test_an_orders_or_a_students_number_is_not_kept_as_a_certificates(words: str) -> None:
    assert number_in(words) is None
