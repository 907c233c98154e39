"""Reading what browsers and scripts send, of which nothing is believed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.requests import HTTPConnection, Request
from starlette.types import Message, Receive

from backend.blobs import NewFile
from backend.identity import confidential
from bot.web.words import Refusal

BODY_LIMIT = 256 * 1024  # bytes
ATTACHMENT_LIMIT = 20 * 1024 * 1024  # bytes
FORM_ROOM = 4096  # bytes of a form around its file
ID_LIMIT = 64
NAME_LIMIT = 200  # characters


def own_page_only(request: Request) -> None:
    """A form of another site cannot send this header."""
    if request.headers.get("x-requested-with") != "chat":
        raise Refusal(403, "foreign_page")


def same_origin(connection: HTTPConnection) -> bool:
    """Browsers always say where a socket is opened from; scripts need not."""
    origin = connection.headers.get("origin")
    return origin is None or origin.split("://")[-1] == connection.headers.get("host")


def sent_from_here(request: Request) -> bool:
    """A browser says which page a form was sent from; what does not say it is not believed."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        return False
    return site in (None, "same-origin") and same_origin(request)


class Beginning:
    """A body that is read no further than ``most`` bytes, whatever its sender says about its length.

    How it begins is remembered: there the form says what its file is called.
    """

    def __init__(self, receive: Receive, most: int, code: str) -> None:
        self._receive = receive
        self._left = most
        self._code = code
        self._head = b""

    async def receive(self) -> Message:
        message = await self._receive()
        body = message.get("body", b"")
        self._left -= len(body)
        self._head += body[: FORM_ROOM - len(self._head)]
        if self._left < 0:
            raise self.refusal()
        return message

    async def refused(self) -> Refusal:
        """Of a file that is known to be too large before any of it has been read."""
        more = True
        while more and not self._name():
            message = await self._receive()
            self._head += message.get("body", b"")
            more = message.get("more_body", False) and len(self._head) < FORM_ROOM
        return self.refusal()

    def refusal(self) -> Refusal:
        return Refusal(413, self._code, file=name_of(self._name()))

    def _name(self) -> str:
        for line in self._head.split(b"\r\n")[:-1]:
            header, _colon, value = line.partition(b":")
            if header.lower() == b"content-disposition":
                _kind, options = parse_options_header(value.strip())
                if b"filename" in options:
                    return options[b"filename"].decode("utf-8", "replace")
        return ""


def name_of(file_name: str | None) -> str:
    """What a file is called, without what must not be kept of it; "" where it is called nothing."""
    return confidential.file_name(without_surrogates(file_name)[:NAME_LIMIT]) if file_name else ""


@asynccontextmanager
async def form_of(
    request: Request, most: int, *, fields: int = 1, code: str = "too_large"
) -> AsyncIterator[FormData]:
    """A form with one file of at most so many bytes. Raises Refusal with ``code`` for a larger one."""
    body = Beginning(request.receive, most + FORM_ROOM, code)
    if int(request.headers.get("content-length") or 0) > most + FORM_ROOM:
        raise await body.refused()
    limited = Request(request.scope, body.receive)
    async with limited.form(max_files=1, max_fields=fields, max_part_size=FORM_ROOM) as form:
        file = form.get("file")
        if isinstance(file, UploadFile) and (file.size or 0) > most:
            raise body.refusal()
        yield form


async def upload_of(
    request: Request, owner: int | None, *, fields: int = 1
) -> tuple[dict[str, str], NewFile | None]:
    """A form with one file, which is None where none was chosen, and at most so many other fields.

    Raises Refusal when it is too large.
    """
    async with form_of(request, ATTACHMENT_LIMIT, fields=fields) as form:
        others = {name: one for name, one in form.items() if isinstance(one, str)}
        file = form.get("file")
        if not isinstance(file, UploadFile) or not (file.filename or file.size):
            return others, None
        name = without_surrogates(file.filename or "file")[:NAME_LIMIT]
        kind = without_surrogates(file.content_type or "application/octet-stream")[:100]
        return others, NewFile(await file.read(), owner, name, kind)


async def json_of(request: Request) -> dict[str, Any]:
    return dict_in(await body_of(request, BODY_LIMIT))


async def body_of(request: Request, limit: int) -> bytes:
    """No further than the limit, whatever its sender says about its length; 413 beyond it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Refusal(413, "too_long")
    return bytes(body)


def dict_in(body: str | bytes | bytearray) -> dict[str, Any]:
    """The JSON object in a body or a frame; 400 for what is none or is nested without end."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "bad_json") from None
    if not isinstance(data, dict):
        raise Refusal(400, "bad_json")
    return data


def key_in(body: dict[str, Any]) -> str:
    """The id that the client has chosen; 400 where there is none that can be kept and sent back."""
    key = body.get("id")
    if not (isinstance(key, str) and 0 < len(key) <= ID_LIMIT and key == without_surrogates(key)):
        raise Refusal(400, "bad_id")
    return key


def without_surrogates(text: str) -> str:
    """JSON can carry halves of characters, which no database takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
