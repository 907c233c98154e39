"""Who may waive which fee, and from which amount on a second person has to agree.

No document says so: it is the institution's own choice, published by finance. What a thing costs is
in the policy of its service.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Giver = Literal["finance", "academic_affairs", "exam_office", "student_affairs"]  # roles


class FeesPolicy(BaseModel):
    """Both by the kind of application. Nobody may waive a kind that is not in ``waived_by``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    waived_by: dict[str, tuple[Giver, ...]] = {}
    second_above_fen: dict[str, Annotated[int, Field(ge=0, le=10_000_000)]] = {}
    demo: tuple[str, ...] = ()
