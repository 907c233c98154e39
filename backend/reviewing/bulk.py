"""Approving many at once: only what nobody has to look at on its own."""

from collections.abc import Sequence
from enum import StrEnum

from backend.models import Application
from backend.proofs import noticing
from backend.reviewing.case import PENDING
from backend.reviewing.deciding import APPROVE, needs_second
from backend.reviewing.kinds import findings
from backend.work import Work


class Alone(StrEnum):
    """Why a case is decided on by itself."""

    NOTICED = "noticed"  # something was found, or a proof has no picture
    SECOND = "second"  # somebody else has to look
    UNREAD = "unread"  # no machine has compared what was typed with the pictures


def alone(work: Work, application: Application) -> Alone | None:
    """None: it may be approved together with others."""
    return why_alone(work, [application])[application.id]


def why_alone(work: Work, applications: Sequence[Application]) -> dict[int, Alone | None]:
    """The same of several, by id; what there is to know is asked for all at once."""
    found, unread = findings(work, applications), noticing.with_unread(work, applications)

    def why(one: Application) -> Alone | None:
        if found[one.id]:
            return Alone.NOTICED
        if one.state != PENDING or needs_second(work, one, APPROVE, found[one.id]):
            return Alone.SECOND
        return Alone.UNREAD if one.id in unread else None

    return {one.id: why(one) for one in applications}
