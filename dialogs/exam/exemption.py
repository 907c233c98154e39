"""申请免考 (exemption, E5): several courses at once, each with its own proofs and its own state."""

import re
from collections.abc import Callable, Sequence

from backend.errors import Refused
from backend.exam import candidates, exemption_board, exemption_cases, exemptions, matrix
from backend.exam.exemption_board import NOT_APPLIED, PASSED, CourseState
from backend.exam.exemptions import CourseClaim, State
from backend.exam.matrix import ProofFacts
from backend.models import Application, ExamTicket
from backend.policy import store
from backend.policy.exam import ExamPolicy, Service
from backend.work import Work
from dialogs import refusals
from dialogs.engine import choosing
from dialogs.engine.chat import Chat
from dialogs.engine.hearing import TYPED
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Slot, fixed
from dialogs.engine.words import Speech, Words, _, lines, listed, plain
from dialogs.exam.exemption_words import (
    STATES,
    any_of,
    course_of,
    course_words,
    credits,
    kinds_of,
    missing_words,
    notice,
)
from dialogs.exam.tickets import accept, open_ticket
from dialogs.proofs import collecting
from dialogs.proofs.collecting import Draft, Next, Terms
from dialogs.proofs.kinds import TYPES, Kind, kind_words
from dialogs.titles import unit_words

APPLICATION = fixed("application_number", _("申请"))
COURSE = fixed("named_course", _("课程"))
TYPE = fixed("named_type", _("凭证"))
GRADES = {
    "4": re.compile(r"四级|4\s*级|cet\W?4|band 4"),
    "6": re.compile(r"六级|6\s*级|cet\W?6|band 6"),
    "2": re.compile(r"二级|2\s*级|pets\W?2"),
    "3": re.compile(r"三级|3\s*级|pets\W?3"),
    "5": re.compile(r"五级|5\s*级|pets\W?5"),
}


def apply_exemption(chat: Chat, work: Work) -> None:
    """Courses, the proofs of each, a look at it all, and handing it in once the candidate agrees."""
    ticket, window = open_ticket(chat, work, Service.EXEMPTION)
    policy = store.exam(work)
    if not policy.matrix:
        raise Refused("matrix_not_set", "E5", office="exam_policy")
    board = exemption_board.board(work, ticket)
    can = {one.course.code: one for one in board if one.state == NOT_APPLIED and one.possible}
    take_named(chat, work, policy, ticket, can)
    if not can:
        nothing_to_apply_for(chat, board)
        return
    accept(chat, notice(work, policy))
    if chat.once("board"):
        chat.say(
            _(
                "准考证 {number}，{until} 之前可以办（E4）。",
                number=ticket.number,
                until=window.closes_at,
            ),
            card=board_card(chat, board),
        )
    codes = choosing.several(
        chat,
        "courses",
        _("要免哪几门？可以选几门一起申请（E5）。"),
        {code: course_words(one.course) for code, one in can.items()},
        title=_("课程"),
        entity="course",
        why_not=lambda code: not_open(work, policy, ticket, code) or choosing.NOT_A_CHOICE,
    )
    exemptions.require_few(policy, [can[code].course.id for code in codes])
    given: dict[str, list[Draft]] = {}
    shared: list[tuple[Words, Draft]] = []
    for code in codes:
        words = course_words(can[code].course)
        if (len(codes) > 1 or one_kind_only(policy, code)) and chat.once(f"course.{code}"):
            chat.say(what_is_needed(policy, code, words))
        given[code] = collecting.collect_several(
            chat,
            work,
            code,
            next_of(policy, code),
            terms(policy, code),
            shared=shared,
            about=_("用什么凭证免“{course}”？", course=words),
        )
        shared += [(words, one) for one in given[code]]
    consent = chat.confirm(
        _("请核对课程、凭证类型和编号，没有问题就提交（E5）。"),
        card=summary(chat, [(course_words(can[code].course), given[code]) for code in codes]),
        facts="|".join(f"{code}:{collecting.facts(one)}" for code in codes for one in given[code]),
        agree=_("提交申请"),
    )
    claims = [
        CourseClaim(
            can[code].course.id,
            tuple(
                collecting.keep(work, one, originals_days=policy.originals_days).id
                for one in given[code]
            ),
        )
        for code in codes
    ]
    filed = exemptions.file(work, ticket, claims, consent)
    chat.say(
        _(
            "已提交 {count} 门：{numbers}。现在由{unit}的审核人审核，有结果马上告诉您；审核之前还可以修改（E5）。",
            count=len(filed),
            numbers=listed(
                *(
                    _("{number} {course}", number=one.number, course=course_of(work, one))
                    for one in filed
                )
            ),
            unit=unit_words(work, filed[0]),
        ),
        buttons=[status_button(chat)],
    )


def one_kind_only(policy: ExamPolicy, code: str) -> bool:
    return len(kinds_of(matrix.useful(policy, code))) == 1


def what_is_needed(policy: ExamPolicy, code: str, course: Words) -> Speech:
    """Before the proofs of a course are asked for: what exempts from it, by the matrix (E5)."""
    would_do = any_of(matrix.missing(policy, code, [])[0])
    notes = [way.reviewer_note for way in matrix.ways(policy, code) if way.reviewer_note]
    told = _("“{course}”可以用：{others}（E5）。", course=course, others=would_do)
    return lines(told, *(_("要求：{note}", note=plain(one)) for one in notes))


