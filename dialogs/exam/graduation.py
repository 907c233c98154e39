"""申请毕业 (graduation, E6): from the notice to the consent, and once more after a rejection."""

from dataclasses import replace

from backend.exam import eligibility, graduation, graduation_cases, graduation_rules, windows
from backend.exam.eligibility import Stage
from backend.exam.graduation_cases import Filing, Personal, State
from backend.models import Application, ExamCandidate, ExamMajor, ExamTicket
from backend.policy import store
from backend.policy.exam import ExamPolicy, Service
from backend.work import Work
from backend.workflow import already_handled
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import choice, fixed
from dialogs.engine.words import _, lines, plain
from dialogs.exam import checklist
from dialogs.exam import personal as exam_personal
from dialogs.exam.graduation_gaps import explanations
from dialogs.exam.graduation_parts import (
    Given,
    card_of,
    facts_of,
    notice,
    option_of,
    prior_proofs,
    scores_right,
    written,
)
from dialogs.exam.tickets import accept, open_ticket
from dialogs.proofs import collecting
from dialogs.titles import unit_words

APPLICATION = fixed("application_number", _("申请"))


def apply_exam_graduation(chat: Chat, work: Work) -> None:
    """What is missing, the notice, the data, the scores, what is to be written and shown, consent."""
    ticket, window = open_ticket(chat, work, Service.GRADUATION)
    major = graduation_rules.require_major(work, ticket)
    standing = graduation_cases.of_ticket(work, ticket, major)
    if standing is not None and standing.state == State.REJECTED:
        chat.go_on_with("reapply_exam_graduation", application_number=standing.number)
        return
    graduation_rules.require_none(work, ticket, major)
    graduation_rules.require_nothing_bars(work, ticket, major)
    if not goes_on(chat, work, ticket, major):
        return
    accept(chat, notice(work, store.exam(work), major))
    if chat.once("window"):
        chat.say(
            _(
                "准考证 {number}，{until} 之前可以申请（E4）。",
                number=ticket.number,
                until=window.closes_at,
            )
        )
    known = graduation_cases.personal_of(work, work.session.get(ExamCandidate, ticket.person_id))
    given = gather(chat, work, ticket, major, store.exam(work), known, None)
    if given is None:
        return
    consent = chat.confirm(
        _("请再核对一遍，确认无误就提交（E6）。"),
        card=card_of(chat, work, ticket, major, given),
        facts=facts_of(work, ticket, major, given),
        agree=_("确认无误，提交申请"),
    )
    application = graduation.file(work, ticket, filing(work, given), consent)
    submitted(chat, work, application)


def reapply_exam_graduation(chat: Chat, work: Work) -> None:
    """The reason first; what was written and shown before may stand (E6f)."""
    application = graduation_cases.own(work, chat.ask(APPLICATION))
    if application.state != State.REJECTED:
        raise already_handled(work, application)
    windows.require(work, Service.GRADUATION, "E6")
    request = graduation_cases.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    major = work.session.get_one(ExamMajor, request.major_id)
    graduation_rules.require_nothing_bars(work, ticket, major)
    if chat.once("reason"):
        chat.say(
            _(
                "{number} 没有通过，理由：{why}。请按理由改，别的可以沿用。",
                number=application.number,
                why=plain(request.rejected_why),
            )
        )
    policy = store.exam(work, application.policy_version)
    known = graduation_cases.personal_of(work, request)
    given = gather(chat, work, ticket, major, policy, known, application)
    if given is None:
        return
    consent = chat.confirm(
        _("请再核对一遍，确认无误就重新提交（E6）。"),
        card=card_of(chat, work, ticket, major, given),
        facts=f"{application.version}|{facts_of(work, ticket, major, given)}",
        agree=_("确认无误，重新提交"),
    )
    graduation.reapply(work, application.number, filing(work, given), consent)
    submitted(chat, work, application)


def goes_on(chat: Chat, work: Work, ticket: ExamTicket, major: ExamMajor) -> bool:
    """Whoever lacks courses hears it first, and may explain each of them (E6c)."""
    items = eligibility.check(work, ticket, major)
    missing = eligibility.unmet(items, Stage.GAP)
    if not [one for one in missing if one.code != "credits"]:
        return True
    if chat.once("missing"):
        checklist.tell(chat, work, ticket, [one for one in items if one.code != "window"])
    question = _(
        "没有合格成绩的课程，确实符合条件的可以在申请里逐门如实说明，由审核人判断（E6）。仍然申请吗？"
    )
    labels = {True: _("仍然申请"), False: _("先不申请")}
    slot = choice("anyway", question, labels, title=_("仍然申请"), yes=True, no=False)
    if chat.ask(replace(slot, revisable=False)):
        return True
    chat.say(_("好的，没有提交。随时可以再来，说“还差什么毕业”就能看到还差哪些。"))
    return False


def gather(
    chat: Chat,
    work: Work,
    ticket: ExamTicket,
    major: ExamMajor,
    policy: ExamPolicy,
    known: Personal,
    before: Application | None,
) -> Given | None:
    """Everything the application needs, question by question; None where the scores are wrong."""
    personal = exam_personal.confirmed(chat, work, known)
    if not scores_right(chat, work, ticket, major):
        return None
    option = option_of(chat, work, major)
    gaps = explanations(chat, work, policy, ticket, major, option, before)
    appraisal = written(chat, work, policy, before)
    shown = prior_proofs(chat, work, policy, major, before)
    return Given(personal, option, gaps, appraisal, shown)


def filing(work: Work, given: Given) -> Filing:
    """Keeps the proofs that are new; call it after the consent."""
    days = store.exam(work).originals_days
    kept = tuple(
        old if old is not None else collecting.keep(work, one, originals_days=days).id
        for one, old in given.proofs
    )
    return Filing(
        given.option, given.personal, given.appraisal, given.gaps, given.prior_month, kept
    )


def submitted(chat: Chat, work: Work, application: Application) -> None:
    chat.say(
        lines(
            _(
                "已提交 {number}，现在由{unit}的审核人审核，有结果马上告诉您。",
                number=application.number,
                unit=unit_words(work, application),
            ),
            _("之后请根据提示和学校官网公告办理后续事宜（E6）。"),
        ),
        buttons=[status_button(chat)],
    )


def status_button(chat: Chat) -> Button:
    return chat.button(_("看进度"), "exam_graduation_status", lasting=True)
