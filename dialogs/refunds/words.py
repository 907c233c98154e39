"""What a refund shows: to whoever paid, and to finance."""

from datetime import date

from backend import transcripts
from backend.invoices import requesting as invoices
from backend.invoices.states import State as InvoiceState
from backend.models import Application
from backend.refunds import deciding, documents, money, using
from backend.refunds.money import Share
from backend.refunds.states import DECIDABLE, OVER, WITH_PROVIDER, Reason, State, payer, refund_of
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import as_given, fixed, text
from dialogs.engine.words import Bilingual, Speech, Words, _, listed, plain, yuan
from dialogs.titles import person_name

APPLICATION = fixed("application_number", _("申请"))
WORDS = text(
    "refund_words",
    _("成绩单已经生成，只有内容有错才能退款。哪里错了？财务处和教务部会看到，请不要写证件号码。"),
    title=_("哪里错了"),
    verbatim=True,
    suggestions=(_("姓名或学号有误"), _("成绩或学分有误"), _("专业或单位有误")),
)
ARRIVAL = _("退回微信零钱一般 1–3 个工作日，退回银行卡最多 7 个工作日。")
REASONS: dict[str, Words] = {
    Reason.WRONG_DOCUMENT: _("成绩单内容有错"),
    Reason.DOUBLE_PAYMENT: _("付了两次"),
    Reason.REVOKED_DOCUMENT: _("成绩单已被撤销"),
    Reason.LATE_PAYMENT: _("订单关闭以后才付款"),
    Reason.MISMATCH: _("付的金额不对"),
    Reason.UNUSED: _("还没有办，不要了"),
    Reason.UNKNOWN_PAYER: _("对不上任何订单"),
}
STATES: dict[str, Words] = {
    State.ASKED: _("等财务处决定"),
    State.CONFIRMING: _("等财务处另一位老师确认"),
    State.DOCUMENT: _("财务处已同意，等教务部撤销成绩单"),
    State.APPROVED: _("已同意，正在退款"),
    State.SENT: _("退款已发出，等到账"),
    State.ABNORMAL: _("退款没有成功，财务处正在处理"),
    State.REFUNDED: _("已退款"),
    State.BY_HAND: _("财务处已另行退款"),
    State.REFUSED: _("没有同意"),
    State.WITHDRAWN: _("已撤回"),
}
TROUBLES: dict[str, Words] = {
    "NOT_ENOUGH": _("商户余额不足，充值后自动继续"),
    "ANOTHER_PROVIDER": _("付款时用的是别的支付平台或商户号，这里问不到"),
    "abnormal": _("付款人的账户收不了这笔款"),
    "closed": _("商户余额不足超过 7 天，支付平台关闭了这笔退款，充值后可以再退"),
}


def title(work: Work, application: Application) -> Words:
    """``R260302-0001（退款 5.00 元）``"""
    amount = yuan(refund_of(work, application).amount_fen)
    return _("{number}（退款 {amount}）", number=application.number, amount=amount)


def named(work: Work, application: Application) -> Words:
    """``R260302-0001（5.00 元）``, after the word refund."""
    amount = yuan(refund_of(work, application).amount_fen)
    return _("{number}（{amount}）", number=application.number, amount=amount)


def payer_words(work: Work, application: Application) -> Speech:
    """Whoever gets the money, as finance know them."""
    found = payer(work, application)
    return _("不知道是谁，按交易号退") if found is None else person_name(work, found)


def what(held: Share) -> Speech:
    """What the money was for, as the payment page called it."""
    if held.order is None:
        return _("金额不对的付款") if held.payment.charge_id else _("对不上订单的付款")
    return Bilingual(held.order.title_zh, held.order.title_en)


def paid_for(held: Share) -> Words:
    """``D260302-0001，电子成绩单，5.00 元``"""
    number = held.order.number if held.order else held.payment.charge_number
    return _(
        "{number}，{what}，{amount}", number=number, what=what(held), amount=yuan(held.amount_fen)
    )


def invoice_rows(work: Work, held: Share) -> list[tuple[Words, Speech]]:
    """What becomes of the invoice for it, where there is one."""
    if held.standing != money.SETTLED or held.order is None:
        return []
    invoice = invoices.of_order(work, held.order.id)
    if invoice is None:
        return []
    if invoices.cancellable(invoice):
        words = _("{number} 还没有开出，退款后改小或取消", number=invoice.number)
    elif invoice.state == InvoiceState.EXPORTED:
        words = _("{number} 正在开具，退款后要开红字发票", number=invoice.number)
    else:
        words = _("{number} 已开具，退款后要开红字发票，原发票不能再报销", number=invoice.number)
    return [(_("发票"), words)]


