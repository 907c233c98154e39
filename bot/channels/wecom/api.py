"""WeCom's API: every call with a valid token, tried again where that helps, and never without end.

Addresses of calls bear the token and the secret, so neither they nor errors that quote them are
logged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from functools import partial
from typing import Any
from urllib.parse import unquote

import httpx

from bot.channels.port import Unreachable
from bot.channels.wecom.errors import BUSY, OK, STALE_TOKEN, ApiError
from bot.channels.wecom.lent import Lent
from bot.channels.wecom.token import AccessToken
from bot.sections import WecomSettings

logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells addresses at INFO

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
TRIES = 3  # "建议重试次数不超过3次"
FIRST_PAUSE = 0.5  # seconds; doubles
LARGEST = 20 * 1024 * 1024  # bytes of a file, either way
SMALLEST = 6  # "5B" must be exceeded


class TooLarge(Exception):
    """The file is larger than anybody takes; ``size`` as its sender says, None if it does not."""

    def __init__(self, size: int | None) -> None:
        super().__init__(f"{size} bytes")
        self.size = size


@dataclass(frozen=True, slots=True)
class Media:
    data: bytes
    name: str  # as the header says, may be empty
    media_type: str


class Api:
    """``pause`` is the first wait before a repeat, in seconds."""

    def __init__(
        self,
        settings: WecomSettings,
        lent: Lent,
        now: Callable[[], datetime],
        *,
        pause: float = FIRST_PAUSE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.agent_id = settings.agent_id
        self._corp = settings.corp_id
        self._secret = settings.secret
        self._pause = pause
        self._http = httpx.AsyncClient(
            base_url=settings.api_url, timeout=TIMEOUT, transport=transport, follow_redirects=False
        )
        self._token = AccessToken(lent, self._fetch_token, now)

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Raises ApiError, Unreachable."""

        async def ask(token: str, _again: bool) -> httpx.Response:
            return await self._http.get(path, params={"access_token": token, **query})

        return await self._call(path, ask)

    async def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        again: Mapping[str, Any] | None = None,
        **query: Any,
    ) -> dict[str, Any]:
        """``again`` is added where the call may have been heard before."""

        async def ask(token: str, repeated: bool) -> httpx.Response:
            whole = {**body, **again} if repeated and again else dict(body)
            params = {"access_token": token, **query}
            return await self._http.post(path, params=params, json=whole)

        return await self._call(path, ask)

    async def upload(self, kind: str, data: bytes, name: str, media_type: str) -> str:
        """A media id, which WeCom keeps for three days. ``kind`` is "image" or "file"."""
        path = "/cgi-bin/media/upload"

        async def ask(token: str, _again: bool) -> httpx.Response:
            # Built anew for each try: what has been read is empty the second time.
            files = {"media": (name, data, media_type)}
            params = {"access_token": token, "type": kind}
            return await self._http.post(path, params=params, files=files)

        return str((await self._call(path, ask))["media_id"])

    async def media(self, media_id: str, most: int = LARGEST) -> Media:
        """The bytes behind a media id. Raises TooLarge before they are read, ApiError, Unreachable."""
        path = "/cgi-bin/media/get"
        got: list[Media] = []

        async def ask(token: str, _again: bool) -> httpx.Response:
            params = {"access_token": token, "media_id": media_id}
            async with self._http.stream("GET", path, params=params) as answer:
                if answer.status_code != 200 or is_json(answer):
                    await answer.aread()
                    return answer
                got.append(await read(answer, most))
                return httpx.Response(200, json={"errcode": OK})

        await self._call(path, ask)
        return got[-1]

    # --- calling ----------------------------------------------------------------------------

    async def _call(
        self, path: str, ask: Callable[[str, bool], Awaitable[httpx.Response]]
    ) -> dict[str, Any]:
        """A token that is refused is renewed once; what may pass is tried again ``TRIES`` times."""
        token = await self._token.get()
        renewed = False
        repeated = False
        for tries in range(TRIES + 1):
            answer = await self._try(partial(ask, token, repeated))
            code = BUSY if answer is None else int(answer.get("errcode", OK))
            if answer is not None and code == OK:
                return answer
            if code in STALE_TOKEN and not renewed:
                renewed = True
                token = await self._token.get(refused=token)
                continue
            if code != BUSY:
                raise ApiError(path, code)
            repeated = True
            if tries < TRIES:
                await asyncio.sleep(self._pause * 2**tries)
        raise Unreachable("no answer")

    async def _try(self, ask: Callable[[], Awaitable[httpx.Response]]) -> dict[str, Any] | None:
        """What WeCom answers; None when it does not, or not in its own words."""
        try:
            answer = await ask()
            if answer.status_code != 200:
                return None
            told = answer.json()
        except (httpx.TransportError, ValueError):
            return None
        return told if isinstance(told, dict) else None

    async def _fetch_token(self) -> tuple[str, int]:
        path = "/cgi-bin/gettoken"
        query = {"corpid": self._corp, "corpsecret": self._secret.get_secret_value()}
        for tries in range(TRIES + 1):
            answer = await self._try(lambda: self._http.get(path, params=query))
            if answer is not None and answer.get("errcode", OK) == OK:
                return str(answer["access_token"]), int(answer["expires_in"])
            if answer is not None and answer["errcode"] != BUSY:
                raise ApiError(path, int(answer["errcode"]))
            if tries < TRIES:
                await asyncio.sleep(self._pause * 2**tries)
        raise Unreachable("no answer")


def is_json(answer: httpx.Response) -> bool:
    """An error instead of a file. A JSON file that somebody sent comes as an attachment."""
    kind = answer.headers.get("content-type", "")
    named = "content-disposition" in answer.headers
    return not named and kind.split(";")[0].strip() in ("application/json", "text/plain")


async def read(answer: httpx.Response, most: int) -> Media:
    """Read no further than ``most`` bytes, whatever its sender says about its length."""
    stated = answer.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated) > most:
        raise TooLarge(int(stated))
    data = bytearray()
    async for chunk in answer.aiter_bytes():
        data += chunk
        if len(data) > most:
            raise TooLarge(None)
    kind = answer.headers.get("content-type", "").split(";")[0].strip()
    return Media(bytes(data), file_name(answer.headers.get("content-disposition", "")), kind)


def file_name(disposition: str) -> str:
    """``filename*=utf-8''…`` before ``filename="…"``; empty where there is neither."""
    header = Message()
    header["content-disposition"] = disposition
    return unquote(header.get_filename("") or "")
