"""Units that no list knows, by what tells that a name is one."""

import re
from collections.abc import Iterator

ACADEMY = r"(?:中国科学院|中科院)?"
"""What may stand before any of their names."""

_UNLISTED = re.compile(
    r"(?P<stem>[\u4e00-\u9fff]{2,14})(?P<kind>研究所|研究院|天文台|研究中心|学院(?!大学))(?![\u4e00-\u9fff]{0,1}路)"
)
# Nothing before such a word or letter is part of a name.
_BEFORE = re.compile(
    r".*(?:我们|咱们|你们|他们|各个?|每个|贵|该|请问|以及|加上|改成|换成|选成|抬头|需要|应该|属于|关于|来自|[一两几]家"
    r"|[我您你他她的是在去到查和与跟这那哪个写要从给向找问了没吗被把由让叫有为至所到加及或、开选填])"
)
_MINE = re.compile(
    r"我(?:是|在)?(?P<name>(?!们|是|在|派出|[那这哪]个|所|外地|别的|京区)[\u4e00-\u9fff]{2,5}所)(?=的)"
)
_NO_STEM = frozenset(
    {
        "京区",
        "本校",
        "主考",
        "培养",
        "其他",
        "其它",
        "别的",
        "不同",
        "科大",
        "国科大",
        "中科院",
        "中国科学院",
    }
    | {"自考", "全国", "大学", "校本部", "中国科", "继续教育", "当年", "现在", "原来", "以前"}
)


def find_unlisted(text: str) -> Iterator[tuple[int, int]]:
    """Where units stand in folded text whose names tell that they are some: 遥感研究所."""
    for match in _UNLISTED.finditer(text):
        start, end = match.span("stem")
        if lead := _BEFORE.match(match["stem"]):
            start += lead.end()
        if end - start >= 2 and text[start:end] not in _NO_STEM:
            yield start, match.end()
    for match in _MINE.finditer(text):
        if not match["name"].endswith("研究所"):
            yield match.span("name")
