"""Messages as template cards (模板卡片): 按钮交互型 ``button_interaction`` where there is something to
press, 文本通知型 ``text_notice`` where there are links to follow.

What WeCom refuses is more than six buttons or rows, a task id it knows, and too long names; what it
advises (36 characters of title, 10 on a button, ...) is cut off on small screens, so whatever is
longer is said in words before the card. Source: developer.work.weixin.qq.com/document/path/90236.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from unicodedata import east_asian_width

from bot.channels.port import Desk, Parcel
from bot.channels.text import (
    ENDS,
    card_lines,
    in_bytes,
    link_buttons,
    numbered,
    pressable,
    words,
)
from bot.channels.wecom.plain import ROOM_BYTES, harmless, in_place_of_buttons, text_message
from bot.channels.wecom.words import CHOOSE, DONE

MOST_BUTTONS = 6
MOST_ROWS = 6
MOST_JUMPS = 3
JUMP = 13
TITLE = 36  # characters as wide as 汉
WORDS = 160
ROW_NAME, ROW_VALUE = 5, 26
LABEL = 10
STYLES = {"primary": 1, "danger": 2, "": 3}


def width(text: str) -> float:
    """In characters as wide as 汉; Latin letters are half of that."""
    return sum(1.0 if east_asian_width(one) in "WFA" else 0.5 for one in text)


def kind_of(body: dict[str, Any]) -> str:
    """How it is shown: "whole", the card says all; "brief", it comes after the words; "notice", there
    are only links; "", as words, with numbers to type where there are buttons."""
    pressed, links = len(pressable(body)), link_buttons(body)
    if pressed > MOST_BUTTONS:
        return ""
    if pressed:
        fits = pressed + len(links) <= MOST_BUTTONS and laid_out(body).fits and can_be_said(body)
        return "whole" if fits else "brief"
    fits = 0 < len(links) <= MOST_JUMPS and all(width(one["label"]) <= JUMP for one in links)
    return "notice" if fits and laid_out(body).fits else ""


def can_be_said(body: dict[str, Any]) -> bool:
    """One text message holds it too, once its buttons are done with."""
    return in_bytes(harmless("\n\n".join((body["text"], *card_lines(body))))) <= ROOM_BYTES


def labels_fit(body: dict[str, Any]) -> bool:
    return all(width(button["label"]) <= LABEL for button in body["buttons"])


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where on a card: title, words below it, rows below those."""

    title: str
    words: str
    rows: tuple[tuple[str, str], ...]

    @property
    def fits(self) -> bool:
        return width(self.title) <= TITLE and "\n" not in self.title and width(self.words) <= WORDS


def laid_out(body: dict[str, Any]) -> Layout:
    """Rows that are too wide or too many stand as lines among the words, and so do labels that no
    button holds."""
    title, text = heading(body)
    rows = [(name, value) for name, value in (body["card"]["rows"] if body["card"] else [])]
    narrow = all(width(name) <= ROW_NAME and width(value) <= ROW_VALUE for name, value in rows)
    first = max(len(rows) - MOST_ROWS, 0) if narrow else len(rows)
    lines = "\n".join(f"{name}：{value}" for name, value in rows[:first])
    labels = "" if labels_fit(body) else "\n".join(numbered(one) for one in pressable(body))
    words = "\n\n".join(one for one in (text, lines, labels) if one)
    return Layout(title, words, tuple(rows[first:]))


def heading(body: dict[str, Any]) -> tuple[str, str]:
    """The title of the card, and the words below it."""
    text = body["text"].strip()
    if body["card"]:
        return body["card"]["title"], text
    place = next((at + 1 for at, one in enumerate(text) if one in ENDS), len(text))
    title, rest = text[:place].strip(), text[place:].strip()
    if not title or width(title) > TITLE:
        return CHOOSE[body["language"]], text
    return title, rest


def task_id(parcel: Parcel, address: str) -> str:
    """The same whenever this message is sent to this address, and another for every other: WeCom
    answers "ok" to one that it knows and shows nothing."""
    return f"{parcel.token}@{sha256(address.encode()).hexdigest()[:12]}"


def message(parcel: Parcel, desk: Desk, address: str, kind: str) -> dict[str, Any]:
    """The card of this ``kind`` as a message; words, when nothing can be pressed on it any more."""
    ending = in_place_of_buttons(parcel)
    if ending and kind == "brief":
        return text_message(ending)
    if ending and kind == "whole" and not link_buttons(parcel.body):
        text = words(replace(parcel, closed=""), desk, buttons=False)
        return text_message(f"{text}\n\n{ending}")
    shown = card(parcel, desk, address, kind)
    return {"msgtype": "template_card", "template_card": below(shown, ending)}


def card(parcel: Parcel, desk: Desk, address: str, kind: str) -> dict[str, Any]:
    """The card of this ``kind``, as WeCom's API takes it."""
    if kind == "notice":
        return notice(parcel, desk)
    made: dict[str, Any] = {
        "card_type": "button_interaction",
        "task_id": task_id(parcel, address),
        "button_list": buttons(parcel, desk, links=kind == "whole"),
    }
    if kind == "whole":
        return made | said(parcel.body)
    title = parcel.body["card"]["title"] if parcel.body["card"] else ""
    fits = title and width(title) <= TITLE
    return made | {"main_title": {"title": title if fits else CHOOSE[parcel.language]}}


def below(card: dict[str, Any], words: str) -> dict[str, Any]:
    """With these words under its own."""
    if not words:
        return card
    return card | {"sub_title_text": f"{card.get('sub_title_text', '')}\n\n{words}".strip()}


def notice(parcel: Parcel, desk: Desk) -> dict[str, Any]:
    """The whole card is followed where its first link leads."""
    jumps = [
        {"type": 1, "title": one["label"], "url": desk.link(one["url"])}
        for one in link_buttons(parcel.body)
    ]
    return {
        "card_type": "text_notice",
        **said(parcel.body),
        "jump_list": jumps,
        "card_action": {"type": 1, "url": jumps[0]["url"]},
    }


def said(body: dict[str, Any]) -> dict[str, Any]:
    layout = laid_out(body)
    made: dict[str, Any] = {"main_title": {"title": layout.title}}
    if layout.words:
        made["sub_title_text"] = layout.words
    if layout.rows:
        made["horizontal_content_list"] = [
            {"keyname": name, "value": value} for name, value in layout.rows
        ]
    return made


def buttons(parcel: Parcel, desk: Desk, *, links: bool) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    place = 0
    for button in parcel.body["buttons"]:
        shown = {"text": short(button["label"]), "style": STYLES.get(button["style"], 3)}
        if button["press"]:
            if not (parcel.done or parcel.closed):
                made.append({"type": 0, "key": parcel.press(place), **shown})
            place += 1
        elif links:
            made.append({"type": 1, "url": desk.link(button["url"]), **shown})
    return made


def short(label: str) -> str:
    if width(label) <= LABEL:
        return label
    cut = label
    while width(cut) > LABEL - 1:
        cut = cut[:-1]
    return cut.rstrip() + "…"


def closed(parcel: Parcel, desk: Desk, address: str) -> dict[str, Any]:
    """The card as it stands once its buttons are done with."""
    as_it_was = replace(parcel, done=False, closed="")
    made = card(as_it_was, desk, address, kind_of(parcel.body))
    if width(parcel.closed) > LABEL:
        return below(made, parcel.closed) | {"replace_text": DONE[parcel.language]}
    return made | {"replace_text": parcel.closed or DONE[parcel.language]}
