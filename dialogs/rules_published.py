"""What staff have published: new words, which the interpreter was never taught."""

from backend.clauses import shelf
from backend.clauses.library import Library, shipped
from backend.publications.suggesting import questions
from backend.work import Work
from dialogs.slots import plainest


def knows(work: Work, words: str) -> bool:
    """Whether a published document answers words that were not understood otherwise."""
    library = shelf.in_force(work).standing
    ours = published(library)
    if not ours:
        return False
    if word_for_word(library, words):
        return True
    return any(one in ours for one in work.finder.find(words, library).answering[:1])


def word_for_word(library: Library, question: str) -> str:
    """The published clause that staff have given this very question; empty where there is none."""
    typed = plainest(question)
    for name in published(library):
        entry = library[name]
        if typed and typed in map(plainest, entry.clause.asked):
            clause = entry.clause
            suggested = questions(
                " ".join(clause.quotes), "".join(clause.topics), entry.document.title
            )
            if typed not in map(plainest, suggested):  # those are guesses
                return name
    return ""


def published(library: Library) -> list[str]:
    """Ids of the clauses that did not ship."""
    ours = {one.id for one in library.documents} - {one.id for one in shipped()}
    if not ours:
        return []
    return [name for name, one in library.entries.items() if one.document.id in ours]
