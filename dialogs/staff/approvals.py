"""审批 (approvals): what waits, the facts to decide on, one by one or many at once (T4).

A prompt's [同意] is consent to the very words above it: one press decides.
"""

from backend import approvals, authority, transcripts
from backend.clock import local_text
from backend.identity.stepup import Purpose
from backend.models import Application, Person
from backend.registry import students
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Slot, as_given, fixed, text
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.titles import COVERAGES, kind_title, name_of, unit_words
from dialogs.transcripts.applying import REASON
from dialogs.transcripts.preview import show_preview

# Who writes this decides about the application, and agrees to nothing else about it.
DECIDING = frozenset({"同意", "批准", "通过", "agree", "iagree", "approve"})
PAGE = 20  # applications on one page of the inbox
APPLICATION = fixed("application_number", _("申请"))
APPLICATIONS = fixed("applications", _("申请"))
PAGE_NUMBER = Slot("page", plain(""), _("页"), int, lambda said: None, entity="page")
WHY = text(
    "why",
    _("驳回的理由是什么？会原样告诉学生。"),
    title=_("理由"),
    verbatim=True,
    suggestions=(
        _("申请理由不清楚，请写明用途后重新申请"),
        _("成绩还没有录完，请等成绩齐了再申请"),
        _("请选择正确的成绩单种类"),
    ),
)
QUESTION = text(
    "question",
    _("想问学生什么？会原样发给学生。"),
    title=_("问题"),
    verbatim=True,
    suggestions=(
        _("请说明成绩单的具体用途"),
        _("请确认要的种类和范围没有选错"),
    ),
)


def staff_inbox(chat: Chat, work: Work) -> None:
    """What waits for this person, longest waiting first."""
    if not authority.roles(work, chat.person or 0):  # a student asking about approval
        chat.go_on_with("ask_rule", question=chat.opening or "申请成绩单要不要审批")
        return
    waiting = approvals.inbox(work)
    if waiting:
        show_inbox(
            chat,
            work,
            waiting,
            _("等得最久的在前面。可以一次同意，也可以点开一份看。"),
            chat.known(PAGE_NUMBER),
        )
    else:
        chat.say(
            _("没有等您审批的申请。"), buttons=[chat.button(_("能办什么"), "help", lasting=True)]
        )


def show_inbox(
    chat: Chat, work: Work, waiting: list[Application], words: Words, page_number: int | None = None
) -> None:
    """A page of it, with a button for all on it and one for each."""
    number = page_number or 1
    page = waiting[(number - 1) * PAGE : number * PAGE] or waiting[:PAGE]
    card = chat.card(
        _("等您审批：{count} 份", count=len(waiting)),
        *((plain(one.number), line(work, one)) for one in page),
    )
    buttons = [
        chat.button(
            _("同意这 {count} 份", count=len(page)),
            "approve_many",
            style="primary",
            applications=",".join(one.number for one in page),
        )
    ]
    buttons += [
        chat.button(
            _("{number} {name}", number=one.number, name=name_of(applicant(work, one))),
            "decide",
            lasting=True,
            application_number=one.number,
        )
        for one in page
    ]
    if len(waiting) > number * PAGE:
        buttons.append(chat.button(_("下一页"), "staff_inbox", lasting=True, page=str(number + 1)))
    chat.say(words, card=card, buttons=buttons)


def decide(chat: Chat, work: Work) -> None:
    """One application with the facts needed to decide."""
    application = approvals.to_decide(work, chat.ask(APPLICATION))
    prompt(chat, work, application, _("请审批："))


def prompt(chat: Chat, work: Work, application: Application, words: Words) -> None:
    """The facts, and buttons that each are one press from done."""
    card = case_card(chat, work, application)
    number = application.number
    agree = chat.agreed(
        _("同意"),
        "approve",
        approval_words(application),
        card,
        case_facts(work, application),
        style="primary",
        application_number=number,
    )
    others: list[tuple[Words, str, str]] = [
        (_("驳回"), "reject", "danger"),
        (_("看成绩单"), "look", ""),
        (_("问学生"), "ask_back", ""),
    ]
    if approvals.colleagues(work, application):
        others.append((_("转给同事"), "assign", ""))
    buttons = [
        chat.button(label, dialog, style=style, lasting=True, application_number=number)
        for label, dialog, style in others
    ]
    chat.say(words, card=card, buttons=[agree, *buttons], about=number)


def approval_words(application: Application) -> Words:
    return _("同意 {number}？", number=application.number)


