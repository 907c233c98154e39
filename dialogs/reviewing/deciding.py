"""审核 (reviewing): what waits, the facts to decide on, one by one, shared out, or many at once.

A prompt's [通过] is consent to the very words above it: one press decides.
"""

from backend.models import Application
from backend.reviewing import deciding, reviewers, sharing
from backend.reviewing.case import SECOND
from backend.reviewing.deciding import APPROVE, REJECT
from backend.reviewing.kinds import kind_of, reasons
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Invalid, Option, Slot, choice, fixed, option_meant, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.reviewing.prompt import (
    applicant,
    approve_label,
    approve_words,
    case_card,
    case_facts,
    clean,
    line,
    look_button,
    prompt,
)
from dialogs.reviewing.reasons import reason_words
from dialogs.staff.approvals import DECIDING
from dialogs.titles import name_of, person_name

PAGE = 10  # cases on one page of the inbox
APPLICATION = fixed("application_number", _("申请"))
APPLICATIONS = fixed("applications", _("申请"))
PAGE_NUMBER = Slot("page", plain(""), _("页"), int, lambda said: None, entity="page")
WHY_BACK = text("why_back", _("为什么退回？会告诉前一位审核人。"), title=_("理由"), verbatim=True)


def review_inbox(chat: Chat, work: Work) -> None:
    """What waits for this reviewer, oldest first: by kind, with one press for the next one."""
    count = reviewers.count(work)
    if not count:
        chat.say(
            _("没有等您审核的申请。"),
            buttons=[chat.button(_("审核统计"), "review_statistics", lasting=True)],
        )
        return
    show_inbox(chat, work, count, chat.known(PAGE_NUMBER) or 1)


def show_inbox(chat: Chat, work: Work, count: int, number: int, words: Words | None = None) -> None:
    """``count`` wait in all."""
    page = reviewers.inbox(work, PAGE, max(number - 1, 0) * PAGE) or reviewers.inbox(work, PAGE)
    buttons = [chat.button(_("下一份"), "review_next", style="primary", lasting=True)]
    if together := clean(work, page):
        buttons.append(
            chat.button(
                _("同意这 {count} 份", count=len(together)),
                "review_approve_many",
                applications=",".join(one.number for one in together),
            )
        )
    buttons += [look_button(chat, work, one) for one in page]
    if count > number * PAGE:
        buttons.append(chat.button(_("下一页"), "staff_inbox", lasting=True, page=str(number + 1)))
    card = chat.card(
        _("等您审核：{count} 份", count=count),
        *((plain(one.number), with_holder(work, one)) for one in page),
    )
    usual = _("等得最久的在前面。点“下一份”就一份一份看，同事不会拿到同一份。")
    chat.say(words or usual, card=card, buttons=buttons)


def with_holder(work: Work, one: Application) -> Words:
    """Who is looking at it now, if a colleague is."""
    holder = sharing.holder_of(work, one)
    if holder is None:
        return line(work, one)
    return _("{words}（{who}正在看）", words=line(work, one), who=person_name(work, holder))


def review_next(chat: Chat, work: Work) -> None:
    application = sharing.next_one(work)
    if application is None:
        chat.say(_("没有等您审核、同事也没在看的申请了。"), buttons=rest(chat, work))
        return
    prompt(chat, work, application, _("请审核："), opened=True)


def review(chat: Chat, work: Work) -> None:
    """One case with the facts needed to decide."""
    application = reviewers.to_decide(work, chat.ask(APPLICATION))
    prompt(chat, work, application, _("请审核："), opened=True)


def review_approve(chat: Chat, work: Work) -> None:
    """It stands at once, or is proposed to a colleague where the policy wants a second look."""
    application = reviewers.to_decide(work, chat.ask(APPLICATION))
    number = application.number
    second = deciding.needs_second(work, application, APPROVE)
    kind_of(application).approvable(work, application)
    consent = chat.confirm(
        approve_words(work, application),
        card=case_card(chat, work, application),
        facts=case_facts(work, application),
        agree=approve_label(work, application),
    )
    if second:
        deciding.refer(work, number, APPROVE, "", "", consent)
        chat.say(referred_words(application), buttons=rest(chat, work))
        return
    deciding.approve(work, [number], consent)
    name = name_of(applicant(work, application))
    chat.say(
        _("已通过 {number}（{name}），考生会收到通知。", number=number, name=name),
        buttons=[*rest(chat, work), *undo_button(chat, application)],
    )


