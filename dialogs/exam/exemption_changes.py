"""An exemption after it was filed: changed, submitted again, withdrawn, revoked (E5)."""

import re

from backend.exam import exemption_cases, exemptions, windows
from backend.exam.exemptions import State
from backend.policy import store
from backend.policy.exam import Service
from backend.reviewing import asking
from backend.work import Work
from backend.workflow import already_handled
from dialogs.engine.chat import Chat
from dialogs.engine.slots import text
from dialogs.engine.words import _, lines, plain
from dialogs.exam.exemption import (
    APPLICATION,
    change_button,
    next_of,
    status_button,
    summary,
    terms,
)
from dialogs.exam.exemption_words import course_of, course_words
from dialogs.proofs import collecting
from dialogs.reviewing.reasons import rejection
from dialogs.titles import unit_words

WHY_REVOKED = text(
    "why_revoked", _("撤销的理由是什么？会原样告诉考生。"), title=_("理由"), verbatim=True
)
REVOKING = re.compile(
    r"^撤销\s*(m\d{6}-\d{4})?\s*(的)?免考[。!！]*$|^revoke (the )?exemption( m\d{6}-\d{4})?[.!]*$"
)


def change_exemption(chat: Chat, work: Work) -> None:
    """Other or further proofs for one course: while it is pending, or once it was rejected (E5)."""
    application = exemption_cases.own(work, chat.ask(APPLICATION))
    again = application.state == State.REJECTED
    if again:
        windows.require(work, Service.EXEMPTION, "E5")
    elif application.state != State.PENDING:
        raise already_handled(work, application)
    policy = store.exam(work, application.policy_version)
    course = exemption_cases.course_of(work, application)
    before = exemption_cases.proofs_of(work, application)
    if again and chat.once("reason"):
        chat.say(
            _(
                "“{course}”没有通过，理由：{why}。只重新交这一门，别的课程不受影响。",
                course=course_words(course),
                why=rejection(work, application),
            )
        )
    given = collecting.collect_several(
        chat,
        work,
        course.code,
        next_of(policy, course.code),
        terms(policy, course.code),
        before=before,
    )
    known = {collecting.facts(collecting.of(work, one)): one.id for one in before}
    if [collecting.facts(one) for one in given] == list(known):
        buttons = [change_button(chat, work, application), status_button(chat)]
        chat.say(_("凭证和原来的一样，没有重新提交。"), buttons=buttons)
        return
    consent = chat.confirm(
        _("请核对，没有问题就重新提交（E5）。"),
        card=summary(chat, [(course_words(course), given)]),
        facts=f"{application.number}:{application.version}:"
        + "|".join(collecting.facts(one) for one in given),
        agree=_("重新提交"),
    )
    kept = [
        known.get(collecting.facts(one))
        or collecting.keep(work, one, originals_days=policy.originals_days).id
        for one in given
    ]
    (exemptions.resubmit if again else exemptions.change)(work, application.number, kept, consent)
    chat.say(
        _(
            "已重新提交 {number}（{course}），现在由{unit}的审核人审核，有结果马上告诉您。",
            number=application.number,
            course=course_words(course),
            unit=unit_words(work, application),
        ),
        buttons=[status_button(chat)],
    )


def withdraw_exemption(chat: Chat, work: Work) -> None:
    application = exemption_cases.own(work, chat.ask(APPLICATION))
    if not exemptions.WORKFLOW.allows(application.state, "withdraw"):
        raise already_handled(work, application)
    consent = chat.confirm(
        _(
            "撤回 {number}（{course}）的免考申请？同一次申请的别的课程不受影响。",
            number=application.number,
            course=course_of(work, application),
        ),
        facts=f"{application.number}:{application.version}",
        agree=_("撤回"),
    )
    asking.withdraw(work, application.number, consent)
    chat.say(_("已撤回 {number}。", number=application.number), buttons=[status_button(chat)])


def revoke_exemption(chat: Chat, work: Work) -> None:
    """The exam office takes an approval back."""
    application = exemptions.to_revoke(work, chat.ask(APPLICATION))
    why = chat.ask(WHY_REVOKED)
    consent = chat.confirm(
        lines(
            _(
                "撤销 {number}（{course}）的免考？撤销以后这门课不再计入。",
                number=application.number,
                course=course_of(work, application),
            ),
            _("理由：{why}", why=plain(why)),
        ),
        facts=f"{application.number}:{application.version}",
        agree=_("撤销"),
    )
    exemptions.revoke(work, application.number, why, consent)
    chat.say(_("已撤销 {number}，理由已告诉考生。", number=application.number))
