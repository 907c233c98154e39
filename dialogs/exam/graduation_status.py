"""毕业进度 (how a graduation stands, E6), and paying its review fee within the window (E6g)."""

import re

from backend import orders
from backend.exam import graduation_cases, graduation_fee, windows
from backend.exam.graduation_cases import State
from backend.models import Application, Order
from backend.policy.exam import Service
from backend.reviewing import asking
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.words import Speech, Words, _, lines, plain, yuan
from dialogs.exam.graduation import APPLICATION, status_button
from dialogs.exam.graduation_words import STATES, fee_words, subject
from dialogs.exam.tickets import current_ticket
from dialogs.fees.words import order_price, price_rows
from dialogs.orders import paid as after_payment
from dialogs.orders.ordering import REOPENED, anew, tell_how_to_pay
from dialogs.orders.reopening import review_fee_facts
from dialogs.titles import holder_words

PAYING = re.compile(
    r"(缴|交|付|支付|怎么缴|办理?)(一下|我的|自考|的|毕业|了){0,3}审定费(?!.{0,6}(多少|几|什么时候|啥时))"
    r"|审定费.{0,4}(怎么|去|我要)(缴|交|付)|\bpay .{0,20}review fee"
)
UNPAID = (State.APPROVED, State.PAYABLE, State.ORDERED, State.LAPSED)


def exam_graduation_status(chat: Chat, work: Work) -> None:
    """The case that stands, with what can be done now; what is missing is one press away."""
    checklist = chat.button(_("还差什么"), "exam_checklist", lasting=True)
    number = chat.known(APPLICATION)
    if number is not None:
        application: Application | None = graduation_cases.own(work, number)
    else:
        ticket = current_ticket(chat, work)
        application = graduation_cases.of_ticket(work, ticket)
    if application is None:
        chat.say(
            _("这个准考证还没有申请过毕业。"),
            buttons=[checklist, chat.button(_("申请毕业"), "apply_exam_graduation")],
        )
        return
    chat.say(
        _(
            "自考毕业 {number}：{state}。",
            number=application.number,
            state=STATES[application.state],
        ),
        card=card(chat, work, application),
        buttons=[*next_steps(chat, work, application), checklist],
    )


def card(chat: Chat, work: Work, application: Application) -> Card:
    rows: list[tuple[Words, Speech]] = [
        (_("专业"), subject(work, application)),
        (_("状态"), STATES[application.state]),
        (_("起始时间"), _("{at}", at=application.since)),
    ]
    if (holder := holder_words(work, application)) is not None:
        rows.append((_("在谁手里"), holder))
    match application.state:
        case State.ASKED:
            question = asking.questions(work, application)[-1].question
            rows.append((_("老师问"), plain(question)))
        case State.REJECTED:
            why = graduation_cases.request_of(work, application).rejected_why
            rows.append((_("理由"), plain(why)))
            rows.append((_("怎么办"), again_words(work)))
    if application.state in graduation_cases.PASSED:
        counted = len(graduation_cases.scores_of(work, application))
        rows.append((_("计入的成绩"), _("{count} 条", count=counted)))
        rows.append((_("毕业审定费"), fee_words(graduation_fee.fee(work))))
        rows.append((_("之后"), _("请根据提示和学校官网公告办理后续事宜（E6）")))
    if application.state in UNPAID and graduation_fee.fee(work) is not None:
        rows.append((_("缴费时间"), pay_time(work)))
    return chat.card(_("自考毕业 {number}", number=application.number), *rows)


def again_words(work: Work) -> Words:
    window = windows.standing(work, Service.GRADUATION).window
    if window is None:
        return _("现在不在办理时间里，开放以后可以重新申请（E4）")
    return _("{until} 之前可以重新申请（E6）", until=window.closes_at)


def pay_time(work: Work) -> Words:
    now = windows.standing(work, Service.GRADUATION_PAYMENT)
    if now.window is not None:
        return _("到 {until} 为止（E6）", until=now.window.closes_at)
    if now.next is not None:
        return _("{opens} 开始（E6）", opens=now.next.opens_at)
    return _("还没有公布（E6）")


