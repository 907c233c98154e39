"""The port to whoever takes the money: where a charge is paid, what was paid or paid back, and who says so.

Everything here but ``read_notice`` and ``in_wechat`` asks over the network: never inside a transaction.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

CURRENCY = "CNY"
TOLERANCE = timedelta(seconds=300)  # how old, or how far ahead, a notice's own time may be


class Way(StrEnum):
    """How a charge is paid. One number stands for one way and one amount at the provider."""

    NATIVE = "native"  # a QR code that is scanned
    H5 = "h5"  # a link for the browser of a phone
    JSAPI = "jsapi"  # within WeChat or WeCom


class ChargeState(StrEnum):
    """As the provider sees it."""

    OPEN = "open"
    PAID = "paid"  # and stays so when money was paid back
    CLOSED = "closed"
    UNKNOWN = "unknown"  # it has never heard of it


class RefundState(StrEnum):
    PROCESSING = "processing"
    SUCCESS = "success"
    ABNORMAL = "abnormal"  # the payer's account does not take it: somebody must act
    CLOSED = "closed"  # it did not happen


@dataclass(frozen=True, slots=True)
class Payee:
    """As whom a provider knows us, in its own names; both are "" where it knows us as one only."""

    merchant: str = ""
    app: str = ""


ONE = Payee()

OpenedAs = Callable[[str], Payee | None]
"""As whom the charge with this number was opened; None where there is none."""


@dataclass(frozen=True, slots=True)
class ChargeAsked:
    """What a provider is asked to open. ``payer_ip`` is for H5, ``openid`` for JSAPI."""

    number: str  # 6 to 32 letters, digits, "-", "_", "|", "*"; unique for the merchant
    title: str
    amount_fen: int
    expires_at: datetime  # aware; ends that it can be paid, and does not close it
    way: Way
    payer_ip: str = ""
    openid: str = ""


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """A provider's word, already verified, that money has come in for a charge."""

    provider: str
    transaction_id: str  # the provider's own; unique within the provider
    charge_number: str
    amount_fen: int
    currency: str  # ISO 4217
    paid_at: datetime  # aware


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """The same ``number`` is one refund, however often it is asked for."""

    number: str
    transaction_id: str
    charge_number: str
    amount_fen: int
    total_fen: int  # of the payment
    reason: str  # what the payer reads, at most 80 bytes


@dataclass(frozen=True, slots=True)
class RefundNotice:
    """A provider's word on a refund, verified or asked for."""

    provider: str
    number: str
    refund_id: str  # the provider's own
    transaction_id: str
    charge_number: str
    amount_fen: int
    state: RefundState
    at: datetime | None  # aware; when it succeeded


@dataclass(frozen=True, slots=True)
class ChargeFound:
    """``paid`` where the state is PAID."""

    state: ChargeState
    paid: PaymentNotice | None = None


@dataclass(frozen=True, slots=True)
class BillPayment:
    transaction_id: str
    charge_number: str
    amount_fen: int
    fee_fen: int  # what the provider keeps
    paid_at: datetime  # aware


@dataclass(frozen=True, slots=True)
class BillRefund:
    refund_id: str
    number: str
    transaction_id: str
    amount_fen: int
    fee_fen: int  # what the provider gives back of its own; not negative
    state: RefundState


@dataclass(frozen=True, slots=True)
class Bill:
    """All that a provider has booked on one day (in China's time).

    A refund is in the bill of the day on which the provider took it on, as it then stood; bills are
    never written anew. ``content`` is the file itself, unpacked; empty for a day without trade.
    """

    day: date
    payments: tuple[BillPayment, ...]
    refunds: tuple[BillRefund, ...]
    content: bytes = b""


class ForgedNotice(Exception):
    """Nothing shows that this comes from the provider. ``reason`` is for the log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MalformedNotice(ForgedNotice):
    """Not even the form of a notice."""


class ProviderUnreachable(Exception):
    """The provider gave no answer that counts, or asks for patience; to be asked again later."""


class NotOurs(ProviderUnreachable):
    """It answered, and that cannot be the answer about this charge or refund, or is not for whom we are
    now. It decides nothing, and of everything else the provider may be asked all the same."""


class ProviderRefused(Exception):
    """The provider answered, and will not: asking the same again is of no use.

    ``code`` is the provider's ("NOT_ENOUGH", "PARAM_ERROR"); its words are for the log and staff.
    """

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code} {words}".strip())
        self.code, self.words = code, words


class AlreadyPaid(ProviderRefused):
    """It cannot be opened or closed any more: somebody has paid it. Ask for the payment."""


class PaymentProvider(Protocol):
    """Every call but the last three raises ProviderUnreachable and ProviderRefused.

    ``payee`` is as whom a charge was opened, which settings may have changed since; None: as now.
    """

    @property
    def name(self) -> str:
        """Kept with every payment; never changes."""
        ...

    @property
    def payee(self) -> Payee:
        """Who takes what is opened now."""
        ...

    @property
    def ways(self) -> frozenset[Way]:
        """Those that the merchant's contract holds."""
        ...

    def open(self, asked: ChargeAsked) -> str:
        """Where it is paid: for NATIVE what the QR code says, for H5 an address, for JSAPI a
        prepay_id. The same charge may be asked for again; what comes is good for two
        hours, for H5 five minutes.

        Raises AlreadyPaid.
        """
        ...

    def query(self, charge_number: str, payee: Payee | None = None) -> ChargeFound:
        """Raises NotOurs; so also where nobody is known by this number, and another merchant opened it."""
        ...

    def close(self, charge_number: str, payee: Payee | None = None) -> None:
        """It cannot be paid from now on; one that is closed or was never opened is left so.

        Raises AlreadyPaid, and NotOurs as ``query`` does.
        """
        ...

    def refund(self, asked: RefundAsked) -> RefundNotice: ...

    def query_refund(self, number: str) -> RefundNotice | None:
        """None: there is no such refund."""
        ...

    def bill(self, day: date, also: Collection[Payee] = ()) -> Bill | None:
        """None: not there yet (a day's is there at ten the next morning). What was opened as any of
        ``also`` is in it as well, where the provider's own holds it."""
        ...

    def in_wechat(self, prepay_id: str, now: datetime) -> Mapping[str, str]:
        """What the page gives to WeChat to have a JSAPI charge paid, signed."""
        ...

    def read_notice(
        self,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
        opened_as: OpenedAs | None = None,
    ) -> PaymentNotice | RefundNotice:
        """Raises ForgedNotice when signature, serial or time (``TOLERANCE``) are wrong, or merchant and
        app neither those of now nor those that ``opened_as`` says."""
        ...

    def stop(self) -> None:
        """Nothing more is asked of it."""
        ...
