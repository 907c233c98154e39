"""One entry of a policy that staff may change, and how old and new are told apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from dialogs.slots import Slot
from dialogs.words import Speech, Words, _, plain

NOT_SET = _("没有定")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one policy. ``path`` leads to it inside the policy's document.

    ``put`` makes the new value of the old one and the answer; ``change`` tells old and new apart.
    """

    policy: str
    path: tuple[str, ...]
    title: Words
    slot: Callable[[str], Slot[Any]]
    change: Callable[[Any, Any], Speech]
    put: Callable[[Any, Any], Any] = lambda old, answer: answer

    @property
    def key(self) -> str:
        return ".".join(self.path)

    def of(self, policy: BaseModel) -> Any:
        value: Any = policy
        for step in self.path:
            value = value[step] if isinstance(value, dict) else getattr(value, step)
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
