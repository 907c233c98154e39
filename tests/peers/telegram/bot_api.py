"""A Bot API server for tests, written from its description (https://core.telegram.org/bots/api).

It knows one bot. People and groups are driven by the test; what they do becomes updates that are
pushed to the webhook, or fetched with getUpdates. It refuses what the platform refuses, in its words.
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.peers.telegram.flood import Flood
from tests.peers.telegram.methods import BOT, ApiError, Methods
from tests.peers.telegram.webhook import Webhook
from tests.peers.telegram.wire import Fields, Upload, fields_of

TOKEN = "4200000001:AAE-peer-of-the-tests_0123456789abcdef"
__all__ = ["BOT", "TOKEN", "BotApi"]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # with the usual five, a busy machine breaks connections off


class BotApi(Methods):
    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        chat_burst: int = 3,
        burst: int = 30,
    ) -> None:
        self.chats: dict[int, dict[str, Any]] = {}
        self.blocked: set[int] = set()
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.files: dict[str, bytes] = {}
        self.uploads: dict[int, Upload] = {}  # by message id
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.answered: dict[str, Fields] = {}
        self.calls: list[tuple[str, Fields]] = []
        self.refused: list[int] = []  # waits that were answered with 429
        self.failing: list[tuple[int, str]] = []  # how to answer the next calls
        self.updates: list[dict[str, Any]] = []
        self.webhook = Webhook()
        self.webhook_error: tuple[int, str] | None = None
        self.flood = Flood(clock, chat_burst=chat_burst, burst=burst)
        self.changed = threading.Condition(threading.RLock())
        self.queries: dict[str, bool] = {}
        self._next = {"message": 100, "update": 70_000_000, "query": 1, "file": 1}
        self._server = Server(("127.0.0.1", 0), handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "BotApi":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.webhook.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def number(self, of: str) -> int:
        with self.changed:
            self._next[of] += 1
            return self._next[of]

    def wait_for(self, what: Callable[[], Any], seconds: float = 60) -> Any:
        """Until it is true, and what it is then."""
        with self.changed:
            end = time.monotonic() + seconds
            while not (found := what()):
                left = end - time.monotonic()
                assert left > 0, "nothing came"
                self.changed.wait(min(left, 0.05))
            return found

    def happen(self, chat: int, update: dict[str, Any]) -> int:
        """An update for the bot: pushed, or kept until it is fetched."""
        with self.changed:
            made = {"update_id": self.number("update"), **update}
            if self.webhook.url:
                self.webhook.push(chat, made)
            else:
                self.updates.append(made)
            self.changed.notify_all()
            return int(made["update_id"])

    def put_file(self, data: bytes) -> str:
        file_id = f"BQACAgUAAxk-{self.number('file')}"
        self.files[file_id] = data
        return file_id

    def query(self) -> str:
        name = str(4_000_000_000_000_000_000 + self.number("query"))
        self.queries[name] = False
        return name

    def call(self, method: str, fields: Fields, files: dict[str, Upload]) -> Any:
        with self.changed:
            self.calls.append((method, fields))
        if self.failing:
            raise ApiError(*self.failing.pop(0))
        found = getattr(self, f"do_{method.lower()}", None)
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        try:
            return found(fields, files)
        finally:
            with self.changed:
                self.changed.notify_all()


def handler(api: BotApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            parts = urlsplit(self.path)
            _, token, method = (*parts.path.split("/"), "", "")[:3]
            try:
                if token != f"bot{TOKEN}":
                    raise ApiError(401 if ":" in token else 404, "Unauthorized")
                kind = self.headers.get("content-type", "")
                result = api.call(method, *fields_of(kind, body, parts.query))
                self.answer(200, {"ok": True, "result": result})
            except ApiError as error:
                said = {"ok": False, "error_code": error.code, "description": error.description}
                if error.parameters:
                    said["parameters"] = error.parameters
                self.answer(error.code, said)

        def do_GET(self) -> None:
            parts = urlsplit(self.path).path.split("/")
            if parts[1:2] == ["file"]:
                data = api.files.get(parts[-1]) if parts[2] == f"bot{TOKEN}" else None
                self.write(404 if data is None else 200, "application/octet-stream", data or b"")
            else:
                self.do_POST()

        def answer(self, code: int, said: dict[str, Any]) -> None:
            self.write(code, "application/json", json.dumps(said).encode())

        def write(self, code: int, media_type: str, data: bytes) -> None:
            self.send_response(code)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests look at ``calls``."""

    return Handler
