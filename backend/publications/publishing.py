"""Publishing a document with its clauses, and withdrawing one that was published by mistake."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from backend import audit, authority, blobs, numbering
from backend.clauses.clause import SPACE, Document
from backend.clauses.library import begun, read, shipped
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import DocumentDraft, PublishedDocument
from backend.policy import store
from backend.publications.offices import CONTACTS, may_replace, office_of
from backend.publications.published import KEPT, documents, offices
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Content:
    """A clause as staff have checked it. ``rule`` may be empty; so may the English."""

    quotes: tuple[str, ...]
    subject: str
    fact: str
    asked: tuple[str, ...]
    rule: str = ""
    dialog: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of the whole document. ``replaces`` are ids of documents."""

    title: str
    number: str
    issuer: str
    dated: date
    begins: date
    replaces: tuple[str, ...] = ()


def publish(
    work: Work, draft: DocumentDraft, facts: Facts, clauses: Sequence[Content], consent: Consent
) -> PublishedDocument:
    """It answers from ``facts.begins`` on. Raises NotAllowed, and Refused ``nothing_to_publish``,
    ``published_already``, and ``not_replaceable`` for what is another office's, or replaced meanwhile.
    """
    office = office_of(work, work.actor) if work.actor is not None else None
    if office is None or work.actor is None or draft.owner_id != work.actor:
        raise NotAllowed
    if not clauses:
        raise Refused("nothing_to_publish")
    kept = keep(work, consent)
    store.lock(work)
    if (same := same_text(work, draft.text)) is not None:
        raise Refused("published_already", number=same.number, title=same.title)
    possible = {one.id for one in replaceable(work, facts.begins)}
    if not possible.issuperset(facts.replaces):
        raise Refused("not_replaceable")
    number = numbering.next_number(work, "N")
    blob = blobs.keep(work, draft.blob_id, expires_at=None)
    body = body_of(facts, clauses, number, blob.name, CONTACTS[office])
    document = read(body, draft.text)
    published = PublishedDocument(
        institution_id=work.institution,
        number=number,
        code=document.id,
        title=quoted(facts.title),
        begins=facts.begins,
        body=body,
        text=draft.text,
        text_sha256=digest(draft.text),
        blob_id=blob.id,
        office=office,
        published_by=work.actor,
        published_at=work.now,
        consent_id=kept,
        withdrawn_why="",
    )
    work.session.add(published)
    work.session.delete(draft)
    work.session.flush()
    work.policies.pop(KEPT, None)
    audit.record(
        work, f"document:{number}", "publish", "", "published", f"{facts.begins} {facts.title}"
    )
    return published


def withdraw(work: Work, number: str, why: str, consent: Consent) -> PublishedDocument:
    """What it replaced counts again, unless something else has taken its place meanwhile.

    Raises NotAllowed, Refused ``withdrawn_already``.
    """
    if work.actor is None:
        raise NotAllowed
    keep(work, consent)
    store.lock(work)
    found = find(work, number)
    if found is None or not may_replace(authority.roles(work, work.actor), found.office):
        raise NotAllowed
    if found.withdrawn_at is not None:
        raise Refused("withdrawn_already", number=number)
    found.withdrawn_by, found.withdrawn_at, found.withdrawn_why = work.actor, work.now, why
    work.session.flush()
    work.policies.pop(KEPT, None)
    audit.record(work, f"document:{number}", "withdraw", "published", "withdrawn", why)
    return found


def find(work: Work, number: str) -> PublishedDocument | None:
    return work.session.scalar(
        select(PublishedDocument).where(
            PublishedDocument.institution_id == work.institution,
            PublishedDocument.number == number,
        )
    )


def standing(work: Work) -> list[PublishedDocument]:
    """Those that are published and not withdrawn, the latest first; theirs to withdraw."""
    held = authority.roles(work, work.actor or 0)
    rows = work.session.scalars(
        select(PublishedDocument)
        .where(
            PublishedDocument.institution_id == work.institution,
            PublishedDocument.withdrawn_at.is_(None),
        )
        .order_by(PublishedDocument.id.desc())
    )
    return [one for one in rows if may_replace(held, one.office)]


def replaceable(work: Work, begins: date) -> list[Document]:
    """Documents in force on that day, or today, that the one who acts may replace."""
    held = authority.roles(work, work.actor or 0)
    whose = offices(work)
    return [
        one
        for one in unreplaced(known(work), max(begins, local_date(work.now)))
        if may_replace(held, whose[one.id])
    ]


def unreplaced(documents: Iterable[Document], on: date) -> list[Document]:
    """Those in force on a day."""
    begun_by_then = [one for one in documents if begun(one, on)]
    replaced = {old for one in begun_by_then for old in one.supersedes}
    return [one for one in begun_by_then if one.id not in replaced]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What withdrawing a document comes to. ``history``: something has taken its place already;
    ``again`` are those of which it has taken the place, and which then count."""

    history: bool
    again: tuple[Document, ...]


def outlook(work: Work, published: PublishedDocument) -> Outlook:
    today = local_date(work.now)
    before = {one.id for one in unreplaced(known(work), today)}
    after = unreplaced(known(work, without=published.code), today)
    replaced = published.body["document"]["supersedes"]
    return Outlook(
        history=published.begins <= today and published.code not in before,
        again=tuple(one for one in after if one.id not in before or one.id in replaced),
    )


def known(work: Work, *, without: str = "") -> tuple[Document, ...]:
    """Every document, those too that begin later; ``without`` the one with this id."""
    return (*shipped(), *documents(work, work.now, without=without))


def same_text(work: Work, text: str) -> PublishedDocument | None:
    """The one that says the same, white space aside, if it counts."""
    return work.session.scalar(
        select(PublishedDocument)
        .where(
            PublishedDocument.institution_id == work.institution,
            PublishedDocument.text_sha256 == digest(text),
            PublishedDocument.withdrawn_at.is_(None),
        )
        .limit(1)
    )


def quoted(title: str) -> str:
    """As titles are printed."""
    return title if title.startswith("《") else f"《{title}》"


def digest(text: str) -> str:
    return sha256(SPACE.sub("", text).encode()).hexdigest()


def body_of(
    facts: Facts, clauses: Sequence[Content], number: str, source: str, office: str
) -> dict[str, Any]:
    """As ``library.read`` takes it.

    Ids hold a digest of what they name: nothing that was learnt of one is ever taken for another's.
    """
    listed = [
        {
            "rule": one.rule or f"N{place}",
            "quotes": list(one.quotes),
            "en": one.en,
            "fact": one.fact,
            "fact_en": one.en,
            "topics": [one.subject] if one.subject else [],
            "asked": list(one.asked),
            "dialog": one.dialog,
            "office": office,
        }
        for place, one in enumerate(clauses, 1)
    ]
    mark = sha256(repr((number, facts, listed)).encode()).hexdigest()[:12]
    return {
        "document": {
            "id": f"{number}-{mark}",
            "title": quoted(facts.title),
            "issuer": facts.issuer,
            "dated": facts.dated.isoformat(),
            "begins": facts.begins.isoformat(),
            "number": facts.number,
            "source": source,
            "supersedes": list(facts.replaces),
        },
        "clauses": [{"id": f"N{place}.{mark}"} | one for place, one in enumerate(listed, 1)],
    }
