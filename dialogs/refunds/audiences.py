"""Who is told of a refund: whoever paid, finance, and academic affairs where a document is concerned."""

from backend import authority
from backend.authority import Role
from backend.models import Application
from backend.refunds import deciding, proposing
from backend.refunds.states import State, payer, refund_of
from backend.work import Event, Work
from dialogs import audiences
from dialogs.refunds.deciding import find


def case(work: Work, event: Event) -> Application:
    return find(work, event.subject)


def the_payer(work: Work, event: Event) -> list[int]:
    """Nobody where it is not known who paid."""
    found = payer(work, case(work, event))
    return [] if found is None else [found]


def those_who_decide(work: Work, event: Event) -> list[int]:
    return deciding.deciders(work, case(work, event))


def payer_and_those_who_decide(work: Work, event: Event) -> list[int]:
    return the_payer(work, event) + those_who_decide(work, event)


def academic_affairs(work: Work, event: Event) -> list[int]:
    out = the_payer(work, event)
    return [one for one in authority.people(work, Role.ACADEMIC_AFFAIRS) if one not in out]


def payer_and_academic_affairs(work: Work, event: Event) -> list[int]:
    return the_payer(work, event) + academic_affairs(work, event)


def those_it_waits_for(work: Work, event: Event) -> list[int]:
    waits = case(work, event).state == State.DOCUMENT
    return academic_affairs(work, event) if waits else those_who_decide(work, event)


def everybody_waiting(work: Work, event: Event) -> list[int]:
    administrators = authority.people(work, Role.ADMINISTRATOR)
    return the_payer(work, event) + those_it_waits_for(work, event) + administrators


def payer_and_who_decided(work: Work, event: Event) -> list[int]:
    refund = refund_of(work, case(work, event))
    decided = [one for one in (refund.decided_by, refund.second_by) if one is not None]
    return the_payer(work, event) + decided


def payer_and_the_first(work: Work, event: Event) -> list[int]:
    """Who refused knows; the first of two, who had agreed, does not."""
    first = refund_of(work, case(work, event)).decided_by
    others = [first] if first is not None and first != work.actor else []
    return the_payer(work, event) + others


def finance_unless_proposed(work: Work, event: Event) -> list[int]:
    """Of money that fits nothing: where a refund is proposed, its prompt says it all."""
    facts = event.facts
    if proposing.is_proposed(work, facts["provider"], facts["transaction"]):
        return []
    return audiences.finance(work, event)
