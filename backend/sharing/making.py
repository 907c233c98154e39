"""The owner's side: making a link, seeing who looked, and stopping it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, func, select

from backend import audit, credentials, transcripts
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.identity import throttle
from backend.models import Application, Credential, Share, ShareView
from backend.policy import store
from backend.sharing import pins
from backend.work import Work
from backend.workdays import after_months

BASIC, COURSES, SCORES, GPA = FIELDS = ("basic", "courses", "scores", "gpa")
PURPOSE_LENGTH = RECIPIENT_LENGTH = 60  # characters
RECENT = timedelta(days=30)  # for so long its owner is told of a link that has ended
LIVE, OWNER, LOCKED, EXPIRED = "live", "owner", "locked", "expired"
ENDED_BY = {OWNER: "share_stop", LOCKED: "share_lock", EXPIRED: "share_expire"}  # in the audit


@dataclass(frozen=True, slots=True)
class Terms:
    """What its owner chose. ``purpose`` and ``recipient`` are shown to whoever opens the link."""

    purpose: str
    recipient: str
    fields: tuple[str, ...]  # of FIELDS
    months: int
    pin: bool
    tell: bool

    def __post_init__(self) -> None:
        if BASIC not in self.fields or not set(self.fields) <= set(FIELDS):
            raise ValueError(f"nothing that can be shared: {self.fields}")
        if SCORES in self.fields and COURSES not in self.fields:
            raise ValueError("scores without their courses")
        if not self.purpose or len(self.purpose) > PURPOSE_LENGTH:
            raise ValueError("the purpose is too long, or missing")
        if len(self.recipient) > RECIPIENT_LENGTH:
            raise ValueError("the recipient is too long")


@dataclass(frozen=True, slots=True)
class Owned:
    """A link as its owner sees it."""

    share: Share
    number: str  # of the application
    status: str  # of the document

    def live(self, now: datetime) -> bool:
        return is_live(self.share, now)


@dataclass(frozen=True, slots=True)
class ShownPin:
    """To be shown when ``pins.right`` says so of the other two: policy may ask for other digits."""

    pin: str
    pin_hash: str
    mark: str


def is_live(share: Share, now: datetime) -> bool:
    """Whether the link itself opens; the document may still have fallen."""
    return share.stopped_at is None and share.expires_at > now


def live_at(now: datetime) -> ColumnElement[bool]:
    """The same, as a condition."""
    return Share.stopped_at.is_(None) & (Share.expires_at > now)


def shareable(work: Work) -> list[tuple[Application, Credential]]:
    """Own documents that stand, newest first; their files may be gone."""
    rows = work.session.execute(
        select(Application, Credential)
        .join(Credential, Credential.application_id == Application.id)
        .where(
            Credential.institution_id == work.institution,
            Credential.holder_id == work.actor,
            Application.applicant_id == work.actor,
            Credential.status == "issued",
        )
        .order_by(Credential.id.desc())
    ).all()
    return [(application, credential) for application, credential in rows]


def to_share(work: Work, number: str) -> tuple[Application, Credential]:
    """An own document that stands. Raises Refused where there is none, or it does not stand."""
    application = transcripts.own(work, number)
    credential = credentials.of_application(work, application)
    if credential is None:
        raise Refused("not_issued_yet", number=number)
    if credential.status == "superseded":
        raise Refused("not_shareable", number=number)
    if credential.status == "revoked":
        raise Refused("credential_revoked", why=credential.status_why)
    return application, credential


def check_room(work: Work) -> None:
    """Raises Refused ``too_many_shares``."""
    most = store.credential(work).share_live_most
    live = work.session.scalar(
        select(func.count())
        .select_from(Share)
        .where(
            Share.institution_id == work.institution,
            Share.owner_id == work.actor,
            live_at(work.now),
        )
    )
    if (live or 0) >= most:
        raise Refused("too_many_shares", most=most)


def make(work: Work, number: str, terms: Terms, consent: Consent) -> Share:
    """A new link; it opens until the end of its last day in Shanghai."""
    application, credential = to_share(work, number)
    policy = store.credential(work)
    if not 1 <= terms.months <= policy.share_months_most:
        raise Refused("share_too_long", most=policy.share_months_most)
    if GPA in terms.fields and credential.gpa != "with":
        raise ValueError("the document says nothing of a GPA")
    check_room(work)
    share = Share(
        id=token_urlsafe(16),
        institution_id=work.institution,
        credential_id=credential.id,
        owner_id=application.applicant_id,
        purpose=terms.purpose,
        recipient=terms.recipient,
        fields=[field for field in FIELDS if field in terms.fields],
        language=credential.language,
        tell=terms.tell,
        made_at=work.now,
        expires_at=after_months(work.now, terms.months),
        consent_id=keep(work, consent),
    )
    if terms.pin:
        pins.make(work, share, policy.share_pin_digits)
    work.session.add(share)
    work.session.flush()
    audit.record(work, subject(application.number), "share", "", LIVE)
    return share


# --- what there is --------------------------------------------------------------------------


def own(work: Work, ended_since: datetime | None = None) -> list[Owned]:
    """Own links, newest first: those that are live, and those that ended since."""
    live = live_at(work.now)
    ended = func.coalesce(Share.stopped_at, Share.expires_at) >= (ended_since or work.now)
    rows = work.session.execute(
        _OWNED.where(
            Share.institution_id == work.institution,
            Share.owner_id == work.actor,
            live | ended if ended_since else live,
        )
        .order_by(Share.made_at.desc(), Share.id)
        .execution_options(populate_existing=True)
    ).all()
    return [Owned(*row) for row in rows]


_OWNED = (
    select(Share, Application.number, Credential.status)
    .join(Credential, Credential.id == Share.credential_id)
    .join(Application, Application.id == Credential.application_id)
)


def one(work: Work, share_id: str) -> Owned:
    """Of the person who acts; anybody else's does not exist for them."""
    row = work.session.execute(
        _OWNED.where(
            Share.id == share_id,
            Share.institution_id == work.institution,
            Share.owner_id == work.actor,
        )
        .with_for_update(of=Share)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise Refused("no_such_share")
    return Owned(*row)


def views(work: Work, share: Share, most: int) -> Sequence[ShareView]:
    """The latest, first."""
    return work.session.scalars(
        select(ShareView)
        .where(ShareView.share_id == share.id)
        .order_by(ShareView.at.desc(), ShareView.id.desc())
        .limit(most)
    ).all()


def views_since(work: Work, share: Share, since: datetime) -> int:
    counted = select(func.count()).where(ShareView.share_id == share.id, ShareView.at >= since)
    return work.session.scalar(counted) or 0


def spread(work: Work, share: Share) -> tuple[int, int]:
    """From how many browsers and networks it was looked at: whether it was passed on."""
    browsers, networks = work.session.execute(
        select(
            func.count(ShareView.visitor.distinct()), func.count(ShareView.network.distinct())
        ).where(ShareView.share_id == share.id)
    ).one()
    return browsers, networks


# --- ending it ------------------------------------------------------------------------------


def stop(work: Work, share_id: str) -> Owned:
    """Nobody sees anything from this moment on. Raises Refused where it has ended already."""
    found = one(work, share_id)
    if not found.live(work.now) and found.share.stopped_why != LOCKED:
        raise Refused("share_over")
    end(work, found.share, found.number, OWNER)
    return found


def stop_all(work: Work) -> int:
    """Every own link that is live; returns how many."""
    found = [one(work, each.share.id) for each in own(work)]
    for each in found:
        end(work, each.share, each.number, OWNER)
    return len(found)


def end(work: Work, share: Share, number: str, why: str) -> None:
    """The share is locked by the caller's transaction."""
    before = share.stopped_why or LIVE  # a locked one can be stopped, too
    share.stopped_at, share.stopped_why = work.now, why
    work.session.flush()
    audit.record(work, subject(number), ENDED_BY[why], before, "stopped")


def new_pin(work: Work, share_id: str) -> Owned:
    """The old one opens nothing any more; a link that was locked opens again with the new one."""
    found = one(work, share_id)
    share = found.share
    locked = share.stopped_why == LOCKED
    if share.expires_at <= work.now or (share.stopped_at is not None and not locked):
        raise Refused("share_over")
    if share.stopped_at is not None:
        check_room(work)
    pins.make(work, share, store.credential(work).share_pin_digits)
    share.stopped_at, share.stopped_why = None, ""
    throttle.clear(work, throttle.account(f"share:{share.id}"))
    work.session.flush()
    audit.record(work, subject(found.number), "share_pin", LOCKED if locked else LIVE, LIVE)
    return found


def shown_pin(work: Work, share_id: str) -> ShownPin | None:
    """For the page behind the link, for a few minutes after it was made."""
    share = work.session.get(Share, share_id)
    if share is None or share.pin_made_at is None or share.pin_hash is None:
        return None
    if not is_live(share, work.now) or work.now >= share.pin_made_at + pins.SHOWN_FOR:
        return None
    pin = pins.made(work, share.id, share.pin_made_at, store.credential(work).share_pin_digits)
    return ShownPin(pin, share.pin_hash, pins.marked(work, share.id, pin))


def subject(number: str) -> str:
    """In the audit; not the number itself, since sharing is no step of the application."""
    return f"share:{number}"
