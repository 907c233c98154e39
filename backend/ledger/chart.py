"""The chart of accounts, with the names that people read.

A new fee needs nothing here: its income is named after what is sold (``goods.py``).
"""

from backend.goods import GOODS, Title
from backend.ledger.accounts import BANK, Account, income, kind_of, platform, provider_of

NAMES: dict[str, Title] = {
    platform(BANK): Title("银行转账退款", "Refunded by bank transfer"),
    Account.HELD: Title("待处理款项", "Held"),
    Account.HANDED_OVER: Title("已另行交付", "Handed over"),
    Account.PAYABLE: Title("应付退款", "Refunds payable"),
    Account.FEES: Title("支付手续费", "Provider's fees"),
}
PROVIDERS: dict[str, Title] = {
    "wechat": Title("微信支付", "WeChat Pay"),
    "by_hand": Title("演示支付", "Demo payments"),
}
_LAST = len(GOODS)


def name(account: str) -> Title:
    """What an account is called; one of a fee that is charged no more, by its code."""
    if (kind := kind_of(account)) is not None:
        sold = GOODS[kind].title if kind in GOODS else Title(kind, kind)
        return Title(f"收入·{sold.zh}", f"Income: {sold.en}")
    if account in NAMES:
        return NAMES[account]
    if (provider := provider_of(account)) is not None:
        there = PROVIDERS.get(provider, Title(provider, provider))
        return Title(f"在途资金·{there.zh}", f"In transit: {there.en}")
    return Title(account, account)


def in_order(accounts: set[str]) -> list[str]:
    """Money first, then income in the order of ``goods.py``, then what is owed, then what is spent."""
    incomes = [income(kind) for kind in GOODS]
    fixed = list(NAMES)

    def place(account: str) -> tuple[int, int, str]:
        if provider_of(account) is not None:
            return 0, 0, account
        if kind_of(account) is not None:
            return 1, incomes.index(account) if account in incomes else _LAST, account
        return 2, fixed.index(account) if account in fixed else len(fixed), account

    return sorted(accounts, key=place)
