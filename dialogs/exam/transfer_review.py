"""审核外省转入 (reviewing transfers in): appointments, who was there, and the result (E7)."""

import re
from datetime import datetime
from unicodedata import normalize

from backend.clock import SHANGHAI
from backend.exam import transfer_in
from backend.exam.transfer_in import Appointment, State
from backend.models import TransferIn
from backend.work import Event, Work
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Invalid, Slot, fixed
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.exam.transfer_in import NUMBER, STATES, card_of
from dialogs.titles import person_name

LISTED = 6
MOMENT = re.compile(
    r"(\d{4})\s?[-年./]\s?(\d{1,2})\s?[-月./]\s?(\d{1,2})\s?日?\s*(\d{1,2})\s?[:点时]\s?(\d{2})?"
)
STEP = fixed("step", _("办什么"))
WHY = slots.text("why", _("为什么不通过？考生会看到。"), title=_("理由"), at_most=300)
PLACE = slots.text("place", _("在哪里确认？"), title=_("现场确认地点"), at_most=200)
AGREE: dict[str, tuple[Words, Words, Words]] = {  # question, button, and what is said once done
    "attend": (_("考生到场确认了吗？"), _("已到场"), _("已记为到场确认，考生会收到通知。")),
    "accept": (_("通过后成绩就计入，确定吗？"), _("通过转入"), _("已转入，考生会收到通知。")),
    "reject": (
        _("请核对理由，确认后考生会看到。"),
        _("确认不通过"),
        _("已记为不通过，考生会收到通知。"),
    ),
}


def review_transfers(chat: Chat, work: Work) -> None:
    """What is open at the reviewer's university, longest waiting first."""
    waiting = transfer_in.to_review(work)
    if not waiting:
        chat.say(_("现在没有在办的外省转入。"))
        return
    words = _("在办的外省转入有 {count} 个，等得最久的在前面（E7）：", count=len(waiting))
    listing(chat, work, waiting, words)


def listing(chat: Chat, work: Work, waiting: list[TransferIn], words: Words) -> None:
    rows: list[tuple[Words, Speech]] = [
        (
            plain(one.number),
            _(
                "{name}，从{province}转入，{state}",
                name=person_name(work, one.person_id),
                province=one.from_province,
                state=STATES[one.state],
            ),
        )
        for one in waiting[:LISTED]
    ]
    chat.say(
        words,
        card=chat.card(_("外省转入"), *rows),
        buttons=[
            chat.button(plain(one.number), "review_transfer", lasting=True, transfer=one.number)
            for one in waiting[:LISTED]
        ],
    )


def those_who_act(work: Work, event: Event) -> list[int]:
    return list(transfer_in.to_be_moved_by(work, named(work, event)))


def to_act(chat: Chat, work: Work, event: Event) -> None:
    """What has come to whoever reviews, all of an import in one message."""
    open_ones = [one for one in named(work, event) if one.state in transfer_in.FOR_REVIEWERS]
    theirs = transfer_in.to_be_moved_by(work, open_ones).get(chat.person or 0)
    if theirs:
        words = _("有 {count} 个外省转入等您处理（E7）：", count=len(theirs))
        listing(chat, work, theirs, words)


def named(work: Work, event: Event) -> list[TransferIn]:
    return transfer_in.of_numbers(work, event.facts["numbers"])


NOTICES = {"transfer_in.to_review": (those_who_act, to_act)}


def review_transfer(chat: Chat, work: Work) -> None:
    transfer = transfer_in.to_move(work, chat.ask(NUMBER))
    chat.say(
        _("{name}：{state}。", name=name_of(work, transfer), state=STATES[transfer.state]),
        card=card_of(chat, work, transfer, details=True),
        buttons=steps(chat, transfer),
    )


def name_of(work: Work, transfer: TransferIn) -> Speech:
    return person_name(work, transfer.person_id)


def steps(chat: Chat, transfer: TransferIn) -> list[Button]:
    """What may be done with it now."""
    number = transfer.number
    label = _("改约") if transfer.state in (State.INVITED, State.MISSED) else _("约现场确认")
    found: list[Button] = []
    if transfer.state in (State.REVIEWING, State.INVITED, State.MISSED):
        found.append(chat.button(label, "invite_transfer", transfer=number))
    labels = {"attend": _("已到场"), "accept": _("通过转入"), "reject": _("不通过")}
    found += [
        chat.button(words, "move_transfer", transfer=number, step=event)
        for event, words in labels.items()
        if transfer_in.WORKFLOW.allows(transfer.state, event)
    ]
    return found


def invite_transfer(chat: Chat, work: Work) -> None:
    """To an appointment, or to another one; the candidate is told and reminded."""
    transfer = transfer_in.to_move(work, chat.ask(NUMBER))
    when = Appointment(chat.ask(moment_slot(work)), chat.ask(PLACE))
    consent = chat.confirm(
        _("请核对，提交后马上通知考生（E7）。"),
        card=chat.card(
            _("现场确认"),
            (_("考生"), name_of(work, transfer)),
            (_("现场确认时间"), _("{at}", at=when.at)),
            (_("现场确认地点"), plain(when.place)),
        ),
        facts=f"{transfer.number}:{transfer.version}",
        agree=_("通知考生"),
    )
    transfer_in.invite(work, transfer.number, when, consent)
    chat.say(_("已约好，考生会收到通知，之前还会提醒两次。"))


def moment_slot(work: Work) -> Slot[datetime]:
    """``2026-04-07 09:30``, not in the past."""

    def parse(stored: str) -> datetime:
        at = datetime.fromisoformat(stored)
        if at <= work.now:
            raise Invalid(_("现场确认的时间 {at} 已经过去，请另定时间。", at=at))
        return at

    def read(said: Said) -> str | None:
        found = MOMENT.search(normalize("NFKC", said.text))
        if found is None:
            return None
        year, month, day, hour, minute = (int(one or 0) for one in found.groups())
        try:
            return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).isoformat()
        except ValueError:
            raise Invalid(_("没有这一天：{day}。", day=found[0])) from None

    prompt = _("什么时候现场确认？例如“2026-04-07 09:30”。")
    return Slot("at", prompt, _("现场确认时间"), parse, read)


def move_transfer(chat: Chat, work: Work) -> None:
    """One step further: was there, accepted, or rejected with a reason."""
    transfer, event = transfer_in.to_move(work, chat.ask(NUMBER)), chat.ask(STEP)
    question, agree, done = AGREE[event]
    why = chat.ask(WHY) if event == "reject" else ""
    rows = [(_("理由"), plain(why))] if why else []
    consent = chat.confirm(
        question,
        card=chat.card(
            _("外省转入 {number}", number=transfer.number),
            (_("考生"), name_of(work, transfer)),
            (_("状态"), STATES[transfer.state]),
            *rows,
        ),
        facts=f"{transfer.number}:{transfer.version}:{event}",
        agree=agree,
    )
    if event == "attend":
        transfer_in.confirm(work, transfer.number, consent)
    elif event == "accept":
        transfer_in.accept(work, transfer.number, consent)
    else:
        transfer_in.reject(work, transfer.number, why, consent)
    chat.say(done)
