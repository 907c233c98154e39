"""收费和规定 (questions about the rules): the fact first, then the clause it rests on, word for word.

What the documents do not say is said to be not said, with the office to ask: nothing is guessed.
"""

import re
from collections.abc import Callable, Mapping

from backend.clauses import shelf
from backend.clauses.finding import Finder, Found
from backend.clauses.library import Library
from backend.publications.published import offices
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import fixed, plainest, text
from dialogs.engine.words import _
from dialogs.rules.filed import Terms, terms, without_number
from dialogs.rules.filed_price import tell_price
from dialogs.rules.published import word_for_word
from dialogs.rules.told import ABOUT, Telling, Title

OWN_TURN, ALL_DAYS = "P1.own_slot", "P1.dates"
ASKING_WHEN = re.compile(
    r"(拍|照|采集).{0,6}(哪天|几点|几号|什么时候|时间)|(哪天|几点|几号|什么时候).{0,8}(拍|照|采集)"
    r"|(when|which day|what time).*(photo|picture)"
)
TWO_NUMBERS = frozenset({"E11.phone-preface", "E11.phone-login", "R17.contact", "P1.contact"})

CLAUSE = fixed("clause", _("条款"))
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


def ask_rule(title: Title, chat: Chat, work: Work) -> None:
    """What the documents in force say to a question, or that they do not say it."""
    given = terms(chat, work)
    library, telling = given.library, Telling(chat, work, title, given)
    pressed = chat.known(CLAUSE)
    if pressed is not None and pressed in library.entries:
        telling.tell(pressed)
        return
    rule = chat.known(RULE) or rule_named(chat.opening)
    cited = clauses_of(library.standing, rule) or clauses_of(library, rule)
    if cited:
        telling.tell(cited[0], others=cited[1:])
        return
    if tell_price(chat, work):
        return
    opening = "" if names_no_matter(chat.opening) else chat.opening
    if given.lead is not None:
        chat.say(given.lead)
        opening = without_number(opening)
    about = subject(library, chat.known(ABOUT))
    if opening and len(opening) <= SHORT:
        opening = f"{about} {opening}".strip()
    question = opening or chat.ask(QUESTION)
    whose = offices(work)
    found = found_in(work.finder, library, whose, question)
    if about and not found.answering:  # it may go without saying what it is about
        within = found_in(work.finder, library, whose, f"{about} {question}")
        found = within if within.answering else found
    if answer(telling, library, found, question):
        return
    if found.vague:
        chat.say(_("您想问的是哪一个？"), buttons=telling.to_ask(found.near))
    else:
        telling.abstain(question, found)


def answer(telling: Telling, library: Library, found: Found, question: str) -> bool:
    """False where nothing answers."""
    if not found.answering:
        return False
    first, *others = found.answering
    telling.tell(own_turn(library, first, question), question, others)
    return True


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
    telling = Telling(chat, work, title, Terms(library))
    found = work.finder.find(chat.opening, library.standing) if chat.opening else Found()
    if answer(telling, library, found, chat.opening):
        return
    if OWN_TURN in library.entries and ASKING_WHEN.search(chat.opening.casefold()):
        telling.tell(OWN_TURN, chat.opening)
    else:
        otherwise(chat, work)


def whom_to_call(title: Title, otherwise: Script, chat: Chat, work: Work) -> None:
    """Where the documents print two numbers for the same thing, both are told before anything else."""
    library = shelf.in_force(work)
    found = work.finder.find(chat.opening, library.standing) if chat.opening else Found()
    first = found.answering[:1]
    if first and first[0] in TWO_NUMBERS:
        Telling(chat, work, title, Terms(library)).tell(first[0], chat.opening)
    else:
        otherwise(chat, work)
