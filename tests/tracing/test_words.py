"""What finance write is a look-up where it surely is one, and stays what it was where it is not."""

import pytest

from dialogs.orders.tracing import in_words

NUMBER = "4200001234202603021234567890"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("d260302-0001", "d260302-0001"),
        ("查一下订单d260302-0001", "d260302-0001"),
        ("订单号：d260302-0001的付款情况", "d260302-0001"),
        ("c260302-0001-ab2c", "c260302-0001-ab2c"),
        ("k260302-0001", "k260302-0001"),
        (NUMBER, NUMBER),
        (f"交易单号 {NUMBER}", NUMBER),
        ("帮我查 4200 0012 3420 2603 0212 3456 7890", "4200 0012 3420 2603 0212 3456 7890"),
        ("查交易号 bh000002", "bh000002"),
        ("查学号20141800000002", "20141800000002"),
        ("学号 20141800000002 的付款", "20141800000002"),
        ("查 20141800000002", "20141800000002"),
        ("唐梦洁的付款记录", "唐梦洁"),
        ("查一下唐梦洁的订单和退款", "唐梦洁"),
        ("查唐梦洁", "唐梦洁"),
        ("查一下唐梦洁付钱没有", "唐梦洁"),
        ("唐梦洁的钱到账了吗", "唐梦洁"),
        ("payments of tang mengjie", "tang mengjie"),
        ("find order d260302-0001", "d260302-0001"),
    ],
)
def test_a_number_or_a_name_is_taken_out_of_the_words(words: str, meant: str) -> None:
    assert in_words(words) == meant


@pytest.mark.parametrize(
    "words",
    [
        "查款",
        "同意退款r260302-0001",
        "退回k260302-0001",
        "导出待开发票",
        "本月账目",
        "12",
        "我想申请成绩单",
        "我的钱到账了吗",
    ],
)
def test_other_words_are_no_look_up(words: str) -> None:
    assert in_words(words) is None
