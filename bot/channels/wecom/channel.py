"""WeCom as a channel that messages are pushed to."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from backend.accounts import WECOM
from bot.channels.port import Blocked, Desk, Limits, Parcel, Rate, Stored
from bot.channels.text import plain_name, words
from bot.channels.wecom import cards
from bot.channels.wecom.api import LARGEST, SMALLEST, Api
from bot.channels.wecom.errors import CARD_CODE_OVER, MEDIA_OVER, ApiError, for_delivery
from bot.channels.wecom.lent import Lent
from bot.channels.wecom.plain import in_place_of_buttons, text_message, texts
from bot.channels.wecom.words import DOWNLOAD, GONE

PICTURE_BYTES = 10 * 1024 * 1024
PICTURE_TYPES = frozenset({"image/png", "image/jpeg"})
MEDIA_KEPT = timedelta(days=3) - timedelta(hours=1)
CODE_KEPT = timedelta(hours=72)
SENDING = timedelta(hours=4)  # the longest time over which WeCom compares messages
DAY = 24 * 3600.0
EACH_DAY = 200  # messages for every account of the enterprise


def limits(members: int) -> Limits:
    """developer.work.weixin.qq.com/document/path/90312: the excess for a member is dropped without
    a word, so a little is left."""
    return Limits(
        chat=(Rate(28, 60.0), Rate(980, 3600.0)),
        all=(Rate(members * EACH_DAY, DAY),),
    )


class WecomChannel:
    """The port on WeCom. ``address`` is the member's user id."""

    name = WECOM

    def __init__(self, api: Api, lent: Lent, members: int) -> None:
        self.limits = limits(members)
        self._api = api
        self._lent = lent

    # --- what there is to send --------------------------------------------------------------

    def parts(self, parcel: Parcel, desk: Desk) -> Sequence[Any]:
        """Words, pictures and files, and at the end what is pressed, so that it is seen.

        As many in the same order whether the buttons are done with or not: a sending that was
        broken off goes on by their count.
        """
        found = self._parts(parcel, desk)
        return [{**part, "at": at} for at, part in enumerate(found)]

    def _parts(self, parcel: Parcel, desk: Desk) -> list[dict[str, Any]]:
        body, as_it_was = parcel.body, replace(parcel, done=False, closed="")
        media = [{"picture": one} for one in body["pictures"]]
        media += [{"file": one} for one in body["files"]]
        match kind := cards.kind_of(body):
            case "":
                return [*texts(words(as_it_was, desk), in_place_of_buttons(parcel)), *media]
            case "brief":
                said = words(as_it_was, desk, buttons=not cards.labels_fit(body))
                return [*texts(said), *media, {"card": kind}]
        return [*media, {"card": kind}]

    # --- sending ----------------------------------------------------------------------------

    async def send(self, address: str, parcel: Parcel, part: Any, desk: Desk) -> str:
        """As the port says. Of a card, its name holds the code with which it is changed."""
        try:
            if "card" in part:
                return await self._send_card(address, parcel, part, desk)
            message = await self._message(parcel, part, desk)
            try:
                answer = await self._push(address, parcel, part, message)
            except ApiError as error:
                if error.code != MEDIA_OVER or "text" in part:
                    raise
                await self._forget_media(message["msgtype"], part)
                message = await self._message(parcel, part, desk)
                answer = await self._push(address, parcel, part, message)
        except ApiError as error:
            raise for_delivery(error) from None
        return str(answer.get("msgid", ""))

    async def _message(self, parcel: Parcel, part: Any, desk: Desk) -> dict[str, Any]:
        if "text" in part:
            return text_message(part["text"])
        kind = "image" if "picture" in part else "file"
        about = described(part)
        name = plain_name(about.get("name") or about["alt"])
        stored = await desk.stored(about["blob_id"])
        if stored is None:
            return text_message(f"{name}：{GONE[parcel.language]}")
        if kind == "image" and not is_picture(stored):
            kind = "file"
        if not SMALLEST <= len(stored.data) <= LARGEST:
            link = desk.file_link(about["blob_id"])
            return text_message(f"{name} {DOWNLOAD[parcel.language]}：{link}")
        return {
            "msgtype": kind,
            kind: {"media_id": await self._media(about["blob_id"], kind, stored)},
        }

    async def _media(self, blob_id: str, kind: str, stored: Stored) -> str:
        """The id under which WeCom has the file, or has had it within three days."""
        name = media_name(kind, blob_id)
        known = await asyncio.to_thread(self._lent.get, name)
        if known:
            return str(known)
        shown = plain_name(stored.name)
        media_id = await self._api.upload(kind, stored.data, shown, stored.media_type)
        await asyncio.to_thread(self._lent.put, name, media_id, MEDIA_KEPT)
        return media_id

    async def _forget_media(self, kind: str, part: Any) -> None:
        """WeCom does not have it any more, whatever it said before."""
        await asyncio.to_thread(self._lent.take, media_name(kind, described(part)["blob_id"]))

    async def _push(
        self, address: str, parcel: Parcel, part: Any, message: dict[str, Any]
    ) -> dict[str, Any]:
        """One message to one member; what may have been sent before is compared with that."""
        check = {"enable_duplicate_check": 1, "duplicate_check_interval": 1800}
        mark = f"sending:{parcel.key}:{part['at']}"
        first = await asyncio.to_thread(self._lent.add, mark, 1, SENDING)
        whole = {"touser": address, "agentid": self._api.agent_id, **message}
        if not first:
            whole |= check
        answer = await self._api.post("/cgi-bin/message/send", whole, again=check)
        lost = f"{answer.get('invaliduser', '')}|{answer.get('unlicenseduser', '')}"
        if address.casefold() in lost.casefold().split("|"):
            raise Blocked("invaliduser")
        return answer

    async def _send_card(self, address: str, parcel: Parcel, part: Any, desk: Desk) -> str:
        message = cards.message(parcel, desk, address, part["card"])
        answer = await self._push(address, parcel, part, message)
        task = message.get("template_card", {}).get("task_id")
        if not task:
            return str(answer.get("msgid", ""))
        return f"card:{task}:{answer.get('response_code', '')}"

    # --- changing what was sent -------------------------------------------------------------

    async def close(self, address: str, parcel: Parcel, remote: Sequence[str], desk: Desk) -> None:
        """Each code changes a card once: the one that came with it, and one with each press."""
        for name in remote:
            if not name.startswith("card:"):
                continue
            _card, task, sent_code = name.split(":", 2)
            pressed = await asyncio.to_thread(self._lent.get, press_code(task))
            for code in (pressed, sent_code):
                if code and await self._change(address, parcel, desk, code):
                    break
            if pressed:
                await asyncio.to_thread(self._lent.take, press_code(task))

    async def _change(self, address: str, parcel: Parcel, desk: Desk, code: str) -> bool:
        body = {
            "userids": [address],
            "agentid": self._api.agent_id,
            "response_code": code,
            "template_card": cards.closed(parcel, desk, address),
        }
        try:
            await self._api.post("/cgi-bin/message/update_template_card", body)
        except ApiError as error:
            if error.code in CARD_CODE_OVER:
                return False  # used, or over after 72 hours
            raise for_delivery(error) from None
        return True


def is_picture(stored: Stored) -> bool:
    return stored.media_type in PICTURE_TYPES and len(stored.data) <= PICTURE_BYTES


def press_code(task: str) -> str:
    """Under which name the code that came with a press is kept."""
    return f"press:{task}"


def media_name(kind: str, blob_id: str) -> str:
    return f"media:{kind}:{blob_id}"


def described(part: Any) -> dict[str, Any]:
    """What the message says of the picture or file in this part."""
    found: dict[str, Any] = part.get("picture") or part["file"]
    return found
