"""A batch as a workbook and as CSV, one row for each invoice, for the tax bureau's batch import (批量开具).

The headings are those of the import of fully digital invoices (数电票) by what they mean; the bureau
gives out its template anew from time to time, so whoever imports compares the headings first.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook

from backend.invoices.buyers import Buyer, Kind
from backend.policy.invoice import InvoicePolicy
from backend.registry.report import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
INVOICE_TYPE = "普通发票"
BLUE, RED = "批量开具", "红字"
HEADINGS = (
    "发票流水号",
    "发票类型",
    "是否含税",
    "受票方自然人标识",
    "购买方名称",
    "购买方纳税人识别号",
    "项目名称",
    "商品和服务税收编码",
    "数量",
    "金额",
    "税率",
    "是否使用优惠政策",
    "优惠政策类型",
    "备注",
)
RED_HEADINGS = (*HEADINGS, "原发票号码", "原发票流水号", "冲红原因")
RATES = {"exempt": "免税", "0": "0%"}
YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Row:
    """``serial`` is our number of the invoice or of the red letter, which the file that comes back is
    known by. Of a red letter, ``original`` is our number of the invoice, ``invoice_number`` the
    bureau's; its amount is taken back."""

    serial: str
    buyer: Buyer
    amount_fen: int
    orders: tuple[str, ...]
    original: str = ""
    invoice_number: str = ""
    why: str = ""

    @property
    def red(self) -> bool:
        return bool(self.original)


def workbook(rows: Sequence[Row], policy: InvoicePolicy) -> bytes:
    """Red letters have a sheet of their own; there is none where there are none."""
    book = Workbook(write_only=True)
    for title, headings, chosen in _sheets(rows):
        sheet = book.create_sheet(title)
        sheet.append(headings)
        for row in chosen:
            sheet.append([_cell(one) for one in _values(row, policy)])
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def table(rows: Sequence[Row], policy: InvoicePolicy) -> bytes:
    """All rows in one table, red letters as negative amounts; UTF-8 with the mark that Excel needs."""
    into = StringIO()
    writer = csv.writer(into)
    writer.writerow(RED_HEADINGS)
    for row in rows:
        values = [*_values(row, policy), *([] if row.red else ["", "", ""])]
        # an amount below zero begins like a formula, and is a number
        writer.writerow(
            [str(one) if isinstance(one, Decimal | int) else harmless(one) for one in values]
        )
    return into.getvalue().encode("utf-8-sig")


def _sheets(rows: Sequence[Row]) -> list[tuple[str, tuple[str, ...], list[Row]]]:
    blue, red = [row for row in rows if not row.red], [row for row in rows if row.red]
    sheets = [(BLUE, HEADINGS, blue)] if blue or not red else []
    return [*sheets, *([(RED, RED_HEADINGS, red)] if red else [])]


def _values(row: Row, policy: InvoicePolicy) -> list[str | int | Decimal]:
    rate = policy.tax_rate or ""
    relief = rate == "exempt"
    sign = -1 if row.red else 1
    values: list[str | int | Decimal] = [
        row.serial,
        INVOICE_TYPE,
        YES,
        YES if row.buyer.kind is Kind.PERSON else NO,
        row.buyer.title,
        row.buyer.tax_number,
        policy.goods_name or "",
        policy.tax_code or "",
        sign,
        Decimal(sign * row.amount_fen).scaleb(-2),
        RATES.get(rate) or f"{Decimal(rate or 0) * 100:f}".rstrip("0").rstrip(".") + "%",
        YES if relief else NO,
        policy.exempt_note if relief else "",
        f"{row.serial} 订单 {'、'.join(row.orders)}",
    ]
    if row.red:
        values += [row.invoice_number, row.original, row.why]
    return values


def _cell(value: str | int | Decimal) -> str | int | Decimal:
    return harmless(value) if isinstance(value, str) else value
