"""What was found about a picture, how much it matters, and whether a machine may be wrong about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["stop", "warn", "reviewer"]

SEVERITIES: dict[str, Severity] = {
    "not_a_picture": "stop",
    "damaged": "stop",
    "too_many_pixels": "stop",
    "too_large": "stop",
    "too_small": "stop",
    "empty": "stop",
    "blurred": "stop",
    "dark": "stop",
    "sideways": "stop",
    "blurred_a_little": "warn",
    "dark_a_little": "warn",
    "glare": "warn",
    "cropped": "warn",
    "several_pages": "warn",
    "wrong_form": "warn",
    "record_old": "warn",
    "number_differs": "warn",
    "same_as_other": "reviewer",
    "looks_like_other": "reviewer",
    "number_of_other": "reviewer",
    "name_differs": "reviewer",
    "month_differs": "reviewer",
    "insisted": "reviewer",
}

DOUBTFUL = frozenset({"too_small", "empty", "blurred", "dark", "sideways"})
"""What a threshold of ours says: after two such stops a person may be asked to look instead."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is by which a picture has to be otherwise (E5, E6, E9). ``picture`` is the one it is
    about, ``other`` the one of somebody else that it resembles: for reviewers only."""

    code: str
    severity: Severity
    rule: str
    measured: float | None = None
    limit: float | None = None
    picture: int = 0
    other: int | None = None
