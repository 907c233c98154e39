"""Which proofs exempt from which course (E5), written one course at a time."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from backend.policy.exam import Need, ProofType, Way
from dialogs.engine.slots import Invalid, Slot
from dialogs.engine.turn import Said
from dialogs.engine.words import Joined, Speech, Words, _, plain

Ways = Mapping[str, tuple[Way, ...]]  # a course that is named has these and no others
TYPES: dict[ProofType, Words] = {
    ProofType.CET: _("大学英语"),
    ProofType.PETS: _("全国英语等级考试"),
    ProofType.DIPLOMA: _("毕业证书"),
    ProofType.REGISTRATION_RECORD: _("电子注册备案表"),
    ProofType.AUTHENTICATION_REPORT: _("学历认证报告"),
    ProofType.OTHER: _("其他凭证"),
}
NAMES: dict[str, ProofType] = {
    **{title.into("zh"): kind for kind, title in TYPES.items()},
    "cet": ProofType.CET,
    "四六级": ProofType.CET,
    "pets": ProofType.PETS,
    "学历证书": ProofType.DIPLOMA,
    "diploma": ProofType.DIPLOMA,
    "备案表": ProofType.REGISTRATION_RECORD,
    "认证报告": ProofType.AUTHENTICATION_REPORT,
    "其他": ProofType.OTHER,
    "other": ProofType.OTHER,
}
SECOND = ((ProofType.REGISTRATION_RECORD,), (ProofType.AUTHENTICATION_REPORT,))  # beside a diploma
LEVELS = {"本科": "bachelor", "专科": "college", "bachelor": "bachelor", "college": "college"}
ONE = re.compile(
    r"(?P<name>\D+?)\s*(?P<grades>\d(?:\s*[,/]\s*\d)*)?(?:\s*[>≥]=?\s*(?P<score>\d+))?"
)


def matrix_slot(name: str) -> Slot[Ways]:
    prompt = _(
        "请写课程代码和能免它的凭证，例如“00015：大学英语4/6≥425 或 全国英语等级考试3/4/5 或 毕业证书本科”。"
        "同时要几种的用加号；毕业证书自动要求备案表或认证报告（E5）；不能免写“00015：没有”。"
    )

    def read(said: Said) -> str | None:
        return said.text or None

    return Slot(name, prompt, _("免考凭证（E5）"), parsed, read, free=True, verbatim=True)


def parsed(stored: str) -> Ways:
    found: dict[str, tuple[Way, ...]] = {}
    for line in re.split(r"[;\n]+", normalize("NFKC", stored)[:2000]):
        if not line.strip():
            continue
        head = re.match(r"\s*(\d{5})\s*:?\s*(.+)", line)
        if head is None:
            raise Invalid(_("“{rest}”看不懂，要先写五位课程代码。", rest=line.strip()[:30]))
        if head[2].strip() in ("没有", "none"):
            found[head[1]] = ()
            continue
        ways = re.split(r"\s*(?:或者?|\||\bor\b)\s*", head[2].strip())
        found[head[1]] = tuple(way(place, words) for place, words in enumerate(ways, 1))
    if not found:
        raise Invalid(_("这里需要写几个字。"))
    return found


def way(place: int, words: str) -> Way:
    needs = tuple(need(one.strip()) for one in words.split("+"))
    diploma = any(one.type is ProofType.DIPLOMA for one in needs)
    return Way(way=f"{needs[0].type}_{place}", needs=needs, with_any=SECOND if diploma else ())


def need(words: str) -> Need:
    level = next((value for name, value in LEVELS.items() if words.casefold().endswith(name)), None)
    bare = words
    for name in LEVELS:
        bare = re.sub(rf"\s*{name}$", "", bare, flags=re.IGNORECASE)
    item = ONE.fullmatch(bare)
    kind = NAMES.get(item["name"].strip().casefold()) if item else None
    if item is None or kind is None:
        raise Invalid(_("“{rest}”不是一种凭证。", rest=words[:30]))
    grades = tuple(re.split(r"\s*[,/]\s*", item["grades"])) if item["grades"] else ()
    return Need.model_validate(
        {
            "type": kind,
            "grade": grades,
            "level": (level,) if level else (),
            "least_score": int(item["score"]) if item["score"] else None,
        }
    )


def with_ways(old: Any, answer: Ways) -> dict[str, Any]:
    """The courses that were named have the new ways; the others keep theirs."""
    kept = {code: ways for code, ways in (old or {}).items() if code not in answer}
    new = {code: ways for code, ways in answer.items() if ways}
    return {code: [one.model_dump() for one in ways] for code, ways in sorted((kept | new).items())}


def changed_matrix(old: Any, new: Any) -> Speech:
    """Each course whose ways are others now, with the new ones."""
    parts: list[Speech] = []
    for code in sorted({*(old or {}), *(new or {})}):
        before, after = (old or {}).get(code, ()), (new or {}).get(code, ())
        if before != after:
            shown = Joined(tuple(in_words(one) for one in after), " 或 ", " or ")
            ways: Speech = shown if after else _("不能免")
            parts.append(_("{course}：{ways}", course=code, ways=ways))
    return Joined(tuple(parts), "；", "; ") if parts else _("没有变化")


def in_words(one: Way) -> Speech:
    return Joined(tuple(need_words(need) for need in one.needs), "＋", " + ")


def need_words(one: Need) -> Speech:
    grades = "/".join(one.grade)
    score = f"≥{one.least_score}" if one.least_score is not None else ""
    levels = tuple(_("本科") if level == "bachelor" else _("专科") for level in one.level)
    return Joined((TYPES[one.type], plain(grades + score), *levels))
