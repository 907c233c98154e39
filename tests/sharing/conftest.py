"""A graduate with a transcript, their links, and the pages that others open them on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from backend.database import Database
from backend.identity.means import Identity
from backend.models import Application, Course, Credential, Share
from backend.sharing import making, opening, pins
from backend.sharing.making import Terms
from backend.work import Work
from bot.app import HERE, SecurityHeaders
from bot.limits import Limit
from bot.links import Links
from bot.sharing import Sharing
from bot.tokens import Tokens
from bot.verification import Verification
from tests.backend.scene import Scene
from tests.server.screens import browser  # noqa: F401 - a fixture, found by name

EVERYTHING = ("basic", "courses", "scores", "gpa")
TOKENS = Tokens("a secret for links")
NO_GPA = ("basic", "courses", "scores")


class Sharers(Scene):
    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.office.identity = Identity(mark=TOKENS.name)
        self.links = Links("http://testserver", TOKENS)
        self.owner = self.graduate()
        self.number = self.issued(self.owner)

    def course_named(self, code: str, name_en: str) -> None:
        """One more course of the student's, with a pass that has no figure."""
        self.grade(self.owner, code, "通过")
        with self.office.work() as work:
            change = update(Course).where(Course.code == code).values(name_en=name_en)
            work.session.execute(change)

    def share(
        self,
        *,
        fields: tuple[str, ...] = NO_GPA,
        months: int = 3,
        pin: bool = False,
        tell: bool = True,
        purpose: str = "求职",
        recipient: str = "某某公司",
        number: str = "",
    ) -> Share:
        terms = Terms(purpose, recipient, fields, months, pin, tell)
        with self.office.work(self.owner) as work:
            return making.make(work, number or self.number, terms, self.agreed(self.owner))

    def fall(self, status: str, why: str) -> None:
        """The document does not stand any more, whoever brought that about."""
        with self.office.work() as work:
            self.fall_in(work, status, why)

    def fall_in(self, work: Work, status: str, why: str) -> None:
        credential = work.session.scalars(
            select(Credential).join(Application).where(Application.number == self.number)
        ).one()
        credential.status, credential.status_why = status, why
        credential.status_since = work.now
        work.session.flush()

    def look(
        self, share: Share, cookie: str = "b", network: str = "n", said: str = "", key: str = ""
    ) -> opening.Shown | opening.NeedsPin | None:
        with self.office.work() as work:
            return opening.view(work, share.id, key=key, browser=cookie, network=network, said=said)

    def now(self, share: Share) -> Share:
        with self.office.read() as work:
            return work.session.get_one(Share, share.id)

    def stop(self, share: Share) -> None:
        with self.office.work(self.owner) as work:
            making.stop(work, share.id)

    def pin(self, share: Share) -> str:
        with self.office.read() as work:
            shown = making.shown_pin(work, share.id)
        assert shown is not None
        assert pins.right(shown.pin_hash, shown.mark)
        return shown.pin

    def path(self, share: Share) -> str:
        return self.links.follow(f"share:{share.id}", self.clock.now()).removeprefix(
            "http://testserver"
        )


@dataclass
class Pages:
    """The share pages, with the headers that the whole site adds."""

    scene: Sharers
    wrong_codes: Limit = field(default_factory=lambda: Limit(30, 30))

    def application(self) -> Starlette:
        pages = Verification(
            self.scene.office,
            self.scene.links,
            Jinja2Templates(HERE / "templates"),
            self.wrong_codes,
        )
        return Starlette(
            routes=[
                *Sharing(pages).routes(),
                Mount("/static", StaticFiles(directory=HERE / "static")),
            ],
            middleware=[Middleware(SecurityHeaders)],
        )


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Sharers:
    return Sharers(database, tmp_path)


class Recipient:
    """A browser with its cookies at an address of its own; nobody who has an account."""

    def __init__(self, app: Starlette, address: str = "203.0.113.7") -> None:
        self._app = app
        self._address = address
        self.cookies = httpx.Cookies()

    def get(self, path: str) -> httpx.Response:
        return self._send("GET", path, {}, {})

    def press(self, path: str, origin: str = "http://testserver", **form: str) -> httpx.Response:
        """The form of the page, sent from it."""
        return self._send("POST", path, form, {"origin": origin} if origin else {})

    def _send(
        self, method: str, path: str, form: dict[str, str], headers: dict[str, str]
    ) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, client=(self._address, 40000))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://testserver", cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, data=form or None, headers=headers)
                self.cookies = client.cookies
                return answer

        return asyncio.run(send())


@pytest.fixture
def recipient(scene: Sharers) -> Callable[..., Recipient]:
    app = Pages(scene).application()

    def come(address: str = "203.0.113.7") -> Recipient:
        return Recipient(app, address)

    return come
