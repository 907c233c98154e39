"""退款没有成功 (a refund that did not arrive): once more, or paid back by hand with the bank's number.

What the payer's account does not take is mended on the provider's own pages; what the provider has closed
for want of money is asked for once more under another number.
"""

from dataclasses import replace
from datetime import date

from backend.clock import local_date
from backend.errors import Refused
from backend.models import Application
from backend.refunds import executing, hands, mending, money
from backend.refunds.states import RULE, Heard, State, refund_of
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Option, Slot, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Words, _, plain, yuan
from dialogs.refunds.words import APPLICATION, case_card, case_facts

REFERENCE = text(
    "bank_reference", _("银行流水号是多少？"), title=_("银行流水号"), at_most=64, verbatim=True
)


def prompt(chat: Chat, work: Work, application: Application, words: Words | None = None) -> None:
    number = application.number
    again = chat.button(
        _("再退一次"), "refund_again", style="primary", lasting=True, application_number=number
    )
    by_hand = chat.button(_("线下退款"), "refund_by_hand", lasting=True, application_number=number)
    chat.say(
        words
        or _(
            "退款 {number} 没有成功，钱还没有退到。请在支付平台处理后再退一次；要线下退的，先点“线下退款”，"
            "问清支付平台没有在退，再付。",
            number=number,
        ),
        card=case_card(chat, work, application),
        buttons=[again, by_hand],
        about=number,
    )


def refund_again(chat: Chat, work: Work) -> None:
    """Under the same number, so that it is one refund however often it is asked for."""
    application = mending.to_mend(work, chat.ask(APPLICATION))
    words = _("再退一次 {number}？编号不变，不会重复退款。", number=application.number)
    if refund_of(work, application).heard == Heard.CLOSED:
        words = _(
            "再退一次 {number}？上一次支付平台已经关闭，没有退出去，不会重复退款。",
            number=application.number,
        )
    consent = chat.confirm(
        words,
        card=case_card(chat, work, application),
        facts=case_facts(work, application),
        agree=_("再退一次"),
    )
    mending.again(work, application.number, consent)
    chat.say(_("好的，正在再退一次 {number}，结果会告诉您。", number=application.number))


def refund_by_hand(chat: Chat, work: Work) -> None:
    """The bank's number and the day, looked at before it counts."""
    application = mending.to_pay_by_hand(work, chat.ask(APPLICATION))
    held = money.share_of(work, refund_of(work, application))
    mending.require_decidable_alone(work, application, held)
    await_news(chat, work, application)
    if chat.once("in_hand"):
        hands.take(work, application)
    reference = chat.ask(reference_slot(work, application))
    on = chat.ask(day_slot(work, application))
    amount = yuan(refund_of(work, application).amount_fen)
    consent = chat.confirm(
        _(
            "登记 {number} 已经线下退款 {amount}？登记后这里不再退，付款人会收到通知。",
            number=application.number,
            amount=amount,
        ),
        card=chat.card(
            _("线下退款"),
            (_("银行流水号"), plain(reference)),
            (_("退款日期"), plain(on.isoformat())),
        ),
        facts=f"{case_facts(work, application)}:{reference}:{on}",
        agree=_("登记"),
    )
    mending.by_hand(work, application.number, reference, on, consent)
    chat.say(_("已登记 {number}，付款人会收到通知。", number=application.number))


def await_news(chat: Chat, work: Work, application: Application) -> None:
    """The provider is asked just now whether it is paying it back; raises Refused where it may be."""
    first = chat.once("looked")
    if not mending.under_way(work, application, mending.NEWS if first else mending.FRESH):
        return
    tried = refund_of(work, application).tried_at
    if first or tried is None or tried < work.now - mending.NEWS:
        executing.look_soon(work, application.number)
        chat.wait(
            executing.key(application.number),
            _("先问支付平台这一笔现在怎么样，请稍等几秒。"),
            _("还在问支付平台，马上就好。"),
        )
    raise Refused("refund_under_way", RULE, number=application.number)


def reference_slot(work: Work, application: Application) -> Slot[str]:
    """Whoever has not paid yet may do so now, and writes the number afterwards."""
    if application.state != State.ABNORMAL:
        return REFERENCE
    words = _("支付平台没有在退这一笔，可以线下退了。退好以后，请把银行流水号写在这里。")
    if refund_of(work, application).heard == Heard.ELSEWHERE:
        words = _(
            "原来收款的支付平台这里问不到：请先在它的商户平台上查清没有退，再线下退。"
            "退好以后，请把银行流水号写在这里。"
        )
    return replace(REFERENCE, prompt=words)


def day_slot(work: Work, application: Application) -> Slot[date]:
    today = local_date(work.now)
    base = slots.day(
        "paid_back_on",
        _("哪一天退的？"),
        title=_("退款日期"),
        earliest=local_date(money.share_of(work, refund_of(work, application)).payment.paid_at),
        latest=today,
    )
    options = (Option(today.isoformat(), _("今天")),)

    def read(said: Said) -> str | None:
        return slots.option_meant(said.words, options) or base.read(said)

    return Slot(base.name, base.prompt, base.title, base.parse, read, options, base.entity)
