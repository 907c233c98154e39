"""The other side: what somebody is shown who has a link, and what is remembered of it.

Every look at the facts takes the link's row first, as stopping it does: whatever is shown was shown
before the stop. A look is told from another by keyed marks, which are of no use elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from backend import previews
from backend.documents.facts import TranscriptFacts
from backend.identity import throttle
from backend.models import Application, Credential, Institution, Person, Share, ShareView
from backend.sealing import masked_name
from backend.sharing import making, pins
from backend.sharing.making import is_live
from backend.work import Work

ONE_VIEW = timedelta(hours=1)  # the same browser again is the same view
TOLD_AT_MOST = timedelta(hours=1)  # its owner, once, for each link
MOST_WRONG = 10  # PINs; then the link is locked until its owner makes another one
SAID_LENGTH = 40  # characters


@dataclass(frozen=True, slots=True)
class Landing:
    """Before anything is asked for. ``key`` is what opens it at present; "" where nothing is needed."""

    institution: tuple[str, str]  # in Chinese and in English
    owner: str  # masked
    purpose: str
    until: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Shown:
    """``facts`` are None where the document does not stand: then nothing is shown of it."""

    facts: TranscriptFacts | None
    fields: tuple[str, ...]
    owner: str  # masked
    purpose: str
    recipient: str
    until: datetime
    issued_at: datetime
    status: str
    status_since: datetime
    status_why: str


@dataclass(frozen=True, slots=True)
class Try:
    """A PIN may be looked at, with no transaction open: against this."""

    pin_hash: str
    key: str


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime


class NeedsPin:
    """The link is live, but was not opened with the PIN it has now."""


def landing(work: Work, share_id: str) -> Landing | None:
    """None where the link opens nothing, for whatever reason."""
    row = work.session.execute(
        select(Share, Person.name, Institution.name_zh, Institution.name_en)
        .join(Person, Person.id == Share.owner_id)
        .join(Institution, Institution.id == Share.institution_id)
        .where(Share.id == share_id, Share.institution_id == work.institution)
    ).first()
    if row is None or not is_live(row[0], work.now):
        return None
    share: Share = row[0]
    return Landing(
        (row[2], row[3]), masked_name(row[1]), share.purpose, share.expires_at, pins.key(share)
    )


# --- the PIN --------------------------------------------------------------------------------


def take_try(work: Work, share_id: str, here: str) -> Try | Wait | None:
    """Count a try before it is looked at, so that many at once are no way around it.

    Tries are slowed for the link and for the address they come from (``here``), and the link locks
    after so many from anywhere. None where the link opens nothing.
    """
    share = _locked(work, share_id)
    if share is None or not is_live(share, work.now) or share.pin_hash is None:
        return None
    if share.wrong_pins >= MOST_WRONG:  # the last try was never looked at
        _lock(work, share)
        return None
    if until := throttle.take(work, _who(share_id), throttle.address(here)):
        return Wait(until)
    share.wrong_pins += 1
    work.session.flush()
    return Try(share.pin_hash, pins.key(share))


def was_right(work: Work, share_id: str, one: Try, here: str) -> None:
    """It is no failure of the link, nor of the address. What came before still counts."""
    share = _locked(work, share_id)
    throttle.give_back(work, throttle.address(here))
    if share is not None and pins.key(share) == one.key:
        throttle.clear(work, _who(share_id))
        share.wrong_pins = max(share.wrong_pins - 1, 0)
        work.session.flush()


def was_wrong(work: Work, share_id: str, one: Try, here: str) -> datetime | None:
    """Until when the next try waits. The last one locks the link, and its owner is told."""
    share = _locked(work, share_id)
    if share is None or not is_live(share, work.now) or pins.key(share) != one.key:
        return None
    if share.wrong_pins >= MOST_WRONG:
        _lock(work, share)
    return throttle.waiting(work, _who(share_id), throttle.address(here))


def _lock(work: Work, share: Share) -> None:
    number = _number(work, share)
    making.end(work, share, number, making.LOCKED)
    work.emit("share.locked", number, share=share.id, owner=share.owner_id)


def _who(share_id: str) -> str:
    return throttle.account(f"share:{share_id}")


# --- the facts ------------------------------------------------------------------------------


def view(
    work: Work, share_id: str, *, key: str, browser: str, network: str, said: str = ""
) -> Shown | NeedsPin | None:
    """What the link shows now, counted. ``key`` is what it was opened with (``Landing.key``);
    ``browser`` and ``network`` are known here by their marks only.
    """
    share = _locked(work, share_id)
    if share is None or not is_live(share, work.now):
        return None
    if pins.key(share) != key:
        return NeedsPin()
    credential, owner = _document(work, share)
    stands = credential.status == "issued"
    facts = previews.facts_of(work, credential.snapshot) if stands else None
    if stands:
        _count(work, share, browser, network, said)
    return Shown(
        facts=facts,
        fields=tuple(share.fields),
        owner=masked_name(owner.name),
        purpose=share.purpose,
        recipient=share.recipient,
        until=share.expires_at,
        issued_at=credential.issued_at,
        status=credential.status,
        status_since=credential.status_since,
        status_why=credential.status_why,
    )


def _document(work: Work, share: Share) -> tuple[Credential, Person]:
    """As it is now; whoever revokes it waits until this look is over, or this look for them."""
    credential = work.session.scalars(
        select(Credential)
        .where(Credential.id == share.credential_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()
    return credential, work.session.get_one(Person, share.owner_id)


def _count(work: Work, share: Share, browser: str, network: str, said: str) -> None:
    visitor = work.identity.mark("share visitor", f"{share.id}:{browser}")
    before = work.session.scalar(
        select(ShareView)
        .where(
            ShareView.share_id == share.id,
            ShareView.visitor == visitor,
            ShareView.at > work.now - ONE_VIEW,
        )
        .order_by(ShareView.at.desc())
        .limit(1)
    )
    if before is not None:
        before.said = before.said or said[:SAID_LENGTH]
        return
    tell = share.tell and not _told_lately(work, share)
    work.session.add(
        ShareView(
            institution_id=work.institution,
            share_id=share.id,
            at=work.now,
            visitor=visitor,
            network=work.identity.mark("share network", f"{share.id}:{network}"),
            said=said[:SAID_LENGTH],
            told=tell,
        )
    )
    share.views += 1
    share.last_view_at = work.now
    work.session.flush()
    if tell:
        work.emit("share.viewed", _number(work, share), share=share.id, owner=share.owner_id)


def _told_lately(work: Work, share: Share) -> bool:
    latest = work.session.scalar(
        select(func.max(ShareView.at)).where(
            ShareView.share_id == share.id, ShareView.told.is_(True)
        )
    )
    return latest is not None and latest > work.now - TOLD_AT_MOST


def _locked(work: Work, share_id: str) -> Share | None:
    """Until this transaction is over nobody stops it, and nobody else looks."""
    return work.session.scalar(
        select(Share)
        .where(Share.id == share_id, Share.institution_id == work.institution)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _number(work: Work, share: Share) -> str:
    return work.session.scalars(
        select(Application.number)
        .join(Credential, Credential.application_id == Application.id)
        .where(Credential.id == share.credential_id)
    ).one()
