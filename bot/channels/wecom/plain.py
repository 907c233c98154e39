"""Words as WeCom's text messages take them."""

from typing import Any

from bot.channels.port import Parcel
from bot.channels.text import in_bytes, pressable, split
from bot.channels.wecom.words import DONE

TEXT_BYTES = 2048  # what is longer is cut off by WeCom
CLOSED_BYTES = 640  # what stands in place of the buttons, for which room is left
ROOM_BYTES = TEXT_BYTES - CLOSED_BYTES - 2


def texts(said: str, ending: str = "") -> list[dict[str, str]]:
    """As many pieces with the ``ending`` as without."""
    pieces = [piece for piece in split(harmless(said), ROOM_BYTES, in_bytes) if piece]
    if pieces and ending:
        pieces[-1] = f"{pieces[-1]}\n\n{ending}"
    return [{"text": piece} for piece in pieces]


def in_place_of_buttons(parcel: Parcel) -> str:
    """What is said once the buttons of a message are done with; empty while they are not."""
    over = DONE[parcel.language] if parcel.done and pressable(parcel.body) else ""
    return split(harmless(parcel.closed or over), CLOSED_BYTES, in_bytes)[0]


def harmless(text: str) -> str:
    """WeCom makes links of ``<a href>``: what somebody wrote must not pass for ours."""
    return text.replace("<a", "＜a").replace("<A", "＜A")


def text_message(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": harmless(text)}}
