"""The questions about one proof: which, its number, when and where it was obtained."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from backend.clock import local_date
from backend.models import Person
from backend.proofs.keeping import Proposal
from backend.proofs.reading import plain as without_spaces
from backend.work import Work
from dialogs.engine import early, slots
from dialogs.engine.slots import Invalid, Option, Slot, choice, option_meant, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, listed
from dialogs.proofs.kinds import Kind, kind_words, month_words, number_words

EARLIEST = "1981-01"  # 自学考试 began in that year
_GRADE = re.compile(r"(?:cet|pets)?[ -]?([1-6一二三四五六])(?:级|$|(?= ))")
_GRADES = {one: str(number) for number, one in enumerate("一二三四五六", 1)} | {
    one: one for one in "123456"
}
_NUMBER_FORM = re.compile(r"[0-9A-Z()字第号./-]{4,40}")

PROVINCES: Mapping[str, str] = {
    "北京": "Beijing", "天津": "Tianjin", "上海": "Shanghai", "重庆": "Chongqing",
    "河北": "Hebei", "山西": "Shanxi", "辽宁": "Liaoning", "吉林": "Jilin",
    "黑龙江": "Heilongjiang", "江苏": "Jiangsu", "浙江": "Zhejiang", "安徽": "Anhui",
    "福建": "Fujian", "江西": "Jiangxi", "山东": "Shandong", "河南": "Henan",
    "湖北": "Hubei", "湖南": "Hunan", "广东": "Guangdong", "海南": "Hainan",
    "四川": "Sichuan", "贵州": "Guizhou", "云南": "Yunnan", "陕西": "Shaanxi",
    "甘肃": "Gansu", "青海": "Qinghai", "台湾": "Taiwan", "内蒙古": "Inner Mongolia",
    "广西": "Guangxi", "西藏": "Tibet", "宁夏": "Ningxia", "新疆": "Xinjiang",
    "香港": "Hong Kong", "澳门": "Macao",
}  # fmt: skip
OFFERED = {"上海": _("上海"), "江苏": _("江苏"), "浙江": _("浙江"), "安徽": _("安徽")}


Titled = Callable[[Kind, Words], Words]
"""What an answer about a proof is called where somebody wants to change it."""


def alone(_kind: Kind, what: Words) -> Words:
    """Where a dialog asks for one proof only."""
    return what


def among(kind: Kind, what: Words) -> Words:
    """Where it asks for several."""
    return _("{kind}：{what}", kind=kind_words(kind), what=what)


def kind(place: str, kinds: Sequence[Kind], about: Words | None, rule: str) -> Slot[Kind]:
    """Which of these. What was said before is heard where a type alone tells which is meant."""
    by_key = {one.key: one for one in kinds}
    types = [one.type for one in kinds]
    by_type = {one.type: one for one in kinds if types.count(one.type) == 1}
    options = tuple(Option(key, kind_words(one)) for key, one in by_key.items())

    def parse(stored: str) -> Kind:
        found = by_key.get(stored) or by_type.get(stored)
        if found is None:
            raise Invalid(
                _(
                    "这里不能用{kind}。可以用：{kinds}（{rule}）。",
                    kind=kind_words(Kind(stored)),
                    kinds=listed(*map(kind_words, kinds)),
                    rule=rule,
                )
            )
        return found

    def read(said: Said) -> str | None:
        if (meant := option_meant(said.words, options)) is not None:
            return meant
        heard = said.entities().get("credential_type", "")
        grade = next((_GRADES[one[1]] for one in [_GRADE.search(said.words)] if one), "")
        like = [
            one
            for one in kinds
            if (not heard or one.type == heard) and (not grade or one.grade in ("", grade))
        ]
        if len(like) == 1 and (heard or grade):
            return like[0].key
        return heard if heard and heard not in types else None

    entity = "credential_type" if len(by_type) == len(kinds) else ""
    prompt = about or _("用什么凭证？")
    return Slot(f"type.{place}", prompt, _("凭证"), parse, read, options, entity)


def right(place: str, kind: Kind, proposal: Proposal, registered: str, titled: Titled) -> Slot[str]:
    """What was read, to be agreed to or not."""
    told: list[Speech] = [
        _("{what}：{number}", what=number_words(kind.type), number=proposal.number)
    ]
    if proposal.name:
        same = without_spaces(proposal.name) == without_spaces(registered)
        told.append(
            _("姓名：{name}", name=proposal.name)
            if same
            else _("姓名：{name}（和登记的姓名不一样，审核时会核对）", name=proposal.name)
        )
    if proposal.month:
        told.append(_("{what}：{month}", what=month_words(kind.type), month=proposal.month))
    return choice(
        f"proposal.{place}",
        lines(_("图上读到的是："), *told, _("对吗？")),
        {"right": _("都对"), "number": _("编号不对"), "own": _("自己填")},
        title=titled(kind, _("识别结果")),
        yes="right",
    )


def number(place: str, kind: Kind, titled: Titled) -> Slot[str]:
    """The name begins with ``number.``: reception takes long numbers where one is asked for."""
    called = number_words(kind.type)

    def parse(stored: str) -> str:
        found = without_spaces(stored)
        if not _NUMBER_FORM.fullmatch(found):
            raise Invalid(_("这不像{called}：应该是数字和字母，请照凭证上的抄。", called=called))
        if kind.type == "cet" and not re.fullmatch(r"\d{15}", found):
            raise Invalid(
                _("{called}是 15 位数字，您写了 {count} 位。", called=called, count=len(found))
            )
        if kind.type == "registration_record" and not re.fullmatch(r"[0-9A-Z]{12,18}", found):
            raise Invalid(_("在线验证码是 12 位（也有 16 位的），在备案表的下方，请照抄。"))
        return found

    def read(said: Said) -> str | None:
        found = re.search(r"[0-9A-Z][0-9A-Z()字第号./-]{3,39}", without_spaces(said.text))
        return found[0] if found and re.search(r"\d", found[0]) else None

    help_ = _("照凭证上印的抄，数字和字母都要；不知道是哪个号，可以说“看样例”。")
    prompt = _("{kind}上的{called}是多少？", kind=kind_words(kind), called=called)
    return Slot(
        *(f"number.{place}", prompt, titled(kind, called), parse, read),
        entity=early.NUMBER,
        help=help_,
        told=ending,
    )


def ending(number: str) -> Words:
    """A number as far as its owner needs it to know which it is."""
    return _("尾号 {last}", last=number[-4:])


def month(place: str, kind: Kind, now: datetime, titled: Titled) -> Slot[str]:
    return slots.month(
        f"month.{place}",
        _("{called}是哪年哪月？比如 2018年6月。", called=month_words(kind.type)),
        title=titled(kind, month_words(kind.type)),
        earliest=EARLIEST,
        latest=f"{local_date(now):%Y-%m}",
    )


def score(place: str, kind: Kind, titled: Titled) -> Slot[int]:
    """Asked where a least score is demanded."""
    prompt = _("{kind}考了多少分？照成绩单上的写。", kind=kind_words(kind))
    title = titled(kind, _("分数"))
    return slots.number(
        f"score.{place}", prompt, title=title, least=0, most=1000, entity=early.SCORE
    )


def province(place: str, kind: Kind, titled: Titled) -> Slot[str]:
    """Where a proof was obtained: the name of a province, in either language, or a city of it."""
    options = tuple(Option(one, label) for one, label in OFFERED.items())

    def parse(stored: str) -> str:
        if stored not in PROVINCES:
            raise Invalid(_("请写省、自治区、直辖市的名称，比如“江苏”。"))
        return stored

    def read(said: Said) -> str | None:
        if (meant := option_meant(said.words, options)) is not None:
            return meant
        if (heard := said.entities().get("province")) in PROVINCES:
            return heard
        words = said.words.replace(" ", "")
        named = [
            zh
            for zh, en in PROVINCES.items()
            if zh in words or en.casefold().replace(" ", "") in words
        ]
        return named[0] if len(named) == 1 else None

    return Slot(
        f"province.{place}",
        _("是在哪个省（自治区、直辖市）取得的？可以点，也可以直接写。"),
        titled(kind, _("获取省份")),
        parse,
        read,
        options,
        "province",
    )


def province_words(name: str) -> Speech:
    return Bilingual(name, PROVINCES.get(name, name))


def remark(place: str) -> Slot[str]:
    return text(f"remark.{place}", _("备注写什么？"), title=_("备注"), at_most=200, verbatim=True)


def more(name: str, *, remark: bool) -> Slot[str]:
    labels = {"no": _("没有了"), "more": _("再加一种")}
    if remark:
        labels["remark"] = _("加备注")
    return choice(
        name, _("还有别的凭证吗？"), labels, title=_("还有没有别的凭证"), no="no", yes="more"
    )


def registered_name(work: Work) -> str:
    person = work.session.get(Person, work.actor) if work.actor is not None else None
    return person.name if person else ""
