"""Values in an utterance, by lexicon and grammar. Offsets refer to the text as it was typed.

What counts as an entity, and what does not, is written down in docs/understanding.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from backend.registry.unit_nicknames import UNIT_NICKNAMES, UNITS_IN_ENGLISH
from nlu.entities import courses as common
from nlu.entities.choices import find_choices
from nlu.entities.credentials import find_credentials
from nlu.entities.dates import find_dates
from nlu.entities.lexicon import Lexicon
from nlu.entities.majors import find_majors
from nlu.entities.numbers import find_numbers
from nlu.entities.places import find_places
from nlu.entities.reasons import find_reasons
from nlu.entities.units import ACADEMY, find_unlisted
from nlu.interpreter import Entity
from nlu.normalize import fold, shorten

_COURSE_CODE = re.compile(
    r"(?<![0-9a-z.])(?P<code>0[0-9]{4}|(?<=课程)[1-9][0-9]{4}|(?:(?<=course )|(?<=代码))[1-9][0-9]{4}"
    r"|1[0-5][0-9]{3}(?=免|课|这门|的?成绩|考))(?![0-9a-z.]|元|块|人)"
)
_OF_A_MAJOR = re.compile(r"专业|本科|专科|大专|毕业|[学读念]的|实践|准考证|那个号|major")
_SCHOOL = re.compile(r"(?:学校|院系|单位|邮政?)(?:代码|编码?)?$")
_PARENTHESES = str.maketrans("", "", "()（） ")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]")
_ENDINGS = re.compile(r"(?:概论|纲要|原理概论|学)$")
_ACADEMY_BEFORE = re.compile(ACADEMY + "$")
# Traditional characters of names, which no classifier needs to know.
_IN_NAMES = (
    "臺台綱纲遼辽陝陕瀋沈滬沪粵粤閩闽魯鲁贛赣瓊琼隴陇稅税銷销邏逻訟讼創创繪绘礦矿蘭兰濱滨鄭郑"
)
_SIMPLIFIED = str.maketrans(_IN_NAMES[::2], _IN_NAMES[1::2])
_SHORTEST_PART = 4
_SHORTEST_NAME = 3


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


@dataclass(frozen=True, slots=True)
class _Found:
    """Several values may stand for one place: 中英文 is two languages. No value: as it was typed."""

    start: int
    end: int
    values: tuple[tuple[str, str], ...]
    weight: int = 0  # what decides between two of one length; below nothing it gives way to any


class EntityExtractor:
    """Finds entities; lists of what exists make more names resolvable and may be empty.

    ``courses`` maps codes to names; a course's value is its code. ``units`` and ``majors`` are
    full names. The courses every self-study exam has and the institutes of the photo notice are
    known without lists; where both know a name, the list is right. ``today`` is the day that 去年
    and 昨天 are counted from (default: Shanghai's).
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
        listed = courses or {}
        names: dict[str, tuple[str, str]] = {}

        def add(entity: str, known: Mapping[str, str]) -> None:
            for name, value in known.items():
                names.setdefault(name, (entity, value))

        majors_listed = {fold(name): name for name in majors}
        courses_listed = {fold(name): code for code, name in listed.items()}
        add("major", _variants(majors_listed))
        add("course", {fold(code): code for code in listed})
        add("course", _variants(courses_listed))
        add("unit", _units(units))
        add("course", common.NICKNAMES)
        add("course", dict.fromkeys(common.SEVERAL, ""))
        add("course", _variants({fold(n): code for code, n in common.COMMON_COURSES.items()}))
        whole = frozenset(names)
        add("major", _parts(majors_listed))
        add("course", _parts(courses_listed))
        self._names = Lexicon(names, literal=names.keys() - whole)

    def extract(self, text: str) -> tuple[Entity, ...]:
        """In the order of the text, each value once; where two overlap the longer one counts."""
        entities: dict[tuple[str, str], Entity] = {}
        for offset, part in shorten(text):
            for found in _longest(list(self._find(fold(part).translate(_SIMPLIFIED)))):
                for entity, value in found.values:
                    start, end = found.start + offset, found.end + offset
                    place = Entity(entity, value or text[start:end], start, end)
                    entities.setdefault((entity, place.value), place)
        return tuple(entities.values())

    def _find(self, text: str) -> Iterator[_Found]:
        for entity, value, start, end in self._names.find(text):
            academy = _ACADEMY_BEFORE.search(text[:start]) if entity == "unit" else None
            yield _Found(academy.start() if academy else start, end, ((entity, value),))
        for choice, values, start, end in find_choices(text):
            yield _Found(start, end, tuple((choice, value) for value in values))
        for days, start, end in find_dates(text, self._today()):
            yield _Found(start, end, days)
        for start, end in find_reasons(text):
            yield _Found(start, end, (("reason", ""),))
        for entity, value, start, end in (*find_numbers(text), *find_places(text)):
            yield _Found(start, end, ((entity, value),))
        for kind, start, end in find_credentials(text):
            yield _Found(start, end, (("credential_type", kind),))
        for match in _COURSE_CODE.finditer(text):
            if not _SCHOOL.search(text[: match.start()]):
                yield _Found(*match.span("code"), (("course", match["code"]),))
        majors = _OF_A_MAJOR.search(text) is not None
        for start, end in find_majors(text):
            yield _Found(start, end, (("major", ""),), weight=int(majors))
        for start, end in find_unlisted(text):
            yield _Found(start, end, (("unit", ""),), weight=-1)


def _precedence(found: _Found) -> tuple[bool, int, int, int]:
    return found.weight < 0, found.start - found.end, -found.weight, found.start


def _longest(found: list[_Found]) -> list[_Found]:
    kept: list[_Found] = []
    for candidate in sorted(found, key=_precedence):
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda f: f.start)


def _variants(names: Mapping[str, str]) -> dict[str, str]:
    """The names themselves, without parentheses and without 概论; what two share is neither's."""
    variants = dict(names)
    shorter: dict[str, set[str]] = {}
    for name, value in names.items():
        bare = _BRACKETED.sub("", name)
        forms = {name.translate(_PARENTHESES), bare, _ENDINGS.sub("", bare)}
        for form in forms:
            if len(form) >= _SHORTEST_NAME:
                shorter.setdefault(form, set()).add(value)
    for form, values in shorter.items():
        if len(values) == 1:
            variants.setdefault(form, next(iter(values)))
    return variants


def _parts(names: Mapping[str, str]) -> dict[str, str]:
    """Beginnings and ends that belong to one name only."""
    parts: dict[str, set[str]] = {}
    for name, value in names.items():
        bare = name.translate(_PARENTHESES)
        for cut in range(_SHORTEST_PART, len(bare)):
            parts.setdefault(bare[:cut], set()).add(value)
            parts.setdefault(bare[-cut:], set()).add(value)
    return {part: next(iter(values)) for part, values in parts.items() if len(values) == 1}


def _units(listed: Sequence[str]) -> dict[str, str]:
    """Nicknames resolve to the unit as the list calls it, or else as the photo notice does."""
    known = {fold(unit): unit for unit in listed}
    resolved = dict(known)
    for nickname, official in (UNIT_NICKNAMES | UNITS_IN_ENGLISH).items():
        matching = [unit for name, unit in known.items() if fold(official) in name]
        resolved.setdefault(fold(nickname), min(matching, key=len) if matching else official)
    for name, unit in known.items():
        if name.endswith("研究所"):
            resolved.setdefault(name.removesuffix("研究所") + "所", unit)
    return resolved
