"""Passwords in what somebody types: a word for it, and then one.

Words are given as ``confidential.plain`` makes them: one width, single spaces. Every pattern is
linear in the length of the text: whatever repeats has a small bound.
"""

import re
from collections.abc import Iterator

LONGEST = 64  # characters of what follows that are looked at
CHINESE = r"(?:密码|密碼|口令)"
SHORT_FOR = r"(?:passwd|passcode|pwd)"  # nobody writes a sentence about a pwd
ENGLISH = r"(?:passwords?|passwd|passcode|pwd|passphrase)"
NAMES = rf"(?:{CHINESE}|{ENGLISH})"
IS = (
    r"(?:(?:现在|應該|应该|一直|原来|就|还|也|都|我?用的|我?设的){0,2}(?:是|为|為|叫)"
    r"|(?:已经|已|刚|被|我|给){0,2}(?:重新)?(?:改|换|設|设|重置|修改|更改|变)(?:置|定)?了?(?:成|为|為|到)了?"
    r"|[:=]|\bis\b|(?:\b(?:is|was|has|been|now|just) ){0,3}\b(?:changed|reset|set) to\b)"
)
QUOTE = r"[\"'“‘「]?"
SAID = re.compile(rf"{NAMES} ?{IS} ?:? ?{QUOTE}(?=([!-~]{{4,{LONGEST}}}))", re.I)
SHORT = re.compile(rf"{NAMES} ?[:=] ?{QUOTE}(?=([!-~]{{2,3}})(?![!-~]))", re.I)
BARE = re.compile(rf"{NAMES} ?(?=([!-~]{{6,{LONGEST}}}))", re.I)
ALONE = re.compile(
    rf"(?:{CHINESE} ?|\b{SHORT_FOR} )(?=([!-~]{{6,{LONGEST}}})(?![!-~])(?! [a-z]))", re.I
)
OWN = re.compile(rf"(?:我的?|\bmy )(?:登录|登入|旧|新)?{NAMES} ?(?=([0-9]{{4,5}})(?![!-~]))", re.I)
MINE = re.compile(
    rf"{ENGLISH} (?:that |which )?(?:i|we)(?:'ve| have| had)? [a-z]{{2,12}}(?: [a-z]{{2,8}}){{0,2}}"
    rf" ?(?:\bis|\bwas|[:=]) ?:? ?{QUOTE}(?=([!-~]{{4,{LONGEST}}}))",
    re.I,
)
ROUNDABOUT = re.compile(  # 密码就用身份证后六位31002X
    rf"{CHINESE}([一-鿿]{{0,4}}(?:就是|就用|用的是|用|是|为|成)[一-鿿]{{1,14}}) ?"
    rf"(?=([!-~]{{4,{LONGEST}}})([年月日位次个字分])?)"
)
ASKING = re.compile(r"什么|多少|哪|怎|吗|呢|几|是不是|是否|能不能|可以|忘|错|没有")
LENGTH = re.compile(r"[0-9]{1,3}(?:[-~][0-9]{1,3})?")
COUNTED = re.compile(r" ?(?:位|个|字|characters|digits|letters)")
NUMBER = re.compile(r"[0-9]{11,64}|[A-Za-z][0-9]{6}-[0-9]{4,9}")  # of a phone, a ticket, a case
NO_PASSWORD = re.compile(
    r"(?:not|wrong|in\w{0,9}correct|invalid|expired?|lost|forgotten|what|the|that|this|still|too|"
    r"required|correct|right|reset|blocked|locked|rejected|refused|needed|same|never|always|supposed|"
    r"from|with|about|where|when|sent|only|also|just|already|longer|different|easy|hard|weak|strong|"
    r"short|long|unknown|unclear|working|good|empty|used|given|your|their|being)"
    r"[.,!?]{0,9}",
    re.IGNORECASE,
)
ABOUT_ONE = re.compile(
    r"(?:errors?|fail(?:s|ed|ure)?|chang(?:e|ed|es|ing)|forg[eo]t(?:ten|s)?|please|polic(?:y|ies)|"
    r"rules?|requirements?|length|format|log-?in|sign-?in|accounts?|e?-?mails?|updat(?:e|ed|ing)|"
    r"reset(?:s|ting)?|recover(?:y|ed)?|managers?|input|fields?|hints?|questions?|security|strength|"
    r"captcha|wechat|wecom|telegram|android|iphone|windows|chrome|safari|firefox|server|system|"
    r"website|portal|number|initial|default|temporary|username|again|twice|does\w{0,3}|did\w{0,3}|"
    r"cannot|should|expir\w{1,4}|unknown|problem|issues?|missing|protect(?:ed|ion)?|generator|"
    r"accepted|entered|invalid|incorrect|inquiry|service|support|thanks?|student|teacher|office)"
    r"[.,!?']{0,9}",
    re.IGNORECASE,
)


def typed(words: str) -> bool:
    """Whether what follows some word for it is one."""
    return any(_each(words))


def _each(words: str) -> Iterator[bool]:
    for match in SAID.finditer(words):
        yield not (NO_PASSWORD.fullmatch(match[1]) or _length(words, match))
    for match in SHORT.finditer(words):
        yield _mixed(match[1])
    for match in BARE.finditer(words):
        yield _mixed(match[1]) or bool(re.match(r"[0-9]{6}", match[1]))
    for match in ALONE.finditer(words):
        said = match[1].isalpha() or re.fullmatch(r"[A-Za-z]{1,64}[!-/:-@]{1,9}", match[1])
        yield bool(said) and not (NO_PASSWORD.fullmatch(match[1]) or ABOUT_ONE.fullmatch(match[1]))
    yield OWN.search(words) is not None
    for match in MINE.finditer(words):
        yield _mixed(match[1])
    for match in ROUNDABOUT.finditer(words):
        digits = re.search("[0-9]", match[2]) and not NUMBER.fullmatch(match[2])
        yield bool(digits) and not (match[3] or ASKING.search(match[1]))


def _length(words: str, match: re.Match[str]) -> bool:
    """密码是8-16位 tells how long one is."""
    return bool(LENGTH.fullmatch(match[1]) and COUNTED.match(words, match.end(1)))


def _mixed(said: str) -> bool:
    return bool(re.search("[0-9]", said) and re.search("[A-Za-z]", said))
