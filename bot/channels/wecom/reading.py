"""What a message or event of WeCom is for us. Nothing is done here, so that nothing can be half done.

Formats: developer.work.weixin.qq.com/document/path/90239 (messages) and /90240 (events).
"""

from dataclasses import dataclass
from hashlib import sha256
from xml.etree.ElementTree import Element

from bot.channels.wecom.crypto import Forged, Malformed
from bot.sections import WecomSettings

PICTURE_NAME = "photo.jpg"
UNREADABLE = {
    "voice": "voice",
    "video": "film",
    "shortvideo": "film",
    "location": "place",
    "link": "link",
}
CARD_EVENTS = frozenset({"template_card_event", "template_card_menu_event"})


@dataclass(frozen=True, slots=True)
class Came:
    """Something from a member, under a key that a repeat has too."""

    member: str
    key: str


@dataclass(frozen=True, slots=True)
class Words(Came):
    text: str


@dataclass(frozen=True, slots=True)
class Press(Came):
    press: str
    task: str  # of the card it stands on
    code: str  # changes that card once, within 72 hours


@dataclass(frozen=True, slots=True)
class File(Came):
    media_id: str
    name: str
    picture: bool  # which WeCom may have recompressed


@dataclass(frozen=True, slots=True)
class Unreadable(Came):
    kind: str  # "voice", "film", "place", "link", "other"


@dataclass(frozen=True, slots=True)
class Opened(Came):
    """The application was opened."""


@dataclass(frozen=True, slots=True)
class Reach(Came):
    """Whether the application can be seen by the member from now on."""

    blocked: bool


def read(message: Element, settings: WecomSettings) -> Came | None:
    """None for what is nothing to us. Raises Forged, Malformed."""
    if text_of(message, "ToUserName") != settings.corp_id:
        raise Forged("receiver")
    agent = text_of(message, "AgentID")
    if agent and agent != str(settings.agent_id):
        raise Forged("agent")
    kind = text_of(message, "MsgType").lower()
    member = text_of(message, "FromUserName")
    if not kind or not member or len(member.encode()) > 64:
        raise Malformed
    if kind == "event":
        return read_event(message, member)
    key = text_of(message, "MsgId")
    if not key:
        raise Malformed
    return read_message(message, kind, member, f"m{key[:64]}")


def read_message(message: Element, kind: str, member: str, key: str) -> Came | None:
    said = text_of(message, "Content") if kind == "text" else text_of(message, "Recognition")
    if kind == "text" or (kind == "voice" and said):
        return Words(member, key, said) if said else None
    if kind in ("image", "file"):
        media_id = text_of(message, "MediaId")
        if not media_id or len(media_id) > 1024:
            raise Malformed
        name = text_of(message, "FileName") or text_of(message, "Title")
        return File(
            member,
            key,
            media_id,
            name or (PICTURE_NAME if kind == "image" else ""),
            kind == "image",
        )
    return Unreadable(member, key, UNREADABLE.get(kind, "other"))


def read_event(message: Element, member: str) -> Came | None:
    event = text_of(message, "Event").lower()
    created = text_of(message, "CreateTime")
    if not event or not (created.isascii() and created.isdigit()):
        raise Malformed
    detail = text_of(message, "EventKey")
    about = sha256(f"{detail}\n{text_of(message, 'TaskId')}".encode()).hexdigest()[:16]
    key = f"e{created[:12]}.{event[:40]}.{about}"
    if event in CARD_EVENTS:
        task, code = text_of(message, "TaskId"), text_of(message, "ResponseCode")
        return Press(member, key, detail, task, code) if detail else None
    if event == "click":
        return Words(member, key, detail) if detail else None
    if event == "enter_agent":
        return Opened(member, key)
    if event in ("subscribe", "unsubscribe"):
        return Reach(member, key, blocked=event == "unsubscribe")
    return None  # places, pages opened, scanned codes, changes of the directory


def text_of(message: Element, name: str) -> str:
    return (message.findtext(name) or "").strip()
