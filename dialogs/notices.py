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
from dialogs.orders import payment_notices
from dialogs.photos import notices as photo_notices
from dialogs.policies import exam_reach
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
    "transcript.order_expired": (audiences.the_applicant, transcript_notices.order_expired),
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
    "payment.late": (audiences.finance, payment_notices.payment_trouble),
    "payment.double": (audiences.finance, payment_notices.payment_trouble),
    "payment.unknown": (audiences.finance, payment_notices.unknown_payment),
    "payment.mismatch": (audiences.finance, payment_notices.payment_trouble),
    **transfer_in.NOTICES,
    **transfer_review.NOTICES,
    **photo_notices.NOTICES,
    **exam_reach.NOTICES,
    **signing_notices.NOTICES,
    **follow_notices.NOTICES,
    **sharing_notices.NOTICES,
}

NOTICES |= review_notices.NOTICES
NOTICES |= case_notices.NOTICES
NOTICES |= revocation_notices.NOTICES


def audience(work: Work, event: Event) -> list[int]:
    """Everybody who is told of this, each once; nobody when it concerns no one."""
    if event.name not in NOTICES:
        return []
    people, _sentence = NOTICES[event.name]
    return list(dict.fromkeys(people(work, event)))


def tell(chat: Chat, work: Work, told: Told) -> None:
    """Say it to the person of this conversation."""
    _people, sentence = NOTICES[told.event.name]
    sentence(chat, work, told.event)
