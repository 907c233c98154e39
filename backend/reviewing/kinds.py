"""Every kind of case that is reviewed, and what is found by a case's number."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from backend import cases
from backend.exam import back_entry, exemptions, graduation, transfer_out
from backend.models import Application
from backend.policy import store
from backend.policy.exam import Reason, Review
from backend.reviewing.case import Reviewed
from backend.work import Work

# Another service that is reviewed adds its own here.
KINDS: dict[str, Reviewed] = {
    one.REVIEWED.kind: one.REVIEWED for one in (exemptions, graduation, transfer_out, back_entry)
}


def kind_of(application: Application) -> Reviewed:
    return KINDS[application.kind]


def request_of(work: Work, application: Application) -> Any:
    """Its row of details."""
    return work.session.get_one(kind_of(application).request, application.id)


def findings(work: Work, applications: Sequence[Application]) -> Counter[int]:
    """How much a reviewer must look at in each, by id; asked once for each kind."""
    found: Counter[int] = Counter()
    for kind in dict.fromkeys(one.kind for one in applications):
        found += KINDS[kind].findings(work, [one for one in applications if one.kind == kind])
    return found


def noticed(work: Work, application: Application) -> int:
    return findings(work, [application])[application.id]


def find(work: Work, number: str) -> Application | None:
    """Whosesoever it is; whether the actor may see it is for the caller to ask."""
    return cases.find(work, number, KINDS)


def own(work: Work, number: str) -> Application:
    """A case of the person who acts; anybody else's does not exist for them."""
    return cases.own(work, number, KINDS)


def review_policy(work: Work, application: Application) -> Review:
    """As it was when the case was filed."""
    return store.exam(work, application.policy_version).review


def reasons(work: Work, kind: str) -> tuple[Reason, ...]:
    """The reasons for which a case of this kind may be rejected with one press, as of today."""
    chosen: tuple[Reason, ...] = getattr(store.exam(work).reasons, KINDS[kind].service)
    return chosen
