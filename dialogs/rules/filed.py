"""A question that names an application: it is answered by what counted when it was filed.

What it costs is another matter, which counts from the day it is ordered (``filed_price.py``).
"""

import re
from dataclasses import dataclass

from backend import authority, cases, transcripts
from backend.clauses import shelf
from backend.clauses.library import Library
from backend.clock import local_date
from backend.models import Application
from backend.work import Work
from dialogs.case_kinds import CASES
from dialogs.engine.chat import Chat
from dialogs.engine.slots import fixed
from dialogs.engine.words import Words, _

NUMBER = fixed("application_number", _("申请"))
_NAMED = re.compile(r"[a-zA-Z]\d{6}-\d{4}\s*(号)?(申请)?的?")


@dataclass(frozen=True, slots=True)
class Terms:
    """The documents that count, and the version of the transcript policy; None is today's.

    ``lead`` says whose terms they are, where they are not everybody's."""

    library: Library
    version: int | None = None
    lead: Words | None = None


def terms(chat: Chat, work: Work) -> Terms:
    """Today's, or those of an application that is named and that the person may see."""
    number = chat.known(NUMBER)
    case = cases.find(work, number) if number and chat.person is not None else None
    if case is None or not may_see(chat, work, case):
        return Terms(shelf.in_force(work))
    day = local_date(case.filed_at)
    lead = _("{number} 是 {day} 提交的，按提交时的规定：", number=case.number, day=day)
    version = case.policy_version if case.kind == transcripts.KIND else None
    return Terms(shelf.in_force(work, at=case.filed_at), version, lead)


def may_see(chat: Chat, work: Work, case: Application) -> bool:
    if chat.person is None or chat.person == case.applicant_id:
        return chat.person is not None
    deciders = CASES[case.kind].deciders
    return any(authority.holds(work, chat.person, role, case.unit_id) for role in deciders)


def without_number(question: str) -> str:
    """What is asked about it: documents know no numbers of applications."""
    return _NAMED.sub("", question).strip()
