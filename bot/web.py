"""The web chat: its page, its HTTP interface and its socket (docs/web-protocol.md)."""

import asyncio
import contextlib
import json
import logging
from datetime import timedelta
from typing import Any, TypeGuard
from urllib.parse import quote

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.templating import Jinja2Templates
from starlette.types import Message, Receive
from starlette.websockets import WebSocket, WebSocketDisconnect

from backend import accounts, credentials
from backend.models import Blob, Conversation, Person
from backend.registry.demo import FEATURED
from bot import history
from bot.hub import Hub, Listener
from bot.links import Links
from bot.receive import Reception, Sent, TooLong
from bot.tokens import Tokens

CHANNEL = "web"
COOKIE = "chat"
SESSION = timedelta(days=30)
ATTACHMENT_LIMIT = 20 * 1024 * 1024
LOOK_AGAIN = 2.0  # seconds after which a socket looks for news from other processes
ID_LIMIT = 64
log = logging.getLogger(__name__)


class Web:
    def __init__(
        self,
        reception: Reception,
        hub: Hub,
        links: Links,
        tokens: Tokens,
        templates: Jinja2Templates,
        *,
        demo: bool,
    ) -> None:
        self.reception = reception
        self.office = reception.office
        self.hub = hub
        self.links = links
        self.tokens = tokens
        self.templates = templates
        self.demo = demo

    def routes(self) -> list[Route | WebSocketRoute]:
        found: list[Route | WebSocketRoute] = [
            Route("/", self.page),
            Route("/api/session", self.session, methods=["GET"]),
            Route("/api/session", self.leave, methods=["DELETE"]),
            Route("/api/messages", self.read, methods=["GET"]),
            Route("/api/messages", self.post, methods=["POST"]),
            Route("/api/attachments", self.attach, methods=["POST"]),
            Route("/files/{token}", self.file),
            WebSocketRoute("/api/events", self.events),
        ]
        if self.demo:
            found += [
                Route("/api/people", self.people, methods=["GET"]),
                Route("/api/session", self.become, methods=["POST"]),
            ]
        return found

    # --- who it is --------------------------------------------------------------------------

    def person(self, connection: HTTPConnection, token: str = "") -> int:
        """The person of this visitor; a token counts before the cookie. 401 for nobody."""
        scheme, _space, bearer = connection.headers.get("authorization", "").partition(" ")
        if not token and scheme.lower() == "bearer":
            token = bearer.strip()
        token = token or connection.cookies.get(COOKIE, "")
        value = self.tokens.read("session", token, self.office.clock.now())
        if value is None:
            raise HTTPException(401, "sign_in")
        return int(value)

    def opaque(self, person_id: int) -> str:
        """Tells people apart in one browser, and nothing else."""
        return self.tokens.name("person", str(person_id))

    async def page(self, request: Request) -> Response:
        return self.templates.TemplateResponse(request, "chat.html", {"lang": "zh-CN"})

    async def people(self, request: Request) -> Response:
        def find() -> list[dict[str, Any]]:
            with self.office.read() as work:
                numbers = {one.number for one in FEATURED}
                rows = work.session.scalars(
                    select(Person).where(
                        Person.institution_id == work.institution, Person.number.in_(numbers)
                    )
                )
                names = {row.number: row.name for row in rows}
            return [
                {
                    "id": one.key,
                    "name": names[one.number],
                    "about": one.role_zh,
                    "about_en": one.role_en,
                    "role": ROLES.get(one.key, "学生"),
                }
                for one in FEATURED
                if one.number in names
            ]

        return JSONResponse(await run_in_threadpool(find))

    async def become(self, request: Request) -> Response:
        own_page_only(request)
        key = without_surrogates(str((await json_of(request)).get("person", "")))

        def find() -> Person | None:
            number = next((one.number for one in FEATURED if one.key == key), key)
            with self.office.read() as work:
                return work.session.scalar(
                    select(Person).where(
                        Person.institution_id == work.institution, Person.number == number
                    )
                )

        person = await run_in_threadpool(find)
        if person is None:
            raise HTTPException(404, "no_such_person")
        token = self.tokens.make("session", str(person.id), self.office.clock.now(), SESSION)
        response = JSONResponse(
            {
                "id": self.opaque(person.id),
                "token": token,
                "name": person.name,
                "language": person.language,
            }
        )
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self.office.base_url.startswith("https"),
        )
        return response

    async def session(self, request: Request) -> Response:
        person_id = self.person(request)

        def find() -> dict[str, str]:
            with self.office.read() as work:
                person = work.session.get(Person, person_id)
                if person is None:
                    raise HTTPException(401, "sign_in")
                language = work.session.scalar(
                    select(Conversation.language).where(Conversation.person_id == person_id)
                )
                return {
                    "id": self.opaque(person_id),
                    "name": person.name,
                    "language": language or person.language,
                }

        return JSONResponse(await run_in_threadpool(find))

    async def leave(self, request: Request) -> Response:
        own_page_only(request)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE)
        return response

    # --- talking ----------------------------------------------------------------------------

    async def read(self, request: Request) -> Response:
        person_id = self.person(request)
        after = whole(request.query_params.get("after", "0"))

        def find() -> dict[str, Any]:
            conversation_id = self.conversation(person_id)
            with self.office.read() as work:
                return {
                    "messages": history.messages(work, self.links, conversation_id, after),
                    "typing": history.typing(work, conversation_id),
                }

        return JSONResponse(await run_in_threadpool(find))

    async def post(self, request: Request) -> Response:
        own_page_only(request)
        person_id = self.person(request)
        body = await json_of(request)
        seq = await run_in_threadpool(self.take, person_id, body)
        return JSONResponse({"seq": seq}, status_code=202)

    def take(self, person_id: int, body: dict[str, Any]) -> int:
        """Accept what a person says or presses; raises HTTPException for what is no message."""
        key, text, press = key_in(body), body.get("text"), body.get("press")
        if isinstance(press, str) and press:
            kind, content = "pressed", {"press": without_surrogates(press[:200])}
        elif isinstance(text, str) and text.strip():
            kind, content = "said", {"text": without_surrogates(text)}
        else:
            raise HTTPException(400, "empty")
        try:
            accepted = self.reception.accept(
                Sent(CHANNEL, str(person_id), person_id, key, kind, content)
            )
        except TooLong:
            raise HTTPException(413, "too_long") from None
        return accepted.seq

    async def attach(self, request: Request) -> Response:
        own_page_only(request)
        person_id = self.person(request)
        if int(request.headers.get("content-length") or 0) > ATTACHMENT_LIMIT + 4096:
            raise HTTPException(413, "too_large")
        limited = Request(request.scope, no_more_than(ATTACHMENT_LIMIT + 4096, request.receive))
        async with limited.form(max_files=1, max_fields=4, max_part_size=4096) as form:
            key, file = form.get("id"), form.get("file")
            if isinstance(file, str) or file is None:
                raise HTTPException(400, "no_file")
            key = key_in({"id": key})
            size = file.size or 0
            if size > ATTACHMENT_LIMIT:
                raise HTTPException(413, "too_large")
            content = {
                "name": without_surrogates(file.filename or "file")[:200],
                "type": without_surrogates(file.content_type or "application/octet-stream")[:100],
                "size": size,
            }
        sent = Sent(CHANNEL, str(person_id), person_id, key[:ID_LIMIT], "attached", content)
        accepted = await run_in_threadpool(self.reception.accept, sent)
        return JSONResponse({"seq": accepted.seq}, status_code=202)

    def conversation(self, person_id: int) -> int:
        with self.office.read() as work:
            found = work.session.scalar(
                select(Conversation.id).where(
                    Conversation.institution_id == work.institution,
                    Conversation.person_id == person_id,
                )
            )
        if found is not None:
            return found
        with self.office.work(person_id) as work:
            return accounts.conversation_of(work, person_id)

    # --- the socket -------------------------------------------------------------------------

    async def events(self, socket: WebSocket) -> None:
        offered = socket.scope.get("subprotocols", [])
        token = next((one[5:] for one in offered if one.startswith("chat.")), "")
        try:
            person_id = self.person(socket, token)
        except HTTPException:
            await socket.close(4401)
            return
        if not same_origin(socket):
            await socket.close(4403)
            return
        await socket.accept(subprotocol="chat" if "chat" in offered else None)
        conversation_id = await run_in_threadpool(self.conversation, person_id)
        if self.hub.full(conversation_id):
            await socket.close(4429)
            return
        await run_in_threadpool(self.reception.welcome, CHANNEL, str(person_id), person_id)
        listener = self.hub.open(conversation_id)
        after = whole(socket.query_params.get("after", "0"))
        tasks = {
            asyncio.create_task(self.listen(socket, person_id)),
            asyncio.create_task(self.speak(socket, conversation_id, listener, after)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.hub.close(conversation_id, listener)
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        fault = next((one for one in outcomes if is_fault(one)), None)
        if fault is not None:  # the page reconnects, and nothing is lost
            log.error("a chat's line failed", exc_info=fault)
            with contextlib.suppress(RuntimeError):
                await socket.close(1011)

    async def listen(self, socket: WebSocket, person_id: int) -> None:
        while True:
            body, key = await socket.receive(), None
            if body["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(body["code"])
            try:
                said = dict_in(body.get("text") or body.get("bytes") or "")
                key = key_in(said)
                seq = await run_in_threadpool(self.take, person_id, said)
            except HTTPException as error:
                text = words_for(error.detail)
                await socket.send_json({"type": "error", "id": key, "text": text})
            else:
                await socket.send_json({"type": "accepted", "id": key, "seq": seq})

    async def speak(
        self, socket: WebSocket, conversation_id: int, listener: Listener, after: int
    ) -> None:
        """Send what is new, whenever there is news or a second has passed."""
        typing = False
        while True:
            listener.news.clear()
            updated, listener.updated = listener.updated, set()
            found = await run_in_threadpool(self.look, conversation_id, after, updated)
            for message in found["updated"]:
                await socket.send_json({"type": "updated", "message": message})
            for message in found["messages"]:
                after = message["seq"]
                await socket.send_json({"type": "message", "message": message})
            if found["typing"] != typing:
                typing = found["typing"]
                await socket.send_json({"type": "typing", "on": typing})
            try:
                async with asyncio.timeout(LOOK_AGAIN):
                    await listener.news.wait()
            except TimeoutError:
                continue

    def look(self, conversation_id: int, after: int, updated: set[int]) -> dict[str, Any]:
        with self.office.read() as work:
            changed = (
                history.messages(work, self.links, conversation_id, 0, only=updated)
                if updated
                else []
            )
            return {
                "messages": history.messages(work, self.links, conversation_id, after),
                "updated": changed,
                "typing": history.typing(work, conversation_id),
            }

    # --- files ------------------------------------------------------------------------------

    async def file(self, request: Request) -> Response:
        now = self.office.clock.now()
        blob_id = self.links.read_file(request.path_params["token"], now)
        if blob_id is None:
            raise HTTPException(404, "link_expired")

        def find() -> tuple[Blob, bytes] | None:
            with self.office.read() as work:
                blob = work.session.get(Blob, blob_id)
                revoked = credentials.revoked_file(work, blob_id)
            gone = blob is None or blob.deleted_at or (blob.expires_at and blob.expires_at < now)
            if blob is None or gone or revoked:
                return None
            try:
                return blob, self.office.blobs.get(blob.key)
            except FileNotFoundError:
                log.error("the bytes of file %s are gone", blob_id)
                return None

        found = await run_in_threadpool(find)
        if found is None:
            raise HTTPException(410, "file_gone")
        blob, data = found
        shown = "inline" if blob.media_type.startswith("image/") else "attachment"
        return Response(
            data,
            media_type=blob.media_type,
            headers={
                "Content-Disposition": disposition(shown, blob.name),
                "Cache-Control": "private, max-age=3600",
                "X-Content-Type-Options": "nosniff",
            },
        )


def disposition(kind: str, name: str) -> str:
    return f"{kind}; filename*=UTF-8''{quote(name)}"


def own_page_only(request: Request) -> None:
    """A form of another site cannot send this header."""
    if request.headers.get("x-requested-with") != "chat":
        raise HTTPException(403, "foreign_page")


def no_more_than(limit: int, receive: Receive) -> Receive:
    """A body is read no further than this, whatever its sender says about its length."""
    left = limit

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, "too_large")
        return message

    return counted


def is_fault(outcome: object) -> TypeGuard[Exception]:
    """Anything but the other side's leaving."""
    return isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect)


def same_origin(socket: WebSocket) -> bool:
    """Browsers always say where a socket is opened from; scripts need not."""
    origin = socket.headers.get("origin")
    return origin is None or origin.split("://")[-1] == socket.headers.get("host")


async def json_of(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > 256 * 1024:
            raise HTTPException(413, "too_long")
    return dict_in(body)


def dict_in(body: str | bytes | bytearray) -> dict[str, Any]:
    """The JSON object in a body or a frame; 400 for what is none or is nested without end."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "bad_json") from None
    if not isinstance(data, dict):
        raise HTTPException(400, "bad_json")
    return data


def key_in(body: dict[str, Any]) -> str:
    """The id that the client has chosen; 400 where there is none that can be kept and sent back."""
    key = body.get("id")
    if not (isinstance(key, str) and 0 < len(key) <= ID_LIMIT and key == without_surrogates(key)):
        raise HTTPException(400, "bad_id")
    return key


def without_surrogates(text: str) -> str:
    """JSON can carry halves of characters, which no database takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


ROLES = {"unit_officer": "培养单位教育管理干部", "academic_affairs": "教务部"}
WORDS: dict[str, str] = {
    "sign_in": "请先登录。 Please sign in first.",
    "too_long": "这段话太长了，请分几次发。 This is too long; please send it in parts.",
    "too_large": "文件太大，最大 20 MB。 The file is too large; 20 MB at most.",
    "link_expired": "链接已失效，请回到对话重新打开。 This link has expired; open it again from the chat.",
    "file_gone": "文件已过保存期，已经删除。 The file has been deleted after its time.",
    "no_such_person": "没有这个人。 There is no such person.",
    "foreign_page": "请在对话页面里操作。 Please use the chat page.",
    "empty": "没有内容。 There is nothing in it.",
    "bad_id": "消息缺少编号。 The message has no id.",
    "bad_json": "格式不对。 This is not well formed.",
    "no_file": "没有文件。 There is no file.",
}


def words_for(code: str) -> str:
    return WORDS.get(code, "请求没有办成。 The request could not be served.")
