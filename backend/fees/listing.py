"""收费标准 (the price list): every fee as it is published on a day, and what has changed or will."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend import orders
from backend.clock import local_date
from backend.errors import Refused
from backend.fees.fee import Fee, Terms, terms
from backend.fees.price import Price
from backend.goods import GOODS, Title
from backend.models import Application, PolicyVersion
from backend.policy import store
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Dated:
    """Terms that count from a day on."""

    day: date
    terms: Terms


@dataclass(frozen=True, slots=True)
class Row:
    """One fee. It is so since ``since``; ``next`` is a change that is published already."""

    fee: Fee
    title: Title
    terms: Terms
    version: int
    since: date
    next: Dated | None

    @property
    def rule(self) -> str:
        return self.fee.rule


@dataclass(frozen=True, slots=True)
class Change:
    """Another price than the person knew. ``since`` is None where what is published is the same,
    and a free one is gone or a waiver has come or gone."""

    was: Terms
    now: Terms
    since: date | None
    was_due_fen: int | None  # None: nothing was ordered yet
    due_fen: int


def price_list(work: Work, at: date) -> list[Row]:
    """Of every kind whose service is open here, in the order of ``GOODS``."""
    rows = []
    for goods in GOODS.values():
        try:
            rows.append(_row(work, goods.fee, goods.title, at))
        except Refused:  # the service has no policy here
            continue
    return rows


def change(work: Work, application: Application, now: Price) -> Change | None:
    """How the price differs from what its applicant agreed to, saved, or was told when filing."""
    goods = GOODS[application.kind]
    before = orders.latest_order(work, application)
    line = orders.line_of(work, before) if before else None
    version = line.policy_version if line and line.policy_version else application.policy_version
    was, is_ = terms(work, goods.fee, version), terms(work, goods.fee, now.version)
    was_due = before.total_fen if before else None
    if was_due == now.due_fen or (was_due is None and now.due_fen == 0):
        return None
    if (was.price_fen, was.free) != (is_.price_fen, is_.free):
        since = _row(work, goods.fee, goods.title, local_date(work.now)).since
        return Change(was, is_, since, was_due, now.due_fen)
    return None if was_due is None else Change(was, is_, None, was_due, now.due_fen)


def _row(work: Work, fee: Fee, title: Title, at: date) -> Row:
    version = store.version_in_force(work, fee.policy, at)
    now = terms(work, fee, version)
    since, coming = None, None
    for day, each in _timeline(work, fee.policy):
        then = terms(work, fee, each)
        if day > at:
            if then != now:
                coming = Dated(day, then)
                break
        elif then != now:
            since = None
        elif since is None:
            since = day
    return Row(fee, title, now, version, since or at, coming)


def _timeline(work: Work, policy: str) -> list[tuple[date, int]]:
    """From which day which version counts: of two with the same day, the one published later."""
    rows = work.session.execute(
        select(PolicyVersion.valid_from, PolicyVersion.version)
        .where(PolicyVersion.institution_id == work.institution, PolicyVersion.name == policy)
        .order_by(PolicyVersion.valid_from, PolicyVersion.version)
    )
    return sorted({day: version for day, version in rows}.items())
