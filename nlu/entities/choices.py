"""Answers out of two: a transcript's language, its GPA, its coverage; with what people take back.

不要英文的，要中文 means Chinese; 把带绩点换成不带 means without; 不对，改成英文的 means English.
"""

import re
from collections.abc import Iterator

_GPA = (
    r"(?:gpa|绩点|积点|平均学分绩点?|学分绩点?|平均分"
    r"|grade point averages?|grade points?(?: average)?)"
)
_SPOT = r"(?:那[一个]?[栏项个行]|这[一个]?[栏项个行]|信息|分数)?"
_WITH = r"(?:带|附|含|有|包含|包括|显示|体现|打印|写上?|印上?|标注?|加|要|需要|保留)(?:上|有|着|个|出)?\s?(?:那个|我的)?"
_NO = r"(?:不|无|没有|没|别|不要|不用|不想要?|不需要|无需|免|去掉|去除|删掉|隐藏|隐去|拿掉|抹掉|甭|勿)"
_WITHOUT = _NO + (
    r"(?:再)?(?:带|附|含|要|有|显示|加|需要|出现|写|印|体现|打印|标注?|包含|包括)?(?:上|有|着|出)?\s?(?:那个|我的)?"
)
_LEFT_OUT = (
    r"(?:就|都|也|给我|帮我|请|麻烦)*(?:不要|不用|不带|不显示|不体现|不写|不印|不加|不附|不含|不需要|不必|去掉|去除|去了|删掉?|拿掉|抹掉"
    r"|隐藏|隐去|免了|别|甭)(?:再)?(?:体现|显示|写|带|加|放|印|打|要|出现|出来)?(?:上去|进去|上|了)?"
)
_PUT_IN = (
    r"(?:就|也|都|得|请|给我|帮我|一定|必须)*(?:要有|要(?!是|不|的)|带上|带着|加上|加进去|写上|印上|附上|保留"
    r"|显示|体现|需要|留着|都要|放上)"
)
_AND = r"(?:和|与|跟|加|加上|还有|以及|及|\+|、|,)"
_INSTITUTE = (
    r"(?:所级教学|所级课程?|所级|所里的?课程?|所里(?:上|修|选|开)?的?(?:那些)?课程?|研究所(?:的|里的|里上的)?(?:课程?|教学|部分)"
    r"|培养单位的?(?:课程?|教学|部分)|所内的?课程?)"
)
_PLACE = r"(?:雁栖湖|玉泉路|中关村|怀柔|国科大本部|校本部|本部)(?:校区)?"
_WHOLE = r"(?:(?:也|都)?(?:算进去|算进来|算上|包括进去|放一起|都要|也要|合在?一起|合到一起|合起来|合并|一起))"

