"""Signing in to a page that was opened in WeCom: WeCom itself says who it is (OAuth2).

developer.work.weixin.qq.com/document/path/91023: a code is good once and for five minutes.
"""

import asyncio
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlencode

from backend.office import Office
from bot.channels.wecom import directory
from bot.channels.wecom.api import Api
from bot.channels.wecom.errors import BAD_CODE, NOBODY, ApiError
from bot.channels.wecom.lent import Lent
from bot.settings import WecomSettings

AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
STATE_LIFETIME = timedelta(minutes=10)


class OAuth:
    """``authorize`` is where the browser is sent, in the simulator another address."""

    def __init__(
        self,
        settings: WecomSettings,
        office: Office,
        api: Api,
        lent: Lent,
        *,
        authorize: str = AUTHORIZE,
    ) -> None:
        self._settings = settings
        self._office = office
        self._api = api
        self._lent = lent
        self._authorize = authorize

    async def begin(self, redirect: str, browser: str) -> str:
        """Where to send the browser. ``browser`` is what only this one has (its session): whoever
        comes back with a state of somebody else's is not signed in."""
        state = token_urlsafe(24)
        await asyncio.to_thread(self._lent.put, name_of(state), marked(browser), STATE_LIFETIME)
        query = {
            "appid": self._settings.corp_id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": self._settings.agent_id,
        }
        return f"{self._authorize}?{urlencode(query)}#wechat_redirect"

    async def person_from_code(self, code: str, state: str, browser: str) -> int | None:
        """Whose browser has come back; None when it is nobody's we know, or not as it was sent.

        Raises Unreachable, ApiError where WeCom does not let us ask.
        """
        kept = await asyncio.to_thread(self._lent.take, name_of(state))
        if not code or kept != marked(browser):
            return None
        userid = await self.userid_from(code)
        if not userid:
            return None
        return await asyncio.to_thread(directory.recognize, self._office, userid)

    async def userid_from(self, code: str) -> str:
        """The member behind a code; empty for guests of the enterprise and codes that are over."""
        try:
            told = await self._api.get("/cgi-bin/auth/getuserinfo", code=code)
        except ApiError as error:
            if error.code in BAD_CODE | NOBODY:
                return ""
            raise
        return str(told.get("userid") or told.get("UserId") or "")


def name_of(state: str) -> str:
    return f"state:{sha256(state.encode()).hexdigest()}"


def marked(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()
