"""Refunds: until when they may be asked for, what is proposed by itself, when two people decide.

Published by finance as dated versions (``store.py``). No source document says anything of refunds: T2
says what a copy costs, T10 names finance for invoices only. So everything here is the institution's
own; while it has not said until when a reason may be asked for, nobody can ask for that reason in chat.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.policy.entries import NotSet

Days = Annotated[int, Field(ge=1, le=365)]  # WeChat Pay pays back for a year
WorkDays = Annotated[int, Field(ge=1, le=60)]
Proposed = Literal["late_payment", "double_payment", "mismatch", "revoked_document"]

REFUND: dict[str, Any] = {
    "proposed": ["late_payment", "double_payment", "mismatch"],
    "second_from_fen": 10_000,
}
REFUND_DEMO: dict[str, Any] = {
    "wrong_document_days": 30,
    "double_payment_days": 365,
    "revoked_document_days": 365,
    "late_payment_days": 365,
    "mismatch_days": 365,
    "unused_days": 30,
    "remind_after_days": 2,
    "escalate_after_days": 5,
    "demo": [
        "wrong_document_days",
        "double_payment_days",
        "revoked_document_days",
        "late_payment_days",
        "mismatch_days",
        "unused_days",
        "remind_after_days",
        "escalate_after_days",
    ],
}


class RefundPolicy(BaseModel):
    """``…_days``: so long after the payment it may be asked for, the last day included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wrong_document_days: Days | None = None
    double_payment_days: Days | None = None
    revoked_document_days: Days | None = None
    late_payment_days: Days | None = None
    mismatch_days: Days | None = None
    unused_days: Days | None = None
    proposed: tuple[Proposed, ...]  # the program files these, and finance decides with one press
    second_from_fen: Annotated[int, Field(ge=1, le=10_000_000)]  # from here on two people decide
    remind_after_days: WorkDays | None = None
    escalate_after_days: WorkDays | None = None
    demo: tuple[str, ...] = ()

    def days(self, reason: str) -> int:
        """Raises NotSet."""
        name = f"{reason}_days"
        found: int | None = getattr(self, name)
        if found is None:
            raise NotSet(name, "", "finance")
        return found
