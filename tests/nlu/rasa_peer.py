"""Speaks HTTP as Rasa's server does, or as it is told; it remembers what it was asked."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = "要英文成绩单"

Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


class Peer:
    """Speaks HTTP as Rasa's server does, or as told; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.reply: Reply = answering(parsed())
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                peer.asked.append((self.path, json.loads(body or b"{}")))
                peer.reply(self, body)

            do_GET = do_POST

            def log_message(self, format: str, *args: object) -> None: ...

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """Who asked has hung up, as is their right."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def parsed(best: str = "apply_transcript", **changed: Any) -> dict[str, Any]:
    """An answer in Rasa's form."""
    ranking = [{"name": best, "confidence": 0.9}, {"name": "ask_rule", "confidence": 0.1}]
    answer = {"text": WORDS, "intent": ranking[0], "entities": [], "intent_ranking": ranking}
    return {**answer, "text_tokens": [[0, 1]], **changed}


def answering(answer: object, status: int = 200, **headers: str) -> Reply:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def reply(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply
