"""通过错了 (an approval that was wrong): said by one reviewer, taken back or left standing by another."""

import re
from collections.abc import Sequence

from backend.models import Application
from backend.reviewing import doubting, reviewers, sheets
from backend.reviewing.doubting import KEEP, REVOKE
from backend.reviewing.kinds import find
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Picture
from dialogs.engine.slots import Option, Slot, choice, option_meant, text
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.proofs import review
from dialogs.reviewing.deciding import APPLICATION, rest
from dialogs.reviewing.kinds import told
from dialogs.reviewing.prompt import applicant, case_card, place_button
from dialogs.staff import approved_wrongly
from dialogs.staff.approvals import DECIDING
from dialogs.titles import name_of, person_name

CASE_NUMBER = "application_number"
_CASE = r"[a-z]\d{6}-\d{4}"
UNDOING = re.compile(
    rf"^(刚才|刚刚|上一份|这份|这一份|这个|那份|{_CASE})? ?(的)?(申请|免考)?(我|是我)?(刚才|刚刚)?"
    rf"(通过|批|审|批准|审核|点)错了( ?{_CASE})?[。!！]*$"
    rf"|^(我)?(撤回|收回|取消)(刚才的|我的)?(通过|审核)( ?{_CASE})?[。!！]*$"
    rf"|^i (have )?(wrongly )?approved (this|it|that|the wrong one|{_CASE})( one)?( by mistake| wrongly)?[.!]*$"
    rf"|^undo (my|the|that) approval( of {_CASE})?[.!]*$"
)
WHY = text(
    "why_doubted",
    _("为什么说通过错了？复核的同事会看到；撤销了会原样告诉考生。"),
    title=_("理由"),
    verbatim=True,
)
WHY_KEPT = text("why_kept", _("为什么不撤销？会告诉提出的同事。"), title=_("理由"), verbatim=True)


def revoke_approval(chat: Chat, work: Work) -> None:
    """Which one and why; it stands until a colleague has looked. The exam office revokes alone."""
    if not reviewers.reviews(work, chat.person or 0):
        approved_wrongly.tell(chat, work)
        return
    number = which(chat, work)
    if number is None:
        chat.say(_("没有您最近通过、现在还有效的申请。"), buttons=rest(chat, work))
        return
    application = doubting.to_doubt(work, number)
    if doubting.revokes_alone(work):
        chat.go_on_with("revoke_exemption", application_number=number)
        return
    why = chat.ask(WHY)
    consent = chat.confirm(
        lines(
            _(
                "{number}（{name}，{subject}）通过错了，请同事复核撤销？同事决定之前仍然有效，先不告诉考生。",
                number=number,
                name=name_of(applicant(work, application)),
                subject=told(application).subject(work, application),
            ),
            _("理由：{why}", why=plain(why)),
        ),
        facts=f"{number}:{application.version}",
        agree=_("请同事复核"),
        not_by=DECIDING,
    )
    doubting.doubt(work, number, why, consent)
    words = _("已请同事复核 {number}，结果会告诉您。", number=number)
    chat.say(words, buttons=rest(chat, work))


def which(chat: Chat, work: Work) -> str | None:
    """The one that is named, or one of those approved last."""
    if (named := chat.known(APPLICATION)) is not None:
        return named
    lately = doubting.lately_approved(work)
    if not lately:
        return None
    options = tuple(
        Option(
            one.number,
            _(
                "{number} {name} {subject}",
                number=one.number,
                name=name_of(applicant(work, one)),
                subject=told(one).subject(work, one),
            ),
            aliases=(one.number.casefold(),),
        )
        for one in lately
    )
    question = _("哪一份通过错了？这是您最近通过的：")
    slot: Slot[str] = Slot(
        "approved",
        question,
        _("申请"),
        str,
        lambda said: option_meant(said.words, options) or said.entities().get(CASE_NUMBER),
        options,
        entity=CASE_NUMBER,
    )
    return chat.ask(slot)


