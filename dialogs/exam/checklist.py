"""为什么还不能毕业 (why not yet, E6): every requirement that is not met, and who can do something."""

import re
from collections.abc import Sequence

from backend.exam import candidates, eligibility, windows
from backend.exam.eligibility import Item, Stage, Who
from backend.models import ExamTicket
from backend.policy.exam import Service
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.words import Speech, Words, _, lines
from dialogs.exam.graduation_words import UNMET, item_words, points, ticket_major
from dialogs.exam.tickets import current_ticket

ASKED = re.compile(
    r"(为什么|为啥|怎么|咋)(我?)(还|现在)?((不能|没法|没能|不可以|没有?)(申请)?毕业|毕不了业?)"
    r"|(毕业|自考).{0,6}(还|到底)(差|缺)(什么|哪些|哪几门|几门|啥)"
    r"|(还|到底)(差|缺)(什么|哪些|哪几门|几门|啥).{0,8}毕业"
    r"|why (can.?t|can ?not|am i not|couldn.?t) i? ?(graduate|graduating)"
    r"|what (is|do i|am i) .{0,10}miss.{0,12}graduat"
)
MOST_ROWS = 24


def exam_checklist(chat: Chat, work: Work) -> None:
    """For the ticket in use; what is met is counted, what is not is told one by one."""
    ticket = current_ticket(chat, work)
    items = eligibility.check(work, ticket, candidates.major_of(work, ticket))
    tell(chat, work, ticket, items)


def tell(chat: Chat, work: Work, ticket: ExamTicket, items: Sequence[Item]) -> None:
    missing = eligibility.unmet(items, Stage.BARS, Stage.GAP)
    if missing:
        words = _(
            "离毕业还差 {count} 项（准考证 {ticket}）：", count=len(missing), ticket=ticket.number
        )
    else:
        words = _("课程和学分都够了，可以申请毕业（准考证 {ticket}，E6）。", ticket=ticket.number)
    chat.say(words, card=card(chat, work, ticket, items), buttons=steps(chat, work, items))


def card(chat: Chat, work: Work, ticket: ExamTicket, items: Sequence[Item]) -> Card:
    rows: list[tuple[Words, Speech]] = [(_("专业"), ticket_major(work, ticket))]
    rows.append((_("已满足"), met_words(items)))
    missing = eligibility.unmet(items, Stage.BARS, Stage.GAP)
    rows += [(_("还差"), item_words(one)) for one in missing[:MOST_ROWS]]
    if len(missing) > MOST_ROWS:
        rows.append((_("还差"), _("还有 {count} 项", count=len(missing) - MOST_ROWS)))
    rows += [(_("请留意"), item_words(one)) for one in eligibility.unmet(items, Stage.NOTED)]
    if given := eligibility.unmet(items, Stage.GIVEN):
        rows.append((_("申请时要交"), lines(*(UNMET[one.code](one.facts) for one in given))))
    rows += [(_("通过以后"), item_words(one)) for one in eligibility.unmet(items, Stage.LATER)]
    return chat.card(_("毕业条件（E6）"), *rows)


def met_words(items: Sequence[Item]) -> Words:
    courses = [one for one in items if one.code in ("course", "choice", "option_course")]
    credits = [one for one in items if one.code == "credits"]
    if not credits:
        return _("课程要有专业才能核对")
    facts = credits[0].facts
    return _(
        "课程 {done}/{all} 项，学分 {earned}/{total}",
        done=sum(one.met for one in courses),
        all=len(courses),
        earned=points(facts["earned"]),
        total=points(facts["total"]),
    )


def steps(chat: Chat, work: Work, items: Sequence[Item]) -> list[Button]:
    """What can be done about it here, now."""
    missing = eligibility.unmet(items, Stage.BARS, Stage.GAP)
    found = []
    by_proof = any(one.who is Who.APPLICANT for one in missing if one.code.endswith("course"))
    if by_proof and windows.standing(work, Service.EXEMPTION).open:
        found.append(chat.button(_("申请免考"), "apply_exemption"))
    if missing and windows.standing(work, Service.BACK_ENTRY).open:
        found.append(chat.button(_("成绩补登"), "backfill_scores"))
    if any(one.code == "filed" for one in items):
        found.append(chat.button(_("毕业进度"), "exam_graduation_status", lasting=True))
    elif not any(one.stage is Stage.BARS for one in missing):
        style = "" if missing else "primary"
        found.append(chat.button(_("申请毕业"), "apply_exam_graduation", style=style))
    return found
