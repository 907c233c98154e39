"""The documents in force on a day: those that ship with the assistant and those published since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
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
        """Documents dated later than ``on`` do not count yet."""
        self.documents = tuple(one for one in documents if begun(one, on))
        later = {
            old: new
            for new in sorted(self.documents, key=lambda d: d.dated)
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


def begun(document: Document, on: date) -> bool:
    return document.dated <= on.isoformat()[: len(document.dated)]


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
        digest.update(document.model_dump_json(exclude={"text"}).encode())
    return digest.hexdigest()
