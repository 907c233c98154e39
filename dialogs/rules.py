"""收费和规定 (questions about the rules): the fact first, then the clause it rests on, word for word.

What the documents do not say is said to be not said, with the office to ask: nothing is guessed.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from backend.clauses import shelf
from backend.clauses.finding import Finder, Found
from backend.clauses.library import Entry, Library
from backend.publications.offices import contact
from backend.publications.published import offices
from backend.work import Work
from dialogs import refusals
from dialogs.chat import Chat
from dialogs.message import Button
from dialogs.rules_filed import Terms, terms, without_number
from dialogs.rules_own import own_card, own_words
from dialogs.rules_published import word_for_word
from dialogs.rules_quoted import quoted
from dialogs.rules_today import fact_today, superseding
from dialogs.slots import fixed, plainest, text
from dialogs.words import Bilingual, Speech, Words, _, lines, plain

MOST_OTHERS = 3  # clauses offered besides the one that is told
DEGREE_MANUAL = "degree-manual"  # it names nobody with a number
OWN_TURN, ALL_DAYS = "P1.own_slot", "P1.dates"
ASKING_WHEN = re.compile(
    r"(拍|照|采集).{0,6}(哪天|几点|几号|什么时候|时间)|(哪天|几点|几号|什么时候).{0,8}(拍|照|采集)"
    r"|(when|which day|what time).*(photo|picture)"
)
TWO_NUMBERS = frozenset({"E11.phone-preface", "E11.phone-login", "R17.contact", "P1.contact"})

CLAUSE = fixed("clause", _("条款"))
ABOUT = fixed("about", _("业务"))  # what was being done when it was asked
RULE = fixed("rule", _("条款"))  # asked for by its number, or why it was cited
NUMBER = re.compile(r"(?<![a-z0-9])([trdep])\s?(\d{1,2})(?![\d-])", re.IGNORECASE)
FORMERLY = re.compile(
    r"^(以前|过去|原来|原先)|(以前|过去|原来|原先|之前)(的|是|怎么|多少)|旧(的|规定|通知|办法)"
    r"|\b(formerly|previously|used to|old rules?)\b",
    re.IGNORECASE,
)
SHORT = 6  # characters; a longer question says itself what it is about
SUBJECTS = {
    "transcript-2020": "成绩单",
    "registration-2022": "毕业注册",
    "photo-2024": "图像采集",
    "degree-manual": "学位",
    "exam-manual": "自考",
}
QUESTION = text(
    "question",
    _("想问什么？直接问就行，我按文件原文回答；文件里没有的，我会说没有。"),
    title=_("问题"),
    suggestions=(
        _("成绩单怎么收费"),
        _("成绩单能下载多久"),
        _("申请成绩单要不要审批"),
        _("谁可以办电子成绩单"),
        _("成绩单有问题联系谁"),
    ),
)

Script = Callable[[Chat, Work], None]
Title = Callable[[Work, int | None, str], Words | None]  # of a service open to this person


def ask_rule(title: Title, chat: Chat, work: Work) -> None:
    """What the documents in force say to a question, or that they do not say it."""
    given = terms(chat, work)
    library = given.library
    pressed = chat.known(CLAUSE)
    if pressed is not None and pressed in library.entries:
        tell(chat, work, title, library, pressed, "")
        return
    rule = chat.known(RULE) or rule_named(chat.opening)
    cited = clauses_of(library.standing, rule) or clauses_of(library, rule)
    if cited:
        first, *others = cited
        tell(chat, work, title, library, first, "", others)
        return
    opening = "" if names_no_matter(chat.opening) else chat.opening
    if given.lead is not None:
        chat.say(given.lead)
        opening = without_number(opening)
    if opening and len(opening) <= SHORT:
        opening = f"{subject(library, chat.known(ABOUT))} {opening}".strip()
    answer(title, chat, work, given, opening or chat.ask(QUESTION))


def found_in(finder: Finder, library: Library, whose: Mapping[str, str], question: str) -> Found:
    """What counts comes first; what was the rule once only where nothing else is, or it is asked for.

    ``whose`` is the role of each document's office, by the document's id.
    """
    found = finder.find(question, library.standing)
    found = word_for_word(finder, library.standing, whose, question, found)
    if library.standing is not library and (FORMERLY.search(question) or not found.answering):
        once = finder.find(question, library.history)
        found = once if once.answering else found
    return found


def answer(title: Title, chat: Chat, work: Work, given: Terms, question: str) -> None:
    library = given.library
    found = found_in(work.finder, library, offices(work), question)
    if found.answering:
        first, *others = found.answering
        first = own_turn(library, first, question)
        tell(chat, work, title, library, first, question, others, given.version)
    elif found.vague:
        chat.say(_("您想问的是哪一个？"), buttons=others_to_ask(chat, library, found.near))
    else:
        abstain(chat, work, library, found)


def rule_named(words: str) -> str:
    """T4 in "T4 是什么意思"; nothing where several are named."""
    found = {f"{letter}{number}".upper() for letter, number in NUMBER.findall(words)}
    return found.pop() if len(found) == 1 else ""


def clauses_of(library: Library, rule: str) -> list[str]:
    """All that stand under a rule, or under a part of it (E5a under E5)."""
    under = re.compile(rf"{re.escape(rule)}[a-z]?") if rule else None
    return [
        name
        for name, entry in library.entries.items()
        if under is not None and under.fullmatch(entry.clause.rule)
    ]


def subject(library: Library, dialog: str | None) -> str:
    """What a dialog deals with, where its rules stand in a document."""
    entries = library.entries.values()
    documents = (one.document.id for one in entries if one.clause.dialog == dialog)
    return SUBJECTS.get(next(documents, ""), "") if dialog else ""


def own_turn(library: Library, first: str, question: str) -> str:
    """Who asks when pictures are taken wants to know when theirs is, wherever other days stand."""
    own = library.standing.entries.get(OWN_TURN)
    entry = library[first]
    asked = ASKING_WHEN.search(question.casefold()) and entry.clause.rule == "P1"
    same = own is not None and own.document is entry.document
    return OWN_TURN if asked and first != ALL_DAYS and same else first


def names_no_matter(words: str) -> bool:
    """Only that there is something to ask."""
    return plainest(words) in {
        plainest(one) for one in ("收费和规定", "规定", "问规定", "Fees and rules")
    }


def coming(title: Title, otherwise: Script, chat: Chat, work: Work) -> None:
    """A service that is not open here yet: what was asked about it is answered all the same."""
    library = shelf.in_force(work)
    found = work.finder.find(chat.opening, library.standing) if chat.opening else Found()
    if found.answering:
        first, *others = found.answering
        first = own_turn(library, first, chat.opening)
        tell(chat, work, title, library, first, chat.opening, others)
    elif OWN_TURN in library.entries and ASKING_WHEN.search(chat.opening.casefold()):
        tell(chat, work, title, library, OWN_TURN, chat.opening)
    else:
        otherwise(chat, work)


def whom_to_call(title: Title, otherwise: Script, chat: Chat, work: Work) -> None:
    """Where the documents print two numbers for the same thing, both are told before anything else."""
    library = shelf.in_force(work)
    found = work.finder.find(chat.opening, library.standing) if chat.opening else Found()
    first = found.answering[:1]
    if first and first[0] in TWO_NUMBERS:
        tell(chat, work, title, library, first[0], chat.opening)
    else:
        otherwise(chat, work)


def tell(
    chat: Chat,
    work: Work,
    title: Title,
    library: Library,
    clause_id: str,
    question: str,
    others: list[str] | None = None,
    version: int | None = None,
) -> None:
    """``version`` of the transcript policy: that of the case the question is about."""
    entry = library[clause_id]
    clause = entry.clause
    published = superseding(work, entry, version)
    if entry.superseded_by is not None:
        tell_as_history(chat, work, library, entry, question)
        return
    parts: list[Speech] = []
    if clause.fact_en or chat.language != "en":
        parts.append(fact_today(work, entry, version))
    parts += own_words(work, chat.person, library, entry, question)
    if clause.note and published is None:
        parts.append(_("说明：{note}", note=Bilingual(clause.note, clause.note_en)))
    parts.append(published if published is not None else quoted(entry))
    parts += otherwise(library, entry)
    again = twins(library, entry)
    parts += [_("另一份文件也有，{quote}", quote=quoted(other)) for other in again.values()]
    service = title(work, chat.person, clause.dialog) if clause.dialog else None
    if clause.dialog == chat.known(ABOUT):  # it is being done
        service = None
    if clause.office and service is None and not names_office(entry):
        parts.append(refusals.office(work, clause.office))
    buttons = [] if service is None else [chat.button(service, clause.dialog, lasting=True)]
    buttons += others_to_ask(chat, library, [one for one in others or () if one not in again])
    chat.say(lines(*parts), card=own_card(chat, work, entry), buttons=buttons)


def tell_as_history(chat: Chat, work: Work, library: Library, entry: Entry, question: str) -> None:
    """What was the rule once, and what is it now."""
    later = entry.superseded_by
    since = later.since if later is not None else ""
    parts: list[Speech] = [_("这是以前的规定，{day} 起不再适用。", day=since)]
    if entry.clause.fact_en or chat.language != "en":
        parts.append(Bilingual(entry.clause.fact, entry.clause.fact_en))
    now = work.finder.find(question, library.standing) if question else Found()
    buttons = others_to_ask(chat, library, (now.answering or now.near)[:MOST_OTHERS])
    chat.say(lines(*parts, quoted(entry)), buttons=buttons)


def names_office(entry: Entry) -> bool:
    """The fact itself tells whom to call."""
    return entry.clause.dialog == "ask_human" or entry.clause.rule in ("T10", "E11")


def otherwise(library: Library, entry: Entry) -> list[Speech]:
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


def others_to_ask(chat: Chat, library: Library, clauses: Sequence[str]) -> list[Button]:
    """A button for each of the first few, which is a question that it answers."""
    return [
        chat.button(as_asked(library[one]), "ask_rule", lasting=True, clause=one)
        for one in clauses
        if one in library.entries
    ][:MOST_OTHERS]


def as_asked(entry: Entry) -> Bilingual:
    asked = entry.clause.asked
    english = next((one for one in asked if one.isascii()), entry.clause.fact_en)
    return Bilingual(next((one for one in asked if not one.isascii()), asked[0]), english)


def abstain(chat: Chat, work: Work, library: Library, found: Found) -> None:
    """Not said, or somebody else's: told so, with the office that may know and the nearest clauses."""
    if found.elsewhere:
        chat.say(
            _(
                "这像是“{name}”那边的事。我只有国科大和上海自考的文件，别处的规定不乱说，请直接问他们。",
                name=plain(found.elsewhere),
            ),
            buttons=[chat.button(_("找人"), "ask_human", lasting=True)],
        )
        return
    near = found.near[:MOST_OTHERS]
    parts: list[Speech] = [_("我手里的文件没有写这一点，所以不猜。")]
    parts += [office_for(work, library, near)]
    if near:
        parts.append(_("文件里相近的有："))
    buttons = others_to_ask(chat, library, near)
    chat.say(lines(*parts), buttons=[*buttons, chat.button(_("找人"), "ask_human", lasting=True)])


def office_for(work: Work, library: Library, near: tuple[str, ...]) -> Speech:
    """That of the nearest clause's document."""
    if not near:
        return refusals.office(work, "academic_affairs")
    entry = library[near[0]]
    if entry.document.id == DEGREE_MANUAL:
        return _("学位的事请问本单位的教育管理干部，或国科大学位办（手册里没有写电话）。")
    office = contact(entry.document.id) or entry.clause.office or "academic_affairs"
    return refusals.office(work, office)
