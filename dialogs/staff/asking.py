"""问学生、转给同事 (asking back, handing over): before deciding, or instead of deciding oneself (T4)."""

from backend import approvals, transcripts
from backend.models import Person, Question
from backend.reviewing import asking as reviewing
from backend.transcripts import State
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.dialog import Owed
from dialogs.engine.slots import Slot, as_given, choice, text
from dialogs.engine.words import Words, _, lines
from dialogs.reviewing import questions
from dialogs.staff.approvals import APPLICATION, DECIDING, QUESTION, applicant, case_facts, rest
from dialogs.titles import name_of


def ask_back(chat: Chat, work: Work) -> None:
    """A question to the student; the application waits for the answer."""
    application = approvals.to_decide(work, chat.ask(APPLICATION))
    question = chat.ask(QUESTION)
    name = name_of(applicant(work, application))
    consent = chat.confirm(
        lines(
            _(
                "把这个问题发给{name}？回答之前，{number} 先不审批。",
                name=name,
                number=application.number,
            ),
            _("问题：{question}", question=as_given(QUESTION, question)),
        ),
        facts=case_facts(work, application),
        agree=_("发给学生"),
        not_by=DECIDING,
    )
    approvals.ask_back(work, application.number, question, consent)
    chat.say(_("已问{name}，回答后会再请您审批。", name=name), buttons=rest(chat, work))


def answer_back(chat: Chat, work: Work) -> None:
    """The student answers what an officer asked."""
    application, asked = approvals.to_answer(work, chat.ask(APPLICATION))
    answer = chat.ask(answer_slot(asked))
    consent = chat.confirm(
        lines(
            _("把回答发给审批的老师？"),
            _("问题：{question}", question=as_given(QUESTION, asked.question)),
            _("回答：{answer}", answer=answer),
        ),
        facts=case_facts(work, application),
        agree=_("发给老师"),
    )
    approvals.answer(work, application.number, answer, consent)
    chat.say(
        _("已发给老师，{number} 继续审批，有结果马上告诉您。", number=application.number),
        buttons=[
            chat.button(
                _("看进度"),
                "transcript_status",
                lasting=True,
                application_number=application.number,
            )
        ],
    )


def owed(work: Work, person: int) -> Owed | None:
    """The one answer that anybody waits for: what means nothing else is probably it."""
    waiting = [one for one in transcripts.of_person(work, person) if one.state == State.ASKED]
    reviewed = reviewing.owed(work, person)
    if len(waiting) + len(reviewed) != 1:
        return None
    if reviewed:
        question = reviewing.questions(work, reviewed[0])[-1]
        slot = questions.answer_slot(question)
        return Owed("answer_review", {"application_number": reviewed[0].number}, slot.name)
    asked = approvals.questions(work, waiting[0])[-1]
    about = {"application_number": waiting[0].number}
    return Owed("answer_back", about, answer_slot(asked).name)


def answer_slot(asked: Question) -> Slot[str]:
    return text(
        f"answer.{asked.id}",
        _("老师问：{question}", question=as_given(QUESTION, asked.question)),
        title=_("回答"),
        verbatim=True,
    )


def assign(chat: Chat, work: Work) -> None:
    """To a colleague, by name."""
    application = approvals.to_decide(work, chat.ask(APPLICATION))
    others = {one.id: plain_name(one) for one in approvals.colleagues(work, application)}
    if not others:
        chat.say(_("没有可以转给的同事。"))
        return
    chosen = chat.ask(choice("colleague", _("转给哪位同事？"), others, title=_("同事")))
    approvals.assign(work, application.number, chosen)
    chat.say(
        _("已转给{name}，由{name}审批 {number}。", name=others[chosen], number=application.number),
        buttons=rest(chat, work),
    )


def plain_name(person: Person) -> Words:
    return _("{name}", name=name_of(person))
