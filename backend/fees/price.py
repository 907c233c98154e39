"""What somebody pays for something now: the published price, the free quota, and waivers.

Every service asks here. The price is that of the policy in force today; an order that is confirmed
keeps the price it was confirmed at.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, bindparam, func, select

from backend.clock import local_date
from backend.errors import Refused
from backend.fees.fee import Fee, terms
from backend.fees.waiver_workflow import State
from backend.models import FreeCopy, PolicyVersion, Waiver, WaiverUse
from backend.policy import store
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Waived:
    """What a waiver takes off; ``given_by`` is the member of staff who gave it."""

    waiver_id: int
    number: str
    off_fen: int
    why: str
    given_by: int
    until: date


@dataclass(frozen=True, slots=True)
class Price:
    """What the next one costs one person. ``version`` is that of the policy it is taken from."""

    list_fen: int
    free_left: int
    waived: Waived | None
    rule: str
    version: int

    @property
    def due_fen(self) -> int:
        """To be paid, in fen."""
        if self.free_left:
            return 0
        return self.list_fen - (self.waived.off_fen if self.waived else 0)


TAKEN = select(FreeCopy.kind).where(FreeCopy.student_id == bindparam("person"))
_USED = (
    select(func.count())
    .select_from(WaiverUse)
    .where(WaiverUse.waiver_id == Waiver.id)
    .scalar_subquery()
)
USABLE = (
    select(
        Waiver.id,
        Waiver.number,
        Waiver.off_fen,
        Waiver.why,
        Waiver.given_by,
        Waiver.until,
        Waiver.times,
        Waiver.given_at,
        Waiver.decided_by,
    )
    .where(
        Waiver.institution_id == bindparam("institution", type_=String),
        Waiver.person_id == bindparam("person"),
        Waiver.kind == bindparam("kind", type_=String),
        Waiver.state == State.GRANTED,
        Waiver.until >= bindparam("day"),
        Waiver.times > _USED,
    )
    .order_by(Waiver.until, Waiver.id)
)

_KNOWN = (  # the version in force on a day, as it was published by a moment of that day
    select(PolicyVersion.version)
    .where(
        PolicyVersion.institution_id == bindparam("institution", type_=String),
        PolicyVersion.name == bindparam("name", type_=String),
        PolicyVersion.valid_from <= bindparam("day"),
        PolicyVersion.published_at <= bindparam("moment"),
    )
    .order_by(PolicyVersion.valid_from.desc(), PolicyVersion.version.desc())
    .limit(1)
)


def price(work: Work, fee: Fee, person: int, of: str = "") -> Price:
    """``of`` is the variety, where each has a quota of its own ("zh+with").

    Raises Refused, with the fee's own code, where no price is published.
    """
    return prices(work, fee, person, (of,))[of]


def prices(work: Work, fee: Fee, person: int, varieties: Iterable[str]) -> dict[str, Price]:
    """Of each variety, as if it were the next to be ordered."""
    version = store.version_in_force(work, fee.policy)
    asked = terms(work, fee, version)
    list_fen = asked.price_fen
    if list_fen is None:
        raise Refused(fee.unset, fee.rule)
    spent = fee.spent(work, person) if asked.free else ()
    taken = Counter(work.reading.execute(TAKEN, {"person": person}).scalars() if asked.free else ())
    waived = waiver_for(work, fee, person, list_fen)
    found = {}
    for of in varieties:
        left = 0 if of in spent else max(asked.free - taken[quota_key(fee, of)], 0)
        found[of] = Price(list_fen, left, None if left else waived, fee.rule, version)
    return found


def quota_key(fee: Fee, of: str) -> str:
    """Under what free ones are counted."""
    return of or fee.kind


def waiver_for(work: Work, fee: Fee, person: int, list_fen: int) -> Waived | None:
    """The waiver that takes off most; of equal ones, that which ends first."""
    if not list_fen:
        return None
    where = {
        "institution": work.institution,
        "person": person,
        "kind": fee.kind,
        "day": local_date(work.now),
    }
    rows = work.reading.execute(USABLE, where).all()
    if not rows:
        return None
    off = {row.id: list_fen if row.off_fen is None else min(row.off_fen, list_fen) for row in rows}
    alone = [row for row in rows if row.decided_by is None]  # which one person gave
    limit = store.fees(work).second_above_fen.get(fee.kind)
    if limit is not None and sum(off[row.id] * row.times for row in alone) > limit:
        for row in alone:
            off[row.id] = min(off[row.id], _listed_at(work, fee, row.given_at, list_fen))
    usable = [
        Waived(row.id, row.number, off[row.id], row.why, row.given_by, row.until) for row in rows
    ]
    return max(usable, key=lambda one: one.off_fen)


def _listed_at(work: Work, fee: Fee, moment: datetime, otherwise: int) -> int:
    """The price of the moment at which one person gave a waiver: they could give no more, and what has
    become dearer since is nothing that a second person agreed to."""
    then = {"institution": work.institution, "name": fee.policy, "day": local_date(moment)}
    version = work.reading.execute(_KNOWN, then | {"moment": moment}).scalar()
    listed = None if version is None else terms(work, fee, version).price_fen
    return otherwise if listed is None else listed
