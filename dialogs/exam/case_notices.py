"""What candidates are told of their graduation besides its review: the review fee (E6g)."""

from collections.abc import Callable

from backend.exam import graduation_cases
from backend.models import Application
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.exam import graduation_status
from dialogs.orders import reopening

Sentence = Callable[[Chat, Work, Event], None]
Told = tuple[Callable[[Work, Event], list[int]], Sentence]


def case(work: Work, event: Event) -> Application:
    application = graduation_cases.find(work, event.subject)
    if application is None:
        raise LookupError(f"{event.name}: no application {event.subject}")
    return application


def the_applicant(work: Work, event: Event) -> list[int]:
    return [case(work, event).applicant_id]


def about(words: Callable[[Chat, Work, Application], None]) -> Sentence:
    return lambda chat, work, event: words(chat, work, case(work, event))


NOTICES: dict[str, Told] = {
    f"{graduation_cases.KIND}.{event}": (the_applicant, about(words))
    for event, words in {
        "open_payment": graduation_status.may_be_paid,
        "window_over": graduation_status.lapsed,
        "pay": graduation_status.paid,
        "pay_late": graduation_status.paid,
    }.items()
}

NOTICES[f"{graduation_cases.KIND}.order_expired"] = (the_applicant, reopening.expired)
