"""收费和规定 (questions about the rules): the fact first, then the clause it rests on.

The facts come from the policy in force; what is not set is said to be not set.
"""

from collections.abc import Callable

from backend.policy import store
from backend.policy.transcript import TranscriptPolicy
from backend.work import Work
from dialogs import refusals
from dialogs.chat import Chat
from dialogs.contacts import calls
from dialogs.slots import Slot, choice
from dialogs.turn import Said
from dialogs.words import Joined, Words, _, lines, yuan

Answer = Callable[[Work, TranscriptPolicy], Words | Joined]


def fee(work: Work, policy: TranscriptPolicy) -> Words:
    return _(
        "中文/英文、带/不带 GPA 四种，每种免费 {free} 份，之后每份 {price}（T2）。"
        "{start} 至 {end} 用邮件申请过的那一种，没有免费份额（T3）。",
        free=policy.free_copies,
        price=yuan(policy.price_fen),
        start=policy.email_from,
        end=policy.email_until,
    )


def who(work: Work, policy: TranscriptPolicy) -> Joined:
    return lines(
        _(
            "{central} 年及以后入学、参加北京集中教学的，可以办集中教学期间的成绩单；"
            "{combined} 年及以后入学的，可以办集中教学和所级教学合在一起的（T1）。",
            central=policy.centralized_from,
            combined=policy.combined_from,
        ),
        refusals.office(work, "academic_affairs"),
    )


def approval(work: Work, policy: TranscriptPolicy) -> Joined:
    enrolled, graduated = policy.approval_for_enrolled, policy.approval_for_graduated
    return Joined(
        (
            _("在读研究生每次申请都要写理由，由培养单位审批，通过后才能缴费、下载（T4）。")
            if enrolled
            else _("在读研究生写明理由即可，不用审批（T4）。"),
            _("已毕业研究生每次申请都要写理由，由培养单位审批，通过后才能缴费、下载（T5）。")
            if graduated
            else _("已毕业研究生写明理由即可，不用审批（T5）。"),
        )
    )


def download(work: Work, policy: TranscriptPolicy) -> Words:
    return _(
        "缴费成功之日起 {months} 个月内可以反复下载，超过就要重新办理（T7）。二维码一直可以验证（T8）。",
        months=policy.download_months,
    )


def contact(work: Work, policy: TranscriptPolicy) -> Joined:
    by_problem = calls(work, ("academic_affairs", "finance", "technical_support"))
    return lines(*by_problem, _("以上依据通知第五条（T10）。"))


TOPICS: dict[str, tuple[Words, tuple[str, ...], Answer]] = {
    "fee": (
        _("收费"),
        ("钱", "费", "免费", "价", "收", "cost", "fee", "price", "free", "how much"),
        fee,
    ),
    "download": (
        _("下载期限"),
        ("下载", "多久", "有效", "过期", "保存", "几天", "download", "expire", "how long", "valid"),
        download,
    ),
    "approval": (
        _("审批"),
        ("审批", "批准", "谁批", "审核", "理由", "approv", "reason"),
        approval,
    ),
    "who": (
        _("谁可以办"),
        (
            "谁可以",
            "谁能",
            "哪些人",
            "条件",
            "入学",
            "年级",
            "范围",
            "who can",
            "eligible",
            "集中教学",
        ),
        who,
    ),
    "contact": (
        _("联系谁"),
        (
            *(
                "电话",
                "联系",
                "找谁",
                "邮箱",
                "发票",
                "有误",
                "失败",
                "错了",
                "不对",
                "无效",
                "部门",
            ),
            *("phone", "contact", "email", "invoice", "whom", "fail", "wrong", "invalid"),
        ),
        contact,
    ),
}


def topic_slot() -> Slot[str]:
    base = choice(
        "topic",
        _("想问哪方面的规定？"),
        {name: title for name, (title, _words, _answer) in TOPICS.items()},
        title=_("问题"),
    )

    def read(said: Said) -> str | None:
        return base.read(said) or topic_of(said.text)

    return Slot(base.name, base.prompt, base.title, base.parse, read, base.options, "topic")


def topic_of(words: str) -> str | None:
    """The topic with most of its words in the question."""
    asked = words.casefold()
    scores = {name: sum(word in asked for word in keys) for name, (_t, keys, _a) in TOPICS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else None


def ask_rule(chat: Chat, work: Work) -> None:
    """What the notice says, as policy data has it today."""
    topic = topic_of(chat.opening) or chat.ask(topic_slot())
    _title, _words, answer = TOPICS[topic]
    chat.say(answer(work, store.transcript(work)))
