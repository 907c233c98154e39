"""Applications of every kind, by number and by person. What is particular to a kind is in its module."""

from collections.abc import Collection

from sqlalchemy import select

from backend.errors import Refused
from backend.models import Application
from backend.work import Work


def find(work: Work, number: str, kinds: Collection[str] | None = None) -> Application | None:
    """Whosesoever it is, however its number is typed; whether the actor may see it is for the caller.

    ``kinds`` are those it may be of; None for any.
    """
    query = select(Application).where(
        Application.institution_id == work.institution,
        Application.number == number.strip().upper(),
    )
    return work.session.scalar(query if kinds is None else query.where(Application.kind.in_(kinds)))


def own(work: Work, number: str, kinds: Collection[str] | None = None) -> Application:
    """An application of the person who acts; anybody else's does not exist for them."""
    application = find(work, number, kinds)
    if application is None or application.applicant_id != work.actor:
        raise Refused("no_such_application", number=number)
    return application


def of_person(work: Work, person_id: int) -> list[Application]:
    """Of every kind, newest first."""
    return list(
        work.session.scalars(
            select(Application)
            .where(
                Application.institution_id == work.institution,
                Application.applicant_id == person_id,
            )
            .order_by(Application.id.desc())
        )
    )
