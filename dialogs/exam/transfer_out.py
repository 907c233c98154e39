"""申请转出 (transfer out, E8): where to, which scores, and what becomes of them; and how it stands."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from backend.clauses import shelf
from backend.exam import graduation_cases, transfer_out, windows
from backend.exam.scores import CreditLine
from backend.exam.transfer_out import Destination, State
from backend.models import Application, ExamCandidate, ExamTicket
from backend.policy import store
from backend.policy.exam import ExamPolicy, Service
from backend.sealing import masked_number
from backend.work import Work
from backend.workflow import already_handled
from dialogs.engine import choosing
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Invalid, Slot, choice, fixed, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.exam.tickets import accept, open_ticket
from dialogs.exam.transfer_out_words import LEVELS, form_rows, label
from dialogs.proofs import slots
from dialogs.proofs.kinds import Kind
from dialogs.titles import unit_words

APPLICATION = fixed("application_number", _("申请"))
IN_THE_NOTICE = ("E8.accurate", "E8.scores", "E8.submit")  # clauses
HERE = "上海"
REASONS = (_("户口迁移"), _("工作调动"), _("回原籍"))


def apply_transfer_out(chat: Chat, work: Work) -> None:
    ticket, window = open_ticket(chat, work, Service.TRANSFER_OUT)
    policy = store.exam(work)
    if not transfer_out.open_scores(work, ticket):
        chat.say(
            _("准考证 {number} 没有可以转出的合格成绩（E8）。", number=ticket.number),
            buttons=[status_button(chat)],
        )
        return
    accept(chat, notice(work, policy))
    if chat.once("window"):
        chat.say(
            _(
                "准考证 {number}，{until} 之前可以办（E4）。",
                number=ticket.number,
                until=window.closes_at,
            )
        )
    to = destination(chat, work, policy, None)
    chosen = scores_to_go(chat, work, ticket)
    consent = chat.confirm(
        question(),
        card=card_of(chat, to, chosen, ticket),
        facts=facts_of(ticket, to, chosen),
        agree=_("确认无误，提交申请"),
    )
    ids = [one.credit_id for one in chosen]
    application = transfer_out.file(work, ticket, to, ids, consent)
    submitted(chat, work, application)


def reapply_transfer_out(chat: Chat, work: Work) -> None:
    """What was written before is a press away; the scores are chosen anew (E8)."""
    application = transfer_out.own(work, chat.ask(APPLICATION))
    if application.state != State.REJECTED:
        raise already_handled(work, application)
    windows.require(work, Service.TRANSFER_OUT, "E4")
    request = transfer_out.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    if chat.once("reason"):
        chat.say(
            _(
                "{number} 没有通过，理由：{why}。",
                number=application.number,
                why=plain(request.rejected_why),
            )
        )
    before = transfer_out.destination_of(work, application)
    to = destination(chat, work, store.exam(work), before)
    chosen = scores_to_go(chat, work, ticket)
    consent = chat.confirm(
        question(),
        card=card_of(chat, to, chosen, ticket),
        facts=f"{application.version}|{facts_of(ticket, to, chosen)}",
        agree=_("确认无误，重新提交"),
    )
    ids = [one.credit_id for one in chosen]
    transfer_out.reapply(work, application.number, to, ids, consent)
    submitted(chat, work, application)


def notice(work: Work, policy: ExamPolicy) -> Speech:
    if policy.notices.transfer_out is not None:
        return plain(policy.notices.transfer_out)
    library = shelf.in_force(work)
    told = [
        Bilingual(clause.fact, clause.fact_en)
        for clause in (library[one].clause for one in IN_THE_NOTICE)
    ]
    return lines(_("考生须知（E8）："), *told)


def question() -> Words:
    return _("请核对。审核通过以后，这些成绩在上海不再计入毕业（E8）。确认无误就提交。")


# --- the form -------------------------------------------------------------------------------------


def destination(
    chat: Chat, work: Work, policy: ExamPolicy, before: Destination | None
) -> Destination:
    province = chat.ask(to_province(before.province if before else ""))
    number = chat.ask(to_ticket(before.ticket if before else ""))
    level = chat.ask(choice("to_level", _("转入那边的什么层次？"), LEVELS, title=_("转入层次")))
    major = chat.ask(
        text(
            "to_major",
            _(
                "转入那边的什么专业？写专业名称就行；在那边没有找到想转的专业，请拨打客服电话 {phones}（E8）。",
                phones=plain("、".join(policy.hotlines)),
            ),
            title=_("转入专业"),
            at_most=60,
            suggestions=(plain(before.major),) if before else (),
        )
    )
    reasons = (plain(before.reason), *REASONS) if before else REASONS
    why = chat.ask(
        text(
            "reason",
            _("转出的原因是什么？可以点，也可以自己写。"),
            title=_("转出原因"),
            at_most=100,
            suggestions=tuple({one.into("zh"): one for one in reasons}.values()),
        )
    )
    phone = chat.ask(to_phone(known_phone(work, before)))
    return Destination(province, number, level, major, why, phone)


def to_province(old: str) -> Slot[str]:
    slot = replace(slots.province("to", Kind("other"), slots.alone), name="to_province")
    prompt = _("转到哪个省（自治区、直辖市）？写名称就行。")
    if old:
        prompt = _("转到哪个省（自治区、直辖市）？上次填的是{old}。", old=plain(old))

    def parse(stored: str) -> str:
        found = slot.parse(stored)
        if found == HERE:
            raise Invalid(_("转出是转到外省市去；在上海换专业不用转出。"))
        return found

    options = tuple(one for one in slot.options if one.value != HERE)
    return replace(slot, prompt=prompt, title=_("转入地"), parse=parse, options=options)


def to_ticket(old: str) -> Slot[str]:
    """The name begins with ``number.``: reception takes long numbers where one is asked for."""

    def parse(stored: str) -> str:
        if not 6 <= len(stored) <= 20 or not stored.isascii() or not stored.isalnum():
            raise Invalid(_("准考证号应该是 6 到 20 位的数字或字母，请照那边的准考证抄。"))
        return stored

    def read(said: Said) -> str | None:
        return "".join(one for one in said.text if one.isalnum() and one.isascii()) or None

    prompt = _("那边的准考证号是多少？请务必填写准确（E8）。")
    if old:
        prompt = _("那边的准考证号是多少？请务必填写准确（E8）。上次填的是 {old}。", old=plain(old))
    return Slot("number.to_ticket", prompt, _("转入准考证号"), parse, read, free=True)


def known_phone(work: Work, before: Destination | None) -> str:
    if before is not None:
        return before.phone
    data = work.session.get(ExamCandidate, work.actor)
    return graduation_cases.personal_of(work, data).mobile


def to_phone(known: str) -> Slot[str]:
    use = _("用 {number}", number=plain(masked_number(known)))
    slot = text(
        "phone",
        _("联系电话是多少？"),
        title=_("联系电话"),
        at_most=20,
        suggestions=(use,) if known else (),
        entity="phone",
    )

    def parse(stored: str) -> str:
        if known and stored == use.into("zh"):
            return known
        digits = "".join(one for one in slot.parse(stored) if one.isdigit())
        if not 7 <= len(digits) <= 13:
            raise Invalid(_("请写能打通的电话号码，座机带区号。"))
        return digits

    def told(stored: str) -> Speech:
        return plain(masked_number(parse(stored)))

    return replace(slot, parse=parse, told=told)


def scores_to_go(chat: Chat, work: Work, ticket: ExamTicket) -> list[CreditLine]:
    """Scores, not courses: one that was passed twice is there twice."""
    can = {str(one.credit_id): one for one in transfer_out.open_scores(work, ticket)}
    labels: Mapping[str, Words] = {key: label(one, ticket) for key, one in can.items()}
    chosen = choosing.several(
        chat,
        "scores",
        _("要转出哪些成绩？只有合格的成绩可以转出（E8）。"),
        labels,
        title=_("转出的成绩"),
        whole=_("全部"),
    )
    return [can[one] for one in chosen]


def card_of(chat: Chat, to: Destination, chosen: list[CreditLine], ticket: ExamTicket) -> Card:
    return chat.card(
        _("申请转出"),
        *form_rows(to),
        *((_("转出的成绩"), label(one, ticket)) for one in chosen),
    )


def facts_of(ticket: ExamTicket, to: Destination, chosen: list[CreditLine]) -> str:
    ids = ",".join(str(one.credit_id) for one in chosen)
    return f"{ticket.number}:{sha256(repr(to).encode()).hexdigest()}:{ids}"


def submitted(chat: Chat, work: Work, application: Application) -> None:
    chat.say(
        _(
            "已提交转出申请 {number}，现在由{unit}的审核人审核，有结果马上告诉您。审核期间这些成绩不能用来申请毕业（E8）。",
            number=application.number,
            unit=unit_words(work, application),
        ),
        buttons=[status_button(chat)],
    )


def status_button(chat: Chat) -> Button:
    return chat.button(_("转出进度"), "transfer_out_status", lasting=True)
