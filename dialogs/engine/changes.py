"""What a correction changed, from what to what; the same in every dialog."""

from typing import TypeVar

from backend.sealing import masked_number
from dialogs.engine.slots import FILE, Slot
from dialogs.engine.words import Speech, Words, _, plain

T = TypeVar("T")
LONGEST = 24  # characters of one's own words; more of them nobody needs to know which it was
PERSONAL = "phone"  # the entity of telephone numbers
NUMBER = "number."  # begins the name of a slot that asks for a number of somebody


def change(slot: Slot[T], old: str, new: str) -> Words:
    """``省份：浙江 → 江苏``; what looks the same when masked, and files, only as renewed."""
    before, after = told(slot, old), told(slot, new)
    if not old and after is not None:
        return _("{title}：{after}", title=slot.title, after=after)
    same = before is not None and after is not None and before.into("zh") == after.into("zh")
    if before is None or after is None or same:
        return _("{title}：已换成新的", title=slot.title)
    return _("{title}：{before} → {after}", title=slot.title, before=before, after=after)


def told(slot: Slot[T], stored: str) -> Speech | None:
    """A stored answer as its own author is told it; None where there is nothing to tell."""
    if slot.told is not None:
        return slot.told(stored)
    if slot.entity == FILE:
        return None
    for option in slot.options:
        if option.value == stored:
            return option.label
    if slot.name.startswith(NUMBER) or slot.entity == PERSONAL:
        return plain(masked_number(stored))
    if slot.options and not slot.free and slot.entity != "province":
        return None  # one that is not offered any more
    words = " ".join(stored.split())
    return plain(words if len(words) <= LONGEST else f"{words[:LONGEST]}…")
