"""撤销、重新出具 (revoking, reissuing): an issued transcript that turns out to be wrong (T8, T10)."""

import re

from backend import credentials, transcripts
from backend.authority import Role, roles
from backend.clock import local_date
from backend.models import Application, Credential
from backend.work import Event, Work
from dialogs import refusals
from dialogs.audiences import case
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import Option
from dialogs.engine.words import _, lines, plain
from dialogs.staff.approvals import APPLICATION, applicant
from dialogs.titles import kind_title, name_of, title_of
from dialogs.transcripts.applying import status_button
from dialogs.transcripts.revoked import WHY, why_words

_NUMBER = r"t\d{6}-?\d{4}"
_DOING = r"(?<![不别没])(撤销|作废|吊销|重新(出具|签发|开具))"
REVOKING = re.compile(
    rf"{_DOING}(掉|了|一下|[:：]|\s)*{_NUMBER}\s*(的|这份|那份|这张|那张)*(电子)?成绩单(?!申请|订单)"
    rf"|{_NUMBER}\s*(的|这份|那份|这张|那张)*(电子)?成绩单\s*(要|需要|得|给我|请)?{_DOING}"
    rf"|\b(revoke|reissue) (the |this |that )?(transcript )?(of |no\.? |number )?{_NUMBER}"
)
REISSUE = Option("reissue", _("撤销并重新出具"), aliases=("重新出具", "reissue"))


def revoke_transcript(chat: Chat, work: Work) -> None:
    """Academic affairs take an issued transcript back, and may have it made again from new data."""
    number = chat.known(APPLICATION)
    if number is None:  # two were named, or one that cannot be
        chat.say(_("一次只能撤销一份，请写一个申请编号。"))
        return
    if Role.ACADEMIC_AFFAIRS not in roles(work, chat.person or 0):
        chat.go_on_with("about_case", application_number=number)
        return
    application, credential = credentials.to_take_back(work, number)
    why = chat.ask(WHY)
    consent = chat.confirm(
        lines(
            _(
                "撤销 {number} 的成绩单？撤销以后不能恢复，验证页会显示它已作废。"
                "数据已经更正的，可以同时按现在的学籍数据重新出具，学生不用再付费。",
                number=application.number,
            ),
            _("理由：{why}", why=why_words(why)),
        ),
        card=credential_card(chat, work, application, credential),
        facts=f"{credential.code}:{application.version}",
        agree=_("撤销成绩单"),
        others=[REISSUE],
    )
    if chat.chosen == REISSUE.value:
        credentials.reissue(work, application.number, why, consent)
        chat.say(
            _(
                "原来那份已经作废，正在按现在的学籍数据重新出具 {number}，做好就发给学生。",
                number=application.number,
            )
        )
    else:
        credentials.revoke(work, application.number, why, consent)
        chat.say(_("已撤销 {number} 的成绩单，学生会收到通知。", number=application.number))


def credential_card(
    chat: Chat, work: Work, application: Application, credential: Credential
) -> Card:
    person = applicant(work, application)
    return chat.card(
        _("成绩单 {number}", number=application.number),
        (_("学生"), _("{name}（{number}）", name=name_of(person), number=person.number)),
        (_("种类"), kind_title(transcripts.kind_of(transcripts.request_of(work, application)))),
        (_("签发日期"), plain(local_date(credential.issued_at).isoformat())),
    )


# --- what the student is told ---------------------------------------------------------------


def revoked(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    chat.say(
        lines(
            _(
                "您的成绩单 {title}已被教务部撤销，请不要再使用；验证页会显示它已作废。",
                title=title_of(work, application),
            ),
            _("理由：{why}", why=why_words(event.facts["reason"])),
            refusals.office(work, "academic_affairs"),
        ),
        buttons=[chat.button(_("重新申请"), "apply_transcript", lasting=True)],
    )


def reissued(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    chat.say(
        lines(
            _(
                "您的成绩单 {title}有更正，正在免费重新出具，做好就发给您。"
                "原来那份请不要再使用；验证页会显示它已被新文件取代。",
                title=title_of(work, application),
            ),
            _("理由：{why}", why=why_words(event.facts["reason"])),
        ),
        buttons=[status_button(chat, application)],
    )
