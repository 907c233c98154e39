"""Days and months as people say them: 去年十月, 3月2号, 2019.10, last October, 昨天."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0, "元": 1}
_MONTH_NAMES = """
january february march april may june july august september october november december
"""
_MONTHS = {
    form: number
    for number, name in enumerate(_MONTH_NAMES.split(), 1)
    for form in (name, name[:3], "sept" if name == "september" else name)
}
_Y = r"(?P<y>[0-9]{4}|[0-9]{2}|[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2}|今|去|前|明)"
_M = r"(?P<m>元|1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<d>3[01]|[12][0-9]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH = r"(?P<mon>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_EY = r"(?P<y>(?:19|20)[0-9]{2})"
_B, _E = r"(?<![0-9a-z])", r"(?![0-9a-z])"
_NOW = r"今天|今日|today"
# Whoever is away, or extends a period, speaks of the days to come.
_AHEAD = re.compile(
    r"请假|休假|回来|回岗|休息|出差|外出|我?不在(?:岗|单位|所里|办公室|[,,。]|$)|产假|年假|访学|延到|延至|延长|截止|改到|窗口|预设|放假|设成|公布|发布|执行|effective|开放到"
    r"|(?:办理|开放|受理|起止)(?:时间|日期)|\bwindows?\b|\bextend"
    r"|月(?:份|底|初)?[之以]?前|\boff (?:from|until)|(?<!a )leave\b|away|out of office"
)

_FORMS = [
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9]){_Y}年\s*(?:[上下]半年)?{_M}月\s*{_D}[日号]?(?![0-9])",
        rf"(?<![0-9]){_Y}年\s*(?:[上下]半年)?{_M}月(?:份|底|初|中旬)?",
        rf"(?<![0-9年]){_M}月\s*{_D}[日号]",
        rf"(?<![0-9年]){_M}月(?P<d>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[到至~,,。]|$)",
        rf"(?<![0-9年第]){_M}月(?:份|那次|那场|考|底|初)?",
        r"(?<![0-9a-z.\-])(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])"
        r"(?P=s)(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9])",
        r"(?<![0-9a-z.\-])(?P<y>(?:19|20)[0-9]{2})[-/.](?P<m>1[0-2]|0?[1-9])(?![0-9/.\-])",
        r"(?<![0-9a-z])(?P<y>(?:19|20)[0-9]{2})(?P<m>1[0-2]|0[1-9])"
        r"(?P<d>3[01]|[12][0-9]|0[1-9])?(?![0-9a-z])",
        rf"{_B}{_MONTH}\s+(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?,?\s+{_EY}{_E}",
        rf"{_B}(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+{_EY}{_E}",
        rf"{_B}{_MONTH},?\s+(?:of\s+)?{_EY}{_E}",
        rf"{_B}{_MONTH}\s+(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?{_E}",
        rf"{_B}(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}{_E}",
        rf"{_B}(?:last|in|the|this)\s+{_MONTH}{_E}",
        r"(?<![0-9月第座栋])(?P<day>3[01]|[12][0-9]|[1-9])号(?=就|才|那天|交|提|申|付|报|到|至|起|开始|回来|之?前|,)",
        r"(?P<rel>大前天|前天|前儿|昨天|昨日|昨儿|大后天|后天)个?",
        r"(?P<rel>明天|明日|明儿)个?(?!见|再|聊|会|.{0,2}再[见聊会唠])",
        rf"^(?P<rel>{_NOW})[,,。.!!]?$|(?P<rel2>{_NOW})(?=起|开始|为止|之前|以前|休|请假|不在|外出)"
        rf"|(?:从|自|到|until |from |till )(?P<rel3>{_NOW})",
        rf"{_B}(?<!see you )(?<!catch you )(?P<rel>yesterday|tomorrow|the day before yesterday|the day after tomorrow){_E}",
        r"(?P<two>明后天|明后两天)",
        rf"(?P<relm>上上个月|上个月|上月|下个月|下月)|{_B}(?P<relme>last|next) month{_E}",
    )
]
_DAYS = {
    "大前天": -3, "前天": -2, "前儿": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "今天": 0, "今日": 0,
    "明天": 1, "明日": 1, "明儿": 1, "后天": 2, "大后天": 3, "yesterday": -1, "today": 0, "tomorrow": 1,
    "the day before yesterday": -2, "the day after tomorrow": 2,
}  # fmt: skip
_MONTHS_AGO = {
    "上上个月": -2, "上个月": -1, "上月": -1, "下个月": 1, "下月": 1, "last": -1, "next": 1,
}  # fmt: skip
_YEARS = {"今": 0, "去": -1, "前": -2, "明": 1}


Values = tuple[tuple[str, str], ...]


def find_dates(text: str, today: date) -> Iterator[tuple[Values, int, int]]:
    """``(((entity, ISO 8601 value), …), start, end)`` for every day and month in folded text.

    A month with no year is the latest one that has begun: people ask about what has happened. A day
    with no year is one to come where somebody is away or a period is extended.
    """
    ahead = _AHEAD.search(text) is not None
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            span = next(
                (match.span(name) for name in ("rel2", "rel3") if parts.get(name)), match.span()
            )
            if parts.get("two"):
                both = [(today + timedelta(days=days)).isoformat() for days in (1, 2)]
                yield tuple(("date", value) for value in both), *span
                continue
            day = parts.get("day")
            value = _of_this_month(int(day), today, ahead) if day else _value(parts, today, ahead)
            if value is not None:
                yield ((("date" if len(value) == 10 else "year_month"), value),), *span


def _of_this_month(day: int, today: date, ahead: bool) -> str | None:
    """The latest such day, or the next one."""
    months = today.year * 12 + today.month - 1 + (ahead and day < today.day)
    months -= not ahead and day > today.day
    try:
        return date(months // 12, months % 12 + 1, day).isoformat()
    except ValueError:  # 31号 of a shorter month
        return None


def _value(parts: dict[str, str | None], today: date, ahead: bool) -> str | None:
    if relative := parts.get("rel") or parts.get("rel2") or parts.get("rel3"):
        return (today + timedelta(days=_DAYS[relative])).isoformat()
    if relative := parts.get("relm") or parts.get("relme"):
        months = today.year * 12 + today.month - 1 + _MONTHS_AGO[relative]
        return f"{months // 12:04}-{months % 12 + 1:02}"
    named = parts.get("mon")
    month = _MONTHS[named] if named else _number(parts["m"] or "")
    year = parts.get("y")
    in_full = _year(year, today) if year else today.year - (month > today.month)
    day = parts.get("d")
    if not day:
        in_full += ahead and not year and (in_full, month) < (today.year, today.month)
        return f"{in_full:04}-{month:02}"
    try:
        found = date(in_full, month, _number(day))
        if ahead and not year and found < today:
            found = found.replace(year=found.year + 1)
    except ValueError:  # 2月30日
        return None
    return found.isoformat()


def _number(text: str) -> int:
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[character]) for character in text))


def _year(text: str, today: date) -> int:
    if text in _YEARS:
        return today.year + _YEARS[text]
    year = _number(text)
    if len(text) == 4:
        return year
    century = today.year - today.year % 100
    return century + year if year <= today.year % 100 + 1 else century - 100 + year