def settle_doubt(chat: Chat, work: Work) -> None:
    """The colleague decides: it is taken back, or it stands."""
    application, doubted = doubting.to_settle(work, chat.ask(APPLICATION))
    number = application.number
    verdict = chat.ask(
        choice(
            "verdict",
            _("撤销 {number} 的通过，还是不撤销？", number=number),
            {REVOKE: _("撤销"), KEEP: _("不撤销")},
            title=_("意见"),
        )
    )
    facts = f"{number}:{application.version}:{doubted.id}:{verdict}"
    if verdict == KEEP:
        why = chat.ask(WHY_KEPT)
        consent = chat.confirm(
            lines(
                _("不撤销 {number}，通过仍然有效？", number=number),
                _("理由：{why}", why=plain(why)),
            ),
            facts=facts,
            agree=_("不撤销"),
            not_by=DECIDING,
        )
        doubting.let_stand(work, number, why, consent)
        words = _("{number} 仍然有效，已告诉提出的同事。", number=number)
        chat.say(words, buttons=rest(chat, work))
        return
    consent = chat.confirm(
        lines(
            _(
                "撤销 {number}（{subject}）？撤销以后不再计入，理由会原样告诉考生。",
                number=number,
                subject=told(application).subject(work, application),
            ),
            _("理由：{why}", why=plain(doubted.words)),
        ),
        facts=facts,
        agree=_("撤销"),
        not_by=DECIDING,
    )
    doubting.revoke(work, number, consent)
    chat.say(_("已撤销 {number}，理由已告诉考生。", number=number), buttons=rest(chat, work))


def prompt(
    chat: Chat,
    work: Work,
    application: Application,
    look: Words | None = None,
    looked_at: Sequence[Picture] = (),
) -> None:
    """``look`` is said of the pictures that were opened, with which numbers are shown in full."""
    doubted = doubting.open_doubt(work, application)
    if doubted is None:
        return
    number = application.number
    who = person_name(work, doubted.decided_by)
    words: Speech = lines(
        _("{who}说 {number} 通过错了，请您复核。", who=who, number=number),
        _("理由：{why}", why=plain(doubted.words)),
    )
    found = sheets.attachments(work, application)
    buttons = [
        verdict_button(chat, number, _("撤销"), REVOKE, "danger"),
        verdict_button(chat, number, _("不撤销"), KEEP, ""),
    ]
    if looked_at and len(found) > 1:
        buttons += [place_button(chat, number, one, "look_doubted") for one in found]
    elif found and not looked_at:
        look_at = chat.button(_("看图"), "look_doubted", lasting=True, application_number=number)
        buttons.append(look_at)
    chat.say(
        lines(look, words) if look else words,
        card=case_card(chat, work, application, whole=look is not None),
        buttons=buttons,
        pictures=looked_at or review.thumbnails(chat, work, found),
        about=number,
    )


def verdict_button(chat: Chat, number: str, label: Words, verdict: str, style: str) -> Button:
    return chat.button(
        label,
        "settle_doubt",
        style=style,
        lasting=True,
        application_number=number,
        verdict=verdict,
    )


def waiting(chat: Chat, work: Work) -> None:
    """Before the rest of the inbox: what has been approved and may be wrong."""
    for one in doubting.waiting(work):
        prompt(chat, work, one)


# --- notices --------------------------------------------------------------------------------


def case(work: Work, event: Event) -> Application:
    application = find(work, event.subject)
    if application is None:
        raise LookupError(f"{event.name}: no application {event.subject}")
    return application


def who_settles(work: Work, event: Event) -> list[int]:
    return doubting.deciders(work, case(work, event))


def the_doubter(work: Work, event: Event) -> list[int]:
    doubter = doubting.last_doubter(work, case(work, event))
    return [] if doubter is None else [doubter]


def doubted(chat: Chat, work: Work, event: Event) -> None:
    prompt(chat, work, case(work, event))


def kept(chat: Chat, work: Work, event: Event) -> None:
    decision = doubting.last(work, case(work, event))
    if decision is not None and decision.verdict == KEEP:
        chat.say(
            _(
                "{who}看过了，{number} 不撤销，仍然有效。理由：{why}",
                who=person_name(work, decision.decided_by),
                number=event.subject,
                why=plain(decision.words),
            )
        )


def taken_back(chat: Chat, work: Work, event: Event) -> None:
    chat.say(_("{number} 已经撤销，考生已经知道理由。", number=event.subject))
