"""Which documents count for an institution on a day: what ships, and what its staff have published."""

from collections.abc import Callable, Iterable
from datetime import date

from backend.clauses.clause import Document
from backend.clauses.library import Library, shipped
from backend.clock import local_date
from backend.publications.published import documents
from backend.work import Work

Publications = Callable[[Work, date], Iterable[Document]]
"""Documents of the institution's own, as they were known on the day (``library.read``)."""

MOST_KEPT = 4  # today's, and those of a few days on which something was filed

_kept: dict[tuple[str, str], Library] = {}


def in_force(work: Work, published: Publications = documents, *, on: date | None = None) -> Library:
    """The library of a day, by default today's: for what was filed, that of the day of filing.

    It is the same object as long as the documents and the day are the same.
    """
    day = on or local_date(work.now)
    known = (*shipped(), *published(work, day))
    key = (day.isoformat(), "\n".join(f"{one.id} {one.since}" for one in known))
    if key not in _kept:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = Library(known, day)
    return _kept[key]
