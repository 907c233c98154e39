"""What is asked for an invoice: which orders, made out to whom; and what the words have said already."""

import re

from backend.errors import Refused
from backend.invoices import buyers, requesting, tax_numbers
from backend.invoices.buyers import Buyer, Kind
from backend.invoices.requesting import Line, Offer
from backend.policy.invoice import InvoicePolicy
from backend.work import Work
from dialogs.engine import choosing
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Invalid, Option, Slot, option_meant
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Words, _, plain, yuan
from dialogs.invoices import refusals
from dialogs.orders.ordering import ORDER

PERSON, COMPANY, BEFORE, NONE = "person", "company", "before.", "-"
ORDERS_LISTED = requesting.MOST_ORDERS
FIRST_ORDER = "orders.1"  # the answer to ``orders_asked`` that a button under an order gives
BUYER_HEARD = "invoice_buyer"
# Without a word of company or title before it: "单位报销" asks for an invoice, for whomever.
FOR_ME = re.compile(
    r"(抬头|开给?|开成|写)(给|是|写|开|就|为|我)*(个人|我自己|本人|我的名字)|个人(抬头|发票|名义)"
    r"|\b(in my (own )?name|to me personally|personal invoice)\b"
)
FOR_A_COMPANY = re.compile(
    r"(抬头|开给?|开成|写)(给|是|写|开|就|为|我们?的?)*(单位|公司|学校|研究所|企业)|(单位|公司|企业)(抬头|名义)|税号"
    r"|\b(in (the|my) company'?s? name|to (the|my) company|company invoice|tax (number|id))\b"
)
NAMING = re.compile(  # what people write before a title or a number
    r"(公司|单位|发票|开票)?(的)?(名称|抬头|全称|名字|税号|纳税人识别号|统一社会信用代码|信用代码)(号码|号)?\s*(是|为|叫)?\s*[:：]?"
    r"|\b(company|title|name|tax (number|id|no\.?))\s*[:：]"
    r"|^\s*(那?就?)?(改成|改为|换成|写|开给?)",
    re.IGNORECASE,
)
_ORGANIZATION = r"(公司|集团|大学|学院|学校|研究所|研究院|中心|事务所|医院|银行|厂|协会|基金会)"
TITLE = re.compile(  # "抬头写错了，改成某某公司"
    rf"(抬头|名称|发票|单位)[^，,。]*?(是|为|叫|改成|改为|换成)\s*[:：]?\s*(?P<title>[^，,。;；]{{2,50}}{_ORGANIZATION})"
    rf"|(改成|改为|换成|开给)\s*[:：]?\s*(?P<other>[^，,。;；]{{2,50}}{_ORGANIZATION})"
)
NO_NUMBER_SAID = ("没有", "没有税号", "无", "none", "no number", "no tax number")


def orders_asked(chat: Chat, offer: Offer) -> list[Line]:
    """Some of the orders, several at once; a single one is not asked about."""
    lines = {line.order.number: line for line in offer.lines[:ORDERS_LISTED]}
    if len(lines) == 1:
        named = chat.known(ORDER)
        if named is not None and named not in lines:
            chat.say(not_this_one(named))
        return [*lines.values()]
    labels = {number: line_words(line) for number, line in lines.items()}
    chosen = choosing.several(
        chat,
        "orders",
        _("给哪些订单开发票？几张订单可以开在一张发票上。"),
        labels,
        title=_("订单"),
        entity="order_number",
        whole=_("全部，{amount}", amount=yuan(sum(one.amount_fen for one in lines.values()))),
        why_not=not_this_one,
    )
    return [lines[number] for number in chosen]


def line_words(line: Line) -> Words:
    return _(
        "{number}（{title}，{amount}）",
        number=line.order.number,
        title=Bilingual(line.order.title_zh, line.order.title_en),
        amount=yuan(line.amount_fen),
    )


def not_this_one(number: str) -> Words:
    return _("{number} 不能开发票：没有付过钱、开过了，或者过了时间。", number=number)


def buyer_asked(chat: Chat, work: Work, before: Buyer | None = None) -> Buyer:
    """The person by the name that is known, an organization that they had before, or another one.

    ``before`` is what stands now, where it is to be corrected.
    """
    known = buyers.remembered(work)
    me = buyers.myself(work)
    slot = buyer_slot(me, known)
    if before is None:
        chat.overheard(slot, heard_in(chat.opening))
    named = title_named(chat.opening)
    chosen = chat.ask(slot) if named is None else chat.taken(slot, COMPANY)
    if chosen == PERSON:
        return me
    if chosen.startswith(BEFORE):
        return known[int(chosen.removeprefix(BEFORE))]
    title_slot = company_slot(before)
    said = chat.ask(title_slot) if named is None else chat.taken(title_slot, named)
    number_slot = tax_number_slot(before)
    written = tax_numbers.found_in(said)
    if written is None:
        written = in_the_opening(chat) if before is None else None
    number = chat.ask(number_slot) if written is None else chat.taken(number_slot, written)
    return buyers.company(title_in(said), "" if number == NONE else number)


