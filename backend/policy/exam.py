"""What the self-study exam's rules amount to today: windows, proofs, limits, fees, reasons.

The manual leaves much to the notices of each session; what nobody has given is ``None`` or empty,
and that service is closed until the exam office publishes it. Windows are judged by the policy of
today; figures, fees and the matrix by the version a case was filed under.
"""

import re
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from backend.clock import SHANGHAI
from backend.policy.entries import rule

MONTH = re.compile(r"(19[5-9]\d|20\d\d|2100)-(0[1-9]|1[0-2])", re.ASCII)
COURSE = re.compile(r"\d{5}", re.ASCII)

Month = Annotated[str, Field(pattern=r"^(19[5-9]\d|20\d\d|2100)-(0[1-9]|1[0-2])$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Service(StrEnum):
    """What is open only within its windows (E4)."""

    EXEMPTION = "exemption"
    GRADUATION = "graduation"
    GRADUATION_PAYMENT = "graduation_payment"
    TRANSFER_OUT = "transfer_out"
    BACK_ENTRY = "back_entry"


class ProofType(StrEnum):
    """Kinds of proof (凭证, E5, E10); the names are the interpreter's ``credential_type``."""

    CET = "cet"  # 全国大学英语四、六级
    PETS = "pets"  # 全国英语等级考试
    DIPLOMA = "diploma"  # 毕业证书
    REGISTRATION_RECORD = "registration_record"  # 教育部学历证书电子注册备案表
    AUTHENTICATION_REPORT = "authentication_report"  # 教育部学历认证报告
    OTHER = "other"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Part):
    """From ``opens_at`` on, to the end of the minute of ``closes_at``."""

    service: Service
    session: str = Field(default="", max_length=40)  # "2026年4月考次"
    opens_at: datetime
    closes_at: datetime

    @field_validator("opens_at", "closes_at")
    @classmethod
    def in_shanghai(cls, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a window needs a zone")
        return moment.astimezone(SHANGHAI).replace(second=0, microsecond=0)

    @model_validator(mode="after")
    def check(self) -> "Window":
        if self.opens_at >= self.closes_at:
            raise ValueError("a window closes after it opens")
        return self

    def has(self, moment: datetime) -> bool:
        return (
            self.opens_at
            <= moment.astimezone(SHANGHAI).replace(second=0, microsecond=0)
            <= (self.closes_at)
        )


class Need(_Part):
    """One proof a way asks for; ``grade``, ``paper`` and ``level`` name those that will do.

    ``least_score`` is compared with what the owner tells, and by the reviewer with the picture.
    """

    type: ProofType
    grade: tuple[str, ...] = ()  # "4", "6"
    paper: tuple[Literal["certificate", "score_notice"], ...] = ()
    level: tuple[Literal["college", "bachelor"], ...] = ()
    least_score: Annotated[int, Field(ge=0, le=1000)] | None = None


class Way(_Part):
    """A way to be exempt from a course: all of ``needs``, and all of one group of ``with_any``."""

    way: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    needs: tuple[Need, ...] = Field(min_length=1)
    with_any: tuple[tuple[ProofType, ...], ...] = ()
    reviewer_note: str = ""


class Scores(_Part):
    """From how many points on a score passes, where the export does not say (E3)."""

    pass_mark: Annotated[int, Field(ge=1, le=100, json_schema_extra=rule("E3"))] = 60


class Picture(_Part):
    """A picture of a proof (E5, E6): "single file no more than 1M, JPG or PNG"."""

    max_bytes: Annotated[int, Field(ge=1, le=20_000_000, json_schema_extra=rule("E5"))] = 1_048_576
    formats: Annotated[tuple[Literal["png", "jpeg"], ...], Field(min_length=1)] = ("png", "jpeg")
    most_per_proof: Annotated[int, Field(ge=1, le=20)] = 5
    # A registration record can be verified for so long at the most; an older one gets a remark.
    record_months: Annotated[int, Field(ge=1, le=120, json_schema_extra=rule("E10"))] = 6


class Exemption(_Part):
    most_courses: int | None = Field(default=None, ge=1, le=30)  # at once; null: no bound
    diploma_with: Annotated[
        tuple[tuple[ProofType, ...], ...], Field(json_schema_extra=rule("E5"))
    ] = ((ProofType.REGISTRATION_RECORD,), (ProofType.AUTHENTICATION_REPORT,))


class PriorDiploma(_Part):
    """The second proof beside the earlier diploma, by the year one graduated (E6)."""

    split_year: Annotated[int, Field(ge=1950, le=2100, json_schema_extra=rule("E6"))] = 2002
    from_split: ProofType = ProofType.REGISTRATION_RECORD  # in that year or later
    before_split: ProofType = ProofType.AUTHENTICATION_REPORT
    levels: tuple[Literal["college", "bachelor"], ...] = ("bachelor",)


class BackEntry(_Part):
    """What may still be entered, by its last month (E9)."""

    theory_last_month: Annotated[Month, Field(json_schema_extra=rule("E9"))] = "2002-12"
    exemption_last_month: Annotated[Month, Field(json_schema_extra=rule("E9"))] = "2019-12"
    transfer_last_month: Annotated[Month, Field(json_schema_extra=rule("E9"))] = "2019-12"
    picture_required: tuple[Literal["theory", "practice", "exemption", "transfer_in"], ...] = (
        "theory",
        "practice",
    )
    before_graduation: Annotated[bool, Field(json_schema_extra=rule("E9"))] = True


class Appraisal(_Part):
    """Characters of the self-appraisal."""

    least: int = Field(ge=1, le=2000)
    most: int = Field(ge=1, le=5000)

    @model_validator(mode="after")
    def check(self) -> "Appraisal":
        if self.least > self.most:
            raise ValueError("the least is more than the most")
        return self


class Explanation(_Part):
    """Characters of why a course without a score may be left out (E6c).

    E6 asks for an explanation and gives no length: the bounds are the institution's own.
    """

    least: int = Field(default=10, ge=1, le=1000)
    most: int = Field(default=300, ge=1, le=2000)

    @model_validator(mode="after")
    def check(self) -> "Explanation":
        if self.least > self.most:
            raise ValueError("the least is more than the most")
        return self


class Graduation(_Part):
    explanation: Annotated[Explanation, Field(json_schema_extra=rule("E6"))] = Explanation()
    appraisal: Annotated[Appraisal | None, Field(json_schema_extra=rule("E6"))] = None
    review_fee_fen: Annotated[
        int | None, Field(ge=0, le=1_000_000, json_schema_extra=rule("E6g"))
    ] = None
    order_hours: Annotated[int, Field(ge=1, le=24 * 60)] | None = None


class Notices(_Part):
    """考生须知 of each service; the manual shows none of them, its clauses are told instead."""

    exemption: Text | None = None
    graduation: Text | None = None
    transfer_out: Text | None = None


class TransferInPolicy(_Part):
    """When people are reminded of the appointment on site (E7), and what they bring."""

    remind_evening_at: time | None = time(18)
    remind_hours: Annotated[int, Field(ge=1, le=24)] | None = 2
    bring: Text | None = None


class Review(_Part):
    """How cases are reviewed. ``second_look`` says which a second reviewer sees too."""

    second_look: Literal["never", "rejections", "findings", "every_nth", "all"] = "never"
    every_nth: Annotated[int, Field(ge=2, le=1000)] | None = None
    remind_after_days: Annotated[int, Field(ge=1, le=60)] | None = None
    escalate_after_days: Annotated[int, Field(ge=1, le=90)] | None = None
    hold_minutes: Annotated[int, Field(ge=1, le=240)] = 15

    @model_validator(mode="after")
    def check(self) -> "Review":
        if self.second_look == "every_nth" and self.every_nth is None:
            raise ValueError("every how manieth has a second look is missing")
        return self


class Reason(_Part):
    """A reason for a rejection that reviewers choose from, with the clause it rests on."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    zh: str = Field(min_length=1, max_length=200)
    en: Annotated[str, Field(max_length=300)] = ""
    rule: Annotated[str, Field(pattern=r"^(E\d{1,2})?$")] = ""


class Reasons(_Part):
    exemption: tuple[Reason, ...] = ()
    graduation: tuple[Reason, ...] = ()
    transfer_out: tuple[Reason, ...] = ()
    back_entry: tuple[Reason, ...] = ()

    @model_validator(mode="after")
    def check(self) -> "Reasons":
        for some in (self.exemption, self.graduation, self.transfer_out, self.back_entry):
            if len({one.id for one in some}) != len(some):
                raise ValueError("two reasons with one name")
        return self


class ExamPolicy(BaseModel):
    """``office_unit`` is the code of the unit that is the exam office itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office_unit: str = "SHEEA"
    picture: Picture = Picture()
    scores: Annotated[Scores, Field(json_schema_extra=rule("E3"))] = Scores()
    exemption: Exemption = Exemption()
    prior_diploma: PriorDiploma = PriorDiploma()
    back_entry: BackEntry = BackEntry()
    graduation: Graduation = Graduation()
    windows: Annotated[tuple[Window, ...], Field(json_schema_extra=rule("E4"))] = ()
    matrix: Annotated[dict[str, tuple[Way, ...]], Field(json_schema_extra=rule("E5"))] = {}
    notices: Notices = Notices()
    transfer_in: Annotated[TransferInPolicy, Field(json_schema_extra=rule("E7"))] = (
        TransferInPolicy()
    )
    review: Review = Review()
    originals_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    reasons: Reasons = Reasons()
    hotlines: Annotated[tuple[str, ...], Field(json_schema_extra=rule("E11"))] = ()
    demo: tuple[str, ...] = ()  # entries whose values are for the demonstration only

    @field_validator("matrix")
    @classmethod
    def by_course(cls, matrix: dict[str, tuple[Way, ...]]) -> dict[str, tuple[Way, ...]]:
        for code, ways in matrix.items():
            if not COURSE.fullmatch(code) or not ways:
                raise ValueError(f"the matrix needs a course and a way: {code}")
            if len({one.way for one in ways}) != len(ways):
                raise ValueError(f"two ways with one name: {code}")
        return matrix

    @model_validator(mode="after")
    def check(self) -> "ExamPolicy":
        """Windows of one service do not overlap: there is one answer to until when."""
        for service in Service:
            last: Window | None = None
            for one in self.windows_of(service):
                if last is not None and one.opens_at <= last.closes_at:
                    raise ValueError(f"two windows of {service} overlap")
                last = one
        return self

    def windows_of(self, service: Service) -> list[Window]:
        """Earliest first."""
        return sorted((w for w in self.windows if w.service is service), key=lambda w: w.opens_at)
