"""Which language an answer is in: the one that was chosen; until then the one that is written."""

import re

from dialogs.engine.message import Action, Button, Message
from dialogs.engine.talk import Talk
from dialogs.engine.turn import READ_AT_MOST
from dialogs.engine.words import Words, _
from dialogs.menu import OWN_NAMES

_ENGLISH = re.compile(r"[A-Za-z']{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A sentence has one of these; a name of a course, GPA or CET-4 has none.
_SPEAKING_ENGLISH = re.compile(
    r"\b(i|i'?m|i'?ve|i'?d|me|my|you|your|we|our|us|he|she|they|the|this|that|is|are|am|was|were|do|does|did"
    r"|don'?t|didn'?t|have|has|had|can|can'?t|could|will|would|should|may|how|what|what'?s|when|where|why"
    r"|who|which|please|want|need|get|give|show|tell|check|find|send|help|there|yet|still)\b",
    re.IGNORECASE,
)
_SPEAKING_CHINESE = re.compile(
    r"[我你您他她们吗呢吧怎什么啥谁哪几请要想查看办帮给能可不没了有是在]"
)
_WORDS, _CHARACTERS = 3, 4  # from how many on it is a sentence of the language
ALSO = _("我也会中文。")
FOLLOWED = _("看到您写的是中文，下面用中文回答。")


def follow(talk: Talk, text: str, spoken: str) -> tuple[str, Message | None]:
    """The language to answer in, and what is told about it.

    Where the person has chosen one it stays, and the other one is offered once in a conversation.
    """
    other = written(text, spoken)
    if other is None:
        return spoken, None
    if not talk.chosen:
        return other, told(FOLLOWED, other, spoken)
    if talk.offered:
        return spoken, None
    talk.offered = True
    return spoken, told(ALSO, other, other)


def written(text: str, spoken: str) -> str | None:
    """The language that is not spoken, where the text clearly is a sentence of it."""
    head = text[:READ_AT_MOST]
    english, chinese = len(_ENGLISH.findall(head)), len(_CHINESE.findall(head))
    if spoken == "zh":
        return (
            "en" if english >= _WORDS and not chinese and _SPEAKING_ENGLISH.search(head) else None
        )
    return (
        "zh" if chinese >= _CHARACTERS and not english and _SPEAKING_CHINESE.search(head) else None
    )


def told(words: Words, language: str, to: str) -> Message:
    """With one press to the language ``to``."""
    change = Action(dialog="switch_language", answers={"to": to}, lasting=True)
    return Message(
        words.into(language), language, buttons=(Button(OWN_NAMES[to].into(to), change),)
    )
