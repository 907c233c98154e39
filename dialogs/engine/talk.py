"""What is kept of a conversation between turns: the dialogs that are open, and the buttons in force."""

from dataclasses import dataclass, field, fields
from typing import Any

from dialogs.engine.message import Action


@dataclass(slots=True)
class Frame:
    """An open dialog: what was answered, by slot name, and no position in the code.

    ``trail`` are the slots it reached last time, the last one being the question on the table.
    ``revising`` is an answered slot that is being asked again: its old answer stands until a new
    one is valid. ``free`` says that any words answer the question, ``verbatim``
    that they are words to others, whatever they mention. ``shown`` are things shown once.
    ``aside`` says that its question waits until the person who talks to somebody comes back to it.
    """

    id: str
    dialog: str
    answers: dict[str, str] = field(default_factory=dict)
    prefill: dict[str, str] = field(default_factory=dict)  # entities heard, for slots to come
    given: list[str] = field(default_factory=list)  # slots the person answered, asked or not
    trail: list[str] = field(default_factory=list)
    asked: str = ""
    entity: str = ""  # of the question on the table
    free: bool = False
    verbatim: bool = False
    revising: str = ""
    waiting: str = ""
    aside: bool = False
    opening: str = ""  # the words that opened it, for a dialog that has to read them
    shown: list[str] = field(default_factory=list)
    answered: list[list[str]] = field(default_factory=list)  # slots answered, with their titles
    choices: list[str] = field(default_factory=list)  # what stands on the buttons of those slots


@dataclass(slots=True)
class Talk:
    """``buttons`` are those that a typed number or label means now: number, label, action.
    ``earlier`` are those that open a dialog and were shown before, the latest first.
    ``queue`` are requests of the same message that wait until the ones before are done.
    ``lately`` is the dialog that ended last: "多久" is about it. ``cited`` is the rule that something
    was refused by in the turn before: "为什么" asks for it.
    """

    stack: list[Frame] = field(default_factory=list)
    misses: int = 0
    frames: int = 0  # how many were ever opened: their ids
    buttons: list[dict[str, Any]] = field(default_factory=list)
    earlier: list[dict[str, Any]] = field(default_factory=list)
    chosen: bool = False  # the language, by the person; it does not follow what is written any more
    offered: bool = False  # the other language, where one was chosen
    unclear: bool = False  # the last words were not understood, and are kept
    question: int = 0  # place in the history of the message that asks what is on the table
    queue: list[dict[str, Any]] = field(default_factory=list)
    lately: str = ""
    cited: str = ""

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def open(self, dialog: str, answers: dict[str, str]) -> Frame:
        self.frames += 1
        frame = Frame(str(self.frames), dialog, dict(answers))
        self.stack.append(frame)
        return frame

    def frame(self, frame_id: str) -> Frame | None:
        return next((frame for frame in self.stack if frame.id == frame_id), None)

    def drop(self, frame_id: str) -> None:
        self.stack = [frame for frame in self.stack if frame.id != frame_id]

    def to_json(self) -> dict[str, Any]:
        kept = {name: getattr(self, name) for name in KEPT}
        stack = [{name: getattr(one, name) for name in Frame.__slots__} for one in self.stack]
        return {"stack": stack, **kept}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Talk":
        """Tolerant of what an earlier release wrote: unknown entries are dropped."""
        stack = [
            Frame(**{name: value for name, value in frame.items() if name in Frame.__slots__})
            for frame in data.get("stack", [])
        ]
        rest = {name: data[name] for name in KEPT if name in data}
        return cls(stack=stack, **rest)


KEPT = tuple(one.name for one in fields(Talk) if one.name != "stack")


def action_of(data: dict[str, Any]) -> Action:
    """An action as it was stored."""
    return Action(**{name: value for name, value in data.items() if name in Action.__slots__})
