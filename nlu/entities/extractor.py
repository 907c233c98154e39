"""Values in an utterance, by lexicon and grammar. Offsets refer to the text as it was typed."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nlu.entities.choices import find_choices
from nlu.entities.dates import find_dates
from nlu.entities.places import PROVINCES, UNIT_NICKNAMES, UNITS_IN_ENGLISH
from nlu.entities.reasons import find_reasons
from nlu.interpreter import Entity
from nlu.normalize import fold, shorten

_ENDS, _STARTS = r"(?![0-9a-z])", r"(?<![0-9a-z])"
_FILED = re.compile(_STARTS + r"([a-z])\s?([0-9]{6})\s?-?\s?([0-9]{4})" + _ENDS)
_EXAM_TICKET = re.compile(_STARTS + r"[0-9]{12}" + _ENDS)
_PHONE = re.compile(
    r"(?<![0-9a-z])(?:\+?86[\s\-]?)?(1[3-9][0-9])[\s\-]?([0-9]{4})[\s\-]?([0-9]{4})(?![0-9a-z])"
)
_LANDLINE = re.compile(r"(?<![0-9a-z])0[0-9]{2,3}-?[0-9]{7,8}(?![0-9a-z])")
_COURSE_CODE = re.compile(_STARTS + r"[0-9]{5}" + _ENDS)
_PARENTHESES = str.maketrans("", "", "()（） ")
_UNIT = re.compile(r"[\u4e00-\u9fff]{2,14}?(?:研究所|研究院|天文台|研究中心)")
_NOT_A_UNIT = re.compile(
    r".*(?:我们|我是|咱们|你们|他们|那个|这个|我在|请问|[我是在去到查的和与跟])"
)
_PROVINCE_NAMES = "|".join(
    sorted((re.escape(name) for name in PROVINCES if not name.isascii()), key=len, reverse=True)
)
_PROVINCE_SUFFIX = r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)?"
_PROVINCE = re.compile(
    rf"(?:{_PROVINCE_NAMES}){_PROVINCE_SUFFIX}"
    + rf"|{_STARTS}(?:{'|'.join(n for n in PROVINCES if n.isascii())}){_ENDS}"
)
_PROVINCE_START = re.compile(rf"{_PROVINCE_NAMES}|[a-z ]+")
_ORIGIN = re.compile(
    rf"(?:{_PROVINCE_NAMES}){_PROVINCE_SUFFIX}"
    r"(?:(?<=[市])|[\u4e00-\u9fff]{1,10}?(?:市|自治州|州|地区|盟))"
    r"[\u4e00-\u9fff]{1,8}?(?:自治县|自治旗|新区|区|县|市|旗)"
)
_CREDENTIALS = {
    "diploma": r"学历证书(?!电子注册)|毕业证书?|学历证|degree certificate|diploma",
    "registration_record": r"(?:教育部)?(?:学历证书)?(?:电子)?(?:注册)?备案表|注册备案|registration record",
    "authentication_report": r"(?:中国高等教育)?学历认证(?:报告)?|认证报告|authentication report",
    "pets": r"pets\s?-?[1-5]?(?:证书)?|公共英语(?:[一二三四五]级)?|全国英语等级考试",
    "cet": r"cet\s?-?[46]?(?:证书)?|(?:大学)?英语[四六]级(?:证书)?|(?<![一-九])[四六]级(?:证书)?|四六级",
    "other": r"其[他它](?:证书|凭证|证件)|计算机等级(?:考试)?(?:证书)?|计算机[一二三四]级(?:证书)?"
    r"|职业资格证书?|other certificate|other credential",
}
_CREDENTIAL = re.compile(
    "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _CREDENTIALS.items())
)
_COURSE_NICKNAMES = {
    "马原": "马克思主义基本原理",
    "毛概": "毛泽东思想",
    "史纲": "中国近现代史纲要",
    "近代史纲要": "中国近现代史纲要",
    "近代史": "中国近现代史纲要",
    "思修": "思想道德",
    "邓论": "邓小平理论",
}
_SHORTEST_PART = 4


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


@dataclass(frozen=True, slots=True)
class _Found:
    """Several values may stand for one place: 中英文 is two languages. No value: as it was typed."""

    start: int
    end: int
    values: tuple[tuple[str, str], ...]


class EntityExtractor:
    """Finds entities; lists of what exists make names resolvable and may be empty.

    ``courses`` maps codes to names; a course's value is its code. ``units`` and ``majors`` are
    full names. ``today`` is the day that 去年 and 昨天 are counted from (default: Shanghai's).
    """

    def __init__(
        self,
        *,
        units: Sequence[str] = (),
        majors: Sequence[str] = (),
        courses: Mapping[str, str] | None = None,
        today: Callable[[], date] = _today,
    ) -> None:
        self._today = today
        courses = courses or {}
        self._codes = frozenset(courses)
        names = {fold(name): code for code, name in courses.items()}
        self._names: dict[str, tuple[str, str]] = {}
        self._add("major", _variants({fold(name): name for name in majors}))
        self._add("course", _variants(names) | _nicknames(names))
        known = {fold(unit): unit for unit in units}
        self._add("unit", known | _unit_nicknames(known))
        self._named = _alternation(self._names)

    def extract(self, text: str) -> tuple[Entity, ...]:
        """In the order of the text, each value once; where two overlap the longer one counts."""
        entities: dict[tuple[str, str], Entity] = {}
        for offset, part in shorten(text):
            for found in _longest(list(self._find(fold(part)))):
                for entity, value in found.values:
                    start, end = found.start + offset, found.end + offset
                    place = Entity(entity, value or text[start:end], start, end)
                    entities.setdefault((entity, place.value), place)
        return tuple(entities.values())

    def _add(self, entity: str, names: Mapping[str, str]) -> None:
        for name, value in names.items():
            self._names.setdefault(name, (entity, value))

    def _find(self, text: str) -> Iterator[_Found]:
        if self._named is not None:
            for match in self._named.finditer(text):
                yield _Found(*match.span(), (self._names[match[0]],))
        for choice, values, start, end in find_choices(text):
            yield _Found(start, end, tuple((choice, value) for value in values))
        for entity, value, start, end in find_dates(text, self._today()):
            yield _Found(start, end, ((entity, value),))
        for start, end in find_reasons(text):
            yield _Found(start, end, (("reason", ""),))
        yield from _numbers(text)
        yield from _places(text)
        for match in _CREDENTIAL.finditer(text):
            yield _Found(*match.span(), (("credential_type", str(match.lastgroup)),))
        for match in _COURSE_CODE.finditer(text):
            if match[0] in self._codes or (not self._codes and match[0][0] == "0"):
                yield _Found(*match.span(), (("course", match[0]),))
        for match in _UNIT.finditer(text):
            start = match.start()
            if lead := _NOT_A_UNIT.match(match[0]):
                start += lead.end()
            if match.end() - start >= 5:
                yield _Found(start, match.end(), (("unit", text[start : match.end()]),))


def _numbers(text: str) -> Iterator[_Found]:
    for match in _FILED.finditer(text):
        entity = "order_number" if match[1] == "d" else "application_number"
        value = f"{match[1].upper()}{match[2]}-{match[3]}"
        yield _Found(*match.span(), ((entity, value),))
    for match in _EXAM_TICKET.finditer(text):
        yield _Found(*match.span(), (("exam_ticket", match[0]),))
    for match in _PHONE.finditer(text):
        yield _Found(*match.span(), (("phone", "".join(match.groups())),))
    for match in _LANDLINE.finditer(text):
        yield _Found(*match.span(), (("phone", match[0]),))


def _places(text: str) -> Iterator[_Found]:
    for match in _ORIGIN.finditer(text):
        yield _Found(*match.span(), (("origin_place", match[0]),))
    for match in _PROVINCE.finditer(text):
        name = match[0] if match[0] in PROVINCES else _PROVINCE_START.match(match[0])[0]  # type: ignore[index]
        yield _Found(*match.span(), (("province", PROVINCES[name]),))


def _longest(found: list[_Found]) -> list[_Found]:
    kept: list[_Found] = []
    for candidate in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda f: f.start)


def _alternation(names: Mapping[str, object]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def _variants(names: Mapping[str, str]) -> dict[str, str]:
    """The names themselves, without parentheses, and parts that belong to one name only."""
    variants = dict(names)
    parts: dict[str, set[str]] = {}
    for name, value in names.items():
        bare = name.translate(_PARENTHESES)
        variants.setdefault(bare, value)
        for cut in range(_SHORTEST_PART, len(bare)):
            parts.setdefault(bare[:cut], set()).add(value)
            parts.setdefault(bare[-cut:], set()).add(value)
    for part, values in parts.items():
        if len(values) == 1:
            variants.setdefault(part, next(iter(values)))
    return variants


def _nicknames(names: Mapping[str, str]) -> dict[str, str]:
    return {
        nickname: code
        for nickname, begins in _COURSE_NICKNAMES.items()
        for name, code in names.items()
        if begins in name
    }


def _unit_nicknames(units: Mapping[str, str]) -> dict[str, str]:
    """Nicknames of the units that exist; with no list, of all institutes that are known."""
    resolved: dict[str, str] = {}
    for nickname, official in (UNIT_NICKNAMES | UNITS_IN_ENGLISH).items():
        matching = [unit for name, unit in units.items() if fold(official) in name]
        if matching or not units:
            resolved[nickname] = min(matching, key=len) if matching else official
    for name, unit in units.items():
        if name.endswith("研究所"):
            resolved.setdefault(name.removesuffix("研究所") + "所", unit)
    return resolved