def take_named(
    chat: Chat,
    work: Work,
    policy: ExamPolicy,
    ticket: ExamTicket,
    can: dict[str, CourseState],
) -> None:
    """What the first words say: a course that is open is chosen, of another it is told why not; a
    proof is taken where the course can be exempt from with it."""
    if chat.has_shown("board"):
        return  # from now on what is said is about the form
    code = chat.known(named(COURSE, "course"))
    if code is not None and chat.once("named"):
        if code in can:
            chat.overheard(named(fixed("courses.1", _("课程")), "course*"), code)
        elif (why := not_open(work, policy, ticket, code)) is not None:
            chat.say(why)
    proof = chat.known(named(TYPE, "credential_type"))
    if code in can and proof is not None and chat.once("named_type"):
        kinds = [one for one in kinds_of(matrix.useful(policy, code)) if one.type == proof]
        said = [
            one for one in kinds if one.grade and GRADES[one.grade].search(chat.opening.lower())
        ]
        if not kinds:
            chat.say(not_with(policy, code, proof, course_words(can[code].course)))
        elif len(said or kinds) == 1:
            name = f"type.{code}.1"  # as if it had been typed to that question
            slot = named(fixed(name, _("凭证")), f"{TYPED}{name}")
            chat.overheard(slot, kind_words((said or kinds)[0]).into("zh"))


def named(slot: Slot[str], entity: str) -> Slot[str]:
    return Slot(slot.name, slot.prompt, slot.title, str, slot.read, entity=entity, revisable=False)


def not_open(work: Work, policy: ExamPolicy, ticket: ExamTicket, code: str) -> Words | None:
    """Why one cannot apply for this course; None where nothing speaks against it."""
    course = candidates.course(work, code)
    if course is None:
        return None
    try:
        exemptions.require_open(work, policy, ticket, course)
    except Refused as refused:
        return Words("{text}", {"text": refusals.sentence(work, refused)})
    return None


def not_with(policy: ExamPolicy, code: str, proof: str, course: Words) -> Words:
    would_do = matrix.missing(policy, code, [])[0]
    return _(
        "{proof}不能免“{course}”，可以用的是：{others}（E5）。",
        proof=TYPES.get(proof, TYPES["other"]),
        course=course,
        others=any_of(would_do),
    )


def nothing_to_apply_for(chat: Chat, board: Sequence[CourseState]) -> None:
    chat.say(
        _("现在没有可以申请免考的课程：没申请过的课程里，学校没有定下可以用什么凭证免考的。"),
        card=board_card(chat, board),
        buttons=[status_button(chat)],
    )


def terms(policy: ExamPolicy, code: str) -> Terms:
    least = {
        kind: score
        for kind in kinds_of(matrix.useful(policy, code))
        if (score := matrix.least_score(policy, code, kind.type, kind.grade)) is not None
    }
    return Terms("E5", policy.picture.max_bytes, policy.picture.most_per_proof, least=least)


def next_of(policy: ExamPolicy, code: str) -> Callable[[Sequence[Draft]], Next]:
    """What may come after the proofs that are there, by the matrix."""

    def next_after(drafts: Sequence[Draft]) -> Next:
        lacking = matrix.missing(policy, code, [facts_of(one) for one in drafts])
        if not lacking:
            return Next(possible=every_kind(policy, code))
        needs = [need for group in lacking[0].any_of for need in group]
        return Next(needed=kinds_of(needs), missing=missing_words(lacking))

    return next_after


def facts_of(draft: Draft) -> ProofFacts:
    if draft.type == "diploma":
        return ProofFacts(draft.type, level=draft.grade)
    return ProofFacts(draft.type, grade=draft.grade)


def every_kind(policy: ExamPolicy, code: str) -> list[Kind]:
    """Whatever some way to be exempt from the course has in it."""
    groups = [
        group for way in matrix.ways(policy, code) for group in matrix.companions(policy, way)
    ]
    needs = [*matrix.useful(policy, code), *(need for group in groups for need in group)]
    return list(dict.fromkeys(kinds_of(needs)))


def board_card(chat: Chat, board: Sequence[CourseState]) -> Card:
    """What can be applied for, and what has been; the other courses only by how many they are."""
    shown = [one for one in board if one.application or (one.possible and one.state != PASSED)]
    rows: list[tuple[Words, Speech]] = [
        (
            course_words(one.course),
            _("{credits} 学分，{state}", credits=credits(one.course), state=STATES[one.state]),
        )
        for one in shown
    ]
    done = sum(one.state == PASSED for one in board)
    others = len(board) - len(shown) - done
    if done:
        rows.append((_("已有合格成绩"), _("{count} 门，不用免考", count=done)))
    if others:
        rows.append((_("不能申请"), _("{count} 门，学校没有定下可以用什么凭证", count=others)))
    return chat.card(_("课程和审核状态（E5）"), *rows)


def summary(chat: Chat, courses: Sequence[tuple[Words, Sequence[Draft]]]) -> Card:
    rows: list[tuple[Words, Speech]] = []
    for course, drafts in courses:
        rows.append((_("课程"), course))
        for draft in drafts:
            rows += collecting.rows(draft)
    return chat.card(_("申请免考"), *rows)


def status_button(chat: Chat) -> Button:
    return chat.button(_("看进度"), "exemption_status", lasting=True)


def change_button(chat: Chat, work: Work, application: Application) -> Button:
    """[重新提交] of what was rejected, [修改] of what waits."""
    course = exemption_cases.course_of(work, application)
    again = application.state == State.REJECTED
    label = _("重新提交 {code}", code=course.code) if again else _("修改 {code}", code=course.code)
    return chat.button(
        label, "change_exemption", lasting=True, application_number=application.number
    )
