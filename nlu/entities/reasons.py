"""Why somebody wants a document, where they clearly say so: 因为出国留学要办英文成绩单.

A purpose alone is no reason (考研怎么报名): it counts after a word like 因为 or before one like 用的.
"""

import re
from collections.abc import Iterator

_ABROAD = r"(?:出国|出境|海外|境外|国外)"
_PURPOSE = (
    r"(?:(?:申请|办理|办|准备|参加)?(?:"
    rf"{_ABROAD}?留学|{_ABROAD}(?:读书|读博|读研|深造|交流|访学)?|升学(?:深造)?|深造|考研|考博|读研|读博|申博|申硕|(?:报考|考)公务员|考公|移民"
    r"|求职(?:应聘)?|找工作|应聘|就业|入职|实习|签证|落户|落户口|报销"
    r")(?:申请)?)"
)
_APPLYING = r"申请[^,,。;;成]{0,6}?(?:学校|大学|高校|博士后?|硕士|研究生|留学|签证|绿卡|永居|移民|工作|岗位|项目|奖学金|phd|ph\.d|master)"
_A_BILL = re.compile(r"票|抬头|invoice|receipt|fapiao")
_NOT_A_PURPOSE = r"(?!指导|中心|协议|推荐表|政策|服务|证明|手续|材料|单位|率|费|处|办公|办事|办的|班|生|考试|吗|呢|怎么)"
_PURPOSES = rf"(?P<zh>{_PURPOSE}(?:(?:和|、|及|以及|或者?){_PURPOSE})*){_NOT_A_PURPOSE}"
_BECAUSE = (
    r"(?<![不别没])(?<!不是)(?:因为|由于|为了|用于|用来|用作|拿去|拿来"
    r"|(?:理由|原因|用途|目的)(?:就?是|改成|改为|换成|改|写|填|为)?[::,,]?)\s?"
    r"(?:我|本人)?(?:要|想|准备|打算|正在|在|去|需要){0,2}"
)
_USED = (
    r"(?=时?(?:要寄|需要官方|要用|得用|需要用|使用|用的|用途|用(?!不|得|什么)|要的"
    r"|需要(?:一份|成绩单|中文|英文|用)|要(?:一份|成绩单|中文|英文)))"
)
_EN_PURPOSE = (
    r"(?:job (?:applications?|hunting|search)|job[- ]?hunting|(?:a )?job|employment|(?:an )?internships?"
    r"|study(?:ing)? abroad|studies abroad|overseas stud(?:y|ies)|going abroad"
    r"|graduate (?:school|stud(?:y|ies))(?: applications?)?|further (?:study|studies|education)"
    r"|(?:ph\.?d|master'?s?) (?:applications?|studies)|(?:a )?(?:work |student )?visa(?: applications?)?"
    r"|(?:household|hukou) registration|reimbursement)"
)
_EN_BEGINS = r"(?<![a-z])(?:for|because of|reason(?: is|:)?|to)\s(?:my |the |an? )?"
_EN_DOING = (
    r"(?:apply(?:ing)? for (?:an? |my )?(?:job|visa|internship|ph\.?d|master'?s?|graduate school)s?"
    r"|study(?:ing)? abroad|go(?:ing)? abroad)"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        _BECAUSE + _PURPOSES,
        rf"{_BECAUSE}(?P<zh>{_APPLYING}){_NOT_A_PURPOSE}",
        r"(?<![不别没])" + _PURPOSES + _USED,
        rf"(?<![不别没])(?P<zh>{_APPLYING}){_USED}",
        rf"成绩单[,,]?(?:要|想|去|用来|用于)?(?P<zh>{_APPLYING}){_NOT_A_PURPOSE}",
        rf"成绩单[,,]?(?:要|想|去|用来)?(?P<zh>申请{_ABROAD}?留学|(?:申请|办理?)(?:签证|落户)){_NOT_A_PURPOSE}",
        _EN_BEGINS + rf"(?P<en>{_EN_DOING}|{_EN_PURPOSE})(?![a-z]| degree)",
    )
)


def find_reasons(text: str) -> Iterator[tuple[int, int]]:
    """Where in the folded text a reason stands; it is kept as it was typed.

    Why a bill is wanted is none: nobody decides on it.
    """
    if _A_BILL.search(text):
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.span(str(match.lastgroup))
