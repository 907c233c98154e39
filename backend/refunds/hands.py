"""Who is about to pay a refund back by hand: meanwhile nobody else has the provider pay it."""

from datetime import timedelta

from backend import audit
from backend.errors import Refused
from backend.models import Application, Person
from backend.refunds.states import RULE
from backend.work import Work

HELD = timedelta(minutes=30)  # then whoever took it has let it lie


def take(work: Work, application: Application) -> None:
    """Whoever acts is going to the bank with it. Raises Refused where somebody else is."""
    require_free(work, application)
    audit.record(work, _subject(application), "take", "", "")


def require_free(work: Work, application: Application) -> None:
    """Raises Refused ``refund_in_hand`` while somebody else of finance is paying it by hand."""
    taken = audit.last(work, _subject(application), "take")
    if taken is None or taken.actor_id in (None, work.actor) or taken.at <= work.now - HELD:
        return
    who = work.session.get_one(Person, taken.actor_id).name
    until = (taken.at + HELD).isoformat()
    raise Refused("refund_in_hand", RULE, number=application.number, who=who, until=until)


def _subject(application: Application) -> str:
    """Not the case's own: what was done with that is told to others."""
    return f"by_hand:{application.number}"
