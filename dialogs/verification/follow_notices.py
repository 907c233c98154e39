"""What whoever checked a document is told when it does not stand any more (T8, T10)."""

from backend import credentials
from backend.clock import local_date
from backend.work import Event, Work
from dialogs.accounts.notices import nobody_else
from dialogs.engine.chat import Chat
from dialogs.engine.words import _
from dialogs.revocations.revoked import why_words


def changed(chat: Chat, work: Work, event: Event) -> None:
    """As it stands when it is told."""
    found = credentials.standing(work.session, work.institution, event.subject, work.now)
    if found is None or found.status == "genuine":
        return
    facts = {
        "number": found.number,
        "holder": found.masked_name,
        "day": local_date(found.status_since).isoformat(),
    }
    if found.status == "revoked":
        words = _(
            "您核验过的成绩单 {number}（{holder}）{day} 已经作废，请不要再使用。理由：{why}。",
            why=why_words(found.status_why),
            **facts,
        )
    else:
        words = _(
            "您核验过的成绩单 {number}（{holder}）{day} 起由新文件代替，请向持有人索取新的。",
            **facts,
        )
    chat.say(words, buttons=[chat.link(_("看签发记录"), f"verify:{found.code}")])


NOTICES = {
    "document.revoked": (nobody_else, changed),
    "document.superseded": (nobody_else, changed),
}
