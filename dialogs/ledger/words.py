"""What the books are called: months, accounts, and what does not add up."""

from collections.abc import Callable, Mapping

from backend.ledger import chart
from backend.ledger.balances import Turnover, on_its_side
from backend.ledger.statement import Month
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.words import Bilingual, Speech, Words, _, plain, yuan

# By ``Fault.code``; the subject is the number or name of what is concerned.
FAULTS: dict[str, Callable[[str], Words]] = {
    "guard_missing": lambda it: _("数据库里的保护 {it} 不见了", it=it),
    "entry_unbalanced": lambda it: _("凭证 {it} 借贷不平", it=it),
    "sum_not_zero": lambda it: _("全部分录合计不为零，差 {fen}", fen=yuan(int(it))),
    "number_missing": lambda it: _("凭证号不连续，缺 {it} 个", it=it),
    "line_loose": lambda it: _("分录 {it} 没有凭证", it=it),
    "overdrawn": lambda it: _("{it} 转出的比转入的多", it=it),
    "payment_unbooked": lambda it: _("付款 {it} 没有入账", it=it),
    "payment_differs": lambda it: _("付款 {it} 与入账的金额不同", it=it),
    "payment_not_there": lambda it: _("入账的付款 {it} 在付款记录里没有", it=it),
    "order_differs": lambda it: _("订单 {it} 的金额与计入的收入不同", it=it),
    "disposal_differs": lambda it: _("待处理款项的处理 {it} 与记账不同", it=it),
}


def fault_words(code: str, subject: str) -> Words:
    return FAULTS[code](subject)


def account_words(account: str) -> Bilingual:
    name = chart.name(account)
    return Bilingual(name.zh, name.en)


def month_words(month: Month) -> Words:
    return _("{year} 年 {month} 月", year=month.year, month=f"{month.month:02}")


def month_card(chat: Chat, work: Work, month: Month, accounts: Mapping[str, Turnover]) -> Card:
    """Each account that has something, or had, or moved."""
    rows: list[tuple[Words, Speech]] = [
        (plain(account_words(account).into(chat.language)), turnover_words(account, one))
        for account in chart.in_order(set(accounts))
        if any(((one := accounts[account]).opening_fen, one.debit_fen, one.credit_fen))
    ]
    return chat.card(_("{month}账目", month=month_words(month)), *rows)


def turnover_words(account: str, one: Turnover) -> Words:
    """In and out as this account counts them."""
    debit_side = on_its_side(account, 1) > 0
    added, taken = (
        (one.debit_fen, one.credit_fen) if debit_side else (one.credit_fen, one.debit_fen)
    )
    return _(
        "期初 {opening}，增 {added}，减 {taken}，期末 {closing}",
        opening=amount(on_its_side(account, one.opening_fen)),
        added=amount(added),
        taken=amount(taken),
        closing=amount(on_its_side(account, one.closing_fen)),
    )


def amount(fen: int) -> str:
    """``-1,234.50``"""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"
