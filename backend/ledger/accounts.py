"""Where money can be, as the ledger sees it. ``chart.py`` has their names.

Amounts in lines are signed: a debit is positive, a credit negative. What the institution has (money
at a provider) and what it has spent stand on the debit side; income and debts on the credit side.
"""

from enum import StrEnum
from typing import Final

_INCOME: Final = "income:"
_PLATFORM: Final = "platform:"
BANK: Final = (
    "bank"  # for ``platform``: the institution's own, from which finance pays back by hand
)


class Account(StrEnum):
    """Those that there is one of; besides, one of ``income`` a kind and of ``platform`` a provider."""

    HELD = "held"  # 待处理: came in, and nothing stands behind it yet
    HANDED_OVER = (
        "handed_over"  # 已另行交付: was held, and finance have passed it on in another way
    )
    PAYABLE = "payable"  # 应付退款: decided to be paid back, not gone yet
    FEES = "fees"  # 手续费: what providers have kept


def income(kind: str) -> str:
    """What was earned with one kind of application (``goods.py``)."""
    return f"{_INCOME}{kind}"


def platform(provider: str) -> str:
    """What lies with a provider of payments, before it goes to the bank."""
    return f"{_PLATFORM}{provider}"


def kind_of(account: str) -> str | None:
    """The kind of application whose income this is."""
    return account.removeprefix(_INCOME) if account.startswith(_INCOME) else None


def provider_of(account: str) -> str | None:
    """Whose money it is that lies there, if it is a provider's account."""
    return account.removeprefix(_PLATFORM) if account.startswith(_PLATFORM) else None


def on_debit_side(account: str) -> bool:
    """Whether a positive sum is what this account normally has."""
    return account == Account.FEES or account.startswith(_PLATFORM)
