"""A clause, told: the fact first, then the clause it rests on word for word, and what can be done."""

from collections.abc import Callable, Collection, Sequence

from backend.clauses.finding import Found
from backend.clauses.library import Entry, Library
from backend.publications.offices import contact
from backend.work import Work
from dialogs import contacts, refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.rules.filed import Terms
from dialogs.rules.own import own_card, own_words
from dialogs.rules.quoted import quoted
from dialogs.rules.today import fact_today, superseding

MOST_OTHERS = 3  # clauses offered besides the one that is told
DEGREE_MANUAL = "degree-manual"  # it names nobody with a number

ABOUT = fixed("about", _("业务"))  # what was being done when it was asked

Title = Callable[[Work, int | None, str], Words | None]  # of a service open to this person


class Telling:
    """What one person is told, by the documents that count for them."""

    def __init__(self, chat: Chat, work: Work, title: Title, given: Terms) -> None:
        self._chat = chat
        self._work = work
        self._title = title
        self._library = given.library
        self._version = given.version

    def tell(self, clause_id: str, question: str = "", others: Collection[str] = ()) -> None:
        """``others`` may have been meant as well."""
        chat, work, entry = self._chat, self._work, self._library[clause_id]
        if entry.superseded_by is not None:
            self._tell_as_history(entry, question)
            return
        clause = entry.clause
        published = superseding(work, entry, self._version)
        parts: list[Speech] = []
        if clause.fact_en or chat.language != "en":
            parts.append(fact_today(work, entry, self._version))
        parts += own_words(work, chat.person, self._library, entry, question)
        if clause.note and published is None:
            parts.append(_("说明：{note}", note=Bilingual(clause.note, clause.note_en)))
        parts.append(published if published is not None else quoted(entry))
        parts += contradicting(self._library, entry)
        again = twins(self._library, entry)
        parts += [_("另一份文件也有，{quote}", quote=quoted(other)) for other in again.values()]
        service = self._service(entry)
        if clause.office and service is None and not names_office(entry):
            parts.append(refusals.office(work, clause.office))
        buttons = [] if service is None else [chat.button(service, clause.dialog, lasting=True)]
        buttons += self.to_ask([one for one in others if one not in again])
        chat.say(lines(*parts), card=own_card(chat, work, entry), buttons=buttons)

    def _service(self, entry: Entry) -> Words | None:
        """What does the thing that the clause is about, unless that is being done already."""
        dialog = entry.clause.dialog
        if not dialog or dialog == self._chat.known(ABOUT):
            return None
        return self._title(self._work, self._chat.person, dialog)

    def _tell_as_history(self, entry: Entry, question: str) -> None:
        """What was the rule once, and what is it now."""
        later = entry.superseded_by
        since = later.since if later is not None else ""
        parts: list[Speech] = [_("这是以前的规定，{day} 起不再适用。", day=since)]
        if entry.clause.fact_en or self._chat.language != "en":
            parts.append(Bilingual(entry.clause.fact, entry.clause.fact_en))
        standing = self._library.standing
        now = self._work.finder.find(question, standing) if question else Found()
        buttons = self.to_ask(now.answering)
        self._chat.say(lines(*parts, quoted(entry)), buttons=buttons)

    def to_ask(self, clauses: Sequence[str]) -> list[Button]:
        """A button for each of the first few, which is a question that it answers."""
        return [
            self._chat.button(as_asked(self._library[one]), "ask_rule", lasting=True, clause=one)
            for one in clauses[:MOST_OTHERS]
            if one in self._library.entries
        ]

    def abstain(self, question: str, found: Found) -> None:
        """Not said, or somebody else's: told so, with the office that may know and the nearest clauses."""
        chat = self._chat
        person = chat.button(_("找人"), "ask_human", lasting=True)
        if found.elsewhere:
            chat.say(
                _(
                    "这像是“{name}”那边的事。我只有国科大和上海自考的文件，别处的规定不乱说，请直接问他们。",
                    name=plain(found.elsewhere),
                ),
                buttons=[person],
            )
            return
        parts: list[Speech] = [_("我手里的文件没有写这一点，所以不猜。")]
        parts.append(self._office_for(question, found.near))
        if found.near:
            parts.append(_("文件里相近的有："))
        chat.say(lines(*parts), buttons=[*self.to_ask(found.near), person])

    def _office_for(self, question: str, near: Sequence[str]) -> Speech:
        """That which the words name; or that of the document, where all near clauses are of one; or
        that which this person has to do with."""
        desks = contacts.concerning(self._work, self._chat.person)
        office = contacts.meant(question, desks) or ""
        documents = {self._library[one].document.id for one in near}
        if not office and len(documents) == 1:
            (document,) = documents
            if document == DEGREE_MANUAL:
                return _("学位的事请问本单位的教育管理干部，或国科大学位办（手册里没有写电话）。")
            office = contact(document) or self._library[near[0]].clause.office
        return refusals.office(self._work, office or next(iter(desks)))


def names_office(entry: Entry) -> bool:
    """The fact itself tells whom to call."""
    return entry.clause.dialog == "ask_human" or entry.clause.rule in ("T10", "E11")


def contradicting(library: Library, entry: Entry) -> list[Speech]:
    """Clauses that say otherwise, quoted as well: nobody is left with half of a contradiction."""
    against = {
        other.clause.quotes: _("另一处写的不一样，{quote}", quote=quoted(other))
        for one in entry.clause.conflicts
        if (other := library.entries.get(one)) is not None and other.superseded_by is None
    }
    return [words for quotes, words in against.items() if quotes != entry.clause.quotes]


def twins(library: Library, entry: Entry) -> dict[str, Entry]:
    """Clauses of other documents in force that answer the same."""
    same = ((one, library[one]) for one in library.same_as(entry.clause.id))
    return {
        name: other
        for name, other in same
        if other.document is not entry.document and other.superseded_by is None
    }


def as_asked(entry: Entry) -> Bilingual:
    asked = entry.clause.asked
    english = next((one for one in asked if one.isascii()), entry.clause.fact_en)
    return Bilingual(next((one for one in asked if not one.isascii()), asked[0]), english)
