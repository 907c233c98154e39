"""What is said before its question comes: kept where its kind tells which answer it is.

A month, a score, a number and a province say by themselves what they are. A dialog that ``hears``
such a value keeps it, tells so, and does not ask for it again; other values wait for their question.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from backend.identity import confidential
from backend.sealing import masked_number
from dialogs.engine.turn import SEVERAL, Found, Meant, Said
from dialogs.engine.words import Joined, Speech, Words, _, listed, plain

MONTH, SCORE, NUMBER, PROVINCE = "year_month", "score", "credential_number", "province"
NAMES: Mapping[str, Words] = {
    NUMBER: _("编号"),
    MONTH: _("年月"),
    SCORE: _("分数"),
    PROVINCE: _("省份"),
}
_SCORE = re.compile(r"(?<![\d.])(\d{2,3})\s*分(?!钟)")
_NUMBER = re.compile(r"(?<![0-9a-z])[0-9]{12,18}(?![0-9a-z])")
# Taken only where it is called so: an order's or a student's number has as many digits.
_CALLED = re.compile(r"(?:编号|证书|验证码|备案|报告|certificate|report|number of)[^0-9]{0,14}\Z")
_ANOTHERS = re.compile(
    r"(?:准考证|考号|学号|身份证|订单|工单|申请|id card|student|order|ticket|application)[^0-9]{0,12}\Z"
)


@dataclass(frozen=True, slots=True)
class Value:
    entity: str
    value: str
    start: int
    end: int


def with_values(said: Said, hears: Collection[str], asked: str) -> Said:
    """Scores and long numbers in the words, as entities; a number that was asked for is its answer."""
    found: list[Found] = list(said.meaning.entities)
    for entity, pattern in ((SCORE, _SCORE), (NUMBER, _NUMBER)):
        if entity not in hears or (entity == NUMBER and asked.startswith("number.")):
            continue
        for one in pattern.finditer(said.text.casefold()):
            if entity == NUMBER and not is_called_so(said.text.casefold()[: one.start()]):
                continue
            if all(one.end() <= other.start or other.end <= one.start() for other in found):
                value = one[1] if entity == SCORE else one[0]
                found.append(Value(entity, value, one.start(), one.end()))
    if len(found) == len(said.meaning.entities):
        return said
    meaning = said.meaning
    meant = Meant(meaning.intent, meaning.confidence, found, meaning.ranking, meaning.requests)
    return replace(said, meaning=meant)


def is_called_so(before: str) -> bool:
    """Whether the words before a number call it a certificate's, and no other's."""
    others = _ANOTHERS.search(before) or confidential.OTHER.search(before)
    return bool(_CALLED.search(before)) and not others


def is_for_another(said: Said, hears: Collection[str], entity: str) -> bool:
    """Hardly anything but values of other kinds than the question's ("2018年6月考的")."""
    values = {one.removesuffix(SEVERAL) for one in said.entities()} & NAMES.keys() & set(hears)
    return entity not in values and bool(values) and said.is_mostly(values)


def ambiguous(said: Said, hears: Collection[str]) -> list[str]:
    """Kinds of which several values were said, so that none can be kept."""
    found = said.entities()
    return [one for one in NAMES if one in hears and one + SEVERAL in found]


def kept(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    return {one: after[one] for one in NAMES if one in after and before.get(one) != after[one]}


def noted(values: Mapping[str, str]) -> Words:
    """``记下了：年月 2018-06，问到的时候直接用。``"""
    each = [
        _("{name} {value}", name=NAMES[one], value=told(one, value))
        for one, value in values.items()
    ]
    return _("记下了：{values}，问到的时候直接用。", values=Joined(tuple(each), "，", ", "))


def told(entity: str, value: str) -> Speech:
    if entity == NUMBER:
        return plain(masked_number(value))
    return _("{score} 分", score=value) if entity == SCORE else plain(value)


def wait_for(kinds: Iterable[str]) -> Words:
    return _(
        "{names}后面会一项一项问，先回答下面这一项。", names=listed(*(NAMES[one] for one in kinds))
    )


def comes_later(said: Said, hears: Collection[str]) -> Words | None:
    """To a bare number that answers nothing here, in a dialog that is going to ask for some."""
    kinds = [one for one in NAMES if one in hears and one != PROVINCE]
    bare = said.words.strip().rstrip("。.分号")
    return wait_for(kinds) if kinds and bare.isdigit() else None
