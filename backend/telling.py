"""When a notice is pushed to somebody's phone. The conversation itself has it at once, always.

At night nothing but what is urgent; and what officers have to decide is gathered out of hours into
one message of the next working morning, instead of one each.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend import authority
from backend.authority import DECIDERS, REVIEWERS, Role
from backend.clock import SHANGHAI
from backend.models import Conversation, Digest, Outbound
from backend.policy import store
from backend.policy.offices import CalendarPolicy
from backend.policy.telling import TellingPolicy
from backend.reviewing.kinds import KINDS
from backend.work import Work
from backend.workdays import is_workday

# However else a case comes to reviewers, it is told as one that was filed.
AS_FILED = {
    f"{kind}.{event}": "review.filed"
    for kind in KINDS
    for event in ("refer", "answer", "send_back")
}
LOOK_BACK = timedelta(days=14)  # for what was held back, where there has been no digest yet
UNSEEN = timedelta(minutes=10)  # a prompt of a turn that took so long may be younger than it looks


def gathered(policy: TellingPolicy, calendar: CalendarPolicy, kind: str, now: datetime) -> bool:
    """Whether the next digest tells of it instead: out of hours, when it is not urgent.

    Hours are from the digest until the quiet hours begin, on working days.
    """
    listed = AS_FILED.get(kind, kind) in policy.gathered
    if kind in policy.urgent or not listed or policy.digest_at is None:
        return False
    local = now.astimezone(SHANGHAI)
    in_hours = local.time() >= policy.digest_at and not policy.quiet(local.time())
    return not (in_hours and is_workday(local.date(), calendar))


def when_to_tell(policy: TellingPolicy, kind: str, now: datetime) -> datetime:
    """The first moment, from now on, at which a notice of this kind may be pushed by itself (UTC).

    That is now, or when the quiet hours are over.
    """
    local = now.astimezone(SHANGHAI)
    if kind in policy.urgent or policy.quiet_until is None or not policy.quiet(local.time()):
        return now
    until = datetime.combine(local.date(), policy.quiet_until, SHANGHAI)
    if until <= local:
        until += timedelta(days=1)
    return until.astimezone(UTC)


def later(work: Work, kind: str) -> datetime | None:
    """Not before this moment; None is now."""
    when = when_to_tell(store.telling(work), kind, work.now)
    return None if when <= work.now else when


def left_to_digest(work: Work, kind: str) -> bool:
    """It is not pushed by itself: the digest of the next working morning tells of it."""
    return gathered(store.telling(work), store.calendar(work), kind, work.now)


def send_digests(work: Work) -> int:
    """Once a working day, at its time: tell everybody to whom something was held back.

    Announces one event with their ids; returns how many. Safe to repeat.
    """
    policy, calendar = store.telling(work), store.calendar(work)
    local = work.now.astimezone(SHANGHAI)
    if policy.digest_at is None or local.time() < policy.digest_at or policy.quiet(local.time()):
        return 0
    if not is_workday(local.date(), calendar):
        return 0
    last = work.session.scalar(
        select(Digest)
        .where(Digest.institution_id == work.institution)
        .order_by(Digest.day.desc())
        .limit(1)
    )
    if last is not None and last.day >= local.date():
        return 0
    try:
        with work.session.begin_nested():
            today = Digest(institution_id=work.institution, day=local.date(), sent_at=work.now)
            work.session.add(today)
    except IntegrityError:  # another process was faster
        return 0
    people = held_back(work, last.sent_at - UNSEEN if last else work.now - LOOK_BACK)
    if people:
        work.emit("digest", local.date().isoformat(), people=people)
    return len(people)


def held_back(work: Work, since: datetime) -> list[int]:
    """Who was shown a prompt out of hours since then that is still open, and decides."""
    policy, calendar = store.telling(work), store.calendar(work)
    open_prompts = work.session.execute(
        select(Conversation.person_id, Outbound.created_at)
        .join(Conversation, Conversation.id == Outbound.conversation_id)
        .where(
            Outbound.institution_id == work.institution,
            Outbound.about.is_not(None),
            Outbound.closed.is_(None),
            Outbound.created_at > since,
            Conversation.person_id.is_not(None),
        )
        .order_by(Outbound.id)
    )
    people = dict.fromkeys(
        person
        for person, at in open_prompts
        if person is not None
        and any(gathered(policy, calendar, kind, at) for kind in policy.gathered)
    )
    told = DECIDERS | REVIEWERS | {Role.FINANCE}
    return [one for one in people if authority.roles(work, one) & told]
