"""The windows of the exam's services, written as the exam office announces them (E4).

The dates in the words are full dates already (``full_dates``).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from backend.clock import SHANGHAI
from backend.policy.exam import Service
from dialogs.engine.numerals import whole_number
from dialogs.engine.slots import Invalid, Slot
from dialogs.engine.turn import Said
from dialogs.engine.words import _
from dialogs.exam.words import SESSION, service_name

NAMES: dict[str, Service] = {
    "毕业审定费": Service.GRADUATION_PAYMENT,
    "毕业缴费": Service.GRADUATION_PAYMENT,
    "审定费": Service.GRADUATION_PAYMENT,
    "缴费": Service.GRADUATION_PAYMENT,
    "免考": Service.EXEMPTION,
    "毕业": Service.GRADUATION,
    "转出": Service.TRANSFER_OUT,
    "补登": Service.BACK_ENTRY,
    "graduation payment": Service.GRADUATION_PAYMENT,
    "exemption": Service.EXEMPTION,
    "graduation": Service.GRADUATION,
    "transfer out": Service.TRANSFER_OUT,
    "back-entry": Service.BACK_ENTRY,
}
NAMED = re.compile("|".join(map(re.escape, NAMES)), re.IGNORECASE)
# Words that speak of a window, beside the name of its service or instead of it.
SPOKEN_OF = re.compile(
    r"窗口|办理时间|开放|关闭|停办|延长|延期|提前|推迟|截止|不再?办|改[到成为]|调整[到为]|\bwindows?\b|\bopen\b",
    re.IGNORECASE,
)
WINDOW = re.compile(r"窗口|办理时间|\bwindows?\b", re.IGNORECASE)
DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:\s?(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上)?\s?"
    r"(?:(\d{1,2})[:点时]\s?(\d{2}|半|[一三]刻)?分?[整钟]?"
    r"|([零一二两三四五六七八九十]{1,3})[点时]\s?(半|[一三]刻)?[整钟]?))?"
)
AFTERNOON = ("下午", "傍晚", "晚上")
PARTS = {"半": 30, "一刻": 15, "三刻": 45}
UNREAD = re.compile(r"[\d点刻半一二两三四五六七八九十]")  # between two dates: a time not understood
NONE = re.compile(r"没有|不再?(?:开放|办)|关闭|停办|取消|\bnone\b|\bclose", re.IGNORECASE)
MOVES = re.compile(r"改|调整|调到|推迟|提前|延|换|move|change|postpone|extend", re.IGNORECASE)
SHORT = re.compile(r"\d{1,2}\s?[月/.]\s?\d{1,2}\s?[日号]?|\d{1,2}[日号]")
ENDS_BEFORE = re.compile(
    r"(?:到|至|截止|结束|延长|延期|提前|推迟|until|till|to)\s*$", re.IGNORECASE
)
ENDS_AFTER = re.compile(r"\s*(?:为止|止|截止|结束|关闭|前)")
BEGINS_BEFORE = re.compile(r"(?:从|自|from)\s*$", re.IGNORECASE)
BEGINS_AFTER = re.compile(r"\s*(?:起|开始|开放)")
FILLER = re.compile(r"^(?:\s|为止|止|截止|结束|期间|开放|办理|吧|了|[,、])+|(?:\s|吧|了|[,、])+$")
CLAUSES = re.compile(r"[;。!\n]+")
_SERVICE = r"(申请)?(毕业审定费|毕业缴费|审定费|免考|自考毕业|毕业|转出|成绩补登|补登)(申请)?的?"
_DAY = r".{0,12}(\d|[一二三四五六七八九十]{1,3}[日号]|今天|明天|后天)"
# Words of whoever sets the windows of the exam; nobody asks in them, and no answer begins so.
WINDOWS_SAID = re.compile(
    rf"^(?!.*([?？吗呢么]|什么时候|几号|为什么))请?(把|将)?"
    rf"({_SERVICE}(窗口|办理时间|时间)?(改|调整?|延长?|延期|提前|推迟)(到|至|为|成)?{_DAY}"
    rf"|(开放|关闭|停办|暂停|延长|推迟){_SERVICE}(窗口|办理|办理时间)?({_DAY}|$)"
    rf"|(改|调整|修改)({_SERVICE}|自考)?(窗口|办理时间)({_DAY}|$))"
    r"|^(please )?(open|close|change|move|extend|shorten|postpone) the "
    r"(exemption|graduation|transfer[ -]out|back[ -]entry|review fee|payment) (window|service)\b",
    re.IGNORECASE,
)
MOST_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Change:
    """Of one service: a whole window, another beginning or end of one, or none any more.

    ``moves`` says that a window is changed, and not one published in addition.
    """

    service: Service
    opens: datetime | None = None
    closes: datetime | None = None
    session: str = ""
    moves: bool = False


Windows = tuple[Change, ...]


def windows_slot(name: str) -> Slot[Windows]:
    prompt = _(
        "请写办理时间，例如“免考 4月10日 9:00 到 4月20日 16:00 2026年4月考次”“毕业延长到12月10日”。"
        "几条用分号隔开；没有写时间的，从第一天 0:00 到最后一天 24:00（北京时间）；"
        "不开放写“免考 没有”。业务有：免考、毕业、毕业缴费、转出、补登。"
    )

    def read(said: Said) -> str | None:
        return said.text or None

    return Slot(name, prompt, _("办理时间（E4）"), parsed, read, free=True, verbatim=True)


def spoken_of(words: str) -> bool:
    """Whether words that open the dialog are about a window: "改窗口", "免考延长到12月10日"."""
    if WINDOW.search(words):
        return True
    return bool(NAMED.search(words) and (SPOKEN_OF.search(words) or DATE.search(words)))


def parsed(stored: str) -> Windows:
    words = normalize("NFKC", stored)[:MOST_CHARACTERS].strip()
    found = tuple(change(one.strip()) for one in CLAUSES.split(words) if one.strip())
    if not found:
        raise Invalid(_("这里需要写几个字。"))
    return found


def change(clause: str) -> Change:
    named = {NAMES[one.casefold()] for one in NAMED.findall(clause)}
    if len(named) != 1:
        raise Invalid(
            _(
                "“{rest}”没有看出是哪项业务，请写其中一项：免考、毕业、毕业缴费、转出、补登。",
                rest=clause[:30],
            )
        )
    service = named.pop()
    days = list(DATE.finditer(clause))
    left = DATE.sub("", clause)
    if (bad := SHORT.search(left)) and not days:
        raise Invalid(_("没有这一天：{day}。", day=bad[0]))
    if not days and NONE.search(clause):
        return Change(service)
    if len(days) == 2:
        return span_of(service, clause, *days)
    if len(days) == 1:
        return end_of(service, clause, days[0])
    raise Invalid(
        _("“{rest}”看不懂，请按“免考 2026-04-10 09:00 至 2026-04-20 16:00”写。", rest=clause[:30])
    )


def span_of(service: Service, clause: str, first: re.Match[str], last: re.Match[str]) -> Change:
    """Without a time it opens as the day begins and closes as it ends."""
    between = clause[first.end() : last.start()]
    opens, closes = moment(first, "0:00"), moment(last, "24:00")
    if MOVES.search(between):  # 从5月1日改到5月20日
        raise Invalid(
            _(
                "“{rest}”有两种意思：只改结束的，请写“{name}改到{last}为止”；整段都改的，请写“{name}改成 {first} 到 {last}”。",
                rest=clause[:40],
                name=NAMED.findall(clause)[0],
                first=first[0].strip(),
                last=last[0].strip(),
            )
        )
    if UNREAD.search(between):
        raise not_understood(between)
    if opens >= closes:
        raise Invalid(_("{service}的结束时间要在开始之后。", service=service_name(service)))
    session = FILLER.sub("", clause[last.end() :])
    if session and not SESSION.fullmatch(session):
        raise not_understood(session)
    return Change(service, opens, closes, session, moves=bool(MOVES.search(clause)))


def end_of(service: Service, clause: str, day: re.Match[str]) -> Change:
    """One date alone: "起" begins with it, "到" ends with it."""
    before, after = clause[: day.start()], clause[day.end() :]
    begins = BEGINS_AFTER.match(after) or BEGINS_BEFORE.search(before)
    said_so = BEGINS_AFTER.match(after) or ENDS_AFTER.match(after)
    if rest := FILLER.sub("", after[said_so.end() :] if said_so else after):
        raise not_understood(rest)
    if begins:
        return Change(service, opens=moment(day, "0:00"))
    if ENDS_AFTER.match(after) or ENDS_BEFORE.search(before):
        return Change(service, closes=moment(day, "24:00"))
    raise Invalid(_("{day} 是开始还是结束？请写“从{day}起”或者“到{day}为止”。", day=day[0].strip()))


def not_understood(words: str) -> Invalid:
    return Invalid(
        _(
            "“{rest}”没有看懂。时间请写成 9:00、下午4点半这样，日期后面只写考次，例如“2026年4月考次”。",
            rest=words.strip()[:30],
        )
    )


def moment(found: re.Match[str], without: str) -> datetime:
    """``24:00`` is the last minute of the day, which belongs to the window."""
    year, month, day, part, digits, minutes, han, quarters = found.groups()
    said = minutes or quarters or "0"
    hour, minute = whole_number(digits or han or ""), PARTS.get(said) or int(said)
    if hour is None:
        if han:
            raise not_understood(found[0])
        hour, minute = (int(one) for one in without.split(":"))
    hour = in_the_day(part, hour)
    if (hour, minute) == (24, 0):
        hour, minute = 23, 59
    try:
        return datetime(int(year), int(month), int(day), hour, minute, tzinfo=SHANGHAI)
    except ValueError:
        raise Invalid(_("没有这一天：{day}。", day=found[0])) from None


def in_the_day(part: str | None, hour: int) -> int:
    """晚上12点 is the end of the day, 凌晨12点 its beginning, 中午1点 thirteen."""
    if hour == 12:
        return {"晚上": 24, "凌晨": 0}.get(part or "", 12)
    later = part in AFTERNOON or (part == "中午" and hour < 4)
    return hour + 12 if later and hour < 12 else hour
