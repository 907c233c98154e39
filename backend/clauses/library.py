"""The documents in force on a day: those that ship with the assistant and those published since."""

from collections.abc import Container, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from backend.clauses.clause import Clause, Document

FOLDER = Path(__file__).parent
SHIPPED = ("transcript", "registration", "degree", "exam", "photo")
_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # thirty times as fast where it is there


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause with its document, and what has taken that document's place, if anything has."""

    clause: Clause
    document: Document
    superseded_by: Document | None = None


class Library:
    """Clauses by id, in the order of their documents."""

    def __init__(self, documents: Iterable[Document], on: date) -> None:
        """Documents that begin later than ``on`` do not count yet."""
        self.documents = tuple(one for one in documents if begun(one, on))
        later = {
            old: new
            for new in sorted(self.documents, key=lambda d: d.since)
            for old in new.supersedes
        }
        self.entries: dict[str, Entry] = {}
        for document in self.documents:
            for clause in document.clauses:
                if clause.id in self.entries:
                    raise ValueError(f"two clauses are called {clause.id}")
                self.entries[clause.id] = Entry(clause, document, later.get(document.id))

    def __getitem__(self, clause: str) -> Entry:
        return self.entries[clause]

    def same_as(self, clause: str) -> tuple[str, ...]:
        """Other clauses that answer the same questions."""
        return self._same.get(clause, ())

    @cached_property
    def _same(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, entry in self.entries.items():
            for other in entry.clause.same:
                if other in self.entries:
                    found[name] = (*found.get(name, ()), other)
                    found[other] = (*found.get(other, ()), name)
        return found

    @cached_property
    def standing(self) -> "Library":
        """Without the clauses whose place others have taken; itself where there are none."""
        left = {name: one for name, one in self.entries.items() if one.superseded_by is None}
        return self if len(left) == len(self.entries) else self._with(left)

    @cached_property
    def history(self) -> "Library":
        """Only the clauses whose place others have taken."""
        return self._with(
            {name: one for name, one in self.entries.items() if one.superseded_by is not None}
        )

    def without(self, documents: Container[str]) -> "Library":
        """Without the clauses of some documents."""
        return self._with(
            {name: one for name, one in self.entries.items() if one.document.id not in documents}
        )

    def _with(self, entries: dict[str, Entry]) -> "Library":
        some = copy(self)
        for kept in ("standing", "history", "_same"):  # these are of all entries
            some.__dict__.pop(kept, None)
        some.entries = entries
        return some


def begun(document: Document, on: date) -> bool:
    return document.since <= on.isoformat()[: len(document.since)]


def read(body: Mapping[str, Any], text: str) -> Document:
    """A document from ``{"document": {…}, "clauses": […]}`` and its whole text.

    Raises ``ValueError`` when the body has another shape or quotes what the text does not say.
    """
    return Document.model_validate({**body["document"], "clauses": body["clauses"], "text": text})


@cache
def shipped() -> tuple[Document, ...]:
    """The five documents that the services rest on."""
    found = []
    for name in SHIPPED:
        body = _READER((FOLDER / f"{name}.yml").read_text("utf-8")).get_single_data()
        source = FOLDER / "documents" / body["document"]["source"]
        found.append(read(body, source.read_text("utf-8")))
    return tuple(found)


def fingerprint(documents: Iterable[Document]) -> str:
    """Changes whenever what can be asked about them, or be answered, does."""
    digest = sha256()
    for document in documents:
        digest.update(document.model_dump_json(exclude={"text", "begins", "number"}).encode())
    return digest.hexdigest()
