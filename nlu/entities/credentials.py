"""Certificates that stand for an exam or a course of study (E3).

One's own certificate in the making (毕业证编号, 毕业证电子注册, 领毕业证) is none of them.
"""

import re
from collections.abc import Iterator

_PAPER = r"(?:合格)?(?:证书|证明|成绩单|成绩报告单?|证)?"
_IN_ENGLISH = r"(?: certificates?)?"
_GRADE = r"[一二三四五12345]级"
_KINDS = {
    "diploma": r"(?:(?:自考|本科|专科|大专|中专|大学|研究生|全日制|普通)的?)*"
    r"(?:学历证书(?!电子)|毕业证书?|学历证(?!书)|文凭)"
    r"|(?:degree certificate|(?<!graduation )diploma)s?(?! (?:photo|picture|reg|status|num|batch))",
    "registration_record": r"(?:(?:教育部|学信网)(?:上?下载)?的?)?(?:学历证书)?(?:电子)?(?:学历)?(?:注册)?备案表|学历备案|注册备案"
    r"|(?:online |electronic )?(?:registration record|registration form of (?:the )?diploma)s?",
    "authentication_report": r"(?:中国高等教育|教育部)?(?:学历)?(?:书面)?认证报告(?:书)?|学历认证(?!信)"
    r"|(?:degree |diploma )?authentication reports?",
    "pets": rf"pets(?:\s?-?(?:[1-5](?![0-9])|{_GRADE}))?{_PAPER}{_IN_ENGLISH}"
    rf"|公共英语(?:等级)?(?:考试)?(?:{_GRADE})?{_PAPER}|全国英语等级考试(?:{_GRADE})?{_PAPER}|英语等级证书?",
    "cet": rf"(?<![a-z])cet(?![a-z])(?:\s?-?[46](?![0-9]))?{_PAPER}{_IN_ENGLISH}|(?:大学英语|大英|英语)[四六46]级{_PAPER}"
    rf"|四六级{_PAPER}|(?<![一二三四五六七八九第])[四六]级{_PAPER}(?!考试|报名)|college english test(?: band [46])?",
    "other": r"其[他它](?:的)?(?:证书|凭证|证件)|(?:全国)?计算机(?:等级|[一二三四]级|[1-4]级)(?:考试)?(?:合格)?(?:证书|证)?"
    r"|(?<![a-z])ncre(?![a-z])|(?:会计|证券|基金|银行|护士|教师)?(?:从业|执业|职业)资格证书?"
    r"|教师资格证书?|会计证|computer certificates?|other (?:certificate|credential)s?|学位证书?",
}
_CREDENTIAL = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_REGISTERED = re.compile(r"\s?(?:的)?(?:电子)?(?:注册|编号|号码)|(?: \w+){0,2} regist")
_SHOWN = re.compile(
    r"免|抵|顶|替|类型|样[例张本子图板式]|[么啥的]样|拍成|范例|示例|前置|(?<!文)凭|附|补[交个]|扫描|上传|有的?(?:是)?(?:本科|专科|大专|全日制)|[拿过]过"
    r"|拿\S{0,8}(?:毕业证书?|文凭)(?:换|来|去|申请|抵|顶)|不用考|不想再?考|\b(?:use|have|hold)\b.{0,16}diploma|\bold\b.{0,9}diploma"
    r"|备案表|认证报告|sample|example|look|exempt|waive|skip|with my|i have|i hold"
)
_LITTLE_ELSE = re.compile(r"[是的用选传了吧呢有啊嗯那就我,,。.!! ]*")


def find_credentials(text: str) -> Iterator[tuple[str, int, int]]:
    """``(kind, start, end)`` in folded text.

    A diploma is one's own in the making unless the words are about showing one.
    """
    shown = _SHOWN.search(text)
    for match in _CREDENTIAL.finditer(text):
        kind, (start, end) = str(match.lastgroup), match.span()
        if kind == "diploma" and (
            _REGISTERED.match(text, end)
            or not (shown or _LITTLE_ELSE.fullmatch(text[:start] + text[end:]))
        ):
            continue
        if match[0].startswith("学位证") and not shown:
            continue
        yield kind, start, end
