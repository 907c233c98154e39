"""撤销、重新出具 (revoking, reissuing): an issued transcript that turns out to be wrong (T8, T10).

Revoking is proposed here and confirmed by somebody else (``review.py``); reissuing needs one person.
"""

import re
from dataclasses import replace

from backend import credentials, revocations, second_person
from backend.authority import Role, roles
from backend.errors import Refused
from backend.models import Application, Credential
from backend.reach import seen
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Option, fixed
from dialogs.engine.words import Words, _, lines, listed
from dialogs.revocations import review
from dialogs.revocations.revoked import WHY, why_words
from dialogs.revocations.words import credential_card
from dialogs.staff.approvals import APPLICATION
from dialogs.titles import person_name

_NUMBER = r"t\d{6}-?\d{4}"
_DOING = r"(?<![不别没])(撤销|作废|吊销|重新(出具|签发|开具))"
REVOKING = re.compile(
    rf"{_DOING}(掉|了|一下|[:：]|\s)*{_NUMBER}\s*(的|这份|那份|这张|那张)*(电子)?成绩单(?!申请|订单)"
    rf"|{_DOING}(掉|了|一下|这份|那份|这张|那张|的|\s)*(电子)?成绩单(的|[:：]|\s)*{_NUMBER}"
    rf"|{_NUMBER}\s*(的|这份|那份|这张|那张)*(电子)?成绩单\s*(要|需要|得|给我|请)?{_DOING}"
    rf"|\b(revoke|reissue) (the |this |that )?(transcript )?(of |no\.? |number )?{_NUMBER}"
)
REISSUE = Option("reissue", _("重新出具"), aliases=("撤销并重新出具", "reissue"))
WHY_AGAIN = replace(WHY, prompt=_("为什么重新出具？理由会告诉学生，请不要写个人信息。"))
WAY = fixed("way", _("办法"))  # filled by the button of whoever can only reissue


def revoke_transcript(chat: Chat, work: Work) -> None:
    """Academic affairs propose to revoke an issued transcript, or have it made from new data."""
    number = chat.known(APPLICATION)
    if number is None:  # two were named, or one that cannot be
        chat.say(_("一次只能撤销一份，请写一个申请编号。"))
        return
    if Role.ACADEMIC_AFFAIRS not in roles(work, chat.person or 0):
        chat.go_on_with("about_case", application_number=number)
        return
    application, credential = credentials.to_take_back(work, number)
    if chat.known(WAY) == REISSUE.value:
        reissue(chat, work, application, credential)
        return
    if (proposed := revocations.open_one(work, credential)) and review.waits(work, proposed):
        review.prompt(chat, work, proposed, others=[reissue_button(chat, application)])
        return
    try:
        second_person.require_second(work, application)
    except Refused as refused:
        tell_alone(chat, work, application, refused)
        return
    propose(chat, work, application, credential)


def propose(chat: Chat, work: Work, application: Application, credential: Credential) -> None:
    number, why = application.number, chat.ask(WHY)
    consent = chat.confirm(
        lines(
            _(
                "提请撤销 {number} 的成绩单？要教务部另一位老师确认才作废，在那之前仍然有效。"
                "数据已经更正的，可以直接重新出具，学生不用再付费。",
                number=number,
            ),
            _("理由：{why}", why=why_words(why)),
        ),
        card=credential_card(chat, work, application, credential),
        facts=seen(work, credential, why),
        agree=_("提请撤销"),
        others=[REISSUE],
    )
    if chat.chosen == REISSUE.value:
        revocations.reissue(work, number, why, consent)
        chat.say(reissued_words(application))
        return
    proposed = revocations.propose(work, number, why, consent)
    asked = listed(*(person_name(work, one) for one in second_person.deciders(work, proposed)))
    chat.say(
        _(
            "已提请撤销 {number}（{revocation}），请{who}确认。{until} 之前没有确认就不撤销。",
            number=number,
            revocation=proposed.number,
            who=asked,
            until=proposed.expires_at,
        ),
        buttons=[review.withdraw_button(chat, proposed)],
    )


def reissue(chat: Chat, work: Work, application: Application, credential: Credential) -> None:
    """By one person: the student gets a newer one."""
    number, why = application.number, chat.ask(WHY_AGAIN)
    proposed = revocations.open_one(work, credential)
    consent = chat.confirm(
        lines(
            _(
                "按现在的学籍数据重新出具 {number} 的成绩单？原来那份马上作废，不能恢复；学生不用再付费。",
                number=number,
            ),
            _("理由：{why}", why=why_words(why)),
        ),
        card=credential_card(chat, work, application, credential, proposed),
        facts=seen(work, credential, why, proposed),
        agree=REISSUE.label,
    )
    revocations.reissue(work, number, why, consent)
    chat.say(reissued_words(application))


def reissued_words(application: Application) -> Words:
    return _(
        "原来那份已经作废，正在按现在的学籍数据重新出具 {number}，做好就发给学生。",
        number=application.number,
    )


def reissue_button(chat: Chat, application: Application) -> Button:
    return chat.button(
        REISSUE.label,
        "revoke_transcript",
        lasting=True,
        application_number=application.number,
        way=REISSUE.value,
    )


def tell_alone(chat: Chat, work: Work, application: Application, refused: Refused) -> None:
    """Nobody could confirm: administrators are asked to change that, and reissuing is still open."""
    second_person.ask_for_second(work, application)
    chat.say(
        lines(
            _(
                "撤销要教务部两位老师（{rule}），现在没有另一位能确认 {number}，所以没有提请。"
                "已请系统管理员再加一位教务部老师，加好后请再提请一次。",
                rule=refused.rule,
                number=application.number,
            ),
            _("数据已经更正的，现在就可以重新出具。"),
            refusals.office(work, "technical_support"),
        ),
        buttons=[reissue_button(chat, application)],
    )
