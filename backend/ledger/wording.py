"""The words of statements that leave the house as files, in Chinese and in English."""

from backend.goods import Title
from backend.ledger.chart import PROVIDERS
from backend.ledger.postings import Kind, Standing
from backend.ledger.statement import Movement

KINDS: dict[str, Title] = {
    Kind.PAYMENT: Title("收款", "Payment received"),
    Kind.REFUND_DECIDED: Title("决定退款", "Refund decided"),
    Kind.REFUND_EXECUTED: Title("退款付出", "Refund paid back"),
    Kind.FEE: Title("手续费", "Provider's fees"),
    Kind.HELD_FOR_ORDER: Title("待处理款项转为收入", "Held money settles an order"),
    Kind.HANDED_OVER: Title("待处理款项另行交付", "Held money handed over"),
    Kind.PORTAL_REFUND: Title("商户后台退款", "Refunded in the provider's portal"),
}
REASONS: dict[str, Title] = {
    Standing.LATE: Title("逾期付款", "paid late"),
    Standing.DOUBLE: Title("重复付款", "paid twice"),
    Standing.MISMATCH: Title("金额不符", "another amount"),
    Standing.UNKNOWN: Title("对不上订单", "no such order"),
}
SHEETS = (Title("明细账", "Entries"), Title("余额表", "Balances"))
TITLE = Title("收支明细", "Statement of accounts")
HEAD = {
    "institution": Title("单位", "Institution"),
    "period": Title("期间", "Period"),
    "until": Title("{first} 至 {last}（北京时间）", "{first} to {last} (China time)"),
    "made": Title("制表", "Made"),
    "upto": Title("{at}，凭证截至第 {number} 号", "{at}, entries up to no. {number}"),
    "unit": Title("单位：元", "In yuan"),
}
COLUMNS = (
    Title("凭证号", "No."),
    Title("记账时间", "Booked"),
    Title("发生时间", "Happened"),
    Title("摘要", "What"),
    Title("业务编号", "Reference"),
    Title("订单号", "Order"),
    Title("科目", "Account"),
    Title("借方", "Debit"),
    Title("贷方", "Credit"),
    Title("余额", "Balance"),
)
BALANCES = (
    Title("科目", "Account"),
    Title("期初余额", "Opening"),
    Title("借方", "Debit"),
    Title("贷方", "Credit"),
    Title("期末余额", "Closing"),
)
OPENING = Title("期初余额", "Opening balance")
CLOSING = Title("期末余额", "Closing balance")
TOTAL = Title("本期合计", "Total")


def into(title: Title, language: str) -> str:
    return title.en if language == "en" else title.zh


def what(movement: Movement, language: str) -> str:
    """``收款（逾期付款）``."""
    words = into(KINDS.get(movement.kind, Title(movement.kind, movement.kind)), language)
    reason = REASONS.get(movement.why)
    if reason is None:
        return words
    return f"{words} ({reason.en})" if language == "en" else f"{words}（{reason.zh}）"


def reference(movement: Movement, language: str) -> str:
    """``微信支付 4200…``, or the number of a refund. Never digits alone, which a spreadsheet rounds."""
    _, _, rest = movement.subject.partition(":")
    provider, _, number = rest.partition(":")
    if not number:
        return rest
    return f"{into(PROVIDERS.get(provider, Title(provider, provider)), language)} {number}"
