"""Signing in to a page that was opened in WeCom: WeCom itself says who it is (OAuth2).

developer.work.weixin.qq.com/document/path/91023: a code is good once and for five minutes. That an
answer comes back to the browser that was sent, and once, is seen to for all providers alike
(``backend/identity/sign_ins.py``).
"""

import asyncio
from urllib.parse import urlencode

from backend.office import Office
from bot.channels.wecom import directory
from bot.channels.wecom.api import Api
from bot.channels.wecom.errors import BAD_CODE, NOBODY, ApiError
from bot.sections import WecomSettings

AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"


class OAuth:
    """``authorize`` is where the browser is sent, in the simulator another address."""

    def __init__(
        self, settings: WecomSettings, office: Office, api: Api, *, authorize: str = AUTHORIZE
    ) -> None:
        self._settings = settings
        self._office = office
        self._api = api
        self._authorize = authorize

    def address(self, redirect: str, state: str) -> str:
        """Where to send the browser; it comes back to ``redirect`` with a code and the state."""
        query = {
            "appid": self._settings.corp_id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": self._settings.agent_id,
        }
        return f"{self._authorize}?{urlencode(query)}#wechat_redirect"

    async def person_from_code(self, code: str) -> int | None:
        """Whose browser has come back; None when it is nobody's we know.

        Raises Unreachable, ApiError where WeCom does not let us ask.
        """
        userid = await self.userid_from(code) if code else ""
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