def in_the_opening(chat: Chat) -> str | None:
    """A number that the words which opened the dialog held, if it is one."""
    written = tax_numbers.found_in(chat.opening)
    if written is None:
        return None
    try:
        return tax_numbers.checked(written).number
    except Refused:
        return None


def title_named(words: str) -> str | None:
    """The organization that the request names whole."""
    match = TITLE.search(words)
    return (match["title"] or match["other"]).strip() if match else None


def heard_in(words: str) -> str | None:
    """For whom, where the request says so."""
    said = words.casefold()
    if FOR_ME.search(said):
        return PERSON
    return COMPANY if FOR_A_COMPANY.search(said) else None


def buyer_slot(me: Buyer, known: list[Buyer]) -> Slot[str]:
    earlier = [
        Option(
            f"{BEFORE}{place}", plain(one.title), aliases=(one.tax_number,) * bool(one.tax_number)
        )
        for place, one in enumerate(known)
    ]
    options = (
        Option(PERSON, _("个人：{name}", name=me.title), aliases=PERSON_SAID),
        *earlier,
        Option(COMPANY, _("别的单位") if earlier else _("公司或单位"), aliases=COMPANY_SAID),
    )

    def parse(stored: str) -> str:
        if stored not in [one.value for one in options]:
            raise Invalid(choosing.NOT_A_CHOICE)
        return stored

    def read(said: Said) -> str | None:
        return option_meant(said.words, options) or heard_in(said.text)

    prompt = _("发票开给谁？")
    told = {one.value: one.label for one in options}
    return Slot(
        *("buyer", prompt, _("抬头"), parse, read, options, BUYER_HEARD),
        told=lambda stored: told.get(stored, plain(stored)),
        help=_("个人抬头只写您的姓名，不用税号；单位报销一般要单位的名称和税号。"),
    )


PERSON_SAID = ("个人", "我", "我自己", "本人", "我个人", "me", "myself", "personal")
COMPANY_SAID = ("单位", "公司", "企业", "别的单位", "其他单位", "company", "organization")


def company_slot(before: Buyer | None) -> Slot[str]:
    """The title, with the number or without."""
    suggestions = before_options(before.title if before and before.kind is Kind.COMPANY else "")

    def parse(stored: str) -> str:
        try:
            buyers.tidy_title(title_in(stored))
        except Refused as refused:
            raise Invalid(refusals.SENTENCES[refused.code](refused.facts)) from None
        return stored

    def read(said: Said) -> str | None:
        return option_meant(said.words, suggestions) or said.text

    return Slot(
        "company",
        _("单位的全称和税号是什么？可以一起发过来，例如“某某大学 12100000…”。"),
        _("单位名称"),
        parse,
        read,
        suggestions,
        free=True,
        verbatim=True,
        told=lambda stored: plain(title_in(stored)),
        help=_("全称和税号在单位的营业执照或事业单位法人证书上；也可以问单位的财务。"),
    )


def tax_number_slot(before: Buyer | None) -> Slot[str]:
    options = (
        *before_options(before.tax_number if before else ""),
        Option(NONE, _("没有税号（机关、境外单位）"), aliases=NO_NUMBER_SAID),
    )

    def parse(stored: str) -> str:
        if stored == NONE:
            return stored
        try:
            return tax_numbers.checked(stored).number
        except Refused as refused:
            raise Invalid(refusals.SENTENCES[refused.code](refused.facts)) from None

    def read(said: Said) -> str | None:
        meant = option_meant(said.words, options)
        return meant or tax_numbers.found_in(NAMING.sub(" ", said.text)) or said.text

    return Slot(
        "tax_number",
        _("税号（统一社会信用代码）是多少？18 位。"),
        _("税号"),
        parse,
        read,
        options,
        free=True,
        verbatim=True,
        told=lambda stored: _("没有") if stored == NONE else plain(tax_numbers.normal(stored)),
        help=_("税号就是单位的统一社会信用代码，18 位，在营业执照上；企业报销必须有。"),
    )


def before_options(stands: str) -> tuple[Option, ...]:
    return (Option(stands, plain(stands)),) if stands else ()


def title_in(words: str) -> str:
    """What stands beside the number."""
    return NAMING.sub(" ", tax_numbers.without(words))


def policy_words(policy: InvoicePolicy) -> Words:
    return _("付款后 {months} 个月内可以开", months=policy.months_after_payment)
