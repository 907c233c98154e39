"""Answers out of two: a transcript's language, its GPA, its coverage; with what people take back.

不要英文的，要中文 means Chinese; 把带绩点换成不带 means without; 不对，改成英文的 means English.
"""

import re
from collections.abc import Iterator

_GPA = r"(?:gpa|绩点|积点|平均学分绩|平均分|grade point averages?|grade points?(?: average)?)"
_WITH = r"(?:带|附|含|有|包含|包括|显示|加|要|需要|保留)(?:上|有|着|个)?\s?(?:那个)?"
_WITHOUT = (
    r"(?:不|无|没有|没|别|不要|不用|不需要|免|去掉|去除|删掉|甭)"
    r"(?:带|附|含|要|有|显示|加|需要|出现|写|印|体现)?(?:上|有|着)?\s?"
)
_AND = r"(?:和|与|跟|加|加上|还有|以及|及|\+|、)"
_INSTITUTE = r"(?:所级教学|所级课程?|所级|所里的?课程?|所里的|研究所的?课程?|所内的?课程?)"
_PLACE = r"(?:雁栖湖|玉泉路|中关村|怀柔|国科大本部|校本部|本部)(?:校区)?"

_FORMS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "language": (
        (
            r"中英文|中英双语|中英|双语|英中|bilingual|chinese and english|english and chinese",
            ("zh", "en"),
        ),
        (
            r"(?:中文|汉语|中国语|国文|中)版|中文|汉语|普通话|(?<![a-z])chinese(?: version)?(?![a-z])|(?<=一份)中(?!文)",
            ("zh",),
        ),
        (
            r"(?:英文|英语|英)版|英文|(?<!大学)(?<!公共)(?<!免)(?<!考)"
            r"英语(?![一二三四五六0-9(]|等级|考试|免|课|专业|水平|成绩(?!单)|[过及]|证书)"
            r"|(?<![a-z])english(?: version)?(?![a-z]| (?:exam|course|test))|(?<=一)英(?!文|语)",
            ("en",),
        ),
        (r"(?<=一)中(?=[,,、一和]{0,2}一?英)", ("zh",)),
    ),
    "gpa": (
        (rf"(?:带不带|要不要|有没有|有无|是否[带含有]?|含不含)\s?{_GPA}", ()),
        (
            rf"{_WITHOUT}{_GPA}|{_GPA}(?:就)?(?:不要|不用|不带|不显示|去掉|别|不加|不需要)",
            ("without",),
        ),
        (
            rf"(?:\bwithout\b|\bno\b|\bexclud\w+|\bw/o\b|\bomit\w*|\bminus\b|\bhid\w+)\s(?:the |my |any )?{_GPA}"
            rf"|{_GPA}[- ]free",
            ("without",),
        ),
        (rf"{_WITH}{_GPA}|{_GPA}(?:也)?(?:要|带上|加上|显示|都要)", ("with",)),
        (
            rf"(?:\bwith\b|\binclud\w+|\bplus\b|\bshow\w*|\band\b|\badd\b|\bw/)\s?(?:the |my |a )?{_GPA}",
            ("with",),
        ),
    ),
    "coverage": (
        (
            rf"集中(?:教学)?(?:期间)?(?:的)?(?:课程?)?{_AND}{_INSTITUTE}(?:教学|课程|的课)?"
            r"(?:.{0,2}(?:合在一起|合起来|合并|一起))?",
            ("combined",),
        ),
        (
            r"合在一起|合到一起|合起来|合并(?:的|版)?|(?:全部|所有)(?:的)?(?:课程?|成绩)|两部分|"
            rf"(?:包括|含|包含|带|加上|连同|加)?{_INSTITUTE}(?:的)?(?:教学|课程?|成绩)?"
            r"|\bcombined\b|\ball (?:my )?courses\b|\bboth parts\b|\binstitute (?:courses?|teaching|part)\b",
            ("combined",),
        ),
        (
            rf"集中教学(?:期间|阶段|时期)?|集中授课|集中的|(?<=只要)集中|集中(?:期间|阶段|课程?)|国科大本部"
            rf"|{_PLACE}(?=.{{0,6}}(?:上课|上的课|集中|教学|的课|期间|那段|阶段|成绩))"
            r"|\bcentrali[sz]ed(?: teaching| courses?| part| period)?|\bcentral (?:teaching|courses?|part)",
            ("centralized",),
        ),
    ),
}
_COMPILED = {
    choice: [(re.compile(pattern), values) for pattern, values in forms]
    for choice, forms in _FORMS.items()
}
_OTHER = {
    "zh": "en",
    "en": "zh",
    "with": "without",
    "without": "with",
    "centralized": "combined",
    "combined": "centralized",
}
_TAKEN_BACK = re.compile(
    r"(?:不要|不是|别要|不用|不想要|不需要|别|而不是|不选|取消|除了|并非|别说|"
    r"\bnot(?: an?| the| in)?|\bno|don'?t (?:want|need)(?: an?| the)?|instead of|rather than|"
    r"看不懂|听不懂|不懂|不会说?|(?:don'?t|can'?t|cannot) (?:understand|read|speak))\s?"
    r"(?:那个|那种|那份|要)?$"
)
_REPLACED = re.compile(
    r"^(?:的|版|版本|成绩单|transcript|\s)*,?\s?"
    r"(?:换成|改成|改为|变成|换为|改|换|-?>|to\b|不对|不好|不行|看不懂)"
)
_BEFORE = 24


def find_choices(text: str) -> Iterator[tuple[str, tuple[str, ...], int, int]]:
    """``(entity, values, start, end)`` for what is chosen in folded text."""
    for choice, forms in _COMPILED.items():
        mentions = _mentions(text, forms)
        standing = [m for m in mentions if m[0] and not _taken_back(text, m)]
        if standing:
            for values, start, end in standing:
                yield choice, values, start, end
            continue
        for values, start, end in mentions[-1:]:  # 不要英文的 leaves one
            if len(values) == 1:
                yield choice, (_OTHER[values[0]],), start, end


def _mentions(
    text: str, forms: list[tuple[re.Pattern[str], tuple[str, ...]]]
) -> list[tuple[tuple[str, ...], int, int]]:
    found = [
        (values, *match.span()) for pattern, values in forms for match in pattern.finditer(text)
    ]
    kept: list[tuple[tuple[str, ...], int, int]] = []
    for values, start, end in sorted(found, key=lambda m: (m[1] - m[2], m[1])):
        if all(end <= other[1] or other[2] <= start for other in kept):
            kept.append((values, start, end))
    return sorted(kept, key=lambda m: m[1])


def _taken_back(text: str, mention: tuple[tuple[str, ...], int, int]) -> bool:
    _, start, end = mention
    return bool(
        _TAKEN_BACK.search(text[max(0, start - _BEFORE) : start])
        or _REPLACED.match(text[end : end + _BEFORE])
    )
