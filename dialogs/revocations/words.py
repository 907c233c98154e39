"""What a proposal to revoke a document shows: the document, and whom it touches."""

from backend import revocations, transcripts
from backend.clock import local_date
from backend.models import Application, Credential, Revocation
from backend.reach import Reach, reach
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.words import Speech, Words, _, listed, plain
from dialogs.revocations.revoked import why_words
from dialogs.staff.approvals import applicant
from dialogs.titles import kind_title, name_of, person_name, title_of


def credential_card(
    chat: Chat,
    work: Work,
    application: Application,
    credential: Credential,
    proposed: Revocation | None = None,
) -> Card:
    """The document, who proposed to revoke it, and what becomes of it where others have seen it."""
    person = applicant(work, application)
    return chat.card(
        _("成绩单 {number}", number=application.number),
        (_("学生"), _("{name}（{number}）", name=name_of(person), number=person.number)),
        (_("种类"), kind_title(transcripts.kind_of(transcripts.request_of(work, application)))),
        (_("签发日期"), plain(local_date(credential.issued_at).isoformat())),
        *([_proposal(work, proposed)] if proposed else []),
        *touched(reach(work, credential)),
    )


def _proposal(work: Work, proposed: Revocation) -> tuple[Words, Speech]:
    who, number = person_name(work, proposed.proposed_by), proposed.number
    return _("提请"), _("{number}，{who}，{at}", number=number, who=who, at=proposed.proposed_at)


def touched(found: Reach) -> list[tuple[Words, Speech]]:
    rows: list[tuple[Words, Speech]] = [
        (
            _("会通知"),
            _("学生；最近核验过它的 {count} 个对话", count=found.follows)
            if found.follows
            else _("学生"),
        )
    ]
    if found.shares:
        rows.append((_("分享链接"), _("{count} 个，撤销后马上看不到内容", count=found.shares)))
    if found.others:
        rows.append((_("这位学生还有效的"), listed(*(plain(one) for one in found.others))))
    return rows


def title(work: Work, revocation: Revocation) -> Words:
    return title_of(work, revocations.application_of(work, revocation))


def reason(revocation: Revocation) -> Words:
    return _("理由：{why}", why=why_words(revocation.why))
