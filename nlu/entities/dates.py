"""Days and months as people say them: 去年十月, 3月2号, 2019.10, last October, 昨天."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
_MONTH_NAMES = """
january february march april may june july august september october november december
"""
_MONTHS = {
    form: number
    for number, name in enumerate(_MONTH_NAMES.split(), 1)
    for form in (name, name[:3], "sept" if name == "september" else name)
}
_Y = r"(?P<y>[0-9]{4}|[0-9]{2}|[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2}|今|去|前|明)"
_M = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<d>3[01]|[12][0-9]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH = r"(?P<mon>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_EY = r"(?P<y>(?:19|20)[0-9]{2})"
_B, _E = r"(?<![0-9a-z])", r"(?![0-9a-z])"

_FORMS = [
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9]){_Y}年\s*{_M}月\s*{_D}[日号]?(?![0-9])",
        rf"(?<![0-9]){_Y}年\s*{_M}月(?:份|底|初|中旬)?",
        rf"(?<![0-9年]){_M}月\s*{_D}[日号]",
        rf"(?<![0-9年第]){_M}月(?:份|那次|那场|考|底|初)?",
        r"(?<![0-9a-z.\-])(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])"
        r"(?P=s)(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9])",
        r"(?<![0-9a-z.\-])(?P<y>(?:19|20)[0-9]{2})[-/.](?P<m>1[0-2]|0?[1-9])(?![0-9/.\-])",
        r"(?<![0-9a-z])(?P<y>(?:19|20)[0-9]{2})(?P<m>1[0-2]|0[1-9])"
        r"(?P<d>3[01]|[12][0-9]|0[1-9])?(?![0-9a-z])",
        rf"{_B}{_MONTH}\s+(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?,?\s+{_EY}{_E}",
        rf"{_B}(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+{_EY}{_E}",
        rf"{_B}{_MONTH},?\s+(?:of\s+)?{_EY}{_E}",
        rf"{_B}(?:last|in|the|this)\s+{_MONTH}{_E}",
        r"(?P<rel>大前天|前天|昨天|昨日|今天|今日|明天|后天)",
        rf"{_B}(?P<rel>yesterday|today|tomorrow){_E}",
        rf"(?P<relm>上上个月|上个月|上月|这个月|本月|下个月|下月)|{_B}(?P<relme>last|this|next) month{_E}",
    )
]
_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "后天": 2,
    "yesterday": -1, "today": 0, "tomorrow": 1,
}  # fmt: skip
_MONTHS_AGO = {
    "上上个月": -2, "上个月": -1, "上月": -1, "这个月": 0, "本月": 0, "下个月": 1, "下月": 1,
    "last": -1, "this": 0, "next": 1,
}  # fmt: skip
_YEARS = {"今": 0, "去": -1, "前": -2, "明": 1}


def find_dates(text: str, today: date) -> Iterator[tuple[str, str, int, int]]:
    """``(entity, ISO 8601 value, start, end)`` for every day and month in folded text.

    A month with no year is the latest one that has begun: people ask about what has happened.
    """
    for form in _FORMS:
        for match in form.finditer(text):
            value = _value(match.groupdict(), today)
            if value is not None:
                yield ("date" if len(value) == 10 else "year_month"), value, *match.span()


def _value(parts: dict[str, str | None], today: date) -> str | None:
    if relative := parts.get("rel"):
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
        return f"{in_full:04}-{month:02}"
    try:
        return date(in_full, month, _number(day)).isoformat()
    except ValueError:  # 2月30日
        return None


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
