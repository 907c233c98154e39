"""What all parts of the peer share."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.peers.wechatpay.clock import Clock
from tests.peers.wechatpay.merchant import Keys, Merchant
from tests.peers.wechatpay.store import Store

PAYEE = "示范大学（演示商户）"
FEE_RATE = "0.60"  # percent


@dataclass
class Platform:
    folder: Path
    clock: Clock
    allow_http: bool = False  # for notices: only between programs on one machine
    payee: str = PAYEE  # as the payer reads it
    base_url: str = ""  # known once it listens
    refund_after: timedelta = timedelta(seconds=5)
    store: Store = field(init=False)
    keys: Keys = field(init=False)
    wake: threading.Event = field(default_factory=threading.Event)  # something became due
    next_outcome: list[tuple[str, timedelta]] = field(default_factory=list)  # of the next refunds
    paying: set[str] = field(default_factory=set)  # numbers whose payer types the password now
    balance: int | None = None  # fen that can be paid back; None: enough

    def __post_init__(self) -> None:
        self.store = Store(self.folder / "wechatpay.db")
        self.keys = Keys(self.store, self.clock.now())

    @property
    def merchant(self) -> Merchant:
        return self.keys.merchant(self.base_url)

    @property
    def fee_rate(self) -> Decimal:
        return Decimal(self.store.setting("fee_rate") or FEE_RATE)

    def fee(self, fen: int) -> int:
        share = Decimal(fen) * self.fee_rate / 100
        return int(share.quantize(Decimal(1), ROUND_HALF_UP))
