"""What a document says of itself: title, number, issuer and date, where they stand in it.

No pattern may have two ways to read the same blanks: a file may hold any number of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,14}\s*[〔\[（(［]\s*(19|20)\d\d\s*[〕\]）)］]\s*(?:第\s*)?\d{1,4}\s*号"
)
_DAY = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_FROM = re.compile(
    r"自\s*((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:起\s*)?(?:开始\s*)?(?:施行|实施|执行|实行|生效|启用)"
)
_KIND = re.compile(
    r"(通知|通告|公告|办法|规定|细则|手册|方案|指南|意见|决定|安排|说明|制度|守则|条例)[）)》]?\s*$"
)
_BODY = re.compile(
    r"^(第[一二三四五六七八九十\d]+[章条]|[一二三四五六七八九十]+、|目\s*录)|[：:]$|[。；]"
)
_ISSUER = re.compile(r"^[\u4e00-\u9fff、（）()·\s]{3,40}$")
_ABOUT = "关于"
_TITLE_LINE = 40  # characters
_TOP = 12  # lines in which title and number are looked for
_CHINESE_DAY = re.compile(
    r"([二〇○零一九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DATES = re.compile(f"{_DAY.pattern}|{_CHINESE_DAY.pattern}")
_DIGITS = {one: str(at) for at, one in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


@dataclass(frozen=True, slots=True)
class Heading:
    """Empty where the document does not say. ``titled`` and ``signed`` are where the title and the
    signature stand: neither is a clause."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    dated: date | None = None
    begins: date | None = None
    titled: tuple[int, int] = (0, 0)
    signed: tuple[int, int] = (0, 0)


def heading(text: str) -> Heading:
    lines = _lines(text)
    title, titled = _title(lines[:_TOP])
    number = next((found[0] for _, line in lines[:_TOP] if (found := _number(line))), "")
    issuer, dated, signed = _signature(lines)
    begins = _FROM.search(text)
    return Heading(
        title=title,
        number="".join(number.split()),
        issuer=issuer,
        dated=dated,
        begins=_day(begins.groups()) if begins else None,
        titled=titled,
        signed=signed,
    )


def _lines(text: str) -> list[tuple[int, str]]:
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((at + len(line) - len(line.lstrip()), line.strip()))
        at += len(line) + 1
    return found


def _number(line: str) -> re.Match[str] | None:
    """A line that is hardly more than a number: others quote the numbers of other documents."""
    found = _NUMBER.search(line)
    return found if found and len(found[0]) >= len(line) * 0.7 else None


def _title(lines: list[tuple[int, str]]) -> tuple[str, tuple[int, int]]:
    """From the line that begins it ("关于…") to the one that says what it is ("…的通知")."""
    above = list(takewhile(lambda one: not _BODY.search(one[1]), lines))
    last = next((place for place, (_, line) in enumerate(above) if _KIND.search(line)), None)
    if last is None:
        return "", (0, 0)
    own = _begun([line for _, line in above[: last + 1]])
    at, line = above[last]
    return "".join(" ".join(one.split()) for one in own), (lines[0][0], at + len(line))


def _begun(lines: list[str]) -> list[str]:
    """Those that are a title which ends in the last: from the last "关于…" on; without one, as many as
    no number and no long line stands between."""
    lettered = [place for place, line in enumerate(lines) if line.startswith(_ABOUT)]
    if lettered:
        return lines[lettered[-1] :]
    before = takewhile(_may_begin, reversed(lines[:-1]))
    return [*reversed([*before]), lines[-1]]


def _may_begin(line: str) -> bool:
    return not _number(line) and len(line) <= _TITLE_LINE


def _signature(lines: list[tuple[int, str]]) -> tuple[str, date | None, tuple[int, int]]:
    """The last line that is a date, with the line over it. Annexes may follow."""
    for place in range(len(lines) - 1, -1, -1):
        at, line = lines[place]
        day = _day_in(line)
        if day is None:
            continue
        end = at + len(line)
        before = re.sub(r"\s", "", _DATES.sub("", line))
        if _ISSUER.match(before):
            return before, day, (at, end)
        above_at, above = lines[place - 1] if place else (0, "")
        if _ISSUER.match(above) and not _KIND.search(above):
            return "".join(above.split()), day, (above_at, end)
        return "", day, (at, end)
    return "", None, (0, 0)


def _day_in(line: str) -> date | None:
    """Of a line that is a date, with nothing but a name before it."""
    found = _DAY.search(line)
    if found and found.end() >= len(line) - 2 and len(line) <= 50 and "。" not in line:
        return _day(found.groups())
    spelled = _CHINESE_DAY.search(line)
    if spelled and spelled.end() == len(line):
        return _day(
            (
                "".join(_DIGITS.get(one, one) for one in spelled[1]),
                *map(_count, spelled.groups()[1:]),
            )
        )
    return None


def _count(numeral: str) -> str:
    """ "二十一" is 21."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS.get(numeral, "0")
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))


def _day(parts: Sequence[str]) -> date | None:
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError:
        return None
