"""What reviewers have decided in a span of time: how many, how fast, and for which reasons."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import func, select

from backend import authority
from backend.authority import Role
from backend.clock import SHANGHAI
from backend.errors import NotAllowed
from backend.models import Application, Decision
from backend.reviewing.case import DECIDABLE
from backend.reviewing.kinds import KINDS
from backend.reviewing.reviewers import FIRST_LOOK, actor
from backend.work import Work


@dataclass(frozen=True, slots=True)
class OfKind:
    """``wait`` is the median from filing to the decision that stood, None without any;
    ``reasons`` counts rejections by the id of the policy's reason, "" for own words."""

    kind: str
    filed: int
    approved: int
    rejected: int
    wait: timedelta | None
    reasons: Counter[str]
    waiting: int  # now, whenever it was filed


@dataclass(frozen=True, slots=True)
class Statistics:
    """``by_reviewer`` counts decisions by person id; only the exam office is told. ``own`` are those of
    whoever asks."""

    since: date
    until: date
    kinds: tuple[OfKind, ...]
    own: int = 0
    by_reviewer: Counter[int] = field(default_factory=Counter)


def statistics(work: Work, since: date, until: date) -> Statistics:
    """Of the units the person who acts reviews for, both days included (Shanghai's days).

    Raises NotAllowed for whoever reviews nothing.
    """
    person = actor(work)
    office = authority.holds(work, person, Role.EXAM_OFFICE)
    units = None if office else authority.units(work, person, Role.EXAM_REVIEWER)
    if units is not None and not units:
        raise NotAllowed
    begin = datetime.combine(since, time(), SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    found = [_of_kind(work, kind, units, begin, end) for kind in KINDS]
    everybody = Counter(
        work.session.scalars(
            select(Decision.decided_by).where(
                Decision.institution_id == work.institution,
                Decision.decided_at >= begin,
                Decision.decided_at < end,
            )
        )
    )
    shown = everybody if office else Counter[int]()
    return Statistics(since, until, tuple(found), everybody[person], shown)


def _of_kind(
    work: Work, kind: str, units: Sequence[int] | None, begin: datetime, end: datetime
) -> OfKind:
    theirs = [Application.institution_id == work.institution, Application.kind == kind]
    if units is not None:
        theirs.append(Application.unit_id.in_(units))
    cases = select(func.count()).select_from(Application).where(*theirs)
    filed = work.session.scalars(
        cases.where(Application.filed_at >= begin, Application.filed_at < end)
    ).one()
    waiting = work.session.scalars(cases.where(Application.state.in_(DECIDABLE))).one()
    decided = work.session.execute(
        select(Decision.verdict, Decision.template, Decision.decided_at, Application.filed_at)
        .join(Application, Application.id == Decision.application_id)
        .where(
            *theirs,
            Decision.verdict.in_(("approve", "reject")),
            Decision.decided_at >= begin,
            Decision.decided_at < end,
            Decision.stage != FIRST_LOOK,
        )
    ).all()
    waits = [one.decided_at - one.filed_at for one in decided]
    return OfKind(
        kind=kind,
        filed=filed,
        approved=sum(one.verdict == "approve" for one in decided),
        rejected=sum(one.verdict == "reject" for one in decided),
        wait=median(waits) if waits else None,
        reasons=Counter(one.template for one in decided if one.verdict == "reject"),
        waiting=waiting,
    )
