"""Reading what browsers and scripts send, of which nothing is believed."""

import json
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.types import Message, Receive

from backend.blobs import NewFile
from bot.web.words import Refusal

BODY_LIMIT = 256 * 1024  # bytes
ATTACHMENT_LIMIT = 20 * 1024 * 1024  # bytes
FORM_ROOM = 4096  # bytes of a form around its file
ID_LIMIT = 64


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


def no_more_than(limit: int, receive: Receive) -> Receive:
    """A body is read no further than this, whatever its sender says about its length."""
    left = limit

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise Refusal(413, "too_large")
        return message

    return counted


async def upload_of(
    request: Request, owner: int | None, *, fields: int = 1
) -> tuple[dict[str, str], NewFile | None]:
    """A form with one file, which is None where none was chosen, and at most so many other fields.

    Raises Refusal when it is too large.
    """
    most = ATTACHMENT_LIMIT + FORM_ROOM
    if int(request.headers.get("content-length") or 0) > most:
        raise Refusal(413, "too_large")
    limited = Request(request.scope, no_more_than(most, request.receive))
    async with limited.form(max_files=1, max_fields=fields, max_part_size=FORM_ROOM) as form:
        others = {name: one for name, one in form.items() if isinstance(one, str)}
        file = form.get("file")
        if file is None or isinstance(file, str) or not (file.filename or file.size):
            return others, None
        if (file.size or 0) > ATTACHMENT_LIMIT:
            raise Refusal(413, "too_large")
        name = without_surrogates(file.filename or "file")[:200]
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
