"""Who is told what when something happens to a case, in the words and language of the one told.

A notice is rendered when it reaches the person, from the case as it then stands.
"""

from collections.abc import Callable

from backend import approvals, authority, orders, transcripts
from backend.authority import Role
from backend.models import Application, Person
from backend.telling import DECIDERS
from backend.transcripts import State
from backend.work import Event, Work
from dialogs import absence, account_notices, broadcasts, handoff_notices, refusals
from dialogs.approvals import QUESTION, WHY, case_card, case_facts, prompt, show_inbox
from dialogs.chat import Chat
from dialogs.mending import retry_words
from dialogs.order import order_button, order_rows
from dialogs.slots import as_given
from dialogs.status import hand_over, next_steps
from dialogs.titles import name_of, title_of
from dialogs.transcript import status_button
from dialogs.turn import Told
from dialogs.words import Speech, Words, _, lines, yuan

Audience = Callable[[Work, Event], list[int]]
Sentence = Callable[[Chat, Work, Event], None]


def case(work: Work, event: Event) -> Application:
    application = transcripts.find(work, event.subject)
    if application is None:
        raise LookupError(f"{event.name}: no application {event.subject}")
    return application


# --- who ------------------------------------------------------------------------------------


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


def the_one_told_is_applicant(chat: Chat, application: Application) -> bool:
    return chat.person == application.applicant_id


# --- what -----------------------------------------------------------------------------------


