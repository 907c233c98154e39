"""Questions that people may ask about a clause, from its own words; staff may add theirs."""

import re

MOST = 10
_MATTER_MOST = 12  # characters: longer ones drown the subject
_CUES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), asked)
    for pattern, asked in (
        (
            r"\d\s*元|收费|费用|免费|缴费|交费",
            ("{subject}多少钱", "{subject}怎么收费", "{subject}要交费吗"),
        ),
        (
            r"\d\s*月|\d\s*日|周[一二三四五六日]|\d:\d\d|时间|截止|以前|之前|起至",
            ("{subject}什么时候", "{subject}是哪天", "{subject}的时间"),
        ),
        (
            r"\d\s*个?(工作日|天|小时|月内|年内|日内)|期限",
            ("{subject}要多久", "{subject}几天", "{subject}的期限"),
        ),
        (r"地点|楼|室|校区|大厅|窗口", ("{subject}在哪里办", "{subject}的地点")),
        (r"电话|邮箱|联系人|联系方式|@", ("{subject}联系谁", "{subject}的电话是多少")),
        (r"携带|提交|提供|材料|证件|出示|填写", ("{subject}要交什么材料", "{subject}要准备什么")),
        (r"不得|禁止|不予|不能|不可", ("{subject}有什么不可以",)),
        (r"审批|审核|批准", ("{subject}要审批吗", "{subject}谁审核")),
        (r"对象|范围|可以|可在|适用", ("谁可以办{subject}", "{subject}适用于谁")),
        (r"登录|点击|网址|系统|步骤|流程", ("{subject}怎么办", "{subject}在哪里登录")),
    )
)
_WHY = re.compile("为|根据|按照|依据|经|鉴于")  # nobody asks in such words
_MATTER = re.compile(
    r"关于(?:做好|开展|印发|启用|调整|规范|进一步)?(.{2,30}?)(?:工作)?的(?:通知|公告|规定|办法|说明)"
)


def questions(words: str, subject: str, title: str) -> tuple[str, ...]:
    """The likeliest first, none twice."""
    about = subject or _beginning(words)
    if not subject and _WHY.match(about):
        return (about,)
    found = [about]
    for cue, asked in _CUES:
        if cue.search(words):
            found += [one.format(subject=about) for one in asked]
    found += [f"{about}有什么规定", f"{about}是怎么规定的"]
    matter = _MATTER.search(title)
    if matter and len(matter[1]) <= _MATTER_MOST and matter[1] not in about:
        found.insert(1, f"{matter[1]}{about}")
    return tuple(dict.fromkeys(found))[:MOST]


def _beginning(words: str) -> str:
    """The first phrase, where no heading names the matter."""
    phrase = re.split(r"[，。；：:,;\t]", re.sub(r"^[\W\d一二三四五六七八九十第条]+", "", words))[0]
    return phrase.strip()[:20] or words[:20]
