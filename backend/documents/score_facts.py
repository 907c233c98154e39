"""What a table of exam scores says, in the words it is printed in (E3)."""

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One row, in the words it is printed in."""

    month: str
    course: str
    part: str
    score: str
    credits: str
    remark: str


@dataclass(frozen=True)
class ScoreFacts:
    """Everything the table shows but the moment it was made; ``language`` is "zh" or "en"."""

    language: str
    name: str
    ticket: str
    major: str
    lines: tuple[ScoreLine, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is shown: other scores are another table."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
