"""A message as plain words, and words cut to what a platform takes."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.channels.port import Desk, Parcel

ENDS = "。！？!?；;\n"
SOFT_ENDS = "，,、 "
Size = Callable[[str], int]


def in_bytes(text: str) -> int:
    return len(text.encode())


def in_utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def split(text: str, most: int, size: Size = len) -> list[str]:
    """Pieces of at most ``most``, cut at the end of a line or sentence where there is one."""
    pieces = []
    rest = text.strip()
    while size(rest) > most:
        cut = longest(rest, most, size)
        place = best_end(rest, cut)
        pieces.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    if rest or not pieces:
        pieces.append(rest)
    return pieces


def longest(text: str, most: int, size: Size) -> int:
    """How many characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= most else (low, middle - 1)
    return low


def best_end(text: str, cut: int) -> int:
    """After the last end of a line in the second half, or else of a sentence, a phrase, or there."""
    for ends in ("\n", ENDS, SOFT_ENDS):
        place = max(text.rfind(end, cut // 2, cut) for end in ends)
        if place >= 0:
            return place + 1
    return cut


def card_lines(body: dict[str, Any]) -> list[str]:
    card = body["card"]
    if not card:
        return []
    return [card["title"], *(f"{name}：{value}" for name, value in card["rows"])]


def pressable(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons that are pressed, in the places their names tell."""
    return [button for button in body["buttons"] if button["press"]]


def link_buttons(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for button in body["buttons"] if not button["press"]]


def numbered(button: dict[str, Any]) -> str:
    """``2. 英文``: what one types instead of a press."""
    return f"{button['number']}. {button['label']}" if button["number"] else str(button["label"])


def words(parcel: Parcel, desk: Desk, *, buttons: bool = True, links: bool = True) -> str:
    """Everything that words can say, for a channel without cards or without buttons."""
    return "\n\n".join(paragraphs(parcel, desk, buttons=buttons, links=links))


def paragraphs(parcel: Parcel, desk: Desk, *, buttons: bool, links: bool) -> Iterator[str]:
    body = parcel.body
    if body["text"]:
        yield body["text"]
    if rows := card_lines(body):
        yield "\n".join(rows)
    if buttons and not parcel.done and (choices := pressable(body)):
        yield "\n".join(numbered(button) for button in choices)
    if links and (found := link_buttons(body)):
        yield "\n".join(f"{button['label']}：{desk.link(button['url'])}" for button in found)
    if parcel.closed:
        yield parcel.closed


def plain_name(name: str, most: int = 60) -> str:
    """A file's name as every platform takes it."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name)[-most:] or "file"
