"""The parts of an application for graduation: scores, option, gaps, appraisal, earlier diploma (E6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from backend.clauses import shelf
from backend.exam import candidates, eligibility, graduation_cases, graduation_rules, plans, scores
from backend.exam.graduation_cases import Personal
from backend.models import Application, ExamMajor, ExamTicket
from backend.policy import store
from backend.policy.exam import ExamPolicy
from backend.proofs import keeping
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import choice
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.engine.writing import characters, essay
from dialogs.exam.exemption_words import course_words
from dialogs.exam.graduation_words import (
    FIELDS,
    fee_words,
    joined,
    major_words,
    points,
    score_words,
    shown,
)
from dialogs.proofs import collecting
from dialogs.proofs.collecting import Draft, Terms
from dialogs.proofs.kinds import Kind, kind_words

OF_THE_PRIOR = ("E6e.two", "E6e.image")  # clauses of the prior diploma
IN_THE_NOTICE = ("E6b.mobile", "E6c.honest", *OF_THE_PRIOR, "E6f.submitted")
HOW = {True: _("沿用原来的"), False: _("重写")}


@dataclass(frozen=True, slots=True)
class Given:
    """``proofs`` are drafts, each with the id of the proof it is where it is one of before."""

    personal: Personal
    option: str | None
    gaps: Mapping[str, str]
    appraisal: str
    proofs: tuple[tuple[Draft, int | None], ...]

    @property
    def prior_month(self) -> str:
        return self.proofs[0][0].month if self.proofs else ""


def notice(work: Work, policy: ExamPolicy, major: ExamMajor) -> Speech:
    """The university's notice; where none was published, what the manual says of this level (E6)."""
    if policy.notices.graduation is not None:
        return plain(policy.notices.graduation)
    library, prior = shelf.in_force(work), graduation_rules.needs_prior_diploma(policy, major)
    told = [
        Bilingual(clause.fact, clause.fact_en)
        for clause in (
            library[one].clause for one in IN_THE_NOTICE if prior or one not in OF_THE_PRIOR
        )
    ]
    return lines(_("考生须知（E6）："), *told)


# --- scores ---------------------------------------------------------------------------------------


def scores_right(chat: Chat, work: Work, ticket: ExamTicket, major: ExamMajor) -> bool:
    """The scores that count, under all of one's tickets; whom to call where one is wrong (E6c)."""
    if chat.once("scores"):
        chat.say(
            _("计入毕业的成绩如下，请核对（E6）。"), card=scores_card(chat, work, ticket, major)
        )
    labels = {True: _("成绩没有问题"), False: _("成绩有误")}
    slot = choice("scores_seen", _("这些成绩对吗？"), labels, title=_("成绩"), yes=True, no=False)
    if chat.ask(replace(slot, revisable=False)):
        return True
    chat.say(
        _(
            "成绩有误请拨打客服电话（E6）：{phones}。手册里写了这几个号码，没有说成绩要打哪一个，一个打不通请换一个。没有提交申请。",
            phones=plain("、".join(store.exam(work).hotlines)),
        )
    )
    return False


def scores_card(chat: Chat, work: Work, ticket: ExamTicket, major: ExamMajor) -> Card:
    done = eligibility.progress(work, ticket, major, None)
    rows: list[tuple[Words, Speech]] = [
        (_("专业"), major_words(major)),
        (
            _("学分"),
            _(
                "{earned}/{total}",
                earned=points(done.credit_tenths),
                total=points(done.total_credit_tenths),
            ),
        ),
    ]
    counting = {one.id for one in scores.counting(work, ticket.person_id, major)}
    for one in scores.lines_of(work, candidates.ticket_ids(work, ticket.person_id)):
        if one.credit_id in counting:
            name = _("{name}（{code}）", name=Bilingual(one.name_zh, one.name_en), code=one.code)
            rows.append((name, score_words(one, ticket)))
    return chat.card(_("计入的成绩（E6）"), *rows)


# --- option ------------------------------------------------------------------------------


def option_of(chat: Chat, work: Work, major: ExamMajor) -> str | None:
    """Only where the major has some (E6c)."""
    options = plans.options(work, major)
    if not options:
        return None
    labels = {one.code: _("{name}", name=Bilingual(one.name_zh, one.name_en)) for one in options}
    question = _("加考选项：请选择自己符合的情况（E6）。")
    return chat.ask(choice("option", question, labels, title=_("加考选项")))


# --- what is written and shown --------------------------------------------------------------------


