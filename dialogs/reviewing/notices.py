"""What reviewers and applicants are told of a case that is reviewed, of whatever kind."""

from collections.abc import Callable, Sequence

from backend import authority
from backend.authority import Role
from backend.exam import superseded
from backend.models import Application
from backend.reviewing import asking, reviewers
from backend.reviewing.case import APPROVED, ASKED, DECIDABLE, PENDING
from backend.reviewing.kinds import KINDS, find, request_of
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.reviewing import undo
from dialogs.reviewing.kinds import told
from dialogs.reviewing.prompt import prompt, prompt_together
from dialogs.reviewing.reasons import rejection
from dialogs.reviewing.undo import case
from dialogs.titles import person_name

Told = tuple[Callable[[Work, Event], list[int]], Callable[[Chat, Work, Event], None]]

FILED: dict[str, Words] = {
    "file": _("有一份申请等您审核。"),
    "change": _("考生修改了申请，请按新的审核。"),
    "resubmit": _("考生重新提交了，请审核。"),
}


def cases(work: Work, event: Event) -> list[Application]:
    found = (find(work, number) for number in event.facts["numbers"])
    return [one for one in found if one is not None]


# --- who is told --------------------------------------------------------------------------------


def those_who_decide(work: Work, event: Event) -> list[int]:
    return reviewers.deciders(work, case(work, event))


def those_reminded(work: Work, event: Event) -> list[int]:
    if case(work, event).state == APPROVED:
        return undo.who_settles(work, event)
    return those_who_decide(work, event)


def all_but_who_sent_it_back(work: Work, event: Event) -> list[int]:
    application = case(work, event)
    sender = reviewers.sent_back(work, application)
    asked = reviewers.deciders(work, application)
    return [one for one in asked if sender is None or one != sender.decided_by]


def those_who_decide_on_any(work: Work, event: Event) -> list[int]:
    return [person for one in cases(work, event) for person in reviewers.deciders(work, one)]


def the_applicant(work: Work, event: Event) -> list[int]:
    return [case(work, event).applicant_id]


def applicant_and_exam_office(work: Work, event: Event) -> list[int]:
    return the_applicant(work, event) + authority.people(work, Role.EXAM_OFFICE)


# --- what reviewers are told --------------------------------------------------------------------


def filed(chat: Chat, work: Work, event: Event) -> None:
    together = [one for one in cases(work, event) if one.state in DECIDABLE]
    words = FILED[event.facts["event"]]
    if len(together) > 1:
        words = _("有 {count} 份一起提交的申请等您审核。", count=len(together))
    prompt_together(chat, work, together, words)


def referred(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    proposed = reviewers.proposal(work, application)
    if proposed is not None:
        who = person_name(work, proposed.decided_by)
        prompt(chat, work, application, _("{who}看过了，请您复核。", who=who))


def sent_back(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == PENDING:
        sender = reviewers.sent_back(work, application)
        why = plain(sender.words if sender else "")
        prompt(chat, work, application, _("复核的老师退回了这一份：{why}", why=why))


def answered(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == PENDING:
        prompt(chat, work, application, _("考生回答了，请审核。"))


def reminder(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    undo.prompt(chat, work, application)
    if application.state in DECIDABLE:
        at = application.filed_at
        prompt(chat, work, application, _("这份申请 {at} 提交，还在等您审核，请尽快处理。", at=at))


def escalated(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if chat.person == application.applicant_id:
        words = _("您的申请 {number} 等得太久，已请自考办处理。", number=application.number)
        chat.say(words, buttons=[chat.button(_("看进度"), told(application).status, lasting=True)])
    elif application.state in DECIDABLE:
        prompt(chat, work, application, _("这份申请超过期限没有审核，请自考办处理。"))


# --- what applicants are told -------------------------------------------------------------------


def passed(chat: Chat, work: Work, event: Event) -> None:
    together: Sequence[Application] = cases(work, event)
    first = told(together[0])
    status = chat.button(_("看进度"), first.status, lasting=True)
    chat.say(first.passed(work, together), buttons=[status])


def rejected(chat: Chat, work: Work, event: Event) -> None:
    """The reason word for word, what is to be done, until when."""
    application = case(work, event)
    parts: list[Speech] = [
        _(
            "您的{service}申请 {number}（{subject}）没有通过。理由：{why}",
            service=told(application).service,
            number=application.number,
            subject=told(application).subject(work, application),
            why=rejection(work, application),
        ),
        told(application).rejected(work, application),
    ]
    chat.say(lines(*parts), buttons=told(application).again(chat, work, application))


def question(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state != ASKED:
        return
    asked = asking.questions(work, application)[-1]
    chat.say(
        _(
            "{who}审核您的{service}申请 {number}（{subject}）时想问：{question}",
            who=person_name(work, asked.asked_by),
            service=told(application).service,
            number=application.number,
            subject=told(application).subject(work, application),
            question=plain(asked.question),
        ),
        buttons=[
            chat.button(
                _("回答"),
                "answer_review",
                style="primary",
                lasting=True,
                application_number=application.number,
            )
        ],
        about=application.number,
    )


def applicant_and_who_doubted(work: Work, event: Event) -> list[int]:
    doubters = [one for one in undo.the_doubter(work, event) if one != work.actor]
    return the_applicant(work, event) + doubters


def revoked(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if chat.person != application.applicant_id:
        undo.taken_back(chat, work, event)
        return
    chat.say(
        _(
            "您的{service}（{subject}）已被撤销，不再计入。理由：{why}",
            service=told(application).service,
            subject=told(application).subject(work, application),
            why=plain(request_of(work, application).rejected_why),
        ),
        buttons=[chat.button(_("看进度"), told(application).status, lasting=True)],
    )


def ended_by_score(chat: Chat, work: Work, event: Event) -> None:
    """The score itself has come, and what it was to replace is over."""
    application = case(work, event)
    found = superseded.by_what(work, application)
    score = found.score if found is not None else None
    month = found.passed_month if found is not None else ""
    points = _("，{score} 分", score=score) if score is not None else plain("")
    chat.say(
        _(
            "您的{service}（{subject}）不用再办了：考籍数据里已经有合格成绩（{month}{points}），"
            "这份申请 {number} 已自动结束。",
            service=told(application).service,
            subject=told(application).subject(work, application),
            month=month,
            points=points,
            number=application.number,
        ),
        buttons=[chat.button(_("自考成绩"), "exam_scores", lasting=True)],
    )


OF_A_KIND: dict[str, Told] = {
    "refer": (those_who_decide, referred),
    "send_back": (all_but_who_sent_it_back, sent_back),
    "answer": (those_who_decide, answered),
    "escalate": (applicant_and_exam_office, escalated),
    "reject": (the_applicant, rejected),
    "ask_back": (the_applicant, question),
    "revoke": (applicant_and_who_doubted, revoked),
    "doubt": (undo.who_settles, undo.doubted),
    "keep": (undo.the_doubter, undo.kept),
    "supersede": (the_applicant, ended_by_score),
}
NOTICES: dict[str, Told] = {
    "review.filed": (those_who_decide_on_any, filed),
    "review.passed": (the_applicant, passed),
    "review.remind": (those_reminded, reminder),
} | {f"{kind}.{event}": told_ for kind in KINDS for event, told_ in OF_A_KIND.items()}

# What stands in place of the buttons of a prompt once its case has gone on.
CLOSINGS: dict[str, Callable[[Speech], Words]] = {
    f"{kind}.{event}": words
    for kind in KINDS
    for event, words in {
        "approve": lambda who: _("已由{who}通过", who=who),
        "reject": lambda who: _("已由{who}驳回", who=who),
        "refer": lambda who: _("{who}已请同事复核", who=who),
        "send_back": lambda who: _("{who}已退回再看", who=who),
        "ask_back": lambda who: _("{who}已问考生，等考生回答", who=who),
        "answer": lambda who: _("考生已回答"),
        "revoke": lambda who: _("已由{who}撤销", who=who),
        "keep": lambda who: _("{who}看过了，不撤销", who=who),
        "change": lambda who: _("考生已修改"),
        "withdraw": lambda who: _("考生已撤回"),
        "supersede": lambda who: _("已有合格成绩，不用审核"),
    }.items()
} | {"review.settled": lambda who: _("这几份都已经办完了")}
ONES_OWN: dict[str, Words] = {
    f"{kind}.{event}": words
    for kind in KINDS
    for event, words in {"withdraw": _("您已撤回"), "answer": _("您已回答")}.items()
}
