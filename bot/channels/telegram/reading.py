"""What an update of the Bot API is for us. Nothing is done here, so that nothing can be half done."""

import re
from dataclasses import dataclass, field, replace

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User

from bot.channels.text import plain_name
from bot.web.incoming import without_surrogates

COMMAND = re.compile(r"/([a-z_]+)(?:@\w+)?(?:\s+(\S.*))?", re.IGNORECASE | re.DOTALL)
UNREADABLE = {
    "voice": "sound",
    "audio": "sound",
    "video": "film",
    "video_note": "film",
    "animation": "film",
    "location": "place",
    "venue": "place",
    "contact": "contact",
    "sticker": "other",
    "poll": "other",
    "dice": "other",
    "story": "other",
    "game": "other",
    "checklist": "other",
    "paid_media": "other",
}
"""Kinds of content, of which an animation and a venue come with a second one: the first counts."""


class Misread(ValueError):
    """Not an update as the platform describes it."""


@dataclass(frozen=True, slots=True)
class Came:
    """Something for one chat; ``english`` where the sender's own program is in English, ``sender``
    what its owner is called, as far as the platform says."""

    chat: int
    key: str = ""
    english: bool = False
    sender: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Words(Came):
    text: str = ""


@dataclass(frozen=True, slots=True)
class Command(Came):
    name: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Press(Came):
    query: str = ""
    press: str = ""


@dataclass(frozen=True, slots=True)
class File(Came):
    file_id: str = ""
    name: str = ""
    media_type: str = ""
    size: int | None = None  # bytes; None where the platform does not know
    photo: bool = False  # recompressed by the platform
    album: str = ""  # name of the group of pictures it came in
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable(Came):
    kind: str = ""


@dataclass(frozen=True, slots=True)
class InGroup(Came):
    query: str = ""  # of a button pressed there
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Reach(Came):
    """Whether the owner of the chat lets us write there, from now on."""

    blocked: bool = False


def read(update: Update) -> Came | None:
    """None for what is nothing to us, as an edited message. Raises Misread."""
    if update.message:
        came = read_message(update.message)
        return came and replace(came, sender=name_of(update.message.from_user))
    if update.callback_query:
        return read_press(update.callback_query)
    if update.my_chat_member:
        return read_member(update.my_chat_member)
    return None


def read_message(message: Message) -> Came | None:
    chat = chat_of(message.chat)
    if message.chat.type != Chat.PRIVATE:
        thread = message.message_thread_id if message.is_topic_message else None
        return InGroup(chat, thread=thread)
    key = f"m{chat}.{whole(message.message_id)}"
    english = speaks_english(message)
    if message.text:
        text = without_surrogates(words(message.text))
        if found := COMMAND.fullmatch(text.strip()):
            return Command(chat, key, english, found[1].casefold(), (found[2] or "").strip())
        return Words(chat, key, english, text)
    if message.document or message.photo:
        return read_file(message, chat, key, english)
    for content, kind in UNREADABLE.items():
        if getattr(message, content, None):
            return Unreadable(chat, key, english, kind)
    return None  # a pinned message, a changed picture and the like


def read_file(message: Message, chat: int, key: str, english: bool) -> Came:
    caption = without_surrogates(words(message.caption or ""))
    if message.animation:  # comes as a document too
        return Unreadable(chat, key, english, "film")
    if document := message.document:
        return File(
            chat,
            key,
            english,
            file_id=words(document.file_id),
            name=plain_name(without_surrogates(words(document.file_name or ""))),
            media_type=words(document.mime_type or "application/octet-stream")[:100],
            size=None if document.file_size is None else whole(document.file_size),
            caption=caption,
        )
    photo = max(message.photo, key=lambda one: whole(one.width) * whole(one.height))
    return File(
        chat,
        key,
        english,
        file_id=words(photo.file_id),
        name="photo.jpg",
        media_type="image/jpeg",
        size=None if photo.file_size is None else whole(photo.file_size),
        photo=True,
        album=words(message.media_group_id or ""),
        caption=caption,
    )


def read_press(query: CallbackQuery) -> Came:
    name = words(query.id)
    chat = query.message.chat if query.message else None
    if chat is None or chat.type != Chat.PRIVATE:
        return InGroup(chat_of(chat) if chat else whole(query.from_user.id), query=name)
    english = str(query.from_user.language_code or "").startswith("en")
    press = without_surrogates(words(query.data or ""))
    return Press(chat_of(chat), f"c{name}", english, query=name, press=press)


def read_member(change: ChatMemberUpdated) -> Came | None:
    chat = chat_of(change.chat)
    status = change.new_chat_member.status
    gone = status in (ChatMember.BANNED, ChatMember.LEFT)
    if change.chat.type == Chat.PRIVATE:
        return Reach(chat, blocked=gone)
    return None if gone or change.chat.type == Chat.CHANNEL else InGroup(chat)


def name_of(user: User | None) -> str:
    """As people see it in Telegram; or else the user name. Whatever could confuse a page is left out."""
    if user is None:
        return ""
    given = [one for one in (user.first_name, user.last_name) if isinstance(one, str)]
    if not given and isinstance(user.username, str):
        given = [f"@{user.username}"]
    name = without_surrogates(" ".join(given))
    return " ".join("".join(one for one in name if one.isprintable()).split())


def speaks_english(message: Message) -> bool:
    code = message.from_user.language_code if message.from_user else None
    return str(code or "").startswith("en")


def chat_of(chat: Chat) -> int:
    return whole(chat.id)


def whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**53:
        raise Misread
    return value


def words(value: object) -> str:
    if not isinstance(value, str):
        raise Misread
    return value
