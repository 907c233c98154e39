"""A member's openid, by which WeChat Pay knows who pays inside WeChat or WeCom (JSAPI).

developer.work.weixin.qq.com/document/path/90202: an openid is the enterprise's, and stays the same.
"""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy import select

from backend.accounts import WECOM
from backend.models import ChatAccount
from backend.work import Work
from bot.channels.port import Unreachable
from bot.channels.wecom.api import Api
from bot.channels.wecom.errors import ApiError
from bot.channels.wecom.lent import Lent

KEPT = timedelta(days=30)
log = logging.getLogger(__name__)


class OpenIds:
    def __init__(self, api: Api, lent: Lent) -> None:
        self._api = api
        self._lent = lent

    def member(self, work: Work, person_id: int) -> str:
        """The user id of a person who is in WeCom, as they used it last; "" for who is not."""
        mine = (
            select(ChatAccount.address)
            .where(
                ChatAccount.institution_id == work.institution,
                ChatAccount.channel == WECOM,
                ChatAccount.person_id == person_id,
            )
            .order_by(ChatAccount.last_seen_at.desc(), ChatAccount.id.desc())
            .limit(1)
        )
        return work.session.scalar(mine) or ""

    async def of(self, member: str) -> str:
        """ "" where WeCom does not say it now, or never: then they pay in another way."""
        name = f"openid:{member}"
        if known := await asyncio.to_thread(self._lent.get, name):
            return str(known)
        try:
            told = await self._api.post("/cgi-bin/user/convert_to_openid", {"userid": member})
        except (ApiError, Unreachable) as error:
            log.warning("no openid for a member: %s", error)
            return ""
        openid = str(told.get("openid", ""))
        if openid:
            await asyncio.to_thread(self._lent.put, name, openid, KEPT)
        return openid
