"""转入进度 (transfer in): what comes from another province, where it stands, and when to be where (E7)."""

from backend import authority
from backend.authority import Role
from backend.exam import transfer_in
from backend.exam.transfer_in import State
from backend.models import ExamTicket, TransferIn
from backend.policy import store
from backend.work import Event, Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import fixed
from dialogs.engine.words import Joined, Speech, Words, _, lines, plain
from dialogs.exam.tickets import ticket_row
from dialogs.exam.words import course_name

OFFICE = "exam_policy"
REVIEWERS = {Role.EXAM_REVIEWER, Role.EXAM_OFFICE}
NUMBER = fixed("transfer", _("转入"))
STATES: dict[str, Words] = {
    State.REVIEWING: _("审核中"),
    State.INVITED: _("待现场确认"),
    State.MISSED: _("没有按约定现场确认"),
    State.CONFIRMED: _("已现场确认，等审核结果"),
    State.ACCEPTED: _("已转入，成绩计入"),
    State.REJECTED: _("没有通过"),
}
NEWS: dict[str, Words] = {
    State.REVIEWING: _("您从{province}转入的成绩已经收到，正在审核，结果出来会通知您（E7）。"),
    State.INVITED: _("您从{province}转入的成绩要现场确认（E7），请按时到场："),
    State.MISSED: _("您从{province}转入的成绩没有在约定的时间现场确认（E7），请联系改约。"),
    State.CONFIRMED: _("您从{province}转入的成绩已现场确认，等审核结果（E7）。"),
    State.ACCEPTED: _("您从{province}转入的成绩已经转入，从现在起计入（E7）。"),
    State.REJECTED: _("您从{province}转入的成绩没有通过（E7）。"),
}


def transfer_in_status(chat: Chat, work: Work) -> None:
    """Every transfer of one's own with its state; one of them in detail by its button."""
    mine = transfer_in.of_person(work, chat.person or 0)
    if not mine and authority.roles(work, chat.person or 0) & REVIEWERS:
        chat.go_on_with("review_transfers")
        return
    if not mine:
        chat.say(
            lines(
                _("没有查到您从外省转入的成绩。转入要先在外省办转出，这里不用申请（E7）。"),
                refusals.office(work, OFFICE),
            )
        )
        return
    number = chat.known(NUMBER)
    for one in mine if number is None else [one for one in mine if one.number == number]:
        tell(chat, work, one, state_line(one), details=number is not None or len(mine) == 1)


def state_line(transfer: TransferIn) -> Words:
    return _(
        "从{province}转入：{state}。",
        province=transfer.from_province,
        state=STATES[transfer.state],
    )


def tell(
    chat: Chat, work: Work, transfer: TransferIn, words: Words, *, details: bool = True
) -> None:
    """Where it stands and what its candidate has to do now."""
    calls = transfer.state in (State.MISSED, State.REJECTED)
    button = chat.button(_("看详情"), "transfer_in_status", transfer=transfer.number)
    chat.say(
        lines(words, refusals.office(work, OFFICE)) if calls else words,
        card=card_of(chat, work, transfer, details=details),
        buttons=[] if details else [button],
        until=transfer.confirm_at if transfer.state == State.INVITED else None,
    )


def card_of(chat: Chat, work: Work, transfer: TransferIn, *, details: bool) -> Card:
    ticket = work.session.get_one(ExamTicket, transfer.ticket_id)
    rows: list[tuple[Words, Speech]] = [
        ticket_row(ticket),
        (_("转出省"), plain(transfer.from_province)),
        (_("状态"), STATES[transfer.state]),
        (_("起始时间"), _("{at}", at=transfer.since)),
        *appointment_rows(work, transfer),
    ]
    if transfer.state == State.REJECTED:
        rows.append((_("理由"), plain(transfer.reason)))
    if details:
        rows += [score_row(one) for one in transfer_in.courses(work, transfer)]
    return chat.card(_("外省转入 {number}", number=transfer.number), *rows)


def appointment_rows(work: Work, transfer: TransferIn) -> list[tuple[Words, Speech]]:
    """When, where, and what to bring; what the manual does not say is said to be so."""
    when = transfer_in.appointment(transfer)
    if when is None or transfer.state not in (State.INVITED, State.MISSED):
        return []
    bring = store.exam(work).transfer_in.bring
    rows: list[tuple[Words, Speech]] = [
        (_("现场确认时间"), _("{at}", at=when.at)),
        (_("现场确认地点"), plain(when.place)),
        (_("要带什么"), plain(bring) if bring else _("手册没有写，请看平台上的提示")),
    ]
    if when.note:
        rows.append((_("注意"), plain(when.note)))
    return rows


def score_row(one: transfer_in.Incoming) -> tuple[Words, Speech]:
    parts: list[Speech] = []
    if one.score is not None:
        parts.append(_("{score} 分", score=one.score))
    if one.passed_month:
        parts.append(plain(one.passed_month))
    name = course_name(one.course.code, one.course.name_zh, one.course.name_en)
    return name, Joined(tuple(parts), "，", ", ") if parts else _("没有分数")


# notices -------------------------------------------------------------------------------------


def the_candidate(work: Work, event: Event) -> list[int]:
    transfer = transfer_in.find(work, event.subject)
    return [] if transfer is None else [transfer.person_id]


def news(chat: Chat, work: Work, event: Event) -> None:
    """The case as it now stands."""
    transfer = transfer_in.find(work, event.subject)
    if transfer is not None:
        words = NEWS[transfer.state]
        tell(chat, work, transfer, Words(words.msgid, {"province": transfer.from_province}))


def reminder(chat: Chat, work: Work, event: Event) -> None:
    """Of an appointment that still stands."""
    transfer = transfer_in.find(work, event.subject)
    if transfer is None or transfer.state != State.INVITED or transfer.confirm_at is None:
        return
    words = _(
        "提醒：{at} 在{place}现场确认从{province}转入的成绩（E7）。",
        at=transfer.confirm_at,
        place=transfer.confirm_place,
        province=transfer.from_province,
    )
    tell(chat, work, transfer, words, details=False)


EVENTS = (
    "receive",
    "invite",
    "reschedule",
    "attend",
    "miss",
    "accept",
    "reject",
    "news",
    "remind_evening",
    "remind_hours",
)
NOTICES = {
    f"transfer_in.{event}": (the_candidate, reminder if event.startswith("remind") else news)
    for event in EVENTS
}
