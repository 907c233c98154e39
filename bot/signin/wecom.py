"""Pages opened in WeCom: WeCom itself says who it is, without a word being typed."""

from collections.abc import Mapping
from typing import Any

from bot.channels.port import Unreachable
from bot.channels.wecom.errors import ApiError
from bot.channels.wecom.oauth import OAuth
from bot.signin.provider import Departure, NotProved, Unavailable


class WecomProvider:
    name = "wecom"
    title_zh = "企业微信"
    title_en = "WeCom"
    can_renew = False  # it never asks again for whoever holds the phone

    def __init__(self, oauth: OAuth) -> None:
        self._oauth = oauth

    async def depart(self, back: str, state: str, *, fresh: bool) -> Departure:
        return Departure(self._oauth.address(back, state))

    async def who(
        self, answer: Mapping[str, str], back: str, kept: Mapping[str, Any], *, fresh: bool
    ) -> str | int:
        if fresh:
            raise NotProved("WeCom does not ask again")
        try:
            person = await self._oauth.person_from_code(answer.get("code", ""))
        except (Unreachable, ApiError) as error:
            raise Unavailable(type(error).__name__) from None
        if person is None:
            raise NotProved("WeCom knows no such member, or the code is over")
        return person
