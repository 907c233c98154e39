"""问考生 (asking the candidate before deciding), and the answer."""

from backend.models import Question
from backend.policy import store
from backend.policy.exam import ExamPolicy
from backend.proofs import keeping
from backend.reviewing import asking, reviewers
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Slot, text
from dialogs.engine.words import _, lines, plain
from dialogs.proofs import collecting
from dialogs.proofs import pictures as proof_pictures
from dialogs.proofs.collecting import Draft
from dialogs.proofs.kinds import Kind
from dialogs.reviewing.deciding import APPLICATION, rest
from dialogs.reviewing.prompt import applicant, case_facts
from dialogs.staff.approvals import DECIDING
from dialogs.titles import name_of

WITH_PICTURES = _("发图片回答")
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
    """The candidate answers what a reviewer asked: in words, with pictures, or with both."""
    application, asked = asking.to_answer(work, chat.ask(APPLICATION))
    policy = store.exam(work, application.policy_version)
    pictures = shown(chat, work, policy, asked)
    words = chat.answered(answer_slot(asked).name) or ""
    if words in ("", WITH_PICTURES.into("zh")):
        words = proof_pictures.typed(chat, place_of(asked), policy.picture.most_per_proof)
    told = [
        _("把回答发给审核的老师？"),
        _("问题：{question}", question=plain(asked.question)),
        *([_("回答：{answer}", answer=plain(words))] if words else []),
        *([_("图片：{count} 张", count=len(pictures))] if pictures else []),
    ]
    consent = chat.confirm(
        lines(*told),
        facts="|".join([case_facts(work, application), *map(str, pictures)]),
        agree=_("发给老师"),
    )
    proof = None
    if pictures:
        draft = Draft(keeping.ANSWER, "", "", "", "", "", pictures)
        proof = collecting.keep(work, draft, originals_days=policy.originals_days).id
    answer = words or _("见图片，{count} 张", count=len(pictures)).into("zh")
    asking.answer(work, application.number, answer, consent, proof)
    chat.say(_("已发给老师，{number} 继续审核，有结果马上告诉您。", number=application.number))


def shown(chat: Chat, work: Work, policy: ExamPolicy, asked: Question) -> tuple[int, ...]:
    """Pictures, where some came or are wanted as the answer; they go through the gate as all do.

    Once they were begun with, the next ones are too, also where the first was refused; words that
    are typed then are an answer as well.
    """
    place = place_of(asked)
    if chat.came_early:
        chat.once(place)
    if not chat.has_shown(place) and chat.ask(answer_slot(asked)) != WITH_PICTURES.into("zh"):
        return ()
    pictures, _findings = proof_pictures.collect(
        chat,
        work,
        place,
        Kind(keeping.ANSWER),
        rule="E5",
        most_bytes=policy.picture.max_bytes,
        most=policy.picture.most_per_proof,
        in_words=answer_slot(asked),
    )
    return pictures


def place_of(asked: Question) -> str:
    return f"answer.{asked.id}"


def answer_slot(asked: Question) -> Slot[str]:
    return text(
        place_of(asked),
        lines(
            _("老师问：{question}", question=plain(asked.question)),
            _("可以写字，也可以直接发图片。"),
        ),
        title=_("回答"),
        verbatim=True,
        suggestions=(WITH_PICTURES,),
    )
