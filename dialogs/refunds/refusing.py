"""不同意退款 (finance do not pay it back): with a reason, which the payer reads word for word."""

from backend import transcripts
from backend.models import Application
from backend.refunds import deciding as refunds
from backend.refunds import money
from backend.refunds.states import refund_of
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Slot, as_given, text
from dialogs.engine.words import Words, _, lines
from dialogs.refunds import deciding
from dialogs.refunds.words import APPLICATION, case_facts, had_already
from dialogs.staff.approvals import DECIDING

BY_HAND = _("已经线下退了，去登记流水号")  # is no refusal: it is entered as paid back
RIGHT = (_("成绩单内容没有错"), _("成绩单已经更正，重新出具了"))
HAD = (_("照片已经拍过，拍摄费不能退"),)


def why_of(*suggestions: Words) -> Slot[str]:
    return text(
        "refused_why",
        _("为什么不退？会原样告诉付款人。"),
        title=_("理由"),
        verbatim=True,
        suggestions=suggestions,
    )


WHY = why_of(*RIGHT, *HAD, BY_HAND)  # for whoever reads what was answered


def refuse_refund(chat: Chat, work: Work) -> None:
    application = refunds.to_decide(work, chat.ask(APPLICATION))
    why = chat.ask(why_of(*suggestions(work, application)))
    if why == BY_HAND.into("zh"):
        chat.go_on_with("refund_by_hand", application_number=application.number)
        return
    consent = chat.confirm(
        lines(
            _("不同意退款 {number}？", number=application.number),
            _("理由：{why}", why=as_given(WHY, why)),
        ),
        facts=f"{case_facts(work, application)}:{why}",
        agree=_("不同意退款"),
        not_by=DECIDING,
    )
    refunds.refuse(work, application.number, why, consent)
    chat.say(
        _("没有同意 {number}，理由已告诉付款人。", number=application.number),
        buttons=deciding.rest(chat, work),
    )


def suggestions(work: Work, application: Application) -> tuple[Words, ...]:
    """Why it is not paid back here, as far as that can be for what was paid."""
    if had_already(work, application) is not None:
        return HAD
    held = money.share_of(work, refund_of(work, application))
    document = held.standing == money.SETTLED and held.application.kind == transcripts.KIND
    return (*RIGHT, BY_HAND) if document else (BY_HAND,)
