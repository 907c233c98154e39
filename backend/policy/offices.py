"""Whom to call about what (T10), and which days they work."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class Office(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name_zh: str
    name_en: str
    contact: str = ""
    phone: str
    email: str = ""


class OfficesPolicy(BaseModel):
    """Offices by what they are for: "academic_affairs", "finance", "technical_support"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offices: dict[str, Office]


class CalendarPolicy(BaseModel):
    """Days off on weekdays, and weekend days that are worked instead (调休)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holidays: tuple[date, ...] = ()
    worked_weekends: tuple[date, ...] = ()
    demo: tuple[str, ...] = ()
