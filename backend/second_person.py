"""The other member of academic affairs, without whom no document is revoked (T10)."""

from backend import absences, audit, authority
from backend.authority import Role
from backend.clock import local_date
from backend.errors import Refused
from backend.models import Application, Revocation
from backend.work import Work

RULE = "T10"
NOBODY_ELSE = "second_missing"  # in the audit trail


def _seconds(work: Work, application: Application, proposer: int) -> list[int]:
    """Whoever could confirm what this person proposes: neither they nor the holder."""
    involved = (proposer, application.applicant_id)
    return [one for one in authority.people(work, Role.ACADEMIC_AFFAIRS) if one not in involved]


def require_second(work: Work, application: Application) -> None:
    """Raises Refused where the person who acts could propose, but nobody could confirm."""
    if not _seconds(work, application, authority.require(work, Role.ACADEMIC_AFFAIRS)):
        raise Refused("nobody_for_second_look", RULE, number=application.number, of="revocation")


def ask_for_second(work: Work, application: Application) -> bool:
    """Tell administrators that academic affairs needs a second member; once a day for a document."""
    authority.require(work, Role.ACADEMIC_AFFAIRS)
    subject = f"revocation:{application.number}"
    asked = audit.last(work, subject, NOBODY_ELSE)
    if asked is not None and local_date(asked.at) == local_date(work.now):
        return False
    audit.record(work, subject, NOBODY_ELSE, "", "")
    work.emit("revocation.nobody", application.number)
    return True


def deciders(work: Work, revocation: Revocation) -> list[int]:
    """Who is asked to confirm; for whoever is away, the deputy."""
    application = work.session.get_one(Application, revocation.application_id)
    seconds = _seconds(work, application, revocation.proposed_by)
    return absences.present(work, seconds, lambda one: one in seconds)


def stands_behind(work: Work, revocation: Revocation) -> bool:
    """Whether whoever proposed it still may."""
    return authority.holds(work, revocation.proposed_by, Role.ACADEMIC_AFFAIRS)
