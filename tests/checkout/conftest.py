"""A buyer with orders, and the payment page as browsers of all kinds meet it."""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from backend import accounts
from backend.accounts import WECOM
from backend.database import Database
from backend.documents.facts import Gpa, Language
from backend.models import ChatAccount
from backend.payments.provider import RefundNotice
from backend.work import Work
from bot import payment_notices
from bot.app import HERE, SecurityHeaders
from bot.checkout import Checkout
from bot.limits import Limit
from bot.links import Links
from bot.tokens import Tokens
from tests.payments.scene import Scene

SITE = "http://registrar.test"
TOKENS = Tokens("a secret for links")
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1"
WECHAT = f"{PHONE} MicroMessenger/8.0.50"
WXWORK = f"{PHONE} wxwork/4.1.30 MicroMessenger/7.0.1"
WXWORK_DESK = f"{DESKTOP} wxwork/4.1.30 MicroMessenger/7.0.1 WindowsWechat"
SAME_SITE = {"origin": SITE, "sec-fetch-site": "same-origin"}


class Buying(Scene):
    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.links = Links(SITE, TOKENS)

    def another(self) -> str:
        """One more order of the same buyer, of another kind."""
        return self.confirm(self.file(self.buyer, Language.EN, Gpa.WITH))

    def path(self, *numbers: str) -> str:
        return self.links.follow(f"order:{'+'.join(numbers)}", self.clock.now()).removeprefix(SITE)

    def in_wecom(self, userid: str = "lin.xiaoman") -> None:
        with self.office.work() as work:
            account = ChatAccount(
                institution_id="demo",
                channel=WECOM,
                address=userid,
                person_id=self.buyer,
                conversation_id=self.conversation(work),
                last_seen_at=work.now,
            )
            work.session.add(account)

    def conversation(self, work: Work) -> int:
        return accounts.conversation_of(work, self.buyer)


@dataclass
class Directory:
    """WeCom, as the page asks it; ``away`` makes it know nobody."""

    office: Any
    away: bool = False
    asked: list[str] = field(default_factory=list)

    def member(self, work: Work, person_id: int) -> str:
        found = (
            work.session.query(ChatAccount).filter_by(channel=WECOM, person_id=person_id).first()
        )
        return found.address if found else ""

    async def of(self, member: str) -> str:
        self.asked.append(member)
        return "" if self.away else f"openid-of-{member}"


@dataclass
class Pages:
    scene: Buying
    directory: Directory
    opened: Limit = field(default_factory=lambda: Limit(600, 200))
    refunds: list[RefundNotice] = field(default_factory=list)

    def application(self) -> Starlette:
        templates = Jinja2Templates(HERE / "templates")
        checkout = Checkout(
            self.scene.office, self.scene.links, templates, self.opened, self.directory
        )
        return Starlette(
            routes=[
                *checkout.routes(),
                *payment_notices.routes(
                    self.scene.office, lambda _, notice: self.refunds.append(notice)
                ),
                Mount("/static", StaticFiles(directory=HERE / "static")),
            ],
            middleware=[Middleware(SecurityHeaders)],
        )


class Browser:
    """Sends requests to the pages without a network in between."""

    def __init__(self, app: Starlette, agent: str = DESKTOP) -> None:
        self._app, self._agent = app, agent

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.send("GET", path, headers=headers)

    def press(self, page: httpx.Response, way: str, *, script: bool = False) -> httpx.Response:
        """The form of a way, as it is sent from the page; by a script, or by the browser itself."""
        assert f'name="way" value="{way}"' in page.text, page.text
        sent = {"form_token": form_token(page), "way": way}
        headers = SAME_SITE | ({"accept": "application/json"} if script else {})
        return self.send("POST", page.url.path, data=sent, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        named = {"user-agent": self._agent} | (headers or {})

        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, client=("203.0.113.9", 40000))
            async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
                return await client.request(method, path, content=content, data=data, headers=named)

        return asyncio.run(go())


def form_token(page: httpx.Response) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def ways(page: httpx.Response) -> list[str]:
    """What can be pressed, the best first."""
    return re.findall(r'name="way" value="(\w+)"', page.text)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Buying:
    return Buying(database, tmp_path / "files")


@pytest.fixture
def directory(scene: Buying) -> Directory:
    return Directory(scene.office)


@pytest.fixture
def pages(scene: Buying, directory: Directory) -> Pages:
    return Pages(scene, directory)


@pytest.fixture
def browser(pages: Pages) -> Browser:
    return Browser(pages.application())
