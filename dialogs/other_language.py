"""Whoever writes in the other language is told once that it is spoken here too."""

import re

from dialogs.menu import OWN_NAMES
from dialogs.message import Action, Button, Message
from dialogs.talk import Talk
from dialogs.turn import READ_AT_MOST
from dialogs.words import _

ENGLISH = re.compile(r"[A-Za-z']{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS, CHARACTERS = 3, 4  # from how many on it is a sentence of the language, and no name in it
ALSO = _("我也会中文。")


def offer(talk: Talk, text: str, language: str) -> Message | None:
    """Once in a conversation, where every word is of the language that is not spoken."""
    head = text[:READ_AT_MOST]
    english, chinese = len(ENGLISH.findall(head)), len(CHINESE.findall(head))
    other = "en" if language == "zh" else "zh"
    enough = english >= WORDS and not chinese if other == "en" else chinese >= CHARACTERS
    if talk.offered or not enough or (other == "zh" and english):
        return None
    talk.offered = True
    change = Action(dialog="switch_language", answers={"to": other}, lasting=True)
    return Message(ALSO.into(other), other, buttons=(Button(OWN_NAMES[other].into(other), change),))