def own_rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    """To whoever paid."""
    refund = refund_of(work, application)
    held = money.share_of(work, refund)
    rows: list[tuple[Words, Speech]] = [
        (_("退款编号"), plain(application.number)),
        (_("订单"), paid_for(held)),
        (_("退款金额"), yuan(refund.amount_fen)),
        (_("原因"), REASONS[refund.reason]),
        (_("状态"), STATES[application.state]),
    ]
    match application.state:
        case State.ASKED | State.CONFIRMING | State.DOCUMENT if application.escalate_at:
            rows.append((_("最晚答复"), _("{at}", at=application.escalate_at)))
        case State.REFUSED:
            rows.append((_("理由"), plain(refund.refused_why)))
        case State.APPROVED | State.SENT:
            rows.append((_("到账"), ARRIVAL))
        case State.REFUNDED if refund.finished_at:
            rows.append((_("退款时间"), _("{at}", at=refund.finished_at)))
            rows.append((_("到账"), ARRIVAL))
        case State.BY_HAND:
            rows.append((_("银行流水号"), plain(refund.bank_reference)))
            rows.append((_("退款日期"), plain(str(refund.paid_back_on))))
    return rows


def case_card(chat: Chat, work: Work, application: Application) -> Card:
    """All that finance needs to decide."""
    refund = refund_of(work, application)
    held = money.share_of(work, refund)
    rows: list[tuple[Words, Speech]] = [
        (_("付款人"), payer_words(work, application)),
        (_("订单"), paid_for(held)),
        (_("退款金额"), yuan(refund.amount_fen)),
        (_("原因"), REASONS[refund.reason]),
    ]
    if refund.words:
        rows.append((_("说明"), as_given(WORDS, refund.words)))
    paid = held.payment
    rows.append((_("付款"), _("{at}，{number}", at=paid.paid_at, number=paid.transaction_id)))
    if paid.amount_fen != refund.amount_fen:
        rows.append((_("这笔付款一共"), yuan(paid.amount_fen)))
    rows += _document(work, held)
    if application.state not in OVER:
        rows += invoice_rows(work, held)
    if refund.document_kept_why == documents.REISSUED:
        rows.append((_("教务部"), _("成绩单已更正，重新出具了一份")))
    elif refund.document_kept_why:
        rows.append((_("教务部"), _("不撤销：{why}", why=refund.document_kept_why)))
    alone = deciding.needs_second(work, application)
    if refund.decided_by and (application.state != State.REFUSED or refund.second_by):
        who = person_name(work, refund.decided_by)
        rows.append((_("已同意"), _("{who}（已不在财务处，不算）", who=who) if alone else who))
    if alone:
        rows.append((_("注意"), _("金额较大，要财务处两位老师同意")))
    if day := had_already(work, application):
        rows.append((_("注意"), _("照片 {day} 已经拍过，不能退，请点“不同意”", day=day)))
    if application.state in WITH_PROVIDER:
        rows.append((_("商户退款单号"), plain(refund.asked_as)))
    if refund.trouble:
        rows.append((_("支付平台"), TROUBLES.get(refund.trouble, plain(refund.trouble))))
    return chat.card(_("退款 {number}", number=application.number), *rows)


def _document(work: Work, held: Share) -> list[tuple[Words, Speech]]:
    """What becomes of the document, where there is one or was to be one."""
    if held.standing != money.SETTLED or held.application.kind != transcripts.KIND:
        return []
    if documents.standing(work, held) is not None:
        words = _(
            "{number} 仍然有效，要教务部先撤销，撤销后自动退款", number=held.application.number
        )
    elif held.application.state in (transcripts.State.PAID, transcripts.State.STUCK):
        words = _("{number} 还没有生成，同意后不再出具", number=held.application.number)
    else:
        return [(_("成绩单"), plain(held.application.number))]
    return [(_("成绩单"), words)]


def had_already(work: Work, application: Application) -> date | None:
    """The day on which what was paid for was had, where that is still to be decided."""
    if application.state not in DECIDABLE:
        return None
    return using.used(work, money.share_of(work, refund_of(work, application)))


def case_facts(work: Work, application: Application) -> str:
    """What a decision rests on: another version of the case or of its document is another question."""
    held = money.share_of(work, refund_of(work, application))
    document = documents.standing(work, held)
    service = held.service.version if held.service else ""
    of = f"{service}:{document.code if document else ''}"
    had = had_already(work, application)
    alone = deciding.needs_second(work, application)
    return f"{application.number}:{application.version}:{of}:{had or ''}:{alone:d}"


def line(work: Work, application: Application) -> Words:
    """One of several, in a list."""
    refund = refund_of(work, application)
    held = money.share_of(work, refund)
    return _(
        "{name}，{amount}，{reason}，{what}（{then}）",
        name=payer_words(work, application),
        amount=yuan(refund.amount_fen),
        reason=REASONS[refund.reason],
        what=what(held),
        then=listed(*_then(work, application, held)),
    )


def _then(work: Work, application: Application, held: Share) -> list[Words]:
    """How it stands, and who else has to act before it is paid back."""
    then = [STATES[application.state]]
    if application.state not in DECIDABLE:
        return then
    if deciding.needs_second(work, application):
        then.append(_("要两位老师"))
    if documents.standing(work, held) is not None:
        then.append(_("教务部先撤销成绩单"))
    if using.used(work, held) is not None:
        then.append(_("照片已经拍过，不能退"))
    return then
