"""A statement as a workbook that an accountant can print, and the same rows as CSV.

Nothing in them is computed when they are opened: amounts are values, and words that look like
formulas are made harmless (``registry/report.py``).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from backend.clock import SHANGHAI, local_text
from backend.goods import Title
from backend.ledger import chart, wording
from backend.ledger.balances import Turnover, on_its_side, total
from backend.ledger.rows import Row
from backend.ledger.statement import Month
from backend.registry.report import harmless

AMOUNT = "#,##0.00;[Red]-#,##0.00"
TIME = "yyyy-mm-dd hh:mm:ss"
WIDTHS = (9, 20, 20, 26, 38, 16, 26, 15, 15, 15)
BALANCE_WIDTHS = (30, 16, 16, 16, 16)
A4 = "9"  # as workbooks count paper sizes
HEADED = 6  # rows before the first of the table: title, institution, period, made, unit, headings
_THIN = Side("thin", "BFBFBF")
_LINE = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADING = PatternFill("solid", "DDE6F0")
_BOLD = Font(bold=True)


@dataclass(frozen=True, slots=True)
class About:
    """What stands above the table."""

    institution: str
    month: Month
    language: str
    made_at: datetime
    last: int


class StatementFiles:
    """Takes the rows one after another, then gives both files."""

    def __init__(self, about: About, accounts: Mapping[str, Turnover]) -> None:
        self._about = about
        self._book = Workbook(write_only=True)
        self._text = StringIO()
        self._csv = csv.writer(self._text)
        self._entries = self._sheet(wording.SHEETS[0], WIDTHS, wording.COLUMNS)
        self._csv.writerow([self._into(one) for one in wording.COLUMNS])
        self._accounts = accounts

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._entries.append(self._cells(row))
            self._csv.writerow(_texts(row))

    def finished(self) -> tuple[bytes, bytes]:
        """XLSX, and CSV in UTF-8 with the mark that spreadsheets look for."""
        self._add_balances()
        into = BytesIO()
        self._book.save(into)
        return into.getvalue(), self._text.getvalue().encode("utf-8-sig")

    def _sheet(self, name: Title, widths: tuple[int, ...], columns: tuple[Title, ...]) -> Any:
        about = self._about
        sheet = self._book.create_sheet(self._into(name))
        for letter, width in zip("ABCDEFGHIJ", widths, strict=False):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes = f"A{HEADED + 1}"
        sheet.print_title_rows = f"{HEADED}:{HEADED}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A4
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
        sheet.oddFooter.center.text = "&P / &N"
        sheet.append([_cell(sheet, self._into(wording.TITLE), font=Font(bold=True, size=16))])
        last_day = about.month.ends - timedelta(days=1)
        period = self._into(wording.HEAD["until"]).format(
            first=f"{about.month.begins:%Y-%m-%d}", last=f"{last_day:%Y-%m-%d}"
        )
        made = self._into(wording.HEAD["upto"]).format(
            at=local_text(about.made_at), number=about.last
        )
        for title, value in (
            ("institution", about.institution),
            ("period", period),
            ("made", made),
        ):
            sheet.append([_cell(sheet, self._into(wording.HEAD[title])), _cell(sheet, value)])
        sheet.append([_cell(sheet, self._into(wording.HEAD["unit"]))])
        sheet.append(
            [
                _cell(
                    sheet,
                    self._into(one),
                    font=_BOLD,
                    fill=_HEADING,
                    border=_LINE,
                    alignment=Alignment(horizontal="center"),
                )
                for one in columns
            ]
        )
        return sheet

    def _cells(self, row: Row) -> list[Any]:
        style = {"font": _BOLD, "border": _LINE} if row.strong else {"border": _LINE}
        sheet = self._entries
        values: list[tuple[Any, str]] = [
            (row.number, "0"),
            (_local(row.booked_at), TIME),
            (_local(row.happened_at), TIME),
            *((text, "@") for text in (row.what, row.reference, row.order, row.account)),
            *((_yuan(fen), AMOUNT) for fen in (row.debit_fen, row.credit_fen, row.balance_fen)),
        ]
        return [_cell(sheet, value, number_format=form, **style) for value, form in values]

    def _add_balances(self) -> None:
        """All accounts on a page, and that they come to nothing."""
        sheet = self._sheet(wording.SHEETS[1], BALANCE_WIDTHS, wording.BALANCES)
        for account in chart.in_order(set(self._accounts)):
            one = self._accounts[account]
            amounts = (
                on_its_side(account, one.opening_fen),
                one.debit_fen,
                one.credit_fen,
                on_its_side(account, one.closing_fen),
            )
            name = _cell(sheet, self._into(chart.name(account)), border=_LINE)
            sheet.append([name, *(_amount(sheet, fen) for fen in amounts)])
        whole = total(self._accounts)
        sheet.append(
            [
                _cell(sheet, self._into(wording.TOTAL), font=_BOLD, border=_LINE),
                _amount(sheet, None),
                _amount(sheet, whole.debit_fen, bold=True),
                _amount(sheet, whole.credit_fen, bold=True),
                _amount(sheet, None),
            ]
        )

    def _into(self, title: Title) -> str:
        return wording.into(title, self._about.language)


def _cell(sheet: Any, value: Any, **style: Any) -> Any:
    cell = WriteOnlyCell(sheet, harmless(value) if isinstance(value, str) else value)
    for name, look in style.items():
        setattr(cell, name, look)
    return cell


def _amount(sheet: Any, fen: int | None, *, bold: bool = False) -> Any:
    return _cell(sheet, _yuan(fen), number_format=AMOUNT, border=_LINE, font=Font(bold=bold))


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def _local(moment: datetime | None) -> datetime | None:
    """A workbook knows no zones."""
    return None if moment is None else moment.astimezone(SHANGHAI).replace(tzinfo=None)


def _texts(row: Row) -> list[str]:
    moments = map(_local, (row.booked_at, row.happened_at))
    times = (f"{at:%Y-%m-%d %H:%M:%S}" if at else "" for at in moments)
    words = map(harmless, (row.what, row.reference, row.order, row.account))
    amounts = (row.debit_fen, row.credit_fen, row.balance_fen)
    yuan = ("" if fen is None else f"{Decimal(fen).scaleb(-2):.2f}" for fen in amounts)
    return [str(row.number or ""), *times, *words, *yuan]
