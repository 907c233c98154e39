"""A list of collection codes on the web, as an agency may keep one, in the standard library.

``GET /codes/NUMBER`` with the right key: 200 and JSON, 404 where there is none, 410 where it was
withdrawn. ``answer`` says something else instead, to be nasty; ``pause`` makes it slow.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class CodesPeer:
    key: str = "peer-key"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    answer: tuple[int, bytes] | None = None
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                number = self.path.removeprefix("/codes/")
                peer.asked.append(number)
                time.sleep(peer.pause)
                self.say(*peer.told(number, self.headers.get("authorization", "")))

            def say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def told(self, number: str, authorization: str) -> tuple[int, bytes]:
        if self.answer is not None:
            return self.answer
        if authorization != f"Bearer {self.key}":
            return 401, b"{}"
        if number in self.withdrawn:
            return 410, b"{}"
        if number not in self.codes:
            return 404, b"{}"
        return 200, json.dumps(self.codes[number]).encode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
