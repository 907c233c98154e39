"""Questions in, one JSON object a line out: what ``registrar ask`` prints.

The documents answer here, those too that staff have published where there is an installation: nobody's
own data, no policy published since.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from backend.clauses.clause import Document
from backend.clauses.finding import Finder, Found
from backend.clauses.library import Entry, Library, shipped
from backend.clock import SystemClock, local_date
from backend.publications.published import documents
from bot.assemble import office_alone
from bot.settings import NotReady, Settings
from nlu.answers.finder import ClauseFinder


def published_here(settings: Settings) -> tuple[Document, ...]:
    """What staff have published; nothing where nothing has been set up yet."""
    try:
        with office_alone(settings) as office, office.read() as work:
            return documents(work, work.now)
    except NotReady:
        return ()


def answer_lines(
    lines: Iterable[str], finder: Finder | None = None, published: Iterable[Document] = ()
) -> Iterator[str]:
    """One JSON object for each line, empty ones too, so that the two can be laid side by side.

    ``{"question", "answer", "answer_en", "abstained", "confidence", "rules", "clauses", "quotes",
    "near"}``; each quote has its ``text``, ``clause``, ``rule``, ``document``, ``dated``, ``source``,
    and where it stands (``offset``, ``end``, and ``offset_without_space``).
    """
    finder = finder or ClauseFinder.load()
    library = Library((*shipped(), *published), local_date(SystemClock().now())).standing
    for line in lines:
        question = line.rstrip("\r\n")
        told = answer(question, finder.find(question, library), library)
        yield json.dumps(told, ensure_ascii=False)


def answer(question: str, found: Found, library: Library) -> dict[str, Any]:
    """The first clause's fact with its note; the quotes of every clause that answers, and of those
    that say otherwise."""
    answering = [library[clause] for clause in found.answering]
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
