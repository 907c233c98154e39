"""One entry of a policy that staff may change, and how old and new are told apart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from backend.work import Work
from dialogs.engine.slots import Slot
from dialogs.engine.words import Speech, Words, _, plain

NOT_SET = _("没有定")


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a change concerns, from the old value to the new: how many, and that they are told."""

    announced: Callable[[Work, Any, Any], Speech]
    tell: Callable[[Work, Any, Any], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one policy. ``path`` leads to it inside the policy's document.

    ``put`` makes the new value of the old one, the answer and the moment; ``change`` tells old and
    new apart. ``dated`` is said in dates, which may be short; ``at_once`` has its own dates, and so
    nobody is asked from when it counts. ``spoken_of`` knows words that mean it without its title;
    ``shown`` tells the value as it stands.
    """

    policy: str
    path: tuple[str, ...]
    title: Words
    slot: Callable[[str], Slot[Any]]
    change: Callable[[Any, Any], Speech]
    put: Callable[[Any, Any, datetime], Any] = lambda old, answer, now: answer
    dated: bool = False
    at_once: bool = False
    spoken_of: Callable[[str], bool] | None = None
    reach: Reach | None = None
    shown: Callable[[Any], Speech] | None = None

    @property
    def key(self) -> str:
        """Where it stands in its policy."""
        return ".".join(self.path)

    @property
    def name(self) -> str:
        """What no other entry of any policy is called."""
        return f"{self.policy}/{self.key}"

    def of(self, policy: BaseModel) -> Any:
        value: Any = policy
        for step in self.path:
            value = value.get(step) if isinstance(value, dict) else getattr(value, step)
        return value


def arrow(show: Callable[[Any], Speech]) -> Callable[[Any, Any], Speech]:
    def change(old: Any, new: Any) -> Speech:
        return _(
            "{old} → {new}",
            old=NOT_SET if old is None else show(old),
            new=NOT_SET if new is None else show(new),
        )

    return change


def literally(value: Any) -> Speech:
    return plain(str(value)) if value != "" else _("没有")
