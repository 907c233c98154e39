"""``registrar exam-password``: the initial password stands again, for whoever forgot theirs (E1)."""

import sys

from sqlalchemy import select

from backend.identity import exam, exam_tickets, throttle
from backend.models import Person
from backend.work import Work
from bot.announce import announce
from bot.prepare import work_there
from bot.settings import Settings


def run(settings: Settings, number: str) -> int:
    """Exit status. The office has seen to it beforehand that it is this person who asks."""
    with work_there(settings, writing=True) as work:
        done = reset(work, number)
        announce(work, lambda _: None, lambda _, __: None)  # the server finds it by its next look
    if done:
        print(f"{number}：已恢复初始密码，登录后必须更改。 The initial password stands again.")
        return 0
    print(f"{number}：没有这位考生。 There is no such candidate.", file=sys.stderr)
    return 1


def reset(work: Work, number: str) -> bool:
    """Lifts a lock-out too. False where nobody with this number can sign in to the exam office."""
    person = work.session.scalar(
        select(Person).where(Person.institution_id == work.institution, Person.number == number)
    )
    if person is None or not person.id_number_index or not exam_tickets.has_any(work, person.id):
        return False
    exam.reset_password(work, person.id)
    throttle.clear(work, throttle.account(person.id_number_index))
    return True
