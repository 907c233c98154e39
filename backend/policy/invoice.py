"""What the finance office decides about invoices: until when, what they say, who answers.

Published by finance as dated versions (``store.py``). The notice says only that finance issues
invoices (T10); everything here is the institution's own, and what it has not set keeps the
service closed.
"""

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.policy.entries import rule

Rate = Literal["exempt", "0", "0.01", "0.03", "0.05", "0.06", "0.09", "0.13"]

INVOICE: dict[str, Any] = {
    "months_after_payment": None,
    "goods_name": None,
    "tax_code": None,
    "tax_rate": None,
    "exempt_note": "",
    "issue_workdays": None,
    "office": "finance",
    "prompt_at": "09:00",
    "download_months": 12,
}
INVOICE_DEMO: dict[str, Any] = {
    "months_after_payment": 6,
    "goods_name": "*非学历教育服务*教务服务费",
    "tax_code": "3070201020000000000",
    "tax_rate": "exempt",
    "exempt_note": "免税",
    "issue_workdays": 5,
    "demo": [
        "months_after_payment",
        "goods_name",
        "tax_code",
        "tax_rate",
        "exempt_note",
        "issue_workdays",
        "prompt_at",
        "download_months",
    ],
}


class InvoicePolicy(BaseModel):
    """``goods_name`` is the line of goods on every invoice (项目名称), ``tax_code`` its 19 digits of the
    classification (商品和服务税收分类编码), ``exempt_note`` the kind of relief where it is exempt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    months_after_payment: Annotated[int, Field(ge=1, le=60)] | None
    goods_name: Annotated[str, Field(min_length=2, max_length=90)] | None
    tax_code: Annotated[str, Field(pattern=r"^[0-9]{19}$")] | None
    tax_rate: Rate | None
    exempt_note: Annotated[str, Field(max_length=30)]
    # Within so many working days of being asked for it is issued; None: nothing is promised.
    issue_workdays: Annotated[int, Field(ge=1, le=60)] | None = None
    office: Annotated[str, Field(json_schema_extra=rule("T10"))]
    prompt_at: time  # on working days finance hears how many wait
    download_months: Annotated[int, Field(ge=1, le=120)]  # for the person's files in the chat
    demo: tuple[str, ...] = ()

    @model_validator(mode="after")
    def check(self) -> "InvoicePolicy":
        """Relief is named where there is relief, and only there."""
        if self.tax_rate is not None and (self.tax_rate == "exempt") != bool(self.exempt_note):
            raise ValueError("an exempt invoice names the relief, and no other does")
        return self
