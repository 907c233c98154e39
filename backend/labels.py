"""Staff say what an unclear message meant; labelled ones become examples for the interpreter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from sqlalchemy import func, or_, select, update

from backend import audit
from backend.authority import Role, roles
from backend.clock import SHANGHAI
from backend.errors import AlreadyHandled, NotAllowed
from backend.models import AuditEntry, UnclearMessage
from backend.unclear import DISCARDED, waiting
from backend.work import Work

HELD = timedelta(minutes=15)  # so long nobody else is shown it
LOOKED_AT = 20  # messages that cannot be opened, before there are none
LABELLERS = frozenset({Role.ACADEMIC_AFFAIRS, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Unclear:
    """A message to label. ``likely`` are intents; ``suggested`` is what its author did next, or ""."""

    number: str
    words: str
    likely: tuple[str, ...]
    suggested: str
    done: int  # that this person has labelled today
    left: int  # that wait, this one among them


@dataclass(frozen=True, slots=True)
class Labelled:
    """A masked message and the intent that staff gave it."""

    number: str
    words: str
    intent: str


def may_label(work: Work) -> bool:
    return work.actor is not None and bool(roles(work, work.actor) & LABELLERS)


def require_labeller(work: Work) -> int:
    if not may_label(work):
        raise NotAllowed
    return work.actor or 0


def count(work: Work) -> int:
    """How many wait for a label."""
    return work.session.scalar(select(func.count()).where(waiting(work))) or 0


def next_one(work: Work) -> Unclear | None:
    """The one that waits longest and that nobody else looks at; it is the actor's for a while."""
    person = require_labeller(work)
    free = or_(
        UnclearMessage.held_until.is_(None),
        UnclearMessage.held_until <= work.now,
        UnclearMessage.held_by == person,
    )
    closed: list[int] = []  # what cannot be opened: a key may have been lost
    while len(closed) < LOOKED_AT:
        queue = (
            select(UnclearMessage)
            .where(waiting(work), free, UnclearMessage.id.not_in(closed))
            .order_by(UnclearMessage.place, UnclearMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        one = work.session.scalars(queue).first()
        if one is None:
            break
        words = _opened(work, one)
        if words is not None:
            one.held_by, one.held_until = person, work.now + HELD
            work.session.flush()
            likely = tuple(dict.fromkeys(filter(None, (one.suggested, *one.ranking))))
            return Unclear(one.number, words, likely, one.suggested, done(work), count(work))
        closed.append(one.id)
    return None


def done(work: Work) -> int:
    """How many the actor has labelled since midnight."""
    local = work.now.astimezone(SHANGHAI)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = select(func.count()).where(
        UnclearMessage.institution_id == work.institution,
        UnclearMessage.labelled_by == work.actor,
        UnclearMessage.labelled_at >= midnight,
    )
    return work.session.scalar(today) or 0


def label(work: Work, number: str, intent: str) -> None:
    """Say what it meant (``DISCARDED``: nothing that helps). Raises AlreadyHandled."""
    person = require_labeller(work)
    changed = work.session.scalars(
        update(UnclearMessage)
        .where(UnclearMessage.number == number, waiting(work))
        .values(label=intent, labelled_by=person, labelled_at=work.now)
        .returning(UnclearMessage.number)
    ).all()
    if not changed:
        raise handled(work, number)
    audit.record(work, number, "label", "waiting", "labelled", intent)


def handled(work: Work, number: str) -> Exception:
    """Somebody was faster; or it is gone, of which nothing is told."""
    entry = audit.last(work, number, "label")
    if entry is None:
        return NotAllowed()
    return AlreadyHandled(
        number=number, event=entry.event, by=entry.actor_id, at=entry.at.isoformat()
    )


def skip(work: Work, number: str) -> None:
    """To the end of the queue, for whoever comes to it then."""
    require_labeller(work)
    last = work.session.scalar(select(func.max(UnclearMessage.place)).where(waiting(work)))
    place = max(work.now, (last or work.now) + timedelta(milliseconds=1))
    work.session.execute(
        update(UnclearMessage)
        .where(UnclearMessage.number == number, waiting(work))
        .values(place=place, held_by=None, held_until=None)
    )


def undo(work: Work) -> bool:
    """The actor's last label of the day is taken back, and it is the next one again."""
    person = require_labeller(work)
    last = work.session.scalars(
        select(UnclearMessage)
        .where(
            UnclearMessage.institution_id == work.institution,
            UnclearMessage.labelled_by == person,
            UnclearMessage.labelled_at > work.now - timedelta(days=1),
            UnclearMessage.expires_at > work.now,
        )
        .order_by(UnclearMessage.labelled_at.desc(), UnclearMessage.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return False
    audit.record(work, last.number, "undo", "labelled", "waiting", last.label)
    last.label, last.labelled_by, last.labelled_at = "", None, None
    last.held_by, last.held_until = person, work.now + HELD
    last.place = work.now - timedelta(days=365)  # before all others
    work.session.flush()
    return True


def labelled(work: Work) -> list[Labelled]:
    """Everything that staff have given an intent, in the order of keeping."""
    found = work.session.scalars(
        select(UnclearMessage)
        .where(
            UnclearMessage.institution_id == work.institution,
            UnclearMessage.label.not_in(("", DISCARDED)),
            UnclearMessage.expires_at > work.now,
        )
        .order_by(UnclearMessage.id)
    ).all()
    opened = ((one, _opened(work, one)) for one in found)
    return [Labelled(one.number, words, one.label) for one, words in opened if words is not None]


def last_meant(work: Work, numbers: Iterable[str]) -> dict[str, str]:
    """What staff last said each of these messages meant, of those erased since too; nothing of those
    whose label was taken back.
    """
    entries = work.reading.execute(
        select(AuditEntry.subject, AuditEntry.event, AuditEntry.why)
        .where(
            AuditEntry.institution_id == work.institution,
            AuditEntry.subject.in_(set(numbers)),
            AuditEntry.event.in_(("label", "undo")),
        )
        .order_by(AuditEntry.id)
    )
    meant = {number: why if event == "label" else "" for number, event, why in entries}
    return {number: intent for number, intent in meant.items() if intent not in ("", DISCARDED)}


def _opened(work: Work, one: UnclearMessage) -> str | None:
    if work.sealer is None:
        return None
    try:
        return work.sealer.open(one.sealed)
    except InvalidTag:
        return None
