"""What staff have published: new words, which the interpreter was never taught."""

from collections.abc import Mapping
from functools import lru_cache

from backend.authority import Role
from backend.clauses import shelf
from backend.clauses.finding import Finder, Found
from backend.clauses.library import Entry, Library, shipped
from backend.publications.offices import PUBLISHERS, may_replace
from backend.publications.suggesting import questions
from backend.work import Work
from dialogs.engine.slots import plainest


def knows(work: Work, words: str) -> bool:
    """Whether a published document answers words that were not understood otherwise."""
    library = shelf.in_force(work).standing
    ours = published(library)
    if not ours:
        return False
    if asked(library, words):
        return True
    return any(one in ours for one in work.finder.find(words, library).answering[:1])


def word_for_word(
    finder: Finder, library: Library, whose: Mapping[str, str], question: str, found: Found
) -> Found:
    """Who asks in the very words that staff have given a clause is answered by that clause, unless a
    document answers that its office may not replace: nobody puts words before another office's.
    ``whose`` is the role of each document's office, by the document's id.
    """
    written = asked(library, question)
    if not written:
        return found

    def office(clause: str) -> str:
        return whose[library[clause].document.id]

    own = min(written, key=lambda one: PUBLISHERS.index(Role(office(one))))
    replaceable = frozenset(
        one for one, role in whose.items() if may_replace([Role(office(own))], role)
    )
    others = beyond(library, replaceable)
    theirs = finder.find(question, others) if others.entries else Found()
    if theirs.answering and theirs.answering[0] not in written:
        return theirs
    return Found((own,), found.near, 1.0)


@lru_cache(maxsize=4)
def beyond(library: Library, documents: frozenset[str]) -> Library:
    """The same object for the same documents: a finder prepares each library once."""
    return library.without(documents)


def asked(library: Library, question: str) -> list[str]:
    """The published clauses that staff have given this very question."""
    typed = plainest(question)
    return [
        name
        for name in published(library)
        if typed
        and typed in map(plainest, library[name].clause.asked)
        and typed not in map(plainest, suggested(library[name]))  # those are guesses
    ]


def suggested(entry: Entry) -> tuple[str, ...]:
    clause = entry.clause
    return questions(" ".join(clause.quotes), "".join(clause.topics), entry.document.title)


def published(library: Library) -> list[str]:
    """Ids of the clauses that did not ship."""
    ours = {one.id for one in library.documents} - {one.id for one in shipped()}
    if not ours:
        return []
    return [name for name, one in library.entries.items() if one.document.id in ours]
