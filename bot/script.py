"""Conversation scripts as text: Markdown in which people and the assistant speak.

    人物 李明 = enrolled
    时间 2026-03-02 09:00
    李明 > 我要办成绩单
    李明 < 要中文的还是英文的？ [中文] [英文]
      · 任务 draw_preview

``>`` is said by a person (``[中文]`` presses a button, ``小林的[中文]`` one that only 小林 was shown,
``《name.pdf》`` sends a file, ``×3`` at the end sends the same message so many times). ``<`` is said
to them, and ``·`` are effects: jobs and audit rows. ``操作`` lines do what happens outside the chat
(``outside.py``). Everything else is prose.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from backend.clock import SHANGHAI

EFFECT = "  · "
_SPOKEN = re.compile(r"(?P<who>\S+) > (?P<what>.*?)(?: ×(?P<times>\d))?$")
_ACTED = re.compile(r"操作 (?P<what>\S+)(?: (?P<rest>.*))?$")
_PEOPLE = re.compile(r"人物 (?P<who>\S+) = (?P<key>\S+)$")
_TIME = re.compile(r"时间 (\d{4}-\d\d-\d\d \d\d:\d\d)$")


class ScriptError(ValueError):
    """A line that means nothing or cannot happen; ``line`` says which and why, in one line."""

    def __init__(self, number: int, why: str, so_far: str = "") -> None:
        self.line = f"第 {number} 行 line {number}: {' '.join(why.split())}"
        super().__init__(f"{self.line}\n{so_far}" if so_far else self.line)


class Impossible(LookupError):
    """What a line asks for cannot happen here; the message says why."""


class NotOffered(Impossible):
    """Nobody was shown the button that is to be pressed."""


@dataclass(frozen=True, slots=True)
class Cast:
    """``key`` is a featured person of the demo, or a number."""

    who: str
    key: str


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime


@dataclass(frozen=True, slots=True)
class Utterance:
    """Typed words, a pressed ``label`` (of what ``whose`` was shown, if not one's own), a pressed
    ``token`` as a browser sends it, or a ``file``."""

    who: str
    times: int
    text: str = ""
    label: str = ""
    whose: str = ""
    token: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    arguments: tuple[str, ...]


Step = Cast | Moment | Utterance | Operation


def is_played(line: str) -> bool:
    """What playing wrote, and will write anew."""
    return " < " in line or line.startswith(EFFECT)


def read(line: str) -> Step | None:
    """What a line asks for; None where it is prose."""
    if cast := _PEOPLE.match(line):
        return Cast(cast["who"], cast["key"])
    if moment := _TIME.match(line):
        return Moment(time_in(moment[1]))
    if spoken := _SPOKEN.match(line):
        return utterance(spoken["who"], spoken["what"], int(spoken["times"] or 1))
    if acted := _ACTED.match(line):
        return Operation(acted["what"], tuple((acted["rest"] or "").split()))
    return None


def holds_talk(script: str) -> bool:
    """Whether anybody says or does anything in it."""
    return any(
        (_SPOKEN.match(line) or _ACTED.match(line)) and not is_played(line)
        for line in script.splitlines()
    )


def time_in(text: str) -> datetime:
    """Raises Impossible."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Impossible(f"没有这个时间 there is no such time: {text}") from None


def utterance(who: str, what: str, times: int) -> Utterance:
    if file := re.fullmatch(r"《(.+)》", what):
        return Utterance(who, times, file=file[1])
    if label := re.fullmatch(r"\[(.+)\]", what):
        return Utterance(who, times, label=label[1])
    if theirs := re.fullmatch(r"(\S+)的\[(.+)\]", what):
        return Utterance(who, times, label=theirs[2], whose=theirs[1])
    if press := re.fullmatch(r"press:(\S+)", what):
        return Utterance(who, times, token=press[1])
    return Utterance(who, times, text=what)
