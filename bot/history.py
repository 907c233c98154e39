"""What was said in a conversation, as the web chat's interface shows it (docs/web-protocol.md)."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from backend.models import Conversation, Inbound, Outbound
from backend.work import Work
from bot.links import Links

PAGE = 100  # messages of a conversation that are shown at once; older ones stay stored
FOR_THE_PERSON = "person:"  # the dialog waits for them, who are signing in on a page
MOST_TEXT = 200_000  # characters in them


def messages(
    work: Work, links: Links, conversation_id: int, after: int, *, only: set[int] | None = None
) -> list[dict[str, Any]]:
    """Both sides, oldest first, after a place in the history; ``only`` picks certain places."""
    mine = (
        select(Inbound.seq, Inbound.kind, Inbound.body, Inbound.received_at, Inbound.message_key)
        .where(Inbound.conversation_id == conversation_id, Inbound.seq > after)
        .order_by(Inbound.seq.desc())
        .limit(PAGE)
    )
    theirs = (
        select(
            Outbound.seq,
            Outbound.body,
            Outbound.actions,
            Outbound.token,
            Outbound.pressed_at,
            Outbound.closed,
            Outbound.created_at,
        )
        .where(Outbound.conversation_id == conversation_id, Outbound.seq > after)
        .order_by(Outbound.seq.desc())
        .limit(PAGE)
    )
    if only is not None:
        mine = mine.where(Inbound.seq.in_(only))
        theirs = theirs.where(Outbound.seq.in_(only))
    shown = [heard(row) for row in work.session.execute(mine)]
    shown += [spoken(row, links, work.now) for row in work.session.execute(theirs)]
    shown.sort(key=lambda message: int(message["seq"]))
    return newest(shown[-PAGE:])


def newest(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many of the newest as fit."""
    room = MOST_TEXT
    for place in range(len(shown) - 1, -1, -1):
        room -= len(shown[place]["text"])
        if room < 0:
            return shown[place + 1 :]
    return shown


def heard(row: Any) -> dict[str, Any]:
    """Something the person sent."""
    return {
        "seq": row.seq,
        "id": row.message_key,
        "from": "me",
        "at": stamp(row.received_at),
        "text": row.body.get("text") or row.body.get("name", ""),
        "lang": "",
        "card": None,
        "buttons": [],
        "pictures": [],
        "files": [],
        "used": False,
        "closed": "",
    }


def spoken(row: Any, links: Links, now: datetime) -> dict[str, Any]:
    """Something the assistant said; links are made afresh each time."""
    body = row.body
    presses = 0
    buttons = []
    for button in body["buttons"]:
        shown: dict[str, Any] = {"label": button["label"], "style": button["style"]}
        if button["press"]:
            shown |= {"n": button["number"], "press": f"{row.token}.{presses}"}
            if language := language_set_by(row.actions[presses]):
                shown["language"] = language
            presses += 1
        else:
            shown["url"] = links.follow(button["url"], now)
        buttons.append(shown)
    return {
        "seq": row.seq,
        "from": "assistant",
        "at": stamp(row.created_at),
        "text": body["text"],
        "lang": body["language"],
        "card": body["card"],
        "buttons": buttons,
        "pictures": [
            {
                "url": links.file(picture["blob_id"], now),
                "alt": picture["alt"],
                "width": picture["width"],
                "height": picture["height"],
            }
            for picture in body["pictures"]
        ],
        "files": [
            {
                "url": links.file(file["blob_id"], now),
                "name": file["name"],
                "size": file["size"],
                "type": file["media_type"],
            }
            for file in body["files"]
        ],
        "used": row.pressed_at is not None,
        "closed": row.closed or "",
        **({"length": body["length"]} if body.get("length") else {}),
    }


def language_set_by(action: dict[str, Any]) -> str:
    """A page with a control of its own for the language need not show this button."""
    if action.get("dialog") != "switch_language":
        return ""
    return str(action.get("answers", {}).get("to", ""))


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def typing(work: Work, conversation_id: int) -> bool:
    """Whether an answer is being worked on; not what is put off until it is tried again."""
    waiting = work.session.scalar(
        select(Conversation.waiting_for).where(Conversation.id == conversation_id)
    )
    if waiting is not None and not waiting.startswith(FOR_THE_PERSON):
        return True
    open_turn = select(Inbound.id).where(
        Inbound.conversation_id == conversation_id,
        Inbound.done_at.is_(None),
        or_(Inbound.try_after.is_(None), Inbound.try_after <= work.now),
    )
    return work.session.scalar(open_turn.limit(1)) is not None
