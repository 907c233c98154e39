"""What the transcript service's rules amount to today: every entry cites the clause it rests on.

Published as dated versions (``store.py``); an application keeps the version it was filed under.
What the documents do not give is ``None`` until the institution sets it, and while it is ``None``
that part of the service is closed (``NotSet``). Demo values are named in ``demo``.
"""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.policy.entries import NotSet, rule


class GpaFormula(BaseModel):
    """Credit-weighted mean of points. Scores that appear in no table do not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scale: str
    bands: tuple[tuple[int, str], ...]  # (lowest score, points), highest first
    letters: dict[str, str]
    note_zh: str
    note_en: str

    @model_validator(mode="after")
    def check(self) -> "GpaFormula":
        """Points are plain numbers from 0 to 10, and every score from 0 to 100 has some."""
        for points in (self.scale, *(one for _low, one in self.bands), *self.letters.values()):
            if not re.fullmatch(r"\d{1,2}(\.\d{1,2})?", points, re.ASCII) or float(points) > 10:
                raise ValueError(f"not grade points: {points}")
        lows = [low for low, _points in self.bands]
        if not lows or min(lows) != 0 or max(lows) > 100 or len(set(lows)) != len(lows):
            raise ValueError("the bands must begin at 0, end by 100 and be different")
        return self


class TranscriptPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    centralized_from: Annotated[int, Field(ge=1978, le=2100, json_schema_extra=rule("T1"))]
    combined_from: Annotated[int, Field(ge=1978, le=2100, json_schema_extra=rule("T1"))]
    free_copies: Annotated[int, Field(ge=0, le=100, json_schema_extra=rule("T2"))]
    price_fen: Annotated[int, Field(ge=0, le=100_000, json_schema_extra=rule("T2"))]
    email_from: Annotated[date, Field(json_schema_extra=rule("T3"))]
    email_until: Annotated[date, Field(json_schema_extra=rule("T3"))]
    approval_for_enrolled: Annotated[bool, Field(json_schema_extra=rule("T4"))]
    approval_for_graduated: Annotated[bool, Field(json_schema_extra=rule("T5"))]
    preview_before_order: Annotated[bool, Field(json_schema_extra=rule("T6"))]
    download_months: Annotated[int, Field(ge=1, le=24, json_schema_extra=rule("T7"))]
    order_hours: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    remind_after_days: Annotated[int, Field(ge=1, le=60)] | None = None
    escalate_after_days: Annotated[int, Field(ge=1, le=90)] | None = None
    gpa: GpaFormula | None = None
    demo: tuple[str, ...] = ()  # entries whose values are for the demonstration only

    @model_validator(mode="before")
    @classmethod
    def without_what_is_no_choice(cls, body: dict[str, Any]) -> dict[str, Any]:
        """Versions published earlier say whether there is a QR code; there always is one (T8)."""
        return {name: value for name, value in body.items() if name != "verify_by_qr"}

    @model_validator(mode="after")
    def check(self) -> "TranscriptPolicy":
        """Entries that only make sense together."""
        if self.centralized_from > self.combined_from:
            raise ValueError("combined transcripts cannot begin before centralized ones")
        if self.email_from > self.email_until:
            raise ValueError("the window of e-mail requests ends before it begins")
        return self

    def gpa_formula(self) -> GpaFormula:
        if self.gpa is None:
            raise NotSet("gpa", "T2")
        return self.gpa
