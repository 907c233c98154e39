"""Sharing the work: whoever takes the next case has it for some minutes, and colleagues another."""

from datetime import timedelta

from sqlalchemy import delete, or_, select

from backend.database import insert_into
from backend.models import Application, ReviewHold
from backend.policy import store
from backend.reviewing.case import DECIDABLE, settle
from backend.reviewing.kinds import kind_of
from backend.reviewing.reviewers import actor, mine
from backend.work import Work


def next_one(work: Work) -> Application | None:
    """The one that waits longest of those nobody else is looking at; it is held for the person who
    acts for some minutes, with all that was filed together with it. Anybody may still decide."""
    person = actor(work)
    held = select(ReviewHold.application_id)
    waiting = (
        select(Application)
        .where(*mine(work), Application.id.not_in(held))
        .order_by(Application.filed_at, Application.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True, of=Application)
    )
    while True:
        over = or_(ReviewHold.until <= work.now, ReviewHold.person_id == person)
        work.session.execute(
            delete(ReviewHold).where(ReviewHold.institution_id == work.institution, over)
        )
        application = work.session.scalar(waiting)
        if application is None or _take(work, application, person):
            return application


def _take(work: Work, application: Application, person: int) -> bool:
    """Whether it is held for this person now. A colleague may have taken it after the question which
    one is free, or may be taking what was filed together with it: whoever is first has it."""
    until = work.now + timedelta(minutes=store.exam(work).review.hold_minutes)
    together = kind_of(application).together(work, application)
    for one in sorted(one.id for one in together if one.state in DECIDABLE):
        hold = insert_into(work.writing, ReviewHold.__table__).values(
            application_id=one,
            institution_id=work.institution,
            person_id=person,
            until=until,
        )
        work.session.execute(hold.on_conflict_do_nothing())
    holder = select(ReviewHold.person_id).where(ReviewHold.application_id == application.id)
    return work.session.scalar(holder) == person


def holder_of(work: Work, application: Application) -> int | None:
    """The colleague who is looking at it now."""
    hold = work.session.get(ReviewHold, application.id)
    if hold is None or hold.until <= work.now or hold.person_id == work.actor:
        return None
    return hold.person_id


def done(work: Work, application: Application) -> None:
    """Nobody looks at it any more; a common prompt of which nothing waits any more is done with."""
    work.session.execute(delete(ReviewHold).where(ReviewHold.application_id == application.id))
    settle(work, kind_of(application).together(work, application))
