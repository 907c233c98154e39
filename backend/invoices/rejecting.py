"""Finance sends an invoice back to be corrected: a title that is none, a number the bureau refuses."""

from backend import authority
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.invoices import lines, requesting
from backend.invoices.red_letters import lessen
from backend.invoices.states import RED_WORKFLOW, WORKFLOW, RedState
from backend.models import Application
from backend.work import Work
from backend.workflow import already_handled


def of_finance(work: Work, number: str) -> Application:
    """Anybody's, for whoever is of finance; raises NotAllowed, Refused ``no_such_application``."""
    authority.require(work, Role.FINANCE)
    application = requesting.find(work, number)
    if application is None:
        raise Refused("no_such_application", number=number)
    return application


def rejectable(application: Application) -> bool:
    return WORKFLOW.allows(application.state, "reject")


def reject(work: Work, number: str, why: str, consent: Consent) -> Application:
    """``why`` is read by the applicant. One that has been exported was not issued, says whoever sends
    it back; money that was paid back meanwhile is taken off its amount.

    Raises NotAllowed, AlreadyHandled, Refused ``reason_needed``.
    """
    if not why.strip():
        raise Refused("reason_needed")
    known = of_finance(work, number)
    lines.lock_orders(work, [line.order_id for line in lines.lines_of(work, known)])
    application = work.session.get_one(
        Application, known.id, with_for_update=True, populate_existing=True
    )
    if not rejectable(application):
        raise already_handled(work, application)
    keep(work, consent)
    WORKFLOW.take(work, application, "reject", why=why)
    requesting.request_of(work, application).rejected_why = why
    by_order = {line.order_id: line for line in lines.lines_of(work, application)}
    for red in lines.reds_of(work, application):
        if red.state == RedState.WAITING:
            RED_WORKFLOW.take(work, red, "drop", why=why)
            lessen(work, application, by_order[red.order_id], red.amount_fen, red.why)
    work.session.flush()
    return application
