"""A button that is typed instead of pressed: by the number it has now, or by what stands on it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from dialogs.engine.message import Action
from dialogs.engine.numerals import whole_number
from dialogs.engine.slots import plainest
from dialogs.engine.talk import Talk, action_of

COUNTED = re.compile(r"^第|[个项种]$")
CLAUSE = re.compile(r"第[\d一二三四五六七八九十百]{1,5}条")
LONGEST = 3  # characters of a number: 二十三


@dataclass(frozen=True, slots=True)
class Typed:
    label: str
    action: Action

    @property
    def frame(self) -> str:
        return self.action.frame

    @property
    def opening(self) -> Action:
        """What typing it means: of a notice perhaps not seen yet, no consent, so that it is asked."""
        if self.action.dialog:
            return replace(self.action, slot="", value="")
        return self.action

    @property
    def about(self) -> str:
        """The case it deals with, where it deals with one."""
        return next(iter(self.action.answers.values()), "")


def buttons_meant(talk: Talk, text: str) -> list[Typed]:
    """The buttons these words can mean, each once.

    A number means the list as shown last, "第二个" the second answer to the question. A label may
    stand on an earlier message too, as long as it opens a dialog: the questions of that time are over.
    """
    typed = plainest(text)
    if CLAUSE.fullmatch(typed) and any(
        CLAUSE.fullmatch(plainest(str(one["label"]))) for one in talk.buttons
    ):
        return _labelled(talk.buttons, typed)  # 第二条 is then a name, and not the second of them
    place = spoken_number(typed)
    counted = asked(talk) if COUNTED.search(typed) else []
    buttons = counted or talk.buttons
    if place is not None and place <= len(buttons):
        return [_typed(buttons[place - 1])]
    return _labelled(talk.buttons, typed) or _labelled(talk.earlier, typed)


def asked(talk: Talk) -> list[dict[str, Any]]:
    """The answers to the question on the table."""
    top = talk.top
    if top is None or not top.asked:
        return []
    wanted = {"frame": top.id, "slot": top.asked}
    return [one for one in talk.buttons if wanted.items() <= one["action"].items()]


def _labelled(entries: Iterable[dict[str, Any]], typed: str) -> list[Typed]:
    """Of several that mean the same when typed, the one shown last."""
    found = [_typed(one) for one in entries if plainest(str(one["label"])) == typed]
    same = [one.opening for one in found]
    return [one for place, one in enumerate(found) if one.opening not in same[place + 1 :]]


def _typed(entry: dict[str, Any]) -> Typed:
    return Typed(str(entry["label"]), action_of(entry["action"]))


def spoken_number(typed: str) -> int | None:
    """``2``, ``第二个``, ``二``, ``十二``: the place of a button, from 1."""
    core = typed.removeprefix("第").rstrip("个项号条种")
    return (whole_number(core) or None) if len(core) <= LONGEST else None
