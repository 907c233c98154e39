"""What students are told of their applications, and staff of documents that cannot be made (T4-T10)."""

from backend import approvals, orders, transcripts
from backend.models import Person
from backend.transcripts import State
from backend.work import Event, Work
from dialogs.audiences import case, the_one_told_is_applicant
from dialogs.engine.chat import Chat
from dialogs.engine.slots import as_given
from dialogs.engine.words import _, lines, yuan
from dialogs.orders import paid as after_payment
from dialogs.orders.ordering import order_button
from dialogs.signing import words as signing_words
from dialogs.staff.approvals import QUESTION, WHY, case_card, case_facts, prompt
from dialogs.titles import name_of, title_of
from dialogs.transcripts.applying import status_button
from dialogs.transcripts.mending import retry_words
from dialogs.transcripts.status import hand_over, next_steps


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
    order = orders.paid_order(work, application)
    if order and order.total_fen:  # a free copy was told so when it was ordered
        chat.say(
            _(
                "收到付款 {amount}（订单 {order}），正在生成成绩单，做好就发给您。",
                amount=yuan(order.total_fen),
                order=order.number,
            ),
            buttons=after_payment.buttons(chat, work, order),
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
    elif reason := event.facts.get("key"):
        why = _(
            "成绩单 {number} 没有签发，因为签名密钥现在不能签名：{why}。",
            number=number,
            why=signing_words.why(reason),
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


def student_number(work: Work, person_id: int) -> str:
    return work.session.get_one(Person, person_id).number
