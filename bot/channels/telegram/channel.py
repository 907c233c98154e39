"""Telegram as a channel that messages go out on."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import Bot, LinkPreviewOptions, Message
from telegram.error import BadRequest

from bot.channels.port import Blocked, Desk, Limits, Parcel, Rate, Stored, Unsendable
from bot.channels.telegram.client import CHAT, platform_errors
from bot.channels.telegram.parts import Part, compose
from bot.channels.telegram.words import GONE, TOO_LARGE_HERE
from bot.channels.text import plain_name, pressable

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second
# in a chat, 30 a second in all (20 a minute are the limit of groups, where we send nothing). Room is
# left for what answers an update at once.
LIMITS = Limits(chat=(Rate(1, 1.0),), all=(Rate(25, 1.0),))
PHOTO_MOST = 10_000_000  # bytes
FILE_MOST = 50_000_000
PHOTO_REFUSED = ("image_process_failed", "photo_invalid_dimensions", "photo_save_file_invalid")
SETTLED = ("not modified", "to edit not found", "can't be edited", "in the message to edit")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # or the platform would open people's own links


class TelegramChannel:
    name = CHAT
    limits = LIMITS

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def parts(self, parcel: Parcel, desk: Desk) -> Sequence[Part]:
        return compose(parcel, desk, open_=not (parcel.done or parcel.closed))

    async def send(self, address: str, parcel: Parcel, part: Part, desk: Desk) -> str:
        chat = chat_at(address)
        stored = None
        if part.blob_id:
            stored = await desk.stored(part.blob_id)
            if stored is None or len(stored.data) > FILE_MOST:
                part, stored = in_place_of(part, parcel, desk, gone=stored is None), None
        with platform_errors():
            sent = await (self._carry(chat, part, stored) if stored else self._say(chat, part))
        return str(sent.message_id)

    async def close(self, address: str, parcel: Parcel, remote: Sequence[str], desk: Desk) -> None:
        if not parcel.closed and not pressable(parcel.body):
            return
        chat = chat_at(address)
        sent = zip(compose(parcel, desk, open_=False), remote, strict=False)
        for part, name in sent:
            if part.holds_buttons and name:
                try:
                    with platform_errors():
                        await self._change(chat, int(name), part, bool(parcel.closed))
                except Unsendable as error:
                    if not any(sign in str(error) for sign in SETTLED):
                        raise

    async def _say(self, chat: int, part: Part) -> Message:
        return await self._bot.send_message(
            chat,
            part.text,
            entities=part.entities,
            reply_markup=part.keyboard,
            link_preview_options=NO_PREVIEW,
        )

    async def _carry(self, chat: int, part: Part, stored: Stored) -> Message:
        name = plain_name(stored.name)
        caption = part.text or None
        if part.photo and len(stored.data) <= PHOTO_MOST:
            try:
                return await self._bot.send_photo(
                    chat, stored.data, caption, reply_markup=part.keyboard, filename=name
                )
            except BadRequest as error:
                if not any(sign in error.message.casefold() for sign in PHOTO_REFUSED):
                    raise
        return await self._bot.send_document(
            chat,
            stored.data,
            caption,
            reply_markup=part.keyboard,
            filename=name,
            disable_content_type_detection=True,
        )

    async def _change(self, chat: int, message: int, part: Part, speaks: bool) -> None:
        if not speaks:
            await self._bot.edit_message_reply_markup(chat, message, reply_markup=part.keyboard)
        elif part.blob_id:
            await self._bot.edit_message_caption(
                chat, message, caption=part.text, reply_markup=part.keyboard
            )
        else:
            await self._bot.edit_message_text(
                part.text,
                chat,
                message,
                entities=part.entities,
                reply_markup=part.keyboard,
                link_preview_options=NO_PREVIEW,
            )


def chat_at(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Blocked("not a chat") from None


def in_place_of(part: Part, parcel: Parcel, desk: Desk, *, gone: bool) -> Part:
    """Words for a file that is gone or that the platform does not carry."""
    if gone:
        words = GONE[parcel.language].format(name=part.name)
    else:
        url = desk.file_link(part.blob_id)
        words = TOO_LARGE_HERE[parcel.language].format(name=part.name, url=url)
    return replace(part, text=words, blob_id="")
