"""When people are told: quiet hours, the morning's digest, what is urgent; and talking to a person.

No source document says any of this; it is the institution's own. What is ``None`` is not done: no
quiet hours, no digest, a conversation that only ends when somebody ends it.
"""

from datetime import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

# What puts a case into the inbox of everybody who is told of it: the digest lists the inbox. That it
# was escalated is told to the applicant too, whom no digest tells anything.
IN_THE_DIGEST = (
    "transcript.file_for_approval",
    "transcript.answer",
    "transcript.assign",
    "transcript.remind",
    "review.filed",
    "review.remind",
    "revocation.propose",
    "refund.ask",
    "refund.refer",
    "refund.document_kept",
    "refund.remind",
)


class TellingPolicy(BaseModel):
    """Kinds are names of events ("transcript.issue"). Times are Shanghai's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quiet_from: time | None = None  # may be later in the day than quiet_until: over midnight
    quiet_until: time | None = None
    digest_at: time | None = None  # on working days
    gathered: tuple[str, ...] = ()  # of IN_THE_DIGEST: kinds that wait for it out of hours
    urgent: tuple[str, ...] = ()  # kinds that wait for nothing
    handoff_minutes: Annotated[int, Field(ge=5, le=24 * 60)] | None = None  # of silence
    handoff_days: Annotated[int, Field(ge=1, le=30)] | None = None  # working days until taken
    demo: tuple[str, ...] = ()

    @field_validator("gathered")
    @classmethod
    def keep_what_the_digest_tells(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """What the digest does not list is told by itself, whatever a version names."""
        return tuple(kind for kind in kinds if kind in IN_THE_DIGEST)

    @model_validator(mode="after")
    def check(self) -> "TellingPolicy":
        """Quiet hours have two ends, and no digest comes inside them."""
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet hours need a beginning and an end")
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            raise ValueError("quiet hours begin and end at the same time")
        if self.digest_at is not None and self.quiet(self.digest_at):
            raise ValueError("the digest would come in quiet hours")
        return self

    def quiet(self, at: time) -> bool:
        """Whether a time of day is within the quiet hours; they end before ``quiet_until``."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until
