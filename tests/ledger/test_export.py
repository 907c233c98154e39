"""What finance is given: right to the fen, printable, computing nothing, and for finance only."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from backend.authority import Role
from backend.errors import NotAllowed, Refused
from backend.ledger import exporting, statement
from backend.ledger.postings import Standing
from backend.models import Order
from tests.ledger.scene import FEBRUARY, MARCH, START, Scene

HEADINGS = [
    "凭证号",
    "记账时间",
    "发生时间",
    "摘要",
    "业务编号",
    "订单号",
    "科目",
    "借方",
    "贷方",
    "余额",
]


@pytest.fixture
def month(scene: Scene) -> Scene:
    """Something in the month before; then a payment, a double one and a refund in part."""
    scene.clock.set(FEBRUARY.begins)
    scene.paid("4200000001", scene.sold("D260201-0001", 2000), 2000, "photo_fee")
    scene.clock.set(START)
    order = scene.sold("D260302-0001")
    scene.paid("4200000002", order)
    scene.held("4200000003", 500, Standing.DOUBLE)
    scene.refunded("R2603-0001", "4200000002", order, 120)
    return scene


def sheets(table: bytes) -> tuple[Worksheet, Worksheet]:
    entries, accounts = load_workbook(BytesIO(table)).worksheets
    return entries, accounts


def lines(plain: bytes) -> list[list[str]]:
    assert plain.startswith(b"\xef\xbb\xbf"), "a spreadsheet would take it for GBK"
    return list(csv.reader(StringIO(plain.decode("utf-8-sig"))))


def test_the_workbook_says_whose_month_it_is_before_the_table(month: Scene) -> None:
    entries, _ = sheets(month.export(MARCH)[0])
    head = [[cell.value for cell in row if cell.value] for row in entries["A1:J6"]]
    assert head == [
        ["收支明细"],
        ["单位", "演示大学"],
        ["期间", "2026-03-01 至 2026-03-31（北京时间）"],
        ["制表", "2026-03-02 09:00，凭证截至第 5 号"],
        ["单位：元"],
        HEADINGS,
    ]
    assert entries.freeze_panes == "A7"
    assert entries.print_title_rows == "$6:$6"


def test_both_files_have_the_same_rows(month: Scene) -> None:
    table, plain = month.export(MARCH)
    entries, _ = sheets(table)
    heading, *rows = entries.iter_rows(min_row=6, values_only=True)
    of_table = [
        [shown(cell) for cell in row[:7]] + [yuan(cell) for cell in row[7:]] for row in rows
    ]
    assert [list(heading), *of_table] == lines(plain)


def shown(value: object) -> str:
    return "" if value is None else str(value)


def yuan(value: object) -> str:
    return "" if value is None else f"{Decimal(str(value)):.2f}"


def test_every_line_tells_what_and_what_is_there_after_it(month: Scene) -> None:
    heading, *found = lines(month.export(MARCH)[1])
    assert heading == HEADINGS
    short = [(row[0], *row[3:]) for row in found]
    wechat, transcript = "在途资金·微信支付", "收入·电子成绩单"
    first, double = "微信支付 4200000002", "微信支付 4200000003"
    refund = "R2603-0001"
    assert short == [
        ("", "期初余额", "", "", wechat, "", "", "20.00"),
        ("", "期初余额", "", "", "收入·毕业照拍摄费", "", "", "20.00"),
        ("", "期初余额", "", "", transcript, "", "", "0.00"),
        ("", "期初余额", "", "", "待处理款项", "", "", "0.00"),
        ("", "期初余额", "", "", "应付退款", "", "", "0.00"),
        ("2", "收款", first, "", wechat, "5.00", "", "25.00"),
        ("2", "收款", first, "D260302-0001", transcript, "", "5.00", "5.00"),
        ("3", "收款", double, "", wechat, "5.00", "", "30.00"),
        ("3", "收款（重复付款）", double, "", "待处理款项", "", "5.00", "5.00"),
        ("4", "决定退款", refund, "D260302-0001", transcript, "1.20", "", "3.80"),
        ("4", "决定退款", refund, "", "应付退款", "", "1.20", "1.20"),
        ("5", "退款付出", refund, "", "应付退款", "1.20", "", "0.00"),
        ("5", "退款付出", refund, "", wechat, "", "1.20", "28.80"),
        ("", "本期合计", "", "", "", "12.40", "12.40", ""),
        ("", "期末余额", "", "", wechat, "", "", "28.80"),
        ("", "期末余额", "", "", "收入·毕业照拍摄费", "", "", "20.00"),
        ("", "期末余额", "", "", transcript, "", "", "3.80"),
        ("", "期末余额", "", "", "待处理款项", "", "", "5.00"),
        ("", "期末余额", "", "", "应付退款", "", "", "0.00"),
    ]
    assert {row[1] for row in found} == {"", "2026-03-02 09:00:00"}
    assert {row[2] for row in found} == {"", "2026-03-02 09:00:00", "2026-03-02 08:59:57"}


def test_the_page_of_balances_closes_with_what_the_entries_close_with(month: Scene) -> None:
    _, accounts = sheets(month.export(MARCH)[0])
    found = [list(row) for row in accounts.iter_rows(min_row=6, values_only=True)]
    assert found == [
        ["科目", "期初余额", "借方", "贷方", "期末余额"],
        ["在途资金·微信支付", 20, 10, 1.2, 28.8],
        ["收入·毕业照拍摄费", 20, 0, 0, 20],
        ["收入·电子成绩单", 0, 1.2, 5, 3.8],
        ["待处理款项", 0, 0, 5, 5],
        ["应付退款", 0, 1.2, 1.2, 0],
        ["本期合计", None, 12.4, 12.4, None],
    ]


def test_english_people_get_english_files(month: Scene) -> None:
    table, plain = month.export(MARCH, "en")
    entries, accounts = sheets(table)
    assert entries["B2"].value == "Demo University"
    assert accounts["A7"].value == "In transit: WeChat Pay"
    assert ["3", "Payment received (paid twice)"] in [[row[0], row[3]] for row in lines(plain)]
    assert month.exports()[0].number.startswith("Z260302-")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_nothing_is_computed_when_a_file_is_opened(scene: Scene, formula: str) -> None:
    order = scene.sold("D1")
    with scene.office.work() as work:
        work.session.get_one(Order, order).number = formula
    scene.paid(formula, order)
    table, plain = scene.export(MARCH)
    for sheet in sheets(table):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    cells = [cell for row in lines(plain) for cell in row]
    assert f"'{formula}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_month_without_movements_says_so_in_figures(month: Scene) -> None:
    month.clock.set(MARCH.ends)
    found = lines(month.export(MARCH.shifted(1))[1])
    assert [row[3] for row in found].count("期初余额") == 5
    assert [row[7:9] for row in found if row[3] == "本期合计"] == [["0.00", "0.00"]]


@pytest.mark.parametrize(
    "role", [Role.ACADEMIC_AFFAIRS, Role.STUDENT_AFFAIRS, Role.ADMINISTRATOR, Role.UNIT_OFFICER]
)
def test_nobody_but_finance_gets_it(month: Scene, role: Role) -> None:
    unit = month.physics if role is Role.UNIT_OFFICER else None
    other = month.staff("X1", role, unit)
    with pytest.raises(NotAllowed):
        month.ask(MARCH, person=other)
    assert month.exports() == []


def test_one_of_finance_does_not_find_what_another_asked_for(month: Scene) -> None:
    number = month.ask(MARCH)
    other = month.staff("F2", Role.FINANCE)
    with month.office.read(other) as work, pytest.raises(Refused):
        exporting.find(work, number)


def test_who_took_it_is_on_record(month: Scene) -> None:
    number = month.ask(MARCH)
    (entry,) = month.audit("ledger:2026-03")
    assert (entry.event, entry.actor_id, entry.why) == ("export", month.finance, number)


def test_a_month_that_is_not_in_the_books_is_refused(month: Scene) -> None:
    for away in (FEBRUARY.shifted(-1), MARCH.shifted(1)):
        with pytest.raises(Refused, match="no_such_ledger_month"):
            month.ask(away)


def test_an_empty_ledger_has_no_months(scene: Scene) -> None:
    with pytest.raises(Refused, match="no_such_ledger_month"):
        scene.ask(MARCH)


def test_asking_twice_makes_it_once_until_something_is_booked(month: Scene) -> None:
    number = month.ask(MARCH)
    assert month.ask(MARCH) == number
    month.direct.run_all(month.office)
    assert month.ask(MARCH) == number
    month.held("4200000009", 100)
    assert month.ask(MARCH) != number


def test_a_second_run_of_the_job_makes_nothing_new(month: Scene) -> None:
    number = month.ask(MARCH)
    month.direct.run_all(month.office)
    before = [(one.table_id, one.plain_id) for one in month.exports()]
    exporting.make(month.office, number)
    assert [(one.table_id, one.plain_id) for one in month.exports()] == before


def test_how_far_a_long_month_has_come_is_to_be_seen(
    month: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "PIECE", 3)
    seen = []
    number = month.ask(MARCH)
    told = exporting._told(month.office, number, MARCH, 5)
    for _ in told:
        seen.append(month.exports()[0].written)
    assert month.exports()[0].lines == len(seen) == 8
    assert (seen[0], seen[-1], month.exports()[0].written) == (0, 6, 8)


def test_whoever_waits_for_what_fails_is_not_left_waiting(
    month: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no room")

    number = month.ask(MARCH)
    with monkeypatch.context() as patched:
        patched.setattr(month.blobs, "put", broken)
        month.direct.run_all(month.office)
    assert month.done(number) == [False]
    again = month.ask(MARCH)
    assert again != number
    month.direct.run_all(month.office)
    assert month.done(again) == [True]