def approve(chat: Chat, work: Work) -> None:
    application = approvals.to_decide(work, chat.ask(APPLICATION))
    consent = chat.confirm(
        approval_words(application),
        card=case_card(chat, work, application),
        facts=case_facts(work, application),
        agree=_("同意"),
    )
    approvals.approve(work, [application.number], consent)
    chat.say(
        _(
            "已同意 {number}（{name}），学生会收到通知。",
            number=application.number,
            name=name_of(applicant(work, application)),
        ),
        buttons=rest(chat, work),
    )


def approve_many(chat: Chat, work: Work) -> None:
    """Consent to that very list; what others have decided meanwhile is no longer on it."""
    wanted = chat.ask(APPLICATIONS).split(",")
    listed = [one for one in approvals.inbox(work) if one.number in wanted]
    if not listed:
        chat.say(_("这些申请都已经有人办过了。"), buttons=rest(chat, work))
        return
    step_up.require(chat, work, Purpose.BULK)
    consent = chat.confirm(
        _("同意下面这 {count} 份申请？", count=len(listed)),
        card=chat.card(_("一起同意"), *((plain(one.number), line(work, one)) for one in listed)),
        facts=",".join(case_facts(work, one) for one in listed),
        agree=_("全部同意"),
    )
    approvals.approve(work, [one.number for one in listed], consent)
    chat.say(_("已同意 {count} 份，学生会收到通知。", count=len(listed)), buttons=rest(chat, work))


def reject(chat: Chat, work: Work) -> None:
    application = approvals.to_decide(work, chat.ask(APPLICATION))
    why = chat.ask(WHY)
    consent = chat.confirm(
        lines(
            _(
                "驳回 {number}（{name}）？",
                number=application.number,
                name=name_of(applicant(work, application)),
            ),
            _("理由：{why}", why=as_given(WHY, why)),
        ),
        facts=case_facts(work, application),
        agree=_("确认驳回"),
        not_by=DECIDING,
    )
    approvals.reject(work, [application.number], why, consent)
    chat.say(
        _("已驳回 {number}，理由已告诉学生。", number=application.number), buttons=rest(chat, work)
    )


def look(chat: Chat, work: Work) -> None:
    """The transcript as the student was shown it."""
    application = approvals.to_decide(work, chat.ask(APPLICATION))
    show_preview(chat, work, transcripts.request_of(work, application).snapshot)
    prompt(chat, work, application, _("看过了吗？请审批："))


def rest(chat: Chat, work: Work) -> list[Button]:
    left = approvals.count(work)
    if not left:
        return []
    return [chat.button(_("还有 {count} 份待审批", count=left), "staff_inbox", lasting=True)]


def case_card(chat: Chat, work: Work, application: Application) -> Card:
    """What an officer needs to know; the reason as it was written."""
    request = transcripts.request_of(work, application)
    person = applicant(work, application)
    file = students.find(work, person.id)
    rows: list[tuple[Words, Speech]] = [
        (_("学生"), _("{name}（{number}）", name=name_of(person), number=person.number)),
        (_("单位"), unit_words(work, application)),
        (_("种类"), kind_title(transcripts.kind_of(request))),
        (_("范围"), COVERAGES[transcripts.coverage_of(request)]),
        (_("理由"), as_given(REASON, request.reason)),
        (_("提交时间"), _("{at}", at=application.filed_at)),
    ]
    if file:
        rows.insert(1, (_("入学"), plain(file.enrolled_on.isoformat())))
    for asked in approvals.questions(work, application):
        who = name_of(work.session.get_one(Person, asked.asked_by))
        question = as_given(QUESTION, asked.question)
        rows.append((_("问"), _("{question}（{who}）", question=question, who=who)))
        if asked.answered_at:
            rows.append((_("答"), plain(asked.answer)))
    return chat.card(_("成绩单申请 {number}", number=application.number), *rows)


def case_facts(work: Work, application: Application) -> str:
    """What a decision rests on: another version of the case or of its data is another question."""
    request = transcripts.request_of(work, application)
    return f"{application.number}:{application.version}:{request.snapshot}"


def applicant(work: Work, application: Application) -> Person:
    return work.session.get_one(Person, application.applicant_id)


def line(work: Work, application: Application) -> Words:
    request = transcripts.request_of(work, application)
    return _(
        "{name}，{kind}，理由：{reason}（{at}）",
        name=name_of(applicant(work, application)),
        kind=kind_title(transcripts.kind_of(request)),
        reason=as_given(REASON, short(request.reason)),
        at=local_text(application.filed_at),
    )


def short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= 30 else flat[:29] + "…"
