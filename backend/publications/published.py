"""The documents that staff have published, as they were known at a moment; read once in a process.

What is cheap to ask, how many there are and when the last changed, is asked every time, so that
another process's publication is known at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from backend.clauses.clause import Document
from backend.clauses.library import read
from backend.models import PublishedDocument
from backend.publications.offices import SHIPPED
from backend.work import Work

KEPT = ("published documents", 0)  # in Work.policies

_OURS = PublishedDocument.institution_id == bindparam("institution")
_STATE = select(
    func.count(),
    func.max(PublishedDocument.published_at),
    func.count(PublishedDocument.withdrawn_at),
    func.max(PublishedDocument.withdrawn_at),
).where(_OURS)
_ALL = (
    select(
        PublishedDocument.body,
        PublishedDocument.text,
        PublishedDocument.office,
        PublishedDocument.published_at,
        PublishedDocument.withdrawn_at,
    )
    .where(_OURS)
    .order_by(PublishedDocument.id)
)


@dataclass(frozen=True, slots=True)
class Publication:
    """``since`` is when it was published, ``until`` when it was withdrawn; ``office`` the role by which."""

    document: Document
    office: str
    since: datetime
    until: datetime | None

    def known(self, at: datetime) -> bool:
        """Nobody is held to what was published after they filed, whatever day it begins; and whoever
        filed before it was withdrawn keeps it."""
        return self.since <= at and (self.until is None or at < self.until)


def documents(work: Work, at: datetime, *, without: str = "") -> tuple[Document, ...]:
    """Those that staff had published by then, and had not withdrawn; ``without`` is the id of one that
    is taken for withdrawn."""
    counting: list[Document] = []
    gone: dict[str, Document] = {}
    for one in publications(work):
        if one.known(at) and one.document.id != without:
            counting.append(one.document)
        else:
            gone[one.document.id] = one.document
    return tuple(_heir(one, gone) for one in counting)


def _heir(document: Document, gone: Mapping[str, Document]) -> Document:
    """Whoever has taken the place of a document that was withdrawn has taken the place of those, too,
    that it had replaced: they were never meant to come back beside it."""
    if gone.keys().isdisjoint(document.supersedes):
        return document
    replaced = list(document.supersedes)
    for old in replaced:  # grows on the way
        if old in gone:
            replaced += [one for one in gone[old].supersedes if one not in replaced]
    return document.model_copy(update={"supersedes": tuple(replaced)})


def offices(work: Work) -> dict[str, str]:
    """The role of the office whose each document is, by the document's id."""
    return {**SHIPPED} | {one.document.id: one.office for one in publications(work)}


def publications(work: Work) -> tuple[Publication, ...]:
    where = {"institution": work.institution}
    state: tuple[Any, ...] = tuple(work.reading.execute(_STATE, where).one())
    kept = work.policies.get(KEPT)
    if kept is not None and kept[0] == state:
        found: tuple[Publication, ...] = kept[1]
        return found
    known = {} if kept is None else {one.document.id: one.document for one in kept[1]}
    found = tuple(
        Publication(known.get(body["document"]["id"]) or read(body, text), office, since, until)
        for body, text, office, since, until in work.reading.execute(_ALL, where)
    )
    if all(moment is None or moment < work.now for moment in (state[1], state[3])):
        work.policies[KEPT] = (state, found)  # not what this very transaction wrote
    return found
