"""A CAS server after the CAS Protocol 3.0 specification (apereo.github.io/cas), in the standard library.

``/cas/login`` shows a form and keeps a session of its own (TGC cookie); a service ticket is good once,
for its service, for ten seconds. ``/cas/serviceValidate`` answers as CAS 2.0 does,
``/cas/p3/serviceValidate`` with attributes. ``renew`` is kept on both ends.
"""

from __future__ import annotations

import html
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

TICKET_SECONDS = 10.0
XML = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{}</cas:serviceResponse>'


@dataclass
class Ticket:
    service: str
    user: str
    fresh: bool  # it comes from a password, not from the session
    made: float = field(default_factory=time.monotonic)


class CasPeer:
    """``users``: passwords by user name; ``attributes``: for each, lists of values by name.

    ``services`` is the beginning of every address a ticket may be for.
    """

    def __init__(
        self,
        users: dict[str, str],
        attributes: dict[str, dict[str, list[str]]],
        services: str,
    ) -> None:
        self.users = users
        self.attributes = attributes
        self.services = services
        self.tickets: dict[str, Ticket] = {}
        self.sessions: dict[str, str] = {}
        self.answer: bytes | None = None  # what serviceValidate says instead, to be nasty
        self.asked: list[str] = []
        self.lock = threading.Lock()
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                match url.path:
                    case "/cas/login":
                        self.login(query)
                    case "/cas/serviceValidate":
                        self.xml(peer.validate(query, attributes=False))
                    case "/cas/p3/serviceValidate":
                        self.xml(peer.validate(query, attributes=True))
                    case _:
                        self.send_error(404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
                user, service = form.get("username", ""), form.get("service", "")
                if peer.users.get(user) != form.get("password") or user not in peer.users:
                    self.page("<p>Invalid credentials.</p>", 401)
                    return
                session = f"TGT-{secrets.token_hex(16)}"
                peer.sessions[session] = user
                ticket = peer.new_ticket(service, user, fresh=True)
                self.back(service, ticket, f"TGC={session}; Path=/cas; HttpOnly")

            def login(self, query: dict[str, str]) -> None:
                service = query.get("service", "")
                if not service.startswith(peer.services):
                    self.page("<p>This service is not registered.</p>", 403)
                    return
                cookie = SimpleCookie(self.headers.get("Cookie", ""))
                user = peer.sessions.get(cookie["TGC"].value) if "TGC" in cookie else None
                if user and query.get("renew") != "true":
                    self.back(service, peer.new_ticket(service, user, fresh=False))
                    return
                self.page(
                    '<form method="post" action="/cas/login"><input name="username">'
                    '<input name="password" type="password">'
                    f'<input type="hidden" name="service" value="{html.escape(service)}">'
                    "<button>Login</button></form>"
                )

            def back(self, service: str, ticket: str, cookie: str = "") -> None:
                joint = "&" if urlsplit(service).query else "?"
                self.send_response(302)
                self.send_header("Location", f"{service}{joint}{urlencode({'ticket': ticket})}")
                if cookie:
                    self.send_header("Set-Cookie", cookie)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def page(self, body: str, status: int = 200) -> None:
                self.give(f"<!doctype html><title>CAS</title>{body}".encode(), "text/html", status)

            def xml(self, body: bytes) -> None:
                self.give(body, "application/xml", 200)

            def give(self, body: bytes, kind: str, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/cas"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def new_ticket(self, service: str, user: str, *, fresh: bool) -> str:
        ticket = f"ST-{secrets.token_urlsafe(24)}"
        with self.lock:
            self.tickets[ticket] = Ticket(service, user, fresh)
        return ticket

    def validate(self, query: dict[str, str], *, attributes: bool) -> bytes:
        """Whatever comes of it, the ticket is used up (CAS 3.0, 2.5.3)."""
        self.asked.append(query.get("ticket", ""))
        if self.answer is not None:
            return self.answer
        if not query.get("ticket") or not query.get("service"):
            return failure("INVALID_REQUEST", "service and ticket are required")
        with self.lock:
            ticket = self.tickets.pop(query["ticket"], None)
        if ticket is None or time.monotonic() - ticket.made > TICKET_SECONDS:
            return failure("INVALID_TICKET", "the ticket was not recognized")
        if ticket.service != query["service"]:
            return failure("INVALID_SERVICE", "the ticket is for another service")
        if query.get("renew") == "true" and not ticket.fresh:
            return failure("INVALID_TICKET", "the ticket does not come from a new login")
        more = "".join(
            f"<cas:{name}>{html.escape(value)}</cas:{name}>"
            for name, values in self.attributes.get(ticket.user, {}).items()
            for value in values
        )
        body = f"<cas:user>{html.escape(ticket.user)}</cas:user>"
        if attributes:
            body += f"<cas:attributes>{more}</cas:attributes>"
        done = f"<cas:authenticationSuccess>{body}</cas:authenticationSuccess>"
        return XML.format(done).encode()


def failure(code: str, words: str) -> bytes:
    inner = f'<cas:authenticationFailure code="{code}">{words}</cas:authenticationFailure>'
    return XML.format(inner).encode()
