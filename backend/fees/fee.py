"""Where a kind of application has its price: entries of a dated policy. No number is written here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from backend.policy import store
from backend.policy.entries import NotSet
from backend.work import Work


class Unit(StrEnum):
    """What is paid for once."""

    COPY = "copy"
    PERSON = "person"
    APPLICATION = "application"


def nothing_spent(_work: Work, _person: int) -> Collection[str]:
    return ()


def no_window(_work: Work) -> datetime | None:
    return None


def always(_policy: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Fee:
    """The fee for one ``kind`` of application.

    ``price`` is the path of the entry with the price in fen, ``hours`` of how long an order may be
    paid, and ``free`` of how many are free for each person, where there is such a quota. ``spent``
    tells for which varieties a person has no free one left from the start, by ``spent_rule``;
    ``closes`` until when it can be paid at all, and raises Refused where it cannot be now; ``here``
    whether it is paid here under a policy, or elsewhere; ``unset`` is what is refused with where no
    price is published.
    """

    kind: str
    policy: str
    price: str
    hours: str
    unit: Unit = Unit.APPLICATION
    hours_rule: str = ""  # the clause by which an order must be paid in time; that of the price
    free: str = ""
    spent: Callable[[Work, int], Collection[str]] = nothing_spent
    spent_rule: str = ""
    closes: Callable[[Work], datetime | None] = no_window
    here: Callable[[Any], bool] = always
    unset: str = "price_not_set"

    @property
    def rule(self) -> str:
        """The clause that the price rests on."""
        return rule_of(self.policy, self.price)

    @property
    def office(self) -> str:
        return store.KINDS[self.policy].office


@dataclass(frozen=True, slots=True)
class Terms:
    """What one costs beyond those that are free, under a version of the policy.

    ``price_fen`` is None where none is set; ``free`` is how many each person has for nothing.
    """

    price_fen: int | None
    free: int
    here: bool


def terms(work: Work, fee: Fee, version: int) -> Terms:
    policy = store.load(work, fee.policy, version)
    free = entry(policy, fee.free) if fee.free else 0
    return Terms(entry(policy, fee.price), free, fee.here(policy))


def expires_at(work: Work, fee: Fee) -> datetime:
    """Until when an order that is confirmed now may be paid: so many hours, and within its window.

    Raises NotSet where the institution has decided neither, Refused where the window is closed.
    """
    closes = fee.closes(work)
    policy = store.load(work, fee.policy, store.version_in_force(work, fee.policy))
    hours = entry(policy, fee.hours)
    ends = [closes] if closes else []
    if hours is not None:
        ends.append(work.now + timedelta(hours=hours))
    if not ends:
        raise NotSet(fee.hours.split(".")[-1], fee.hours_rule or fee.rule, fee.office)
    return min(ends)


def entry(policy: BaseModel, path: str) -> Any:
    return attrgetter(path)(policy)


@cache
def rule_of(policy: str, path: str) -> str:
    """The clause that an entry of a policy rests on; "" where no document gives it."""
    model: Any = store.KINDS[policy].model
    *way, last = path.split(".")
    for step in way:
        model = model.model_fields[step].annotation
    extra = model.model_fields[last].json_schema_extra or {}
    return next(iter(extra.get("rule", ())), "")
