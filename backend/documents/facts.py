"""What one transcript says: a frozen copy of the registry, from which pages are drawn.

The preview, the order and the signed file are made from the very same facts: their hash is
what a student has seen (T6), and changed data has another hash.
"""

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


class Gpa(StrEnum):
    WITH = "with"
    WITHOUT = "without"


class Coverage(StrEnum):
    """Which teaching a transcript covers (T1)."""

    CENTRALIZED = "centralized"
    COMBINED = "combined"


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course as printed. Credits and scores are printed exactly as given."""

    code: str
    name_zh: str
    name_en: str
    credits: str  # "3" or "1.5"
    hours: int | None
    term: str  # "2021-2022-1": academic year and term (1 autumn, 2 spring, 3 summer)
    score: str  # "92", "A-" or "通过"
    degree_course: bool
    period: Coverage  # CENTRALIZED, or COMBINED for a course taught at the institute


def plain(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


@dataclass(frozen=True)
class TranscriptFacts:
    """Everything a transcript shows, apart from its code, seal and date of issue."""

    institution_zh: str
    institution_en: str
    language: Language
    gpa: Gpa
    coverage: Coverage
    name_zh: str
    name_en: str
    student_number: str
    unit_zh: str
    unit_en: str
    major_zh: str
    major_en: str
    level: str  # "master" or "doctor"
    enrolled_on: str  # ISO date
    graduated_on: str | None  # ISO date
    courses: tuple[CourseLine, ...]
    total_credits: str
    gpa_value: str | None  # "3.72", only when gpa is WITH
    gpa_scale: str | None  # "4.0"
    gpa_note_zh: str | None  # how it is computed, from policy data
    gpa_note_en: str | None
    scale_note_zh: str | None = None  # what letter scores mean, from policy data
    scale_note_en: str | None = None

    @property
    def institution(self) -> str:
        """In the language of the document, as the three below."""
        return self.institution_zh if self.language is Language.ZH else self.institution_en

    @property
    def name(self) -> str:
        return self.name_zh if self.language is Language.ZH else self.name_en

    @property
    def unit(self) -> str:
        return self.unit_zh if self.language is Language.ZH else self.unit_en

    @property
    def major(self) -> str:
        return self.major_zh if self.language is Language.ZH else self.major_en

    def to_json(self) -> str:
        """Canonical JSON: the same facts always give the same bytes."""
        return self._canonical

    @cached_property
    def _canonical(self) -> str:
        values = plain(self) | {"courses": [plain(line) for line in self.courses]}
        for name in ("scale_note_zh", "scale_note_en"):
            if values[name] is None:
                del values[name]  # facts from before there were such notes keep their hash
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> "TranscriptFacts":
        data: dict[str, Any] = json.loads(text)
        courses = tuple(
            CourseLine(**{**line, "period": Coverage(line["period"])}) for line in data["courses"]
        )
        return cls(
            **{
                **data,
                "language": Language(data["language"]),
                "gpa": Gpa(data["gpa"]),
                "coverage": Coverage(data["coverage"]),
                "courses": courses,
            }
        )
