"""What counts after a document has been issued: sharing it, revoking it, telling who checked it.

Published by academic affairs as dated versions (``store.py``). No source document says any of this,
so every value is the institution's own choice, made for it until it publishes another.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Months = Annotated[int, Field(ge=1, le=6)]
Days = Annotated[int, Field(ge=1, le=365)]
Note = Annotated[str, Field(min_length=1, max_length=120)]

CREDENTIAL: dict[str, Any] = {
    "share_months_most": 6,
    "share_months_first": 3,
    "share_live_most": 20,
    "share_views_months": 12,
    "share_pin_digits": 6,
    "revocation_days": 7,
    "follow_days": 90,
    "expiry_warn_days": [60, 30, 14, 7, 3, 1],
    "scale_note_zh": None,
    "scale_note_en": None,
}


class CredentialPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    share_months_most: Months
    share_months_first: Months  # what its owner is offered first
    share_live_most: Annotated[int, Field(ge=1, le=100)]  # links of one person that work at a time
    share_views_months: Annotated[int, Field(ge=1, le=60)]  # then it is forgotten who looked
    share_pin_digits: Annotated[int, Field(ge=6, le=8)]
    revocation_days: Annotated[int, Field(ge=1, le=30)]  # then a proposal lapses
    follow_days: Days  # for so long whoever checked a document in the chat hears of changes
    expiry_warn_days: tuple[Days, ...]  # before a signing certificate expires; most first
    scale_note_zh: Note | None  # explains letter scores on the page; None: what is printed today
    scale_note_en: Note | None
    demo: tuple[str, ...] = ()

    @field_validator("expiry_warn_days")
    @classmethod
    def most_first(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        """Once each, and the last warning may be the only one."""
        if not days:
            raise ValueError("somebody has to be warned")
        return tuple(sorted(set(days), reverse=True))

    @model_validator(mode="after")
    def check(self) -> "CredentialPolicy":
        """What is offered first may be chosen, and a note is for both languages or for none."""
        if self.share_months_first > self.share_months_most:
            raise ValueError("more months are offered first than there may be")
        if (self.scale_note_zh is None) != (self.scale_note_en is None):
            raise ValueError("the note on letter scores is needed in both languages")
        return self
