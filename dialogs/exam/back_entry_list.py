"""我补登的 (one's own back-entries, E9), and editing one that waits for review."""

import re
from dataclasses import replace

from backend.exam import back_entry, back_entry_cases, back_entry_rules, windows
from backend.exam.back_entry_cases import RESULTS, Entry, State
from backend.models import Application, Proof
from backend.policy import store
from backend.policy.exam import Service
from backend.proofs import keeping
from backend.reviewing import asking
from backend.work import Work
from backend.workflow import already_handled
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Slot, choice, fixed, text
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.exam.back_entry import (
    card_of,
    edit_button,
    from_province,
    from_ticket,
    into_major,
    list_button,
    score_slot,
    shown,
    when_slot,
    with_proof,
)
from dialogs.exam.back_entry_words import KINDS, month_label, state_rows, subject
from dialogs.exam.exemption_status import holder_in_brackets
from dialogs.exam.tickets import current_ticket
from dialogs.proofs import collecting
from dialogs.proofs.collecting import Draft
from dialogs.titles import unit_words

APPLICATION = fixed("application_number", _("申请"))
MINE = re.compile(
    r"(我的?补登|补登(的|记录|进度|结果|审核|通过|到哪)|back.?entr.{0,12}(status|progress))"
)
SHOWN = 8
DONE = "done"


def back_entries(chat: Chat, work: Work) -> None:
    """Every entry under the ticket with its state; those that wait can be edited."""
    number = chat.known(APPLICATION)
    mine = [back_entry_cases.own(work, number)] if number is not None else []
    mine = mine or back_entry_cases.of_ticket(work, current_ticket(chat, work))
    add = [chat.button(_("再补登一条"), "backfill_scores")]
    if not windows.standing(work, Service.BACK_ENTRY).open:
        add = []
    if not mine:
        chat.say(_("这个准考证没有补登过。"), buttons=add)
        return
    rows: list[tuple[Words, Speech]] = [
        (plain(one.number), lines(subject(work, one), standing(work, one))) for one in mine[:SHOWN]
    ]
    buttons = [button for one in mine[:SHOWN] for button in steps(chat, one)]
    chat.say(
        _("补登的记录，最近的在前面（E9）："),
        card=chat.card(_("我补登的"), *rows),
        buttons=[*buttons[:6], *add],
    )


def standing(work: Work, application: Application) -> Speech:
    told: list[Speech] = [state_rows(work, application)]
    if application.state == State.ASKED:
        question = asking.questions(work, application)[-1].question
        told.append(_("老师问：{question}", question=plain(question)))
    if application.holder:
        told.append(holder_in_brackets(work, application))
    return lines(*told)


def steps(chat: Chat, application: Application) -> list[Button]:
    """Only what waits is edited; afterwards there is nothing to press."""
    number = application.number
    if application.state == State.PENDING:
        withdraw = chat.button(
            _("撤回 {number}", number=number),
            "withdraw_application",
            lasting=True,
            application_number=number,
        )
        return [edit_button(chat, application), withdraw]
    if application.state == State.ASKED:
        return [
            chat.button(
                _("回答 {number}", number=number),
                "answer_review",
                style="primary",
                lasting=True,
                application_number=number,
            )
        ]
    return []


def change_back_entry(chat: Chat, work: Work) -> None:
    """One field after another, until nothing more is to be changed (E9)."""
    application = back_entry_cases.own(work, chat.ask(APPLICATION))
    if application.state != State.PENDING:
        raise already_handled(work, application)
    policy = store.exam(work, application.policy_version)
    before = back_entry_cases.entry_of(work, application)
    course = back_entry_cases.course_of(work, application)
    entry, draft, turn = before, old_proof(work, application), 1
    proof = before.proof
    while (field := chat.ask(which(entry, turn))) != DONE:
        if field == "proof":
            entry, draft = shown(chat, work, policy, entry, f"change.{turn}")
            proof = None
        else:
            entry = changed(chat, work, entry, field, turn)
            if field == "month":
                back_entry_rules.require_month(work, policy, entry.kind, entry.month)
        turn += 1
    if turn == 1:
        chat.say(_("没有改动。"), buttons=[list_button(chat)])
        return
    consent = chat.confirm(
        _("请核对，没有问题就重新提交（E9）。"),
        card=card_of(chat, course, entry, draft),
        facts=f"{application.number}:{application.version}:{entry}:{draft and collecting.facts(draft)}",
        agree=_("重新提交"),
    )
    if proof is None:
        entry = with_proof(work, policy, replace(entry, proof=None), draft)
    back_entry.change(work, application.number, entry, consent)
    chat.say(
        _(
            "已重新提交 {number}（{kind}），现在由{unit}的审核人审核，有结果马上告诉您。",
            number=application.number,
            kind=KINDS[entry.kind],
            unit=unit_words(work, application),
        ),
        buttons=[list_button(chat)],
    )


def old_proof(work: Work, application: Application) -> Draft | None:
    found: list[Proof] = keeping.given(work, application.id)
    return collecting.of(work, found[0]) if found else None


def which(entry: Entry, turn: int) -> Slot[str]:
    labels: dict[str, Words] = {"month": month_label(entry.kind)}
    if entry.kind in RESULTS:
        labels["score"] = _("成绩")
    if entry.kind == "transfer_in":
        labels |= {
            "from_province": _("转出省"),
            "from_ticket": _("原准考证号"),
            "into_major": _("转入专业"),
        }
    labels |= {"remark": _("说明"), "proof": _("凭证或图片"), DONE: _("改好了")}
    prompt = _("要改哪一项？") if turn == 1 else _("还要改哪一项？")
    return replace(choice(f"which.{turn}", prompt, labels, title=_("要改的一项")), revisable=False)


def changed(chat: Chat, work: Work, entry: Entry, field: str, turn: int) -> Entry:
    match field:
        case "month":
            slot = replace(when_slot(work, entry.kind), name=f"when.{turn}")
            return replace(entry, month=chat.ask(slot))
        case "score":
            return replace(
                entry,
                score=chat.ask(score_slot(f"score.{turn}", store.exam(work).scores.pass_mark)),
            )
        case "from_province":
            found = chat.ask(from_province(f"from_province.{turn}"))
            return replace(entry, from_province=found)
        case "from_ticket":
            return replace(entry, from_ticket=chat.ask(from_ticket(f"number.from_ticket.{turn}")))
        case "into_major":
            return replace(entry, into_major=chat.ask(into_major(f"into_major.{turn}")))
    words = text(f"remark.{turn}", _("说明写什么？"), title=_("说明"), at_most=200, verbatim=True)
    return replace(entry, remark=chat.ask(words))
