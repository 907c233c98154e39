"""重新生成 (making again): a paid transcript that could not be made, once its data are mended (T10)."""

from backend import transcript_orders
from backend.models import Application
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import Words, _
from dialogs.staff.approvals import APPLICATION, case_card, case_facts


def retry_words(application: Application) -> Words:
    return _("按现在的学籍数据重新生成 {number}？", number=application.number)


def retry_transcript(chat: Chat, work: Work) -> None:
    """Academic affairs see the case as the registry has it now, and have it made from that."""
    application = transcript_orders.to_mend(work, chat.ask(APPLICATION))
    consent = chat.confirm(
        retry_words(application),
        card=case_card(chat, work, application),
        facts=case_facts(work, application),
        agree=_("重新生成"),
    )
    transcript_orders.mend(work, application.number, consent)
    chat.say(_("好的，正在按现在的学籍数据重新生成 {number}。", number=application.number))
