"""问考生 (asking the candidate before deciding), and the answer."""

from backend.reviewing import asking, reviewers
from backend.work import Work
from dialogs.approvals import DECIDING
from dialogs.chat import Chat
from dialogs.review_prompt import applicant, case_facts
from dialogs.reviewing import APPLICATION, rest
from dialogs.slots import text
from dialogs.titles import name_of
from dialogs.words import _, lines, plain

QUESTION = text(
    "question",
    _("想问考生什么？会原样发给考生。"),
    title=_("问题"),
    verbatim=True,
    suggestions=(_("请确认凭证编号，图上看不清"), _("请说明凭证上的姓名和登记的为什么不一样")),
)


def review_ask(chat: Chat, work: Work) -> None:
    application = reviewers.to_decide(work, chat.ask(APPLICATION))
    question = chat.ask(QUESTION)
    name = name_of(applicant(work, application))
    consent = chat.confirm(
        lines(
            _(
                "把这个问题发给{name}？回答之前，{number} 先不审核。",
                name=name,
                number=application.number,
            ),
            _("问题：{question}", question=plain(question)),
        ),
        facts=case_facts(work, application),
        agree=_("发给考生"),
        not_by=DECIDING,
    )
    asking.ask_back(work, application.number, question, consent)
    chat.say(_("已问{name}，回答后会再请您审核。", name=name), buttons=rest(chat, work))


def answer_review(chat: Chat, work: Work) -> None:
    """The candidate answers what a reviewer asked."""
    application, asked = asking.to_answer(work, chat.ask(APPLICATION))
    slot = text(
        f"answer.{asked.id}",
        _("老师问：{question}", question=plain(asked.question)),
        title=_("回答"),
        verbatim=True,
    )
    answer = chat.ask(slot)
    consent = chat.confirm(
        lines(
            _("把回答发给审核的老师？"),
            _("问题：{question}", question=plain(asked.question)),
            _("回答：{answer}", answer=plain(answer)),
        ),
        facts=case_facts(work, application),
        agree=_("发给老师"),
    )
    asking.answer(work, application.number, answer, consent)
    chat.say(_("已发给老师，{number} 继续审核，有结果马上告诉您。", number=application.number))