def to_approve(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        prompt(chat, work, application, _("有一份成绩单申请等您审批。"))


def question(chat: Chat, work: Work, event: Event) -> None:
    """To the applicant, who can answer at once."""
    application = case(work, event)
    if application.state != State.ASKED:
        return
    asked = approvals.questions(work, application)[-1]
    chat.say(
        _(
            "{who}审批您的申请 {title}时想问：{question}",
            who=name_of(work.session.get_one(Person, asked.asked_by)),
            title=title_of(work, application),
            question=as_given(QUESTION, asked.question),
        ),
        buttons=next_steps(chat, work, application),
        about=application.number,
    )


def answered(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        prompt(chat, work, application, _("学生回答了，请审批。"))


def assigned(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        who = name_of(work.session.get_one(Person, event.facts["by"]))
        prompt(chat, work, application, _("{who}把这份申请转给您，请审批。", who=who))


def digest(chat: Chat, work: Work, event: Event) -> None:
    """The morning's list, in place of what was held back out of hours."""
    if not authority.roles(work, chat.person or 0) & DECIDERS:
        return
    if waiting := approvals.inbox(work):
        show_inbox(
            chat, work, waiting, _("早上好，有 {count} 份申请等您审批：", count=len(waiting))
        )


def those_named(work: Work, event: Event) -> list[int]:
    return [int(person) for person in event.facts["people"]]


def reminder(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        prompt(
            chat,
            work,
            application,
            _("这份申请 {at} 提交，还在等您审批，请尽快处理。", at=application.filed_at),
        )


def escalated(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if the_one_told_is_applicant(chat, application):
        chat.say(
            _("您的申请 {number} 等得太久，已转教务部处理。", number=application.number),
            buttons=[status_button(chat, application)],
        )
    elif application.state == State.WAITING:
        prompt(chat, work, application, _("这份申请超过期限没有审批，转到教务部，请处理。"))


def approved(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state != State.APPROVED:
        return
    chat.say(
        _("您的成绩单 {title}已通过审批，可以办理订单了。", title=title_of(work, application)),
        buttons=[order_button(chat, application)],
    )


def rejected(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    why = as_given(WHY, transcripts.request_of(work, application).rejected_why)
    chat.say(
        _("您的成绩单申请 {number} 没有通过审批。理由：{why}", number=application.number, why=why),
        buttons=[chat.button(_("重新申请"), "apply_transcript")],
    )


def paid(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    order = orders.latest_order(work, application)
    if order and order.total_fen:  # a free copy was told so when it was ordered
        chat.say(
            _(
                "收到付款 {amount}（订单 {order}），正在生成成绩单，做好就发给您。",
                amount=yuan(order.total_fen),
                order=order.number,
            )
        )


def issued(chat: Chat, work: Work, event: Event) -> None:
    hand_over(chat, work, case(work, event))


def stuck(chat: Chat, work: Work, event: Event) -> None:
    """The document could not be made: the applicant keeps what was paid, staff can mend it (T10)."""
    application = case(work, event)
    number, glyphs = application.number, event.facts["glyphs"]
    if the_one_told_is_applicant(chat, application):
        chat.say(
            _(
                "您的成绩单 {number} 暂时没有做出来，已转教务部处理。已付的费用不受影响。",
                number=number,
            ),
            buttons=[status_button(chat, application)],
        )
        return
    if glyphs:
        why = _(
            "成绩单 {number} 里有字库没有的字“{glyphs}”，没有签发。", number=number, glyphs=glyphs
        )
    else:
        why = _("成绩单 {number} 多次生成失败，没有签发。", number=number)
    if application.state != State.STUCK:
        chat.say(why)
        return
    card = case_card(chat, work, application)
    again = chat.agreed(
        _("重新生成"),
        "retry_transcript",
        retry_words(application),
        card,
        case_facts(work, application),
        application_number=number,
    )
    chat.say(
        lines(why, _("处理好之后请按“重新生成”，会按现在的学籍数据做。")),
        card=card,
        buttons=[again],
        about=number,
    )


def undrawable(chat: Chat, work: Work, event: Event) -> None:
    chat.say(
        _(
            "学号 {number} 的成绩单里有字库没有的字“{glyphs}”，没有生成预览。请检查学籍数据里的姓名和课程名。",
            number=student_number(work, int(event.facts["student"])),
            glyphs=event.facts["glyphs"],
        )
    )


def order_expired(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    chat.say(
        _(
            "订单过期没有支付，已经关闭。申请 {number} 还有效，可以重新办理订单。",
            number=application.number,
        ),
        buttons=[order_button(chat, application)],
    )


def payment_trouble(chat: Chat, work: Work, event: Event) -> None:
    order = orders.find(work, event.subject)
    if order is None:
        return
    chat.say(
        _(
            "订单 {number} 的一笔付款需要处理：{what}。",
            number=order.number,
            what=TROUBLES[event.name],
        ),
        card=chat.card(_("订单"), *order_rows(order)),
    )


def unknown_payment(chat: Chat, work: Work, event: Event) -> None:
    chat.say(
        _(
            "收到一笔对不上订单的付款，所附订单号为 {number}，请与支付平台核对。",
            number=event.subject,
        )
    )


TROUBLES = {
    "payment.late": _("订单过期或取消后才付款，申请已不能再办，应退款"),
    "payment.double": _("同一订单付了两次，应退一次"),
    "payment.mismatch": _("金额与订单不符，没有入账"),
}


def student_number(work: Work, person_id: int) -> str:
    return work.session.get_one(Person, person_id).number


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
    "transcript.file_for_approval": (those_who_decide, to_approve),
    "transcript.ask_back": (the_applicant, question),
    "transcript.answer": (those_who_decide, answered),
    "transcript.assign": (those_who_decide, assigned),
    "transcript.remind": (those_who_decide, reminder),
    "transcript.escalate": (applicant_and_academic_affairs, escalated),
    "transcript.approve": (the_applicant, approved),
    "transcript.reject": (the_applicant, rejected),
    "transcript.pay": (the_applicant, paid),
    "transcript.pay_late": (the_applicant, paid),
    "transcript.issue": (the_applicant, issued),
    "transcript.get_stuck": (applicant_and_academic_affairs, stuck),
    "transcript.undrawable": (academic_affairs, undrawable),
    "transcript.order_expired": (the_applicant, order_expired),
    "account.offered": (account_notices.nobody_else, account_notices.offered),
    "account.bound": (account_notices.its_person, account_notices.bound),
    "account.announced": (account_notices.its_person, account_notices.announced),
    "account.unbound": (account_notices.nobody_else, account_notices.unbound),
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
    "digest": (those_named, digest),
    "job.failed": (academic_affairs, job_failed),
    "broadcast": (broadcasts.those_told, broadcasts.announce),
    "broadcast.done": (broadcasts.whoever_began, broadcasts.done),
    "payment.late": (finance, payment_trouble),
    "payment.double": (finance, payment_trouble),
    "payment.unknown": (finance, unknown_payment),
    "payment.mismatch": (finance, payment_trouble),
}


def closing(work: Work, event: Event, reader: int | None) -> Words:
    """What stands in place of the buttons of a prompt about the case, now that this happened.

    Said of the person who acts in ``work`` to the person whose conversation it is, about an event
    that has a closing.
    """
    if reader is not None and reader == work.actor and event.name in ONES_OWN:
        return ONES_OWN[event.name]
    sentence = CLOSINGS[event.name]
    if work.actor is None:
        return sentence(_("系统"))
    return sentence(name_of(work.session.get_one(Person, work.actor)))


CLOSINGS: dict[str, Callable[[Speech], Words]] = {
    "transcript.approve": lambda who: _("已由{who}同意", who=who),
    "transcript.reject": lambda who: _("已由{who}驳回", who=who),
    "transcript.withdraw": lambda who: _("学生已撤回"),
    "transcript.ask_back": lambda who: _("{who}已问学生，等学生回答", who=who),
    "transcript.answer": lambda who: _("学生已回答"),
    "transcript.assign": lambda who: _("{who}已转给同事", who=who),
    "handoff.take": lambda who: _("已由{who}接手", who=who),
    "handoff.give_up": lambda who: _("学生不找了"),
    "handoff.run_out": lambda who: _("已关闭"),
    "transcript.retry": lambda who: _("已由{who}重新生成", who=who),
}
# What students do with the questions they were asked, in their own conversations.
ONES_OWN: dict[str, Words] = {
    "transcript.withdraw": _("您已撤回"),
    "transcript.answer": _("您已回答"),
}


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
