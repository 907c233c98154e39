"""An assistant with its sign-in pages on a real port, browsers that visit it, and phones that write."""

from __future__ import annotations

import re
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import func, select, text
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from backend import accounts
from backend.documents.workshop import Workshop
from backend.identity.means import Identity
from backend.jobs import DirectJobs
from backend.models import (
    AuditEntry,
    ChatAccount,
    Conversation,
    Delivery,
    ExamTicket,
    Outbound,
    Person,
)
from bot import signin, web
from bot.assemble import assemble
from bot.hub import Hub
from bot.limits import Limit
from bot.links import Links
from bot.prepare import sealer
from bot.pump import HandPump
from bot.sections import SignInSettings
from bot.settings import Settings
from bot.signin.start import Starting
from nlu.interpreter import Interpreter

BOT = Path(__file__).parents[2] / "bot"
PATIENCE = 30.0
TELEGRAM = "RegistrarTestBot"


class LaterClock:
    """The real time, and as much more as is said: tokens of providers are good by the real one."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class House:
    """``sign_in`` says by which ways people come in."""

    def __init__(
        self,
        data: Path,
        workshop: Workshop,
        interpreter: Interpreter,
        sign_in: SignInSettings,
        port: int,
    ) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.settings = Settings(
            data=data, database_url="", base_url=self.base, port=port, sign_in=sign_in
        )
        self.clock = LaterClock()
        self.pump = HandPump()
        self.jobs = DirectJobs()
        self.assistant = assemble(
            self.settings,
            wake=self.pump.wake,
            clock=self.clock,
            direct_jobs=self.jobs,
            workshop=workshop,
            interpreter=interpreter,
        )
        self.office, tokens = self.assistant.office, self.assistant.tokens
        self.office.identity = Identity(tokens.name, self.settings.has_sign_in, TELEGRAM)
        self.links = Links(self.base, tokens, TELEGRAM)
        self.sealer = sealer(self.settings)
        self.messages = count(1)
        templates, hub, free = Jinja2Templates(BOT / "templates"), Hub(), Limit(0, 1)
        app = Starlette(
            routes=[
                *web.routes(
                    self.assistant.reception, hub, self.links, tokens, templates, free, demo=False
                ),
                *signin.routes(
                    self.office, hub, self.links, templates, self.sealer, self.settings, free
                ),
                Mount("/static", StaticFiles(directory=BOT / "static")),
            ],
            exception_handlers={HTTPException: in_short},
        )
        self.server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off")
        )
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + PATIENCE
        while not self.server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.server.started

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        self.office.database.close()

    def settle(self) -> None:
        """Let all that waits be taken."""
        self.pump.run(self.assistant.reception.take_turns)

    def later(self, **time_: float) -> None:
        self.clock.ahead += timedelta(**time_)

    # --- who there is -----------------------------------------------------------------------

    def person(self, number: str) -> Person:
        with self.office.read() as work:
            return work.session.scalars(select(Person).where(Person.number == number)).one()

    def id_number(self, number: str) -> str:
        sealed = self.person(number).id_number_sealed
        assert sealed is not None
        return self.sealer.open(sealed)

    def ticket(self, number: str, ticket: str, *, active: bool = True) -> None:
        """An exam ticket of the holder of a student number."""
        person = self.person(number).id
        with self.office.work() as work:
            work.session.add(
                ExamTicket(
                    institution_id=work.institution,
                    number=ticket,
                    person_id=person,
                    active=active,
                )
            )

    def starting(self) -> Starting:
        return Starting(self.office, self.links)

    # --- what is to be seen -----------------------------------------------------------------

    def account(self, address: str, channel: str = "telegram") -> ChatAccount:
        with self.office.read() as work:
            found = accounts.find(work, channel, address)
            assert found is not None
            return found

    def owner(self, address: str) -> str | None:
        """The number of whoever the Telegram account belongs to."""
        person = self.account(address).person_id
        if person is None:
            return None
        with self.office.read() as work:
            return work.session.get_one(Person, person).number

    def audited(self, event: str) -> int:
        with self.office.read() as work:
            found = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == event)
            return work.session.scalar(found) or 0

    def everything_stored(self) -> str:
        """Every value of every table, as text."""
        with self.office.read() as work:
            tables = work.session.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'table'")
            ).all()
            rows = [work.session.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables]
        plain = "\n".join(str(value) for table in rows for row in table for value in row)
        return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), plain)


def in_short(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


class Phone:
    """Somebody's Telegram, as the channel hands on what they do and pushes what they are told."""

    def __init__(self, house: House, address: str, name: str = "") -> None:
        self.house, self.address = house, address
        self.read = 0
        if name:
            with house.office.work() as work:
                accounts.account(work, "telegram", address, None)
                accounts.called(work, "telegram", address, name)

    def say(self, words: str) -> list[dict[str, Any]]:
        return self._hear("said", {"text": words})

    def press(self, label: str) -> list[dict[str, Any]]:
        for row in reversed(self._rows()):
            labels = [button["label"] for button in row.body["buttons"] if button["press"]]
            if label in labels:
                return self._hear("pressed", {"press": f"{row.token}.{labels.index(label)}"})
        raise AssertionError(f"no button [{label}]")

    def _hear(self, kind: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        key = f"t{next(self.house.messages)}"
        self.house.assistant.reception.hear("telegram", self.address, key, kind, body)
        return self.news()

    def news(self) -> list[dict[str, Any]]:
        """What has been pushed to it since the last look."""
        self.house.settle()
        rows = [row for row in self._rows() if row.id > self.read]
        self.read = max((row.id for row in rows), default=self.read)
        return [row.body for row in rows]

    def _rows(self) -> list[Any]:
        with self.house.office.read() as work:
            return list(
                work.session.execute(
                    select(Outbound.id, Outbound.body, Outbound.token)
                    .join(Delivery, Delivery.outbound_id == Outbound.id)
                    .join(ChatAccount, ChatAccount.id == Delivery.account_id)
                    .where(ChatAccount.address == self.address, Delivery.kind == "say")
                    .order_by(Outbound.id)
                )
            )

    def link(self, label: str) -> str:
        """Where the latest link button with this label leads, as it is shown here."""
        for row in reversed(self._rows()):
            for button in row.body["buttons"]:
                if button["label"] == label and button["url"]:
                    return self.house.links.follow(button["url"], self.house.clock.now())
        raise AssertionError(f"no link [{label}]")

    def wants_in(self, words: str = "我想开一份成绩单") -> str:
        """Ask for something that needs a name; the link that comes."""
        self.say(words)
        return self.link("登录并绑定")


class Browser:
    """Follows links and sends forms as a browser does, script or no script."""

    def __init__(self) -> None:
        self.http = httpx.Client(follow_redirects=True, timeout=PATIENCE, trust_env=False)
        self.page = httpx.Response(200)

    def close(self) -> None:
        self.http.close()

    def open(self, url: str) -> Browser:
        self.page = self.http.get(url)
        return self

    def follow(self, words: str) -> Browser:
        """The link with these words."""
        for href, label in re.findall(
            r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.page.text, re.S
        ):
            if words in re.sub("<[^>]*>", " ", label):
                return self.open(str(self.page.url.join(unescape(href))))
        raise AssertionError(f"no link {words!r} on {self.page.url}\n{self.page.text}")

    def send(self, **fields: str) -> Browser:
        """The page's form, with what is in it already."""
        form = Form(self.page.text)
        target = self.page.url.join(form.action) if form.action else self.page.url
        origin = f"{self.page.url.scheme}://{self.page.url.netloc.decode()}"
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin", "Referer": str(self.page.url)}
        self.page = self.http.post(target, data=form.fields | fields, headers=headers)
        return self

    @property
    def words(self) -> str:
        """What a reader sees."""
        body = self.page.text.partition("<main>")[2] or self.page.text
        return " ".join(unescape(re.sub("<[^>]*>", " ", body)).split())


class Form(HTMLParser):
    """The first form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.forms = 0
        self.feed(page)
        assert self.forms, page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms += 1
            if self.forms == 1:
                self.action = found.get("action") or ""
        elif tag == "input" and self.forms == 1 and found.get("type") == "hidden":
            self.fields[found.get("name") or ""] = found.get("value") or ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def conversation_of(house: House, number: str) -> int:
    with house.office.read() as work:
        return work.session.scalars(
            select(Conversation.id)
            .join(Person, Person.id == Conversation.person_id)
            .where(Person.number == number)
        ).one()


NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def exam_sign_in(browser: Browser, id_number: str, password: str, captcha: str = "") -> Browser:
    """By the sum in words, from any page that offers the exam office's sign-in, or its form."""
    if "/sign-in/exam" not in str(browser.page.url):
        browser.follow("自考账号")
    browser.open(str(browser.page.url.join("/sign-in/exam?captcha=words")))
    found = re.search(r"What is (\w+) plus (\w+)\?", browser.page.text)
    assert found, browser.page.text
    right = str(NUMBERS.index(found[1]) + NUMBERS.index(found[2]))
    return browser.send(id_number=id_number, password=password, captcha=captcha or right)


def exam_first(
    browser: Browser, house: House, number: str, password: str = "brave-panda-7"
) -> Browser:
    """The very first sign-in: with the initial password, and another one after it."""
    id_number = house.id_number(number)
    exam_sign_in(browser, id_number, id_number[-6:])
    assert "设置新密码" in browser.words, browser.words
    return browser.send(password=password, again=password)