def next_steps(chat: Chat, work: Work, application: Application) -> list[Button]:
    number = application.number

    def button(label: Words, dialog: str, style: str = "") -> Button:
        return chat.button(label, dialog, style=style, lasting=True, application_number=number)

    match application.state:
        case State.PENDING:
            return [button(_("撤回"), "withdraw_application")]
        case State.ASKED:
            answer = button(_("回答"), "answer_review", "primary")
            return [answer, button(_("撤回"), "withdraw_application")]
        case State.REJECTED if windows.standing(work, Service.GRADUATION).open:
            return [button(_("重新申请"), "reapply_exam_graduation", "primary")]
        case State.PAYABLE | State.ORDERED:
            return [button(_("办理缴费"), "pay_review_fee", "primary")]
    return []


def pay_review_fee(chat: Chat, work: Work) -> None:
    """Consent to the fee, and the way to the payment; where no fee is set, whom to ask (E6g)."""
    number = chat.known(APPLICATION)
    if number is not None:
        application = graduation_cases.own(work, number)
    else:
        found = graduation_cases.of_ticket(work, current_ticket(chat, work))
        if found is None:
            chat.go_on_with("exam_graduation_status")
            return
        application = found
    order = orders.open_order(work, application)
    if application.state == State.ORDERED and order is not None:
        tell_how_to_pay(chat, work, order)
        return
    if application.state != State.PAYABLE or graduation_fee.fee(work) is None:
        chat.go_on_with("exam_graduation_status", application_number=application.number)
        return
    window = windows.require(work, Service.GRADUATION_PAYMENT, "E6")
    ended = chat.known(REOPENED)
    price, news = order_price(work, application)
    consent = chat.confirm(
        anew(ended, price.due_fen) if ended else _("请核对，没有问题就确认，然后去支付（E6）。"),
        card=None
        if ended
        else chat.card(
            _("毕业审定费"),
            (_("申请"), plain(application.number)),
            (_("专业"), subject(work, application)),
            *price_rows(work, price, news),
            (_("缴费时间"), _("到 {until} 为止（E6）", until=window.closes_at)),
        ),
        facts=review_fee_facts(application, price.due_fen),
        agree=_("确认，去支付"),
    )
    made: Order = graduation_fee.order(work, application.number, price, consent)
    if made.state == orders.State.PAID:
        chat.say(_("已确认，不用付费。"), buttons=[status_button(chat)])
    else:
        tell_how_to_pay(chat, work, made)


# --- what is told when something happens ----------------------------------------------------------


def may_be_paid(chat: Chat, work: Work, application: Application) -> None:
    if application.state != State.PAYABLE:
        return
    window = windows.standing(work, Service.GRADUATION_PAYMENT).window
    parts: list[Speech] = [
        _(
            "自考毕业 {number} 可以缴毕业审定费了：{fee}。",
            number=application.number,
            fee=fee_words(graduation_fee.fee(work)),
        )
    ]
    if window is not None:
        parts.append(_("请在 {until} 之前缴费（E6）。", until=window.closes_at))
    chat.say(
        lines(*parts),
        buttons=[*next_steps(chat, work, application), status_button(chat)],
        until=window.closes_at if window else None,
    )


def lapsed(chat: Chat, work: Work, application: Application) -> None:
    coming = windows.standing(work, Service.GRADUATION_PAYMENT).next
    parts: list[Speech] = [
        _(
            "毕业审定费的缴费时间已过，{number} 没有缴费。请联系主考学校咨询缴费办法（E6）。",
            number=application.number,
        )
    ]
    if coming is not None:
        parts.append(_("下次缴费 {opens} 开始，到时候会再通知您。", opens=coming.opens_at))
    chat.say(lines(*parts), buttons=[status_button(chat)])


def paid(chat: Chat, work: Work, application: Application) -> None:
    order = orders.paid_order(work, application)
    if order is not None and order.total_fen:
        chat.say(
            _(
                "收到毕业审定费 {amount}（订单 {order}）。{number} 办好了，请根据提示和学校官网公告办理后续事宜（E6）。",
                amount=yuan(order.total_fen),
                order=order.number,
                number=application.number,
            ),
            buttons=after_payment.buttons(chat, work, order),
        )
