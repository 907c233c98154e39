"""电子成绩单 (electronic transcript): what one may have, the look at it, and handing it in (T1-T6)."""

from backend import offers, previews, transcripts
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.fees import ordering
from backend.models import Application
from backend.offers import KindOffer, Offer
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Slot, as_given, choice, text
from dialogs.engine.words import Bilingual, Joined, Words, _, lines, listed, plain, yuan
from dialogs.fees.words import price_rows
from dialogs.orders.ordering import SAVE, confirm_order, keep_for_later
from dialogs.titles import COVERAGES, GPAS, LANGUAGES, holder_words, kind_title
from dialogs.transcripts.preview import show_preview

LANGUAGE = choice(
    "language", _("要中文的还是英文的？"), LANGUAGES, title=_("语言"), entity="language"
)
GPA = choice(
    "gpa",
    _("成绩单上要带 GPA 吗？"),
    GPAS,
    title=_("GPA"),
    entity="gpa",
    aliases={Gpa.WITH: ("带", "附", "带上"), Gpa.WITHOUT: ("不带", "不附", "不用带")},
    yes=Gpa.WITH,
    no=Gpa.WITHOUT,
    help_=_("GPA 是平均学分绩点，由各门成绩按学分加权算出来；不带的那种只列各门成绩（T2）。"),
)
REASON = text(
    "reason",
    _("申请理由是什么？可以点一个，也可以自己写。"),
    title=_("理由"),
    entity="reason",
    help_=_("写明成绩单拿去做什么就行，需要审批的，审批老师会看到这句话（T4）。"),
    suggestions=(_("求职"), _("出国留学"), _("升学深造"), _("签证")),
)


BOTH = (
    *("都要", "两个都要", "两个阶段都要", "两部分都要", "全都要", "全部", "都包括", "所有课程"),
    *("both", "both stages", "both parts", "all", "all of them", "all courses", "everything"),
)


def coverage_slot(given: Offer) -> Slot[Coverage]:
    return choice(
        "coverage",
        _("成绩单要包括哪些课程？"),
        {coverage: COVERAGES[coverage] for coverage in given.coverages},
        title=_("范围"),
        entity="coverage",
        aliases={Coverage.COMBINED: BOTH},
        help_=_(
            "“北京集中教学阶段”是在北京集中学习期间的课程；“集中教学和所级教学合在一起”还包括"
            "在培养单位上的课程（T1）。"
        ),
    )


def apply_transcript(chat: Chat, work: Work) -> None:
    """Collect the request, show the very pages, and hand it in once the student agrees."""
    given = offers.offer(work, chat.person or 0)
    if not given.coverages:
        raise given.refused[0][1]
    if chat.once("welcome"):
        chat.say(welcome(work, given), card=price_card(chat, work, given))
    coverage = chat.ask(coverage_slot(given)) if len(given.coverages) > 1 else given.coverages[0]
    language, gpa = chat.ask(LANGUAGE), chat.ask(GPA)
    look_and_file(chat, work, given, coverage, language, gpa, chat.ask(REASON))


def look_and_file(
    chat: Chat,
    work: Work,
    given: Offer,
    coverage: Coverage,
    language: Language,
    gpa: Gpa,
    reason: str,
) -> None:
    """What was asked for, looked at (T6), agreed to and handed in (T4, T5)."""
    facts = previews.facts_today(work, given, language, gpa, coverage)
    if given.policy.preview_before_order:
        show_preview(chat, work, facts.digest)
    price = offers.price(work, given, facts)
    summary = request_card(chat, work, facts, price, reason)
    if given.needs_approval:
        consent = chat.confirm(
            Joined((to_check(given), _("没有问题就提交，由培养单位审批。"))),
            card=summary,
            facts=facts.digest,
            agree=_("提交申请"),
        )
        application = transcripts.file(work, given, facts, reason, consent)
        chat.say(filed(work, application), buttons=[status_button(chat, application)])
        return
    consent = chat.confirm(
        Joined((to_check(given), without_approval(given))),
        card=summary,
        facts=facts.digest,
        agree=_("确认订单"),
        others=[SAVE],
    )
    application = transcripts.file(work, given, facts, reason, consent)
    if chat.chosen == SAVE.value:
        order = ordering.save(work, application, price.price, consent)
        keep_for_later(chat, order, application)
    else:
        confirm_order(chat, work, application, facts, price, consent)


def to_check(given: Offer) -> Words:
    if given.policy.preview_before_order:
        return _("请核对预览里的姓名、专业、课程和成绩。")
    return _("请核对下面的内容。")


def without_approval(given: Offer) -> Words:
    if given.file.graduated:
        return _("没有问题就确认订单；已毕业的同学不需要审批。")
    return _("没有问题就确认订单；现在不需要审批。")


def welcome(work: Work, given: Offer) -> Joined:
    """What can be had, and why not the rest (T1)."""
    have = _(
        "您可以办电子成绩单：{coverages}。",
        coverages=listed(*(COVERAGES[c] for c in given.coverages)),
    )
    return lines(have, *(refusals.sentence(work, why) for _coverage, why in given.refused))


def price_card(chat: Chat, work: Work, given: Offer) -> Card:
    """Free copies left of each kind, and the price after (T2, T3)."""
    rows = (
        (kind_title(offer.kind), price_words(offer))
        for offer in offers.prices(work, given).values()
    )
    return chat.card(_("四种成绩单和费用（T2）"), *rows)


def price_words(offer: KindOffer) -> Words:
    if offer.spent_by_email:
        return _("每份 {price}（用邮件申请过，没有免费份额，T3）", price=yuan(offer.price_fen))
    if offer.free_left:
        return _(
            "还有 {left} 份免费，之后每份 {price}",
            left=offer.free_left,
            price=yuan(offer.price_fen),
        )
    return _("每份 {price}（免费的已经用完）", price=yuan(offer.price_fen))


def request_card(
    chat: Chat, work: Work, facts: TranscriptFacts, price: KindOffer, reason: str
) -> Card:
    return chat.card(
        _("电子成绩单"),
        (_("姓名"), Bilingual(facts.name_zh, facts.name_en)),
        (_("种类"), kind_title(price.kind)),
        (_("范围"), COVERAGES[facts.coverage]),
        (_("专业"), Bilingual(facts.major_zh, facts.major_en)),
        (
            _("课程"),
            _("{count} 门，{credits} 学分", count=len(facts.courses), credits=facts.total_credits),
        ),
        (_("理由"), as_given(REASON, reason)),
        *price_rows(work, price.price),
    )


def filed(work: Work, application: Application) -> Words:
    return _(
        "已提交，编号 {number}。现在由{holder}审批（T4），有结果马上告诉您。",
        number=application.number,
        holder=holder_words(work, application) or plain(""),
    )


def status_button(chat: Chat, application: Application) -> Button:
    return chat.button(
        _("看进度"), "transcript_status", lasting=True, application_number=application.number
    )
