"""A small server that speaks docs/web-protocol.md, to try the page alone."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import Headers, UploadFile
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser.fake_chat import FakeChat
from tests.browser.script import PAGES, PEOPLE, page_picture

BOT = Path(__file__).parents[2] / "bot"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; "
    "script-src 'self'; connect-src 'self'"
)


def token(headers: Headers, cookies: dict[str, str]) -> str:
    # The header wins: a frame with its own token still sends the cookie of the window.
    return headers.get("authorization", "").removeprefix("Bearer ") or cookies.get("chat", "")


def refused(status: int, code: str, text: str) -> JSONResponse:
    return JSONResponse({"error": code, "text": text}, status)


class Site:
    """The requests of the protocol, around a FakeChat."""

    def __init__(self, chat: FakeChat) -> None:
        self.chat = chat
        self.pages = Environment(
            loader=FileSystemLoader(BOT / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def person(self, request: Request) -> str | None:
        return self.chat.tokens.get(token(request.headers, request.cookies))

    async def change(self, request: Request) -> Response:
        who = self.person(request)
        if who is None or request.headers.get("x-requested-with") != "chat":
            return refused(401, "signed-out", "请先登录")
        self.chat.languages[who] = (await request.json())["language"]
        return JSONResponse(self.shown(who))

    def shown(self, who: str) -> dict[str, str]:
        return {"name": name_of(who), "language": self.chat.languages.get(who, "zh")}

    async def home(self, request: Request) -> Response:
        shown = {"demo": self.chat.demo, "session": "chat" in request.cookies}
        return HTMLResponse(self.pages.get_template("chat.html").render(**shown))

    async def page(self, request: Request) -> Response:
        context = PAGES[request.path_params["name"]]
        return HTMLResponse(self.pages.get_template(str(context["template"])).render(**context))

    async def checkout(self, request: Request) -> Response:
        return RedirectResponse("/pages/pay-waiting", 303)

    async def payment(self, request: Request) -> Response:
        return JSONResponse({"state": "waiting"})

    async def people(self, request: Request) -> Response:
        return JSONResponse(PEOPLE) if self.chat.demo else refused(404, "not-found", "没有")

    async def session(self, request: Request) -> Response:
        if request.method == "GET":
            who = self.person(request)
            if who is None:
                return refused(401, "signed-out", "请先登录")
            return JSONResponse(self.shown(who))
        if request.headers.get("x-requested-with") != "chat":
            return refused(403, "forbidden", "缺少请求头")
        if request.method == "DELETE":
            self.chat.tokens.pop(token(request.headers, request.cookies), None)
            return JSONResponse({})
        who = str((await request.json())["person"])
        if all(one["id"] != who for one in PEOPLE):
            return refused(404, "not-found", "没有这个人")
        fresh = secrets.token_urlsafe(16)
        self.chat.tokens[fresh] = who
        answer = JSONResponse({"token": fresh} | self.shown(who))
        answer.set_cookie("chat", fresh, httponly=True, samesite="lax")
        return answer

    async def history(self, request: Request) -> Response:
        who = self.person(request)
        if who is None:
            return refused(401, "signed-out", "请先登录")
        if self.chat.refuse_history:
            return refused(503, "busy", "稍后再试")
        after = int(request.query_params.get("after", "0"))
        found = [one for one in self.chat.of(who).messages if one["seq"] > after]
        return JSONResponse({"messages": found, "typing": self.chat.of(who).typing})

    async def hear(self, request: Request) -> Response:
        who = self.person(request)
        if who is None:
            return refused(401, "signed-out", "请先登录")
        if request.headers.get("x-requested-with") != "chat":
            return refused(403, "forbidden", "缺少请求头")
        if self.chat.refuse_posts:
            return refused(503, "busy", "稍后再试")
        if self.chat.too_fast:
            answer = refused(429, "too_fast", "发得太快了，请过 1 秒再发。")
            answer.headers["Retry-After"] = "1"
            return answer
        body = json.loads(await request.body())
        if self.chat.refuse_press and "press" in body:
            return refused(409, "used", "这个按钮已经用过了")
        return JSONResponse({"seq": await self.chat.hear(who, body)}, 202)

    async def attach(self, request: Request) -> Response:
        who = self.person(request)
        if who is None:
            return refused(401, "signed-out", "请先登录")
        if self.chat.refuse_posts:
            return refused(503, "busy", "稍后再试")
        async with request.form() as form:
            sent = form["file"]
            if not isinstance(sent, UploadFile):
                return refused(400, "bad-file", "没有文件")
            name, size = str(sent.filename), sent.size
        entry = {"url": f"/files/{name}", "name": name, "size": size, "type": "application/pdf"}
        seq = await self.chat.put(who, id=str(form["id"]), files=[entry], **{"from": "me"})
        await self.chat.put(who, text=f"文件已收到：{name}")
        return JSONResponse({"seq": seq}, 202)

    async def files(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name.endswith(".png"):
            return Response(page_picture(name), media_type="image/png")
        return Response(b"%PDF-1.7 test", media_type="application/pdf")

    async def events(self, socket: WebSocket) -> None:
        offered = socket.scope["subprotocols"]
        own = next((one for one in offered if one.startswith("chat.")), None)
        key = own.removeprefix("chat.") if own else socket.cookies.get("chat", "")
        who = self.chat.tokens.get(key)
        if who is None or self.chat.refuse_sockets:
            await socket.close(1008)
            return
        await socket.accept(subprotocol="chat" if own else None)
        self.chat.sockets_opened += 1
        conversation = self.chat.of(who)
        after = int(socket.query_params.get("after", "0"))
        for message in conversation.messages:
            if message["seq"] > after:
                await socket.send_json({"type": "message", "message": message})
        await socket.send_json({"type": "typing", "on": conversation.typing})
        conversation.sockets.add(socket)
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                body = await socket.receive_json()
                seq = await self.chat.hear(who, body)
                await socket.send_json({"type": "accepted", "id": body["id"], "seq": seq})
        conversation.sockets.discard(socket)


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call_next(request)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def build(chat: FakeChat) -> Starlette:
    """The application around `chat`."""
    site = Site(chat)
    return Starlette(
        routes=[
            Route("/", site.home),
            Route("/pages/{name}", site.page),
            Route("/checkout/{token}", site.checkout),
            Route("/checkout/{token}/state", site.payment),
            Route("/api/people", site.people),
            Route("/api/session", site.session, methods=["GET", "POST", "DELETE"]),
            Route("/api/session", site.change, methods=["PATCH"]),
            Route("/api/messages", site.history),
            Route("/api/messages", site.hear, methods=["POST"]),
            Route("/api/attachments", site.attach, methods=["POST"]),
            Route("/files/{name:path}", site.files),
            WebSocketRoute("/api/events", site.events),
            Mount("/static", StaticFiles(directory=BOT / "static")),
        ],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=guard)],
    )


def name_of(person: str) -> str:
    return next(str(one["name"]) for one in PEOPLE if one["id"] == person)


class Server(uvicorn.Server):
    """The fake on a free port, in a thread."""

    def __init__(self, chat: FakeChat) -> None:
        super().__init__(uvicorn.Config(build(chat), port=0, log_level="error", lifespan="off"))
        self.chat = chat
        self.thread = threading.Thread(target=self.run, daemon=True)

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.chat.loop = asyncio.get_running_loop()
        port = self.servers[0].sockets[0].getsockname()[1]
        self.chat.base = f"http://127.0.0.1:{port}"
        self.up.set()

    def __enter__(self) -> FakeChat:
        self.up = threading.Event()
        self.thread.start()
        if not self.up.wait(20):
            raise RuntimeError("the fake server did not start")
        return self.chat

    def __exit__(self, *_: object) -> None:
        self.chat.run(self.chat.drop())
        self.should_exit = True
        self.thread.join(10)


if __name__ == "__main__":
    with Server(FakeChat()) as running:
        print(running.base)
        threading.Event().wait()
