"""What the notice on graduation photos amounts to (P1-P7), and what a picture file must be (R14-R16).

Published as dated versions by student affairs (``store.py``). What the documents do not give is a
value of our own, named in ``demo``, or ``None`` until the institution sets it.
"""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.policy.entries import rule

CodeWay = Literal["wechat", "app", "web"]
DressRule = Literal["formal", "light_blue", "patterns", "lenses", "jewellery", "hair"]
Whole = Annotated[int, Field(ge=1, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1)]


class MakeUp(BaseModel):
    """A picture taken alone at the photo company (P6). ``until``: "2025年4月30日前"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school_code: Annotated[str, Field(pattern=r"^\d{5}$", json_schema_extra=rule("P6"))]
    school_name: str
    code_digits: Annotated[int, Field(ge=1, le=9)] = 4  # of the unit's code, on the card
    until: date | None = None
    address_zh: str
    address_en: str
    phones: tuple[str, ...]


class FileRules(BaseModel):
    """A file that may be uploaded (R15). "18K-40K" says neither 1000 nor 1024: what lies between
    both readings passes with a remark."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: Whole
    height: Whole
    least_dpi: Whole
    bits: Whole
    least_bytes: Whole
    most_bytes: Whole
    sure_least_bytes: Whole
    sure_most_bytes: Whole
    # Of a JPEG, below which it was compressed once more; a remark. R15 wants the camera's file.
    least_quality: Annotated[int, Field(ge=1, le=100)] = 70

    @model_validator(mode="after")
    def check(self) -> "FileRules":
        """The narrower reading lies within the wider one."""
        if not (
            self.least_bytes <= self.sure_least_bytes <= self.sure_most_bytes <= self.most_bytes
        ):
            raise ValueError("the sizes of a file contradict each other")
        return self


class Background(BaseModel):
    """What counts as a blue background (R14). Hue in degrees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hue: tuple[Annotated[int, Field(ge=0, le=360)], Annotated[int, Field(ge=0, le=360)]]
    least_saturation: Share
    least_share: Share


class FaceRules(BaseModel):
    """How large a face is, of the picture's height, and how far from its middle, of its width."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_height: Share
    most_height: Share
    off_centre: Share


class PhotoPolicy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fee_fen: Annotated[int, Field(ge=0, le=100_000, json_schema_extra=rule("P3"))]
    fee_collected: Annotated[Literal["on_site", "institution"], Field(json_schema_extra=rule("P3"))]
    keep_months: Annotated[int, Field(ge=1, le=120, json_schema_extra=rule("P5"))]
    code_ways: Annotated[tuple[CodeWay, ...], Field(min_length=1, json_schema_extra=rule("P2"))]
    dress: Annotated[tuple[DressRule, ...], Field(json_schema_extra=rule("P4"))]
    no_photo_warning: Annotated[bool, Field(json_schema_extra=rule("P7"))]
    makeup: Annotated[MakeUp, Field(json_schema_extra=rule("P6"))]
    file: Annotated[FileRules, Field(json_schema_extra=rule("R15"))]
    background: Annotated[Background, Field(json_schema_extra=rule("R14"))]
    face: FaceRules
    remind_evening_at: time | None = None
    remind_hours_before: Annotated[int, Field(ge=1, le=12)] | None = None
    fee_order_hours: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    last_days: Annotated[int, Field(ge=1, le=90)] = 14  # from then on nobody must wait any longer
    replaced_kept_days: Annotated[int, Field(ge=1, le=3650)] = 90  # a picture that another replaced
    demo: tuple[str, ...] = ()
