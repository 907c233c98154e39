"""Who decides on a case: a reviewer of the examining university, or the exam office; and what waits
for whoever acts.

Nobody decides on a case of their own, nor a second time on what they proposed themselves.
"""

from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, func, or_, select

from backend import absences, authority
from backend.authority import Role
from backend.errors import NotAllowed, Refused
from backend.models import Application, Decision
from backend.models import Role as RoleRow
from backend.reviewing.case import DECIDABLE, OFFICE, SECOND
from backend.reviewing.kinds import KINDS, find
from backend.work import Work
from backend.workflow import already_handled

# ``Decision.stage``: what one person decided alone; what somebody proposed; who looked after them.
ONLY_LOOK, FIRST_LOOK, SECOND_LOOK = "only", "first", "second"

# Who proposed the decision that waits for a second look.
_PROPOSER = (
    select(Decision.decided_by)
    .where(Decision.application_id == Application.id, Decision.stage == FIRST_LOOK)
    .order_by(Decision.id.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)


def _has_reviewer() -> ColumnElement[bool]:
    """Whether its university has a reviewer who may decide on it."""
    return (
        select(RoleRow.id)
        .where(
            RoleRow.institution_id == Application.institution_id,
            RoleRow.role == Role.EXAM_REVIEWER,
            RoleRow.unit_id == Application.unit_id,
            RoleRow.person_id != Application.applicant_id,
            or_(Application.state != SECOND, RoleRow.person_id != _PROPOSER),
        )
        .exists()
    )


def mine(work: Work) -> list[ColumnElement[bool]]:
    """What waits for the person who acts; raises NotAllowed where that can be nothing."""
    person = actor(work)
    units = authority.units(work, person, Role.EXAM_REVIEWER)
    waits: list[ColumnElement[bool]] = [Application.unit_id.in_(units)] if units else []
    if authority.holds(work, person, Role.EXAM_OFFICE):
        waits += [Application.holder == OFFICE, ~_has_reviewer()]
    if not waits:
        raise NotAllowed
    return [
        Application.institution_id == work.institution,
        Application.kind.in_(KINDS),
        Application.state.in_(DECIDABLE),
        Application.applicant_id != person,
        or_(Application.state != SECOND, _PROPOSER.is_distinct_from(person)),
        or_(*waits),
    ]


def actor(work: Work) -> int:
    if work.actor is None:
        raise NotAllowed
    return work.actor


def reviews(work: Work, person: int) -> bool:
    """Whether this person decides on such cases at all."""
    return bool(authority.roles(work, person) & {Role.EXAM_REVIEWER, Role.EXAM_OFFICE})


def inbox(work: Work, most: int | None = None, after: int = 0) -> list[Application]:
    """What waits for the person who acts, longest waiting first: at most so many, after so many.
    Raises NotAllowed."""
    waiting = select(Application).where(*mine(work)).limit(most).offset(after)
    return list(work.session.scalars(waiting.order_by(Application.filed_at, Application.id)))


def named(work: Work, numbers: Collection[str]) -> list[Application]:
    """Of these, what waits for the person who acts, longest waiting first; raises NotAllowed."""
    waiting = select(Application).where(*mine(work), Application.number.in_(numbers))
    return list(work.session.scalars(waiting.order_by(Application.filed_at, Application.id)))


def count(work: Work) -> int:
    waiting = select(func.count()).select_from(Application).where(*mine(work))
    return work.session.scalars(waiting).one()


def proposal(work: Work, application: Application) -> Decision | None:
    """The decision that waits for a second look, and whose it is."""
    if application.state != SECOND:
        return None
    return work.session.scalars(
        select(Decision)
        .where(Decision.application_id == application.id, Decision.stage == FIRST_LOOK)
        .order_by(Decision.id.desc())
        .limit(1)
    ).one()


def sent_back(work: Work, application: Application) -> Decision | None:
    """By whom it was sent back last after a second look, and why; None where nobody has."""
    return work.session.scalar(
        select(Decision)
        .where(Decision.application_id == application.id, Decision.verdict == "send_back")
        .order_by(Decision.id.desc())
        .limit(1)
    )


def may_decide(work: Work, person: int, application: Application) -> bool:
    """Never on one's own case, and never twice on the same one."""
    if application.applicant_id == person:
        return False
    proposed = proposal(work, application)
    if proposed is not None and proposed.decided_by == person:
        return False
    return authority.holds(
        work, person, Role.EXAM_REVIEWER, application.unit_id
    ) or authority.holds(work, person, Role.EXAM_OFFICE)


def deciders(work: Work, application: Application) -> list[int]:
    """Who is to be asked now: the university's reviewers; the exam office where it was escalated, or
    where none of them may decide. For whoever is away, the deputy."""
    return asked(work, application, lambda one: may_decide(work, one, application))


def asked(work: Work, application: Application, able: Callable[[int], bool]) -> list[int]:
    """The same, of those that are ``able``."""
    found = able_of(work, able, authority.people(work, Role.EXAM_REVIEWER, application.unit_id))
    if not found or application.holder == OFFICE:
        found += able_of(work, able, authority.people(work, Role.EXAM_OFFICE))
    return list(dict.fromkeys(found))


def able_of(work: Work, able: Callable[[int], bool], people: list[int]) -> list[int]:
    """Those of them who are able, and the deputies of those who are away."""
    there = [one for one in people if able(one)]
    return absences.present(work, there, able)


def to_decide(work: Work, number: str) -> Application:
    """The case, if the person who acts may decide on it now.

    Raises NotAllowed, and AlreadyHandled when it waits no longer.
    """
    application, person = find(work, number), actor(work)
    if application is None:
        raise NotAllowed
    if not may_decide(work, person, application):
        proposed = proposal(work, application)
        if proposed is not None and proposed.decided_by == person:
            raise Refused("own_second_look", number=application.number)
        raise NotAllowed
    if application.state not in DECIDABLE:
        raise already_handled(work, application)
    return application
