"""Which documents count for an institution at a moment: what ships, and what its staff have published."""

from collections.abc import Callable, Iterable
from datetime import datetime

from backend.clauses.clause import Document
from backend.clauses.library import Library, begun, shipped
from backend.clock import local_date
from backend.publications.published import documents
from backend.work import Work

Publications = Callable[[Work, datetime], Iterable[Document]]
"""Documents of the institution's own, as they were known at the moment (``library.read``)."""

MOST_KEPT = 4  # today's, and those of a few moments at which something was filed

_kept: dict[str, Library] = {}


def in_force(
    work: Work, published: Publications = documents, *, at: datetime | None = None
) -> Library:
    """The library of a moment, by default of now: for what was filed, that of its filing.

    A document counts from its day on, and only where it was known by then. It is the same object as
    long as the documents that count are the same, whatever the day.
    """
    moment = at or work.now
    day = local_date(moment)
    counting = [one for one in (*shipped(), *published(work, moment)) if begun(one, day)]
    key = "\n".join(f"{one.id} {one.since}" for one in counting)
    if key not in _kept:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = Library(counting, day)
    return _kept[key]