_FORMS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "language": (
        (
            r"中英文|中英双语|中英|双语|英中|bilingual|chinese and english|english and chinese",
            ("zh", "en"),
        ),
        (
            r"(?:中文|汉语|中国语|国文|中)版|中文(?!的?那?个?[字名姓]|系)|汉语(?!言|国际|拼音)|普通话(?!证|水平|考)"
            r"|(?<![a-z])(?<!college )chinese(?: version)?(?![a-z]| (?:language|history|lit))"
            r"|(?<=一份)中(?!文)|(?<![\u4e00-\u9fff])中(?=的[和跟与,、])",
            ("zh",),
        ),
        (
            r"(?:英文|英语|英)版|英文(?!名|字母)|英语"
            r"|(?<![a-z])english(?: version)?(?![a-z]| (?:exam|course|test|paper|i\b|ii\b|[12]))"
            r"|(?<=一份)英(?!文|语)|(?<=中一)英(?!文|语)|(?<=[和跟与,、])英(?=的)",
            ("en",),
        ),
        (r"(?<=一)中(?=[,,、一和]{0,2}一?英)", ("zh",)),
    ),
    "gpa": (
        (rf"(?:带不带|要不要|有没有|有无|是否[带含有]?|含不含)\s?{_GPA}", ()),
        (
            rf"{_WITHOUT}{_GPA}|{_GPA}{_SPOT}{_LEFT_OUT}|{_GPA}(?:改成|换成|选成?|还是)?(?:不带|不要|没有|无)的"
            rf"|(?:带|有|含|要)?(?:的)?{_GPA}{_SPOT}(?:的)?(?:去掉|删掉|拿掉)",
            ("without",),
        ),
        (
            r"(?:\bwithout\b|\bno\b|\bexclud\w+|\bw/o\b|\bomit\w*|\bminus\b|\bhid\w+|\bdrop|\bremove|\bskip"
            r"|\bleave (?:out|off)|\b(?:don'?t|do not|doesn'?t|not) (?:include|show|want|need|print|have|with))"
            rf"\s(?:the |my |any |a )?{_GPA}|{_GPA}(?:[- ]free| (?:off|out|removed|excluded|hidden|left out))",
            ("without",),
        ),
        (
            rf"{_WITH}{_GPA}|{_GPA}{_SPOT}{_PUT_IN}|{_GPA}(?:改成|换成|选成?|还是)?(?:带|有)的",
            ("with",),
        ),
        (
            r"(?:\bwith\b|\binclud\w+|\bplus\b|\bshow\w*|\band\b|\badd\b|\bw/|\bhas\b|\bwant\b|\bneed\b)"
            rf"\s?(?:the |my |a )?{_GPA}|{_GPA} (?:included|shown|printed|on it)",
            ("with",),
        ),
    ),
    "coverage": (
        (
            rf"集中(?:上课|授课|教学)?(?:期间|阶段|部分)?(?:的)?(?:课程?)?{_AND}(?:{_INSTITUTE}|研究所|所里|培养单位)"
            rf"(?:教学|课程|的课)?(?:.{{0,2}}(?:{_WHOLE}))?",
            ("combined",),
        ),
        (
            r"合在一起|合到一起|合起来|合并(?=成绩|[,,。]|$)|合并[的版]|两部分"
            r"|(?:全部|所有)(?:的)?(?:课程?|成绩)(?!.{0,3}(?:合格|通过|过了|考完|及格|学完))"
            r"(?<!考完了所有的课)(?<!考完所有课)|"
            rf"(?:包括|含|包含|带|加上|连同|连带|连|加)?{_INSTITUTE}(?:的)?(?:教学|课程?|成绩)?{_WHOLE}?"
            r"|\b(?:both (?:stages|parts|phases) )?combined\b|\bboth (?:parts|stages|phases)\b"
            r"|(?<!passed )(?<!finished )(?<!completed )\ball (?:my |the )?courses\b(?! passed)"
            r"|\b(?:both )?(?:the )?centrali[sz]ed (?:teaching |courses? )?(?:and|plus|with|&)"
            r" (?:the )?institute(?: courses?| teaching| parts?)?"
            r"|\binstitute (?:courses?|teaching|part)\b",
            ("combined",),
        ),
        (
            r"集中教学(?:期间|阶段|时期|部分)?|集中(?:[上授]课|学习)(?:期间|阶段)?|集中的|(?<=只要)集中|集中(?:期间|阶段|课程?|部分)"
            rf"|{_PLACE}(?=.{{0,6}}(?:上过?课|上的课|集中|教学|的课|期间|那段|阶段|成绩|那一?年))(?:那一?年)?"
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
    r"(?:[选填写点按弄]成了?|刚[刚才]选的是?|(?:前面|之前|刚才|刚刚|刚)(?:我)?(?:说|选|填)的?(?:是)?|不要|不是|别要|不用|不想要|不需要|别|而不是|不选|取消|除了|并非|别说|"
    r"\bnot(?: only)?(?: an?| the| in)?|\bno|don'?t (?:want|need)(?: an?| the)?|instead of|rather than|"
    r"看不懂|听不懂|不懂|不会说?|(?:don'?t|can'?t|cannot) (?:understand|read|speak))\s?"
    r"(?:那个|那种|那份|要)?$"
)
_REPLACED = re.compile(
    r"^(?:的|了|版|版本|成绩单|transcript|\s)*,?\s?"
    r"(?:换成|改成|改为|变成|换为|[改换](?=[中英带不含附])|-?>|to\b|不对|不好|不行|看不懂)"
)
_NOT_WANTED = re.compile(r"^(?:的|版|课|\s)*(?:就|也|都)?(?:不用|不要|不需要|不算)(?=[了吧,。!]|$)")
_BEFORE = 24
# The language people want to be spoken to in is none of a transcript's.
_TALKING = re.compile(
    r"(?<!我|胡)[说讲](?!错|明|的|过|得|不[带要])|聊|交流|回[复覆]|答[复覆]|回答(?!得|错)|回我"
    r"|用(?:英|中文|汉)|切|沟通|对话|界面|菜单|模式|切换|跟我|和我说|看不懂|听不懂|全是|只会|不会|变成|打字"
    r"|以后|之后|接下来|从现在起|系统|服务|支持|提示|消息|设置|突然|变[英中]|你的语言|显示语言"
    r"|\b(?:speak|talk|reply|respond|answer|chat|continue|interface|mode|conversation|understand|explain|read|practi[cs]e"
    r"|bot|menus?|everything|use|using|prefer|from now on|carry on)\b|(?:write|in) back"
    r"|my (?:chinese|english)|do this in|set (?:the )?language"
)
_OF_THE_CHAT = re.compile(
    r"菜单|界面|对话|模式|设置|\b(?:menus?|interface|mode|conversation|bot)\b"
)
_OF_A_DOCUMENT = re.compile(
    r"成绩|绩点|一份|[两三几]份|版本?的|那份|材料|证明|要一?个?(?:英|中)|要的是|gpa|transcript|cop(?:y|ies)|grade|record|\bone\b"
)
# 英语 is a subject as often as a language: among words of exams it is no transcript's.
_EXAMS = re.compile(
    r"免|[抵顶]|考[试了过的完级]|自考|门|及格|[多几]少?分|[四六三二]级|级|cet|pets|课|专业|exempt|exam|waive|skip|self-study|学位英语|过了|没过"
)
_A_PAPER = re.compile(r"[免考抵顶]\S{0,2}英文(?!版|的|成绩)|英文[那这嗰]?[科门课]")
_A_TRANSCRIPT = re.compile(r"成绩单|transcript|gpa|绩点|英语版")
_SUBJECT = re.compile(r"(?:大学|公共|学位|专业|商务|[免考学抵顶过门])(?:了)?$")
_AFTER_SUBJECT = re.compile(
    r"[一二三四五六0-9(]|等级|考试|[免课]|专业|水平|成绩(?!单)|[过及差好]|不好|证书?|翻译|语言文学"
)


def find_choices(text: str) -> Iterator[tuple[str, tuple[str, ...], int, int]]:
    """``(entity, values, start, end)`` for what is chosen in folded text."""
    for choice, forms in _COMPILED.items():
        mentions = _mentions(text, forms)
        if choice == "language":
            mentions = _of_documents(text, mentions)
        standing = [m for m in mentions if m[0] and not _taken_back(text, m)]
        if standing:
            for values, start, end in standing:
                yield choice, values, start, end
            continue
        for values, start, end in mentions[-1:]:  # 不要英文的 leaves one
            if len(values) == 1:
                yield choice, (_OTHER[values[0]],), start, end


_Mention = tuple[tuple[str, ...], int, int]


def _of_documents(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """Without the language that is spoken here and the subject that is examined."""
    document = _A_TRANSCRIPT if _OF_THE_CHAT.search(text) else _OF_A_DOCUMENT
    if _TALKING.search(text) and not document.search(text):
        return []
    exams = _EXAMS.search(text) and not _A_TRANSCRIPT.search(text)
    return [one for one in mentions if not _is_subject(text, one, bool(exams))]


def _is_subject(text: str, mention: _Mention, exams: bool) -> bool:
    _, start, end = mention
    said = text[start:end]
    if said == "英文":
        return _A_PAPER.search(text[max(0, start - 4) : end + 3]) is not None
    if said not in ("英语", "english"):
        return False
    return (
        exams
        or _SUBJECT.search(text[max(0, start - 4) : start]) is not None
        or _AFTER_SUBJECT.match(text, end) is not None
    )


def _mentions(text: str, forms: list[tuple[re.Pattern[str], tuple[str, ...]]]) -> list[_Mention]:
    found = [
        (values, *match.span()) for pattern, values in forms for match in pattern.finditer(text)
    ]
    kept: list[_Mention] = []
    for values, start, end in sorted(found, key=lambda m: (m[1] - m[2], m[1])):
        if all(end <= other[1] or other[2] <= start for other in kept):
            kept.append((values, start, end))
    return sorted(kept, key=lambda m: m[1])


def _taken_back(text: str, mention: _Mention) -> bool:
    _, start, end = mention
    return bool(
        _TAKEN_BACK.search(text[max(0, start - _BEFORE) : start])
        or _REPLACED.match(text[end : end + _BEFORE])
        or _NOT_WANTED.match(text[end : end + _BEFORE])
    )
