"""A small server that speaks docs/web-protocol.md with scripted replies, for trying the page alone."""

from __future__ import annotations

import asyncio
import io
import json
import secrets
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image, ImageDraw
from starlette.applications import Starlette
from starlette.datastructures import Headers, UploadFile
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

BOT = Path(__file__).parents[2] / "bot"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; "
    "script-src 'self'; connect-src 'self'"
)
PEOPLE = [
    {"id": "li", "name": "李明", "role": "在读研究生", "about": "申请电子成绩单，等待审批、付款"},
    {"id": "wang", "name": "王芳", "role": "已毕业研究生", "about": "无需审批，直接办理"},
    {"id": "zhao", "name": "赵静", "role": "教育管理干部", "about": "审批学生的申请"},
    {"id": "chen", "name": "陈涛", "role": "自考考生", "about": "考籍、免考与毕业申请"},
    {"id": "liu", "name": "Liu Wei", "role": "管理员", "about": "账号、收费与时间安排"},
]
JSON = dict[str, Any]
T = TypeVar("T")


@dataclass
class Conversation:
    messages: list[JSON] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    sockets: set[WebSocket] = field(default_factory=set)
    typing: bool = False


@dataclass
class FakeChat:
    """What the server knows, and the faults a test can switch on."""

    conversations: dict[str, Conversation] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    received: list[JSON] = field(default_factory=list)
    refuse_posts: bool = False
    refuse_sockets: bool = False
    refuse_press: bool = False
    echo_twice: bool = False
    slow_upload: bool = False
    demo: bool = True
    sockets_opened: int = 0
    base: str = ""
    loop: asyncio.AbstractEventLoop | None = None

    def of(self, person: str) -> Conversation:
        return self.conversations.setdefault(person, Conversation())

    def clear(self) -> None:
        fresh = FakeChat(base=self.base, loop=self.loop)
        self.run(self.drop())
        for name, value in vars(fresh).items():
            setattr(self, name, value)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run on the server's own loop, from a test's thread."""
        if self.loop is None:
            raise RuntimeError("the server is not running")
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def drop(self) -> None:
        """The line breaks for everybody."""
        for conversation in self.conversations.values():
            for socket in list(conversation.sockets):
                with suppress(RuntimeError, WebSocketDisconnect):
                    await socket.close(1012)
            conversation.sockets.clear()

    async def frame(self, person: str, frame: JSON) -> None:
        for socket in list(self.of(person).sockets):
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_json(frame)

    async def put(self, person: str, **content: Any) -> int:
        conversation = self.of(person)
        message = {
            "seq": len(conversation.messages) + 1,
            "from": "assistant",
            "at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "text": "",
            "lang": "zh",
            "card": None,
            "buttons": [],
            "pictures": [],
            "files": [],
            "used": False,
        } | content
        conversation.messages.append(message)
        for _ in range(2 if self.echo_twice else 1):
            await self.frame(person, {"type": "message", "message": message})
        return int(message["seq"])

    def say(self, person: str, **content: Any) -> int:
        return self.run(self.put(person, **content))

    async def typing(self, person: str, on: bool) -> None:
        self.of(person).typing = on
        await self.frame(person, {"type": "typing", "on": on})

    async def hear(self, person: str, body: JSON) -> int:
        """One message of a person: echoed once per id, then answered from the script."""
        conversation = self.of(person)
        self.received.append({"person": person, **body})
        if body["id"] in conversation.ids:
            return conversation.ids[body["id"]]
        text = str(body.get("text") or label_of(conversation, body.get("press")))
        seq = await self.put(person, id=body["id"], text=text, **{"from": "me"})
        conversation.ids[body["id"]] = seq
        if body.get("press"):
            await self.use(person, str(body["press"]))
        await self.typing(person, True)
        for content in reply(text):
            await self.put(person, **content)
        await self.typing(person, False)
        return seq

    async def use(self, person: str, press: str) -> None:
        for message in self.of(person).messages:
            if any(button.get("press") == press for button in message["buttons"]):
                message["used"] = True
                await self.frame(person, {"type": "updated", "message": message})


def label_of(conversation: Conversation, press: object) -> str:
    for message in conversation.messages:
        for button in message["buttons"]:
            if button.get("press") == press:
                return str(button["label"])
    return "?"


def reply(text: str) -> list[JSON]:
    """The script: the order of a transcript, an English question, and an echo for all else."""
    if text in ("成绩单", "中文成绩单"):
        return [
            {
                "text": "请先核对成绩单预览。姓名、专业、课程与成绩无误后再确认订单。",
                "pictures": [
                    {
                        "url": f"/files/page-{n}.png",
                        "alt": f"成绩单预览，第 {n} 页，共 2 页",
                        "width": 794,
                        "height": 1123,
                    }
                    for n in (1, 2)
                ],
            },
            {
                "text": "确认后生成订单：",
                "card": {
                    "title": "电子成绩单",
                    "rows": [
                        ["姓名", "李明"],
                        ["种类", "中文，含 GPA"],
                        ["用途", "申请出国交流"],
                        ["费用", "5.00 元（免费份额已用）"],
                    ],
                },
                "buttons": [
                    {"n": 1, "label": "确认订单", "press": "p-yes", "style": "primary"},
                    {"n": 2, "label": "保存并返回", "press": "p-save"},
                    {"n": 3, "label": "取消申请", "press": "p-no", "style": "danger"},
                ],
            },
        ]
    if text == "确认订单":
        return [
            {
                "text": "订单 T20260302-0007 已生成，请在 30 分钟内支付。",
                "buttons": [{"label": "去支付 5.00 元", "url": "/pay/demo", "style": "primary"}],
            },
            {
                "text": "成绩单已签发，可下载至 4 月 2 日。\n在线验证：/v/8F3K2Q",
                "files": [
                    {
                        "url": "/files/transcript.pdf",
                        "name": "电子成绩单-李明-中文含GPA.pdf",
                        "size": 123456,
                        "type": "application/pdf",
                    }
                ],
            },
        ]
    if text == "hello":
        return [{"text": "Hello! What can I do for you?", "lang": "en"}]
    return [{"text": f"收到：{text}"}]


def page_picture(name: str) -> bytes:
    image = Image.new("RGB", (794, 1123), "white")
    draw = ImageDraw.Draw(image)
    draw.text((300, 70), f"TRANSCRIPT  {name}", fill="#1d4f91", font_size=26)
    for row in range(26):
        y = 150 + row * 34
        draw.line((70, y, 724, y), fill="#c5ccd8")
        draw.text((80, y + 8), f"Course {row + 1:02d}   Advanced topics", fill="#333", font_size=15)
        draw.text((620, y + 8), f"{80 + row % 19}", fill="#333", font_size=15)
    draw.ellipse((560, 930, 700, 1070), outline="#c0392b", width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def build(chat: FakeChat) -> Starlette:
    """The application around `chat`."""
    pages = Environment(
        loader=FileSystemLoader(BOT / "templates"), autoescape=True, undefined=StrictUndefined
    )

    def token(headers: Headers, cookies: dict[str, str]) -> str:
        # The header wins: a frame with its own token still sends the cookie of the window.
        return headers.get("authorization", "").removeprefix("Bearer ") or cookies.get("chat", "")

    def person(request: Request) -> str | None:
        return chat.tokens.get(token(request.headers, request.cookies))

    def refused(status: int, code: str, text: str) -> JSONResponse:
        return JSONResponse({"error": code, "text": text}, status)

    async def home(request: Request) -> Response:
        return HTMLResponse(pages.get_template("chat.html").render())

    async def page(request: Request) -> Response:
        context = PAGES[request.path_params["name"]]
        return HTMLResponse(pages.get_template(str(context["template"])).render(**context))

    async def people(request: Request) -> Response:
        return JSONResponse(PEOPLE) if chat.demo else refused(404, "not-found", "没有")

    async def session(request: Request) -> Response:
        if request.method == "GET":
            who = person(request)
            if who is None:
                return refused(401, "signed-out", "请先登录")
            return JSONResponse({"name": name_of(who), "language": "zh"})
        if request.headers.get("x-requested-with") != "chat":
            return refused(403, "forbidden", "缺少请求头")
        if request.method == "DELETE":
            chat.tokens.pop(token(request.headers, request.cookies), None)
            return JSONResponse({})
        who = str((await request.json())["person"])
        if all(one["id"] != who for one in PEOPLE):
            return refused(404, "not-found", "没有这个人")
        fresh = secrets.token_urlsafe(16)
        chat.tokens[fresh] = who
        answer = JSONResponse({"token": fresh, "name": name_of(who), "language": "zh"})
        answer.set_cookie("chat", fresh, httponly=True, samesite="lax")
        return answer

    async def messages(request: Request) -> Response:
        who = person(request)
        if who is None:
            return refused(401, "signed-out", "请先登录")
        if request.method == "GET":
            after = int(request.query_params.get("after", "0"))
            found = [one for one in chat.of(who).messages if one["seq"] > after]
            return JSONResponse({"messages": found, "typing": chat.of(who).typing})
        if request.headers.get("x-requested-with") != "chat":
            return refused(403, "forbidden", "缺少请求头")
        if chat.refuse_posts:
            return refused(503, "busy", "稍后再试")
        body = json.loads(await request.body())
        if chat.refuse_press and "press" in body:
            return refused(409, "used", "这个按钮已经用过了")
        return JSONResponse({"seq": await chat.hear(who, body)}, 202)

    async def attach(request: Request) -> Response:
        who = person(request)
        if who is None:
            return refused(401, "signed-out", "请先登录")
        if chat.refuse_posts:
            return refused(503, "busy", "稍后再试")
        async with request.form() as form:
            sent = form["file"]
            if not isinstance(sent, UploadFile):
                return refused(400, "bad-file", "没有文件")
            name, size = str(sent.filename), sent.size
        entry = {"url": f"/files/{name}", "name": name, "size": size, "type": "application/pdf"}
        seq = await chat.put(who, id=str(form["id"]), files=[entry], **{"from": "me"})
        await chat.put(who, text=f"文件已收到：{name}")
        return JSONResponse({"seq": seq}, 202)

    async def files(request: Request) -> Response:
        name = request.path_params["name"]
        if name.endswith(".png"):
            return Response(page_picture(name), media_type="image/png")
        return Response(b"%PDF-1.7 test", media_type="application/pdf")

    async def events(socket: WebSocket) -> None:
        offered = socket.scope["subprotocols"]
        own = next((one for one in offered if one.startswith("chat.")), None)
        key = own.removeprefix("chat.") if own else socket.cookies.get("chat", "")
        who = chat.tokens.get(key)
        if who is None or chat.refuse_sockets:
            await socket.close(1008)
            return
        await socket.accept(subprotocol="chat" if own else None)
        chat.sockets_opened += 1
        conversation = chat.of(who)
        after = int(socket.query_params.get("after", "0"))
        for message in conversation.messages:
            if message["seq"] > after:
                await socket.send_json({"type": "message", "message": message})
        conversation.sockets.add(socket)
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                body = await socket.receive_json()
                seq = await chat.hear(who, body)
                await socket.send_json({"type": "accepted", "id": body["id"], "seq": seq})
        conversation.sockets.discard(socket)

    async def guard(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        answer = await call_next(request)
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return Starlette(
        routes=[
            Route("/", home),
            Route("/pages/{name}", page),
            Route("/api/people", people),
            Route("/api/session", session, methods=["GET", "POST", "DELETE"]),
            Route("/api/messages", messages, methods=["GET", "POST"]),
            Route("/api/attachments", attach, methods=["POST"]),
            Route("/files/{name:path}", files),
            WebSocketRoute("/api/events", events),
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


DOCUMENT: JSON = {
    "holder": "李*",
    "kind_zh": "中文成绩单（含 GPA）",
    "kind_en": "Transcript in Chinese, with GPA",
    "number": "T20260302-0007",
    "issued": "2026-03-02",
    "remark_zh": "",
    "remark_en": "",
}
ORDER: JSON = {
    "number": "T20260302-0007",
    "purpose_zh": "电子成绩单（中文，含 GPA）1 份",
    "purpose_en": "Electronic transcript (Chinese, with GPA), 1 copy",
    "amount": "5.00",
    "state": "open",
    "expires": "2026-03-02 10:30",
    "paid_at": "",
}


def verified(verdict: str, **changes: object) -> JSON:
    document = None if verdict == "not_found" else DOCUMENT | changes
    return {
        "template": "verify.html",
        "verdict": verdict,
        "document": document,
        "code": "8F3K-2QXM",
        "checked": "2026-03-02 09:05",
    }


def cashier(state: str, **changes: object) -> JSON:
    return {
        "template": "cashier.html",
        "order": None if state == "unknown" else ORDER | {"state": state} | changes,
        "form_token": "token",
        "return_url": "/",
    }


PAGES: dict[str, JSON] = {
    "cashier-open": cashier("open"),
    "cashier-paid": cashier("paid", paid_at="2026-03-02 10:05"),
    "cashier-expired": cashier("expired"),
    "cashier-unknown": cashier("unknown"),
    "verify-genuine": verified("genuine"),
    "verify-superseded": verified(
        "superseded",
        remark_zh="2026-03-20 因成绩更正重新签发，请向持有人索取新的成绩单。",
        remark_en="Reissued on 2026-03-20 after a correction. Ask the holder for the new one.",
    ),
    "verify-revoked": verified("revoked"),
    "verify-unknown": verified("unknown"),
    "verify-not_found": verified("not_found"),
    "verify-form": {"template": "verify_form.html", "code": "", "error": False},
    "verify-form-error": {"template": "verify_form.html", "code": "??", "error": True},
    "message": {
        "template": "message.html",
        "heading_zh": "链接已过期",
        "heading_en": "This link has expired",
        "text_zh": "为保护个人信息，文件链接只在短时间内有效。请回到对话重新获取。",
        "text_en": "To protect personal data, links to files are valid only for a short time. "
        "Please get a new one in the chat.",
        "action_url": "/",
        "action_zh": "返回对话",
        "action_en": "Back to the chat",
    },
}

if __name__ == "__main__":
    with Server(FakeChat()) as running:
        print(running.base)  # noqa: T201
        threading.Event().wait()

