"""Words that steer an open dialog instead of answering its question."""

import re
from collections.abc import Collection

from dialogs.slots import READ_AT_MOST
from dialogs.talk import Frame
from dialogs.turn import Said

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
SHORT = 24  # characters; a longer answer to an open question is an answer


def commanded(
    said: Said, frame: Frame, its_entities: Collection[str], dialogs: Collection[str]
) -> str:
    """What steers the dialog itself, if the words surely are that and not an answer."""
    short = len(said.text) <= SHORT
    sure = CERTAIN if frame.free else SURE
    intent = said.sure(sure)
    if frame.verbatim:  # what others did wrong is no command, it is what they are told
        return intent if intent in ("cancel", "go_back") and short else ""
    if intent == "change_answer" and frame.free and not CORRECTING.search(said.text):
        intent = ""
    if intent in ("cancel", "go_back", "change_answer") and (short or not frame.free):
        return intent
    if not frame.free and frame.answered and CHANGING.match(said.text[:READ_AT_MOST]):
        return "change_answer"
    if frame.free and EXPLAINING.match(said.text.casefold()):
        return ""
    if frame.free and said.is_mostly(set(its_entities) - {frame.asked}):
        return "change_answer"
    if ASKING.search(said.text[:READ_AT_MOST]):
        intent = said.sure(LIKELY)
    leaving = frame.free and short and intent in dialogs and intent != frame.dialog
    return "digress" if leaving else ""
