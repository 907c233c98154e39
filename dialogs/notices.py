"""Who is told what when something happens, in the words and language of the one told.

A notice is rendered when it reaches the person, from the case as it then stands.
"""

from collections.abc import Callable

from backend.work import Event, Work
from dialogs import audiences, refusals
from dialogs.accounts import notices as account_notices
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.turn import Told
from dialogs.engine.words import _, lines
from dialogs.exam import case_notices, transfer_in, transfer_review
from dialogs.fees import notices as fee_notices
from dialogs.held import notices as held_notices
from dialogs.invoices import notices as invoice_notices
from dialogs.ledger import notices as ledger_notices
from dialogs.orders import code_notices, goods_notices, payment_notices, receipts, reopening
from dialogs.photos import notices as photo_notices
from dialogs.policies import exam_reach
from dialogs.reconciliation import notices as reconciliation_notices
from dialogs.refunds import audiences as refund_audiences
from dialogs.refunds import notices as refund_notices
from dialogs.reviewing import notices as review_notices
from dialogs.revocations import notices as revocation_notices
from dialogs.sharing import notices as sharing_notices
from dialogs.signing import notices as signing_notices
from dialogs.staff import absence, approval_notices, broadcasts, handoff_notices, inboxes
from dialogs.transcripts import notices as transcript_notices
from dialogs.verification import follow_notices

Sentence = Callable[[Chat, Work, Event], None]


def job_failed(chat: Chat, work: Work, event: Event) -> None:
    chat.say(
        lines(
            _(
                "后台任务 {job} 多次失败，没有完成（{subject}）。",
                job=event.facts["job"],
                subject=event.subject,
            ),
            refusals.office(work, "technical_support"),
        )
    )


NOTICES: dict[str, tuple[Audience, Sentence]] = {
    "transcript.file_for_approval": (audiences.those_who_decide, approval_notices.to_approve),
    "transcript.ask_back": (audiences.the_applicant, transcript_notices.question),
    "transcript.answer": (audiences.those_who_decide, approval_notices.answered),
    "transcript.assign": (audiences.those_who_decide, approval_notices.assigned),
    "transcript.remind": (audiences.those_who_decide, approval_notices.reminder),
    "transcript.escalate": (audiences.applicant_and_academic_affairs, transcript_notices.escalated),
    "transcript.approve": (audiences.the_applicant, transcript_notices.approved),
    "transcript.reject": (audiences.the_applicant, transcript_notices.rejected),
    "transcript.pay": (audiences.the_applicant, transcript_notices.paid),
    "transcript.pay_late": (audiences.the_applicant, transcript_notices.paid),
    "transcript.issue": (audiences.the_applicant, transcript_notices.issued),
    "transcript.get_stuck": (audiences.applicant_and_academic_affairs, transcript_notices.stuck),
    "transcript.undrawable": (audiences.academic_affairs, transcript_notices.undrawable),
    "transcript.order_expired": (audiences.the_applicant, reopening.expired),
    "account.offered": (account_notices.nobody_else, account_notices.offered),
    "account.bound": (account_notices.its_person, account_notices.bound),
    "account.announced": (account_notices.its_person, account_notices.announced),
    "account.unbound": (account_notices.nobody_else, account_notices.unbound),
    "password.reset": (account_notices.its_person, account_notices.password_reset),
    "step_up.code": (account_notices.nobody_else, account_notices.step_up_code),
    "absence.plan": (absence.the_deputy, absence.planned),
    "absence.begin": (absence.the_deputy, absence.begun),
    "absence.finish": (absence.both, absence.over),
    "absence.end_early": (absence.the_deputy, absence.over),
    "absence.cancel": (absence.the_deputy, absence.over),
    "handoff.ask": (handoff_notices.the_office, handoff_notices.asked),
    "handoff.take": (handoff_notices.the_student, handoff_notices.taken),
    "handoff.words": (handoff_notices.the_other, handoff_notices.words),
    "handoff.end": (handoff_notices.the_other, handoff_notices.ended),
    "handoff.run_out": (handoff_notices.both, handoff_notices.ran_out),
    "digest": (audiences.those_named, inboxes.digest),
    "job.failed": (audiences.academic_affairs, job_failed),
    "broadcast": (broadcasts.those_told, broadcasts.announce),
    "broadcast.done": (broadcasts.whoever_began, broadcasts.done),
    receipts.NAME: (receipts.the_buyer, receipts.received),
    "payment.late": (refund_audiences.finance_unless_proposed, payment_notices.payment_trouble),
    "payment.double": (refund_audiences.finance_unless_proposed, payment_notices.payment_trouble),
    "payment.unknown": (audiences.finance, payment_notices.payment_trouble),
    "payment.mismatch": (refund_audiences.finance_unless_proposed, payment_notices.payment_trouble),
    "payment.refused": (payment_notices.finance_and_administrators, payment_notices.not_opened),
    "payment.code": (account_notices.nobody_else, code_notices.scan),
    "payment.away": (account_notices.nobody_else, code_notices.away),
    **transfer_in.NOTICES,
    **transfer_review.NOTICES,
    **photo_notices.NOTICES,
    **exam_reach.NOTICES,
    **signing_notices.NOTICES,
    **follow_notices.NOTICES,
    **sharing_notices.NOTICES,
    **ledger_notices.NOTICES,
    **invoice_notices.NOTICES,
}

NOTICES |= review_notices.NOTICES
NOTICES |= case_notices.NOTICES
NOTICES |= revocation_notices.NOTICES
NOTICES |= refund_notices.NOTICES
NOTICES |= fee_notices.NOTICES
NOTICES |= reconciliation_notices.NOTICES
NOTICES |= held_notices.NOTICES


def audience(work: Work, event: Event) -> list[int]:
    """Everybody who is told of this, each once; nobody when it concerns no one."""
    found = _told(event.name)
    if found is None or receipts.told_together(work, event):
        return []
    people, _sentence = found
    return list(dict.fromkeys(people(work, event)))


def tell(chat: Chat, work: Work, told: Told) -> None:
    """Say it to the person of this conversation."""
    found = _told(told.event.name)
    if found is None:
        raise LookupError(f"nobody is told of {told.event.name}")
    _people, sentence = found
    sentence(chat, work, told.event)


def _told(name: str) -> tuple[Audience, Sentence] | None:
    return NOTICES.get(name) or goods_notices.told(name)
