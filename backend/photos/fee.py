"""The fee of the shooting (P3), where the institution collects it itself: an application and its order.

As the notice has it, students pay the photo company on the spot, and nothing can be paid here.
"""

from sqlalchemy import select

from backend import numbering
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.fees import ordering
from backend.fees import price as pricing
from backend.fees.price import Price
from backend.goods import GOODS
from backend.models import Application, Order, PhotoFee, PhotoRoster
from backend.photos import schedule
from backend.photos.fee_workflow import KIND, WORKFLOW, State
from backend.policy import store
from backend.policy.photo import PhotoPolicy
from backend.registry import students
from backend.work import Work
from backend.workflow import NEW

COLLECTED = "institution"


def policy_for(work: Work) -> PhotoPolicy:
    """Raises Refused ``paid_on_site`` unless the institution collects the fee itself."""
    policy = store.photo(work)
    if policy.fee_collected != COLLECTED:
        raise Refused("paid_on_site", "P3")
    return policy


def of_person(work: Work) -> Application | None:
    """The actor's fee of this season, however it stands."""
    plan = schedule.current(work)
    if plan is None:
        return None
    return work.session.scalar(
        select(Application)
        .join(PhotoFee, PhotoFee.application_id == Application.id)
        .where(PhotoFee.season_id == plan.season_id, PhotoFee.person_id == work.actor)
    )


def price(work: Work) -> Price:
    """What the actor pays now."""
    return pricing.price(work, GOODS[KIND].fee, work.actor or 0)


def order(work: Work, told: Price, consent: Consent) -> Order:
    """Agree to pay: the application is filed, if there is none yet, and ordered.

    ``told`` is the price the person was shown. Raises Refused ``not_on_roster``, ``paid_already``,
    ``price_changed``. A fee of nothing is settled at once.
    """
    policy_for(work)
    plan, student = schedule.current(work), students.find(work, consent.person_id)
    if plan is None or student is None:
        raise NotAllowed
    if work.session.get(PhotoRoster, (plan.season_id, student.person_id)) is None:
        season = schedule.season_of(work, plan).code
        raise Refused("not_on_roster", "P3", season=season, office="photo")
    application = of_person(work)
    if application is None:
        application = Application(
            institution_id=work.institution,
            number=numbering.next_number(work, "P"),
            kind=KIND,
            applicant_id=student.person_id,
            unit_id=student.unit_id,
            state=NEW,
            filed_at=work.now,
            policy_version=store.version_in_force(work, "photo"),
            consent_id=keep(work, consent),
        )
        WORKFLOW.take(work, application, "file")
        work.session.add(
            PhotoFee(
                application_id=application.id,
                institution_id=work.institution,
                season_id=plan.season_id,
                person_id=student.person_id,
            )
        )
        work.session.flush()
    elif application.state == State.PAID:
        raise Refused("paid_already", number=application.number)
    return ordering.confirm(work, application, told, consent)
