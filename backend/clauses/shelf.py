"""Which documents count for an institution today: what ships, and what its staff have published."""

from collections.abc import Callable, Iterable

from backend.clauses.clause import Document
from backend.clauses.library import Library, shipped
from backend.clock import local_date
from backend.work import Work

Publications = Callable[[Work], Iterable[Document]]
"""Documents that staff have published for the institution, whatever their day (``library.read``)."""

_kept: dict[tuple[str, str], Library] = {}


def none_published(_: Work) -> tuple[Document, ...]:
    """Until staff can publish documents, there are none but the shipped ones."""
    return ()


def in_force(work: Work, published: Publications = none_published) -> Library:
    """Today's library. It is the same object as long as the documents and the day are the same."""
    today = local_date(work.now)
    documents = (*shipped(), *published(work))
    key = (today.isoformat(), "\n".join(f"{one.id} {one.dated}" for one in documents))
    if key not in _kept:
        _kept.clear()
        _kept[key] = Library(documents, today)
    return _kept[key]
