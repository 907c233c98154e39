"""The verification pages alone, on an office of a test's own, with an inspector that is told what to find."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from backend.models import Blob, Credential
from bot.app import HERE, SecurityHeaders
from bot.bodies import Bodies
from bot.limits import Limit
from bot.links import Links
from bot.tokens import Tokens
from bot.verification import Verification
from bot.verify_upload import VerifyUploads
from tests.backend.scene import Scene
from tests.verification import fake

BASE = "http://registrar.test"
HERE_ONLY = {"Origin": BASE}  # as a browser says it of a form of ours


class Site:
    """A document is on record; ``answers`` tells what is found in which bytes."""

    def __init__(self, scene: Scene, *, files_a_minute: int = 0, wrong_codes: int = 0) -> None:
        self.scene = scene
        self.inspector = fake.FakeInspector()
        scene.office.inspector = self.inspector
        self.number = scene.issued(scene.graduate())
        with scene.office.read() as work:
            row = work.session.execute(
                select(Credential.id, Credential.code, Blob.key).join(
                    Blob, Blob.id == Credential.blob_id
                )
            ).one()
        self.credential, self.code = row.id, row.code
        self.pdf = scene.blobs.get(row.key)
        self.answers = self.inspector.answers
        self.answers[self.pdf] = fake.signed_here(self.code)
        templates = Jinja2Templates(HERE / "templates")
        limit = Limit(wrong_codes, wrong_codes)
        self.pages = Verification(scene.office, Links(BASE, Tokens("x" * 32)), templates, limit)
        uploads = VerifyUploads(self.pages, Limit(files_a_minute, files_a_minute))
        self.app = Starlette(
            routes=[
                *self.pages.routes(),
                *uploads.routes(),
                Mount("/static", StaticFiles(directory=HERE / "static")),
            ],
            middleware=[Middleware(SecurityHeaders), Middleware(Bodies)],
        )

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, without a network."""

        async def one() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
                return await http.request(method, path, **more)

        return asyncio.run(one())

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def close(self) -> None:
        self.pages.close()

    def end(self, status: str, why: str) -> None:
        """The document does not stand any more."""
        with self.scene.office.work() as work:
            row = work.session.get_one(Credential, self.credential)
            row.status, row.status_why, row.status_since = status, why, work.now


class Served(uvicorn.Server):
    """A site on a free port, for browsers."""

    def __init__(self, site: Site) -> None:
        super().__init__(uvicorn.Config(site.app, port=0, log_level="error", lifespan="off"))
        self.base = ""
        self._up = threading.Event()
        self._thread = threading.Thread(target=self.run, daemon=True)

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.base = f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"
        self._up.set()

    def __enter__(self) -> "Served":
        self._thread.start()
        if not self._up.wait(20):
            raise RuntimeError("the site did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self.should_exit = True
        self._thread.join(10)


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name
