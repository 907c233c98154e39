"""A message as the calls of the Bot API that show it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.channels.port import Desk, Parcel
from bot.channels.telegram.words import CHOOSE, PICTURE
from bot.channels.text import in_utf16, link_buttons, numbered, pressable, split
from bot.channels.text import words as in_words

# https://core.telegram.org/bots/api#sendmessage, #sendphoto, #inlinekeyboardbutton
TEXT_MOST = 4096  # UTF-16 units
CAPTION_MOST = 1024
CLOSED_MOST = 290  # what stands in place of the buttons, for which room is left
PRESS_MOST = 64  # bytes
BUTTONS_MOST = 90
PHOTO_SIDES = 10_000  # width and height together
PHOTO_RATIO = 20
LABEL_MOST = 40  # columns of a telephone; a longer label is cut there, and stands in the text too
ROW_MOST = 34
ROW_BUTTONS = 3
URL_MOST = 2048


@dataclass(frozen=True, slots=True)
class Part:
    """One call. ``text`` is the message, or what stands below the picture or file."""

    text: str
    title: str = ""  # a line of the text that is printed bold
    blob_id: str = ""
    name: str = ""  # of the picture or file
    photo: bool = False
    holds_buttons: bool = False  # now or once: the part that is changed when they are done with
    keyboard: InlineKeyboardMarkup | None = None

    @property
    def entities(self) -> list[MessageEntity]:
        place = f"\n{self.text}\n".find(f"\n{self.title}\n") if self.title else -1
        if place < 0:
            return []
        start = in_utf16(self.text[:place])
        return [MessageEntity(MessageEntity.BOLD, start, in_utf16(self.title))]


def compose(parcel: Parcel, desk: Desk, *, open_: bool) -> list[Part]:
    """As many parts in the same order whether its buttons can be pressed (``open_``) or not."""
    parts = [*texts(parcel, desk), *pictures(parcel), *files(parcel)]
    if not parts:
        parts = [Part(CHOOSE[parcel.language])]
    place = max((n for n, part in enumerate(parts) if not part.blob_id), default=len(parts) - 1)
    holder = parts[place]
    text = "\n\n".join(filter(None, (holder.text, split_off(parcel.closed, CLOSED_MOST))))
    shown = keyboard(parcel, desk, open_=open_)
    parts[place] = replace(holder, text=text, holds_buttons=True, keyboard=shown)
    return parts


def texts(parcel: Parcel, desk: Desk) -> Iterator[Part]:
    body = parcel.body
    blocks = [in_words(replace(parcel, closed=""), desk, buttons=False, links=False)]
    blocks.append("\n".join(numbered(one) for one in in_text(parcel)))
    links = [(button["label"], desk.link(button["url"])) for button in link_buttons(body)]
    blocks.append("\n".join(f"{label}：{url}" for label, url in links if not can_open(url)))
    text = "\n\n".join(filter(None, blocks))
    title = body["card"]["title"] if body["card"] else ""
    if text:
        for piece in split(text, TEXT_MOST - CLOSED_MOST - 2, in_utf16):
            yield Part(piece, title)


def pictures(parcel: Parcel) -> Iterator[Part]:
    for one in parcel.body["pictures"]:
        sides = sorted((one["width"], one["height"]))
        photo = sum(sides) <= PHOTO_SIDES and 0 < sides[1] <= PHOTO_RATIO * sides[0]
        name = one["alt"] or PICTURE[parcel.language]
        caption = split_off(one["alt"], CAPTION_MOST - CLOSED_MOST - 2)
        yield Part(caption, blob_id=one["blob_id"], name=name, photo=photo)


def files(parcel: Parcel) -> Iterator[Part]:
    for one in parcel.body["files"]:
        yield Part("", blob_id=one["blob_id"], name=one["name"])


def keyboard(parcel: Parcel, desk: Desk, *, open_: bool) -> InlineKeyboardMarkup | None:
    """Rows of buttons; once they are done with, only its links."""
    shown = []
    for n, button in enumerate(pressable(parcel.body) if open_ else ()):
        if can_press(parcel, n):
            style = button["style"] or None
            label = shortened(button["label"])
            press = parcel.press(n)
            shown.append(InlineKeyboardButton(label, callback_data=press, style=style))
    for button in link_buttons(parcel.body):
        if can_open(url := desk.link(button["url"])):
            shown.append(InlineKeyboardButton(shortened(button["label"]), url=url))
    return InlineKeyboardMarkup(rows(shown)) if shown else None


def rows(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Side by side where their labels fit; buttons of one row are equally wide."""
    made: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        row = [*made[-1], button] if made else [button]
        widest = max(width(one.text) for one in row) + 2
        if made and len(row) <= ROW_BUTTONS and widest * len(row) <= ROW_MOST:
            made[-1] = row
        else:
            made.append([button])
    return made


def in_text(parcel: Parcel) -> list[dict[str, str]]:
    """Buttons that cannot be, or whose label is too long for one."""
    return [
        button
        for n, button in enumerate(pressable(parcel.body))
        if not can_press(parcel, n) or width(button["label"]) > LABEL_MOST
    ]


def can_press(parcel: Parcel, place: int) -> bool:
    return place < BUTTONS_MOST and len(parcel.press(place).encode()) <= PRESS_MOST


def can_open(url: str) -> bool:
    """The platform refuses a button whose address is on nobody's network but ours."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and "." in host and len(url) <= URL_MOST


def width(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def shortened(label: str) -> str:
    if width(label) <= LABEL_MOST:
        return label
    kept = label
    while width(kept) > LABEL_MOST - 1:
        kept = kept[:-1]
    return f"{kept}…"


def split_off(text: str, most: int) -> str:
    return split(text, most, in_utf16)[0]
