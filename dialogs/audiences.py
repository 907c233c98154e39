"""Who is told of what happened to a case."""

from collections.abc import Callable

from backend import approvals, authority, cases, transcripts
from backend.authority import Role
from backend.models import Application
from backend.work import Event, Work
from dialogs.engine.chat import Chat

Audience = Callable[[Work, Event], list[int]]


def case(work: Work, event: Event) -> Application:
    application = transcripts.find(work, event.subject) or cases.find(work, event.subject)
    if application is None:
        raise LookupError(f"{event.name}: no application {event.subject}")
    return application


def the_applicant(work: Work, event: Event) -> list[int]:
    return [case(work, event).applicant_id]


def those_who_decide(work: Work, event: Event) -> list[int]:
    return approvals.deciders(work, case(work, event))


def academic_affairs(work: Work, event: Event) -> list[int]:
    return authority.people(work, Role.ACADEMIC_AFFAIRS)


def finance(work: Work, event: Event) -> list[int]:
    return authority.people(work, Role.FINANCE)


def applicant_and_academic_affairs(work: Work, event: Event) -> list[int]:
    return the_applicant(work, event) + academic_affairs(work, event)


def those_named(work: Work, event: Event) -> list[int]:
    return [int(person) for person in event.facts["people"]]


def the_one_told_is_applicant(chat: Chat, application: Application) -> bool:
    return chat.person == application.applicant_id
