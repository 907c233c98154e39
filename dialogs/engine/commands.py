"""Words that steer an open dialog instead of answering its question."""

import re
from collections.abc import Collection, Iterable

from dialogs.engine.slots import plainest
from dialogs.engine.talk import Frame
from dialogs.engine.turn import Said

LIKELY = 0.5  # enough to open a dialog when nothing is on the table
SURE = 0.75  # enough to leave the question on the table for it
CERTAIN = 0.9  # enough to take words for something else than the free text that was asked for
# Whoever begins like this is giving a reason, whatever it mentions.
EXPLAINING = re.compile(r"\s*(因为|由于|为了|是为了|用于|用来|because|in order to|for my )")
# Inside a dialog these words correct an answer, whatever else they mention.
CHANGING = re.compile(
    r"\s*(不对|不是|错了|哦|啊|等等|等下|[,,。\s]){0,3}(改成|改为|改到|换成|换为|写成)"
    r"|.{0,8}[写填选输点打]错|\s*(no,? |wait,? |sorry,? )*(please )?change (it|that|this)? ?to\b",
    re.IGNORECASE,
)
# Whoever writes words of their own corrects what came before only if they say so.
CORRECTING = re.compile(
    r"[改换错]|不对|不是|重新|\b(chang|correct|wrong|instead|mistake)", re.IGNORECASE
)
ASKING = re.compile(
    r"[?？]\s*$|(吗|呢|么)[啊呀呗]?\s*$|多久|多少|怎么|哪里|哪儿|什么时候|啥时候|找谁|几天|几个工作日"
    r"|^\s*(how|what|when|where|who|which|can i|do i|is it|does it)\b",
    re.IGNORECASE,
)
_IT = r"(?P<subject>.{0,12}?)"
MEANING = re.compile(
    rf"{_IT}(这个?|那个?|它)?(到底)?是?(个)?(啥|什么|甚么|何)意思[啊呀呢吗]*[?.。!\s]*"
    rf"|{_IT.replace('subject', 'object')}是(个)?(啥|什么)(东西)?[啊呀呢]*[?.。!\s]*"
    r"|(我)?(没看懂|看不懂|不明白|不懂|没懂|解释一下|说明一下)[啊呀了]*[?.。!\s]*"
    r"|what (does|do) (?P<it>.{1,30}) mean\??|i do(n'?t| not) (understand|get it)[.!]*|explain[.!]*",
    re.IGNORECASE,
)
WHY = re.compile(
    r"(这是)?(为什么|为啥|为何|凭什么|凭啥|什么规定|啥规定|哪条规定|依据是?什么)(不[行能给可][以办]?)?[啊呀呢]?[?.。!\s]*"
    r"|why( not)?\??|what rule( is (that|it))?\??",
    re.IGNORECASE,
)
# Whoever wants something done says so; an answer merely mentions what it is about.
WANTING = re.compile(
    r"我?(想|要|需要|打算|准备)(把|要|办|申请|查|看|去|将|问)|帮我|给我|替我|麻烦|请问|申请"
    r"|\b(i('d| would) like|i (want|need)|can you|please)\b"
)
LONG = 60  # characters; nobody greets or thanks at such length
SHORT = 24  # characters; a longer answer to an open question is an answer


_BEFORE = re.compile(
    r"(不对|不是|错了|哦|啊|那|还是|就|理由|语言|范围|gpa|应该|是|要|改成|改为|换成|我?(想?要|说)的是| )+"
    r"|((no|wait|sorry|please|i mean|i meant|change (it |that )?to|it'?s|for)\b ?)+"
)
_AFTER = re.compile(r"(用?的|吧|了|用|please)+$")
_PIECES = re.compile(r"[,，.。;；!！\n]+")


def values_named(words: str) -> list[str]:
    """What may be the new value in a correction: "不对，我要的是签证用的" names "签证"."""
    pieces = [piece.strip() for piece in _PIECES.split(words)]
    bare = [_AFTER.sub("", _BEFORE.sub("", piece, count=1)).strip() for piece in pieces]
    return [one for one in (*pieces, *bare) if one]


# "手机号不对，改成13800001111": what an answer is called, and what it is to be.
_NAMED = re.compile(
    r"\s*(请|请?把|我的?|那个?|这个?|不对|[,，。、\s])*(?P<name>.{2,12}?)(的|[,，。\s])*"
    r"(填错了?|写错了?|输错了?|选错了?|不对|错了|有误)?[,，。\s]*"
    r"(请|应该)?(改成|改为|改到|换成|换为|写成|应该是|应为)[:：\s]*(?P<value>.+?)[。.!！\s]*"
    r"|\s*(please )?change (my |the )?(?P<english>.{2,40}?) to (?P<to>.+?)[.!\s]*"
    r"|\s*(my |the )?(?P<wrong>.{2,40}?) is wrong[,.;]?\s*(it should be|change it to|it'?s)"
    r"(?P<be>.+?)[.!\s]*",
    re.IGNORECASE | re.DOTALL,
)


def named_anew(words: str) -> tuple[str, str] | None:
    """The name in the words and the value they give it."""
    found = _NAMED.fullmatch(words)
    if found is None:
        return None
    name = found["name"] or found["english"] or found["wrong"]
    value = found["value"] or found["to"] or found["be"]
    return plainest(name), value.strip()


def is_called(title: str, name: str) -> bool:
    """A title is called by some of its characters in their order: 邮编 is 邮政编码."""
    rest = iter(plainest(title))
    return len(name) > 1 and all(one in rest for one in name)


def asks_too(words: str) -> bool:
    """Something has been said, and then something is asked: "英文的，多少钱"."""
    pieces = [piece for piece in _PIECES.split(words) if piece.strip()]
    return len(pieces) > 1 and ASKING.search(pieces[-1]) is not None


def asked_to_explain(words: str, labels: Iterable[str]) -> bool:
    """ "啥意思" of the question on the table; of something by its name, if it is one of its answers."""
    found = MEANING.fullmatch(words.strip())
    if found is None:
        return False
    named = found["subject"] or found["object"] or found["it"] or ""
    about = plainest(named)
    if about in ("", "this", "that", "it"):
        return found["object"] is None
    return any(about in plainest(label) for label in labels)


def commanded(
    said: Said, frame: Frame, its_entities: Collection[str], dialogs: Collection[str]
) -> str:
    """What steers the dialog itself, if the words surely are that and not an answer."""
    short = len(said.text) <= SHORT
    sure = CERTAIN if frame.free else SURE
    intent = said.sure(sure)
    if frame.verbatim:  # what others did wrong is no command, it is what they are told
        return intent if intent in ("cancel", "go_back") and short else ""
    if intent == "change_answer" and frame.free and not CORRECTING.search(said.words):
        intent = ""
    if intent in ("cancel", "go_back", "change_answer") and (short or not frame.free):
        return intent
    if not frame.free and frame.answered and CHANGING.match(said.words):
        return "change_answer"
    if frame.free and EXPLAINING.match(said.words):
        return ""
    if frame.free and said.is_mostly(set(its_entities) - {frame.asked}):
        return "change_answer"
    if ASKING.search(said.words):
        intent = said.sure(LIKELY)
    leaving = frame.free and short and intent in dialogs and intent != frame.dialog
    return "digress" if leaving else ""