def written(chat: Chat, work: Work, policy: ExamPolicy, before: Application | None) -> str:
    """The self-appraisal, in as many messages as it takes (E6d)."""
    length = policy.graduation.appraisal
    if length is None:  # it was published when the case was filed
        length = store.exam(work).graduation.appraisal
    if length is None:
        raise RuntimeError("the length of the appraisal was checked before")
    if before is not None:
        slot = choice(
            "appraisal_kept",
            _("自我鉴定沿用原来的，还是重写？"),
            HOW,
            title=_("自我鉴定"),
        )
        if chat.ask(slot):
            return graduation_cases.request_of(work, before).appraisal
    return essay(
        chat,
        "appraisal",
        _(
            "请写自我鉴定，{least} 到 {most} 字，可以分几条发（E6）。它会印在毕业生登记表上，进个人档案。",
            least=length.least,
            most=length.most,
        ),
        title=_("自我鉴定"),
        least=length.least,
        most=length.most,
    )


def prior_proofs(
    chat: Chat,
    work: Work,
    policy: ExamPolicy,
    major: ExamMajor,
    before: Application | None,
) -> tuple[tuple[Draft, int | None], ...]:
    """The earlier diploma, and by its year what goes with it (E6e); nothing at college level."""
    if not graduation_rules.needs_prior_diploma(policy, major):
        return ()
    if before is not None and (old := keeping.given(work, before.id)):
        drafts = [collecting.of(work, one) for one in old]
        told = joined([kind_words(one.kind) for one in drafts])
        slot = choice(
            "prior_kept",
            _("上次交的凭证：{proofs}。沿用吗？", proofs=told),
            {True: _("沿用"), False: _("换掉")},
            title=_("前置学历凭证"),
        )
        if chat.ask(slot):
            return tuple((draft, one.id) for draft, one in zip(drafts, old, strict=True))
    split = policy.prior_diploma.split_year
    terms = Terms("E6", policy.picture.max_bytes, policy.picture.most_per_proof)
    if chat.once("prior"):
        chat.say(
            _(
                "本科还要前置学历凭证（E6）：毕业证书；{year} 年及以后毕业的，加电子注册备案表；{year} 年以前毕业的，加学历认证报告。",
                year=split,
            )
        )
    diploma = collecting.collect(chat, work, "diploma", [Kind("diploma")], terms)
    kind = Kind(str(graduation_rules.second_proof(policy, diploma.month)))
    if chat.once("second"):
        words = (
            _("{year} 年及以后毕业的要电子注册备案表。", year=split)
            if int(diploma.month[:4]) >= split
            else _("{year} 年以前毕业的要学历认证报告。", year=split)
        )
        chat.say(words)
    second = collecting.collect(
        chat, work, "second", [kind], replace(terms, month=False, province=False)
    )
    return ((diploma, None), (second, None))


# --- what is agreed to ----------------------------------------------------------------------------


def card_of(chat: Chat, work: Work, ticket: ExamTicket, major: ExamMajor, given: Given) -> Card:
    done = eligibility.progress(work, ticket, major, given.option)
    rows: list[tuple[Words, Speech]] = [
        (_("准考证"), plain(ticket.number)),
        (_("专业"), major_words(major)),
        (FIELDS["mobile"], shown("mobile", given.personal.mobile)),
        (
            _("学分"),
            _(
                "{earned}/{total}",
                earned=points(done.credit_tenths),
                total=points(done.total_credit_tenths),
            ),
        ),
    ]
    for one in plans.options(work, major):
        if one.code == given.option:
            rows.append((_("加考选项"), Bilingual(one.name_zh, one.name_en)))
    for gap in eligibility.gaps(work, major, done):
        rows.append(
            (_("{course}的说明", course=course_words(gap.course)), plain(given.gaps[gap.key]))
        )
    count = characters(given.appraisal)
    rows.append((_("自我鉴定"), _("{count} 字", count=count)))
    for draft, _old in given.proofs:
        rows += collecting.rows(draft)
    rows.append((_("毕业审定费"), fee_words(store.exam(work).graduation.review_fee_fen)))
    return chat.card(_("申请自考毕业"), *rows)


def facts_of(work: Work, ticket: ExamTicket, major: ExamMajor, given: Given) -> str:
    """What the consent is bound to; personal data only as a digest."""
    counted = [one.id for one in scores.counting(work, ticket.person_id, major)]
    told = repr(
        (given.personal, given.option, sorted(given.gaps.items()), given.appraisal, counted)
    )
    shown_ = "|".join(collecting.facts(one) for one, _old in given.proofs)
    return f"{ticket.number}:{major.code}:{sha256(told.encode()).hexdigest()}:{shown_}"