def undo_button(chat: Chat, application: Application) -> list[Button]:
    if kind_of(application).revoke is None:
        return []
    number = application.number
    return [chat.button(_("通过错了"), "revoke_approval", lasting=True, application_number=number)]


def review_reject(chat: Chat, work: Work) -> None:
    """A reason of the policy or own words; the applicant is told word for word."""
    application = reviewers.to_decide(work, chat.ask(APPLICATION))
    template, words = reason(chat, work, application)
    second = deciding.needs_second(work, application, REJECT)
    name = name_of(applicant(work, application))
    asked = _("驳回 {number}（{name}）？", number=application.number, name=name)
    if second:
        asked = _(
            "建议驳回 {number}（{name}），并请同事复核？", number=application.number, name=name
        )
    consent = chat.confirm(
        lines(
            asked,
            _("理由：{why}", why=reason_words(work, application, template, words)),
        ),
        facts=case_facts(work, application),
        agree=_("确认驳回"),
        not_by=DECIDING,
    )
    if second:
        deciding.refer(work, application.number, REJECT, template, words, consent)
        chat.say(referred_words(application), buttons=rest(chat, work))
        return
    deciding.reject(work, application.number, template, words, consent)
    chat.say(
        _("已驳回 {number}，理由已告诉考生。", number=application.number), buttons=rest(chat, work)
    )


def reason(chat: Chat, work: Work, application: Application) -> tuple[str, str]:
    """The template's id, or "" for own words; and the words."""
    templates = {one.id: one for one in reasons(work, application.kind)}
    labels = tuple(Option(one.id, in_both(one.zh, one.en)) for one in templates.values())

    def parse(stored: str) -> str:
        words = " ".join(stored.split())
        if not words:
            raise Invalid(_("这里需要写几个字。"))
        if len(words) > 200:
            raise Invalid(_("太长了：最多 200 字。请精简后再发一次。"))
        return words

    def read(said: Said) -> str | None:
        return option_meant(said.words, labels) or said.text

    prompt_words = _("驳回的理由是什么？点一个，或者自己写；会原样告诉考生。")
    slot = Slot("reason", prompt_words, _("理由"), parse, read, labels, free=True, verbatim=True)
    answer = chat.ask(slot)
    if answer in templates:
        return answer, templates[answer].zh
    return "", answer


def in_both(zh: str, en: str) -> Words:
    return _("{reason}", reason=Bilingual(zh, en))


def review_refer(chat: Chat, work: Work) -> None:
    """A colleague looks too before it stands; whoever proposes says what they would decide."""
    application = reviewers.to_decide(work, chat.ask(APPLICATION))
    if application.state == SECOND:
        prompt(chat, work, application, _("这一份已经在复核，请您决定："), opened=True)
        return
    verdict = chat.ask(
        choice(
            "verdict",
            _("您自己的意见是？同事会看到。"),
            {APPROVE: _("建议通过"), REJECT: _("建议驳回")},
            title=_("意见"),
        )
    )
    template, words = reason(chat, work, application) if verdict == REJECT else ("", "")
    asked: Speech = _(
        "请同事复核 {number}（{name}）？",
        number=application.number,
        name=name_of(applicant(work, application)),
    )
    if words:
        why = reason_words(work, application, template, words)
        asked = lines(asked, _("理由：{why}", why=why))
    consent = chat.confirm(
        asked, facts=f"{case_facts(work, application)}:{verdict}", agree=_("请同事复核")
    )
    deciding.refer(work, application.number, verdict, template, words, consent)
    chat.say(referred_words(application), buttons=rest(chat, work))


def referred_words(application: Application) -> Words:
    return _("{number} 已请同事复核，决定之前不告诉考生。", number=application.number)


def review_send_back(chat: Chat, work: Work) -> None:
    application = reviewers.to_decide(work, chat.ask(APPLICATION))
    why = chat.ask(WHY_BACK)
    consent = chat.confirm(
        lines(_("把 {number} 退回再看？", number=application.number), _("理由：{why}", why=why)),
        facts=case_facts(work, application),
        agree=_("退回"),
        not_by=DECIDING,
    )
    deciding.send_back(work, application.number, why, consent)
    chat.say(_("已退回 {number}。", number=application.number), buttons=rest(chat, work))


def rest(chat: Chat, work: Work) -> list[Button]:
    left = reviewers.count(work)
    if not left:
        return []
    return [
        chat.button(_("下一份"), "review_next", style="primary", lasting=True),
        chat.button(_("还有 {count} 份待审核", count=left), "staff_inbox", lasting=True),
    ]
