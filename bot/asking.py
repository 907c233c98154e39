"""Questions in, one JSON object a line out: what ``registrar ask`` prints.

The documents answer here, those too that staff have published where there is an installation: nobody's
own data, no policy published since.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from backend.clauses import shooting
from backend.clauses.clause import Document
from backend.clauses.finding import Finder, Found
from backend.clauses.library import Entry, Library, shipped
from backend.clock import SystemClock, local_date
from backend.publications.offices import SHIPPED
from backend.publications.published import documents, offices
from bot.prepare import NothingYet, work_there
from bot.settings import Settings
from dialogs.rules.answering import found_in
from nlu.answers.finder import ClauseFinder


@dataclass(frozen=True, slots=True)
class Published:
    """What staff have published, and the role of the office whose each document is."""

    documents: tuple[Document, ...] = ()
    whose: Mapping[str, str] = field(default_factory=lambda: SHIPPED)


def published_here(settings: Settings) -> Published:
    """Nothing where nothing has been set up yet.

    Raises NotReady where something has, and cannot be read: half of an answer would be a wrong one.
    """
    try:
        with work_there(settings) as work:
            return Published(documents(work, work.now), offices(work))
    except NothingYet:
        return Published()


def answer_lines(
    lines: Iterable[str], finder: Finder | None = None, published: Published | None = None
) -> Iterator[str]:
    """One JSON object for each line, empty ones too, so that the two can be laid side by side.

    ``{"question", "answer", "answer_en", "abstained", "confidence", "rules", "clauses", "quotes",
    "near"}``; each quote has its ``text``, ``clause``, ``rule``, ``document``, ``dated``, ``source``,
    where it stands (``offset``, ``end``, and ``offset_without_space``), and by what it is ``superseded_by``.
    What counts no longer answers only where the chat would tell it too: asked for, or nothing else does.
    """
    finder = finder or ClauseFinder.load()
    published = published or Published()
    library = Library((*shipped(), *published.documents), local_date(SystemClock().now()))
    for line in lines:
        question = line.rstrip("\r\n")
        told = answer(question, found_in(finder, library, published.whose, question), library)
        yield json.dumps(told, ensure_ascii=False)


def answer(question: str, found: Found, library: Library) -> dict[str, Any]:
    """The first clause's fact with its note; the quotes of every clause that answers, and of those
    that say otherwise."""
    answering = [library[clause] for clause in found.answering]
    answering[:1] = [with_rows(entry, question) for entry in answering[:1]]
    first = answering[0].clause if answering else None
    conflicting = [library[one] for one in first.conflicts] if first else []
    return {
        "question": question,
        "answer": " ".join(filter(None, (first.fact, first.note))) if first else "",
        "answer_en": " ".join(filter(None, (first.fact_en, first.note_en))) if first else "",
        "abstained": first is None,
        "confidence": round(found.confidence, 4),
        "rules": list(dict.fromkeys(entry.clause.rule for entry in answering)),
        "clauses": [entry.clause.id for entry in answering],
        "conflicts": [entry.clause.id for entry in conflicting],
        "quotes": [one for entry in (*answering, *conflicting) for one in quotes(entry)],
        "near": list(found.near) if first is None else [],
        "elsewhere": found.elsewhere,
    }


def with_rows(entry: Entry, question: str) -> Entry:
    """The clause on when and where units are photographed, with the rows of those that are named (P1)."""
    clause = entry.clause
    if clause.id not in shooting.CLAUSES_OF_A_ROW:
        return entry
    rows = [row.quote for row in shooting.named_in(entry.document, question)]
    facts = {"fact": " ".join([clause.fact, *rows]), "fact_en": " ".join([clause.fact_en, *rows])}
    quoted = {"quotes": (*rows, *clause.quotes)}
    return replace(entry, clause=clause.model_copy(update=facts | quoted))


def quotes(entry: Entry) -> Iterator[dict[str, Any]]:
    document, clause = entry.document, entry.clause
    for quote in document.quoted(clause):
        yield {
            "text": quote.text,
            "clause": clause.id,
            "rule": clause.rule,
            "document": document.title,
            "dated": document.dated,
            "source": document.source,
            "offset": quote.offset,
            "end": quote.end,
            "offset_without_space": quote.squeezed,
            "superseded_by": entry.superseded_by.title if entry.superseded_by else "",
        }
