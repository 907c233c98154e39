"""Whom to call about what (T10, R17, E11), and when they work."""

from datetime import date, time
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from backend.policy.notices import OFFICES


class Office(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name_zh: str
    name_en: str
    contact: str = ""
    phone: str
    email: str = ""
    hours: tuple[tuple[time, time], ...] = ()  # of a working day, in order; none: not known

    @model_validator(mode="after")
    def check(self) -> "Office":
        """Each span ends before the next begins."""
        ordered = [moment for span in self.hours for moment in span]
        if ordered != sorted(set(ordered)):
            raise ValueError("office hours must follow each other")
        return self


class OfficesPolicy(BaseModel):
    """Offices by what they are for, such as "academic_affairs" or "exam_policy"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offices: dict[str, Office]
    demo: tuple[str, ...] = ()

    @field_validator("offices", mode="before")
    @classmethod
    def with_later_ones(cls, published: dict[str, Any]) -> dict[str, Any]:
        """An office the assistant has learned of since this was published is as its document says."""
        return {**OFFICES["offices"], **published}


class CalendarPolicy(BaseModel):
    """Days off on weekdays, and weekend days that are worked instead (调休)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holidays: tuple[date, ...] = ()
    worked_weekends: tuple[date, ...] = ()
    demo: tuple[str, ...] = ()
