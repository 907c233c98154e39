"""When a service of the exam is open (E4): by the policy of today, whatever a case was filed under."""

from dataclasses import dataclass
from datetime import datetime

from backend.errors import Refused
from backend.policy import store
from backend.policy.exam import ExamPolicy, Service, Window
from backend.work import Work

OFFICE = "exam_policy"


@dataclass(frozen=True, slots=True)
class Standing:
    """``window`` is the one that is open now, ``next`` the first to come, ``last`` the latest over."""

    service: Service
    open: bool
    window: Window | None
    next: Window | None
    last: Window | None


def standing(work: Work, service: Service) -> Standing:
    return _standing(store.exam(work), service, work.now)


def all_standings(work: Work) -> list[Standing]:
    """Of every service that has windows, in the order of ``Service``."""
    policy = store.exam(work)
    return [_standing(policy, service, work.now) for service in Service]


def require(work: Work, service: Service, rule: str = "E4") -> Window:
    """The window that is open; ``rule`` is the clause that asks for it.

    Raises Refused "window_closed", which tells when the last one closed and the next one opens
    (None where nobody has published that), and whom to ask.
    """
    now = standing(work, service)
    if now.window is not None:
        return now.window
    raise Refused(
        "window_closed",
        rule,
        service=service,
        closed=now.last.closes_at if now.last else None,
        next=now.next.opens_at if now.next else None,
        office=OFFICE,
    )


def _standing(policy: ExamPolicy, service: Service, now: datetime) -> Standing:
    windows = policy.windows_of(service)
    current = next((one for one in windows if one.has(now)), None)
    coming = next((one for one in windows if one.opens_at > now), None)
    over = [one for one in windows if one.closes_at < now and one is not current]
    return Standing(service, current is not None, current, coming, over[-1] if over else None)
