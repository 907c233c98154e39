"""Finance hears once on a working day how many invoices wait, and which should have come back."""

from sqlalchemy import select

from backend import audit
from backend.authority import Role, people
from backend.clock import SHANGHAI, local_date
from backend.errors import Refused
from backend.invoices import exporting
from backend.invoices.unreturned import late
from backend.models import Institution
from backend.policy import store
from backend.work import Work
from backend.workdays import is_workday

SUBJECT = "invoices"


def prompt_due(work: Work) -> int:
    """Announce what waits to be exported or to be sent back, where anything does and nobody was told
    today; how much that is."""
    try:
        policy = store.invoice(work)
    except Refused:  # an institution without invoices
        return 0
    local = work.now.astimezone(SHANGHAI)
    prompt_at = local.replace(hour=policy.prompt_at.hour, minute=policy.prompt_at.minute)
    if local < prompt_at or not is_workday(local.date(), store.calendar(work)):
        return 0
    # What comes later in the day waits for the next morning, and for nobody who looks for it.
    if _told_today(work):
        return 0
    waiting = exporting.count(work, prompt_at) + len(late(work, prompt_at))
    if not waiting:
        return 0
    # Of two processes the second waits here, and then finds that they have been told.
    work.session.execute(
        select(Institution.id)
        .where(Institution.id == work.institution)
        .with_for_update(key_share=True)
    )
    if _told_today(work) or not people(work, Role.FINANCE):
        return 0
    audit.record(work, SUBJECT, "prompt", "", "", str(waiting))
    work.emit("invoice.waiting", SUBJECT)
    return waiting


def _told_today(work: Work) -> bool:
    last = audit.last(work, SUBJECT, "prompt")
    return last is not None and local_date(last.at) == local_date(work.now)
