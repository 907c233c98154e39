"""The web application: one process that serves pages, takes turns and runs jobs."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from sqlalchemy import literal, select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.clauses.shelf import in_force
from backend.office import Office
from bot import payment_notices, schemas, signin, web
from bot.assemble import Assistant, assemble
from bot.bodies import Bodies
from bot.channels.installed import Channels
from bot.checkout import Checkout
from bot.hub import Hub
from bot.limits import Limit
from bot.prepare import sealer
from bot.pump import Pump
from bot.settings import Settings
from bot.sharing import Sharing
from bot.understanding import told
from bot.uploads import Uploads
from bot.uploads_photos import PhotoUploads
from bot.verification import Verification
from bot.verify_upload import PER_MINUTE, VerifyUploads
from bot.web.words import Refusal, words_for
from nlu.interpreter import Interpreter

HERE = Path(__file__).parent
TEMPLATES = FileSystemLoader(HERE / "templates")  # they do not change while the server runs
SWEEP_SECONDS = 2.0
READ_AHEAD = timedelta(minutes=1)
SIGN_INS_PER_MINUTE, SIGN_INS_AT_ONCE = 600, 200  # pages and forms; a campus is one address
SECURITY = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' data:; style-src 'self';"
    b" script-src 'self'; connect-src 'self'; frame-ancestors 'self'; base-uri 'none';"
    b" form-action 'self'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}
PERSONAL = {b"cache-control": b"no-store"}
log = logging.getLogger(__name__)


class SecurityHeaders:
    """On every answer that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                if scope["path"].startswith("/static/"):
                    message["headers"] = [*message["headers"], (b"cache-control", b"no-cache")]
                present = {name.lower() for name, _ in message["headers"]}
                wanted = SECURITY | (PERSONAL if scope["path"].startswith("/api/") else {})
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in wanted.items() if name not in present),
                ]
            await send(message)

        await self.app(scope, receive, add if scope["type"] == "http" else send)


def application(settings: Settings) -> Starlette:
    """Assembled and ready to serve; jobs and turns begin with the server's start."""
    hub = Hub()
    pump = Pump(threads=1 if settings.database.startswith("sqlite") else 8)
    ring: list[Callable[[], None]] = []

    def spoken(conversation_id: int, updated: frozenset[int] = frozenset()) -> None:
        hub.spoken(conversation_id, updated)
        for one in ring:
            one()

    assistant = assemble(settings, wake=pump.wake, spoken=spoken)
    pump.start(assistant.reception.take_turns)
    office = assistant.office
    templates = Jinja2Templates(
        env=Environment(loader=TEMPLATES, autoescape=True, auto_reload=False)
    )
    sent = Limit(settings.messages_per_minute, settings.messages_at_once)
    channels = Channels(assistant, messages=sent)
    ring.append(channels.ring)
    opened = Limit(SIGN_INS_PER_MINUTE, SIGN_INS_AT_ONCE)
    signing_in = signin.routes(
        office,
        hub,
        assistant.links,
        templates,
        sealer(settings),
        settings,
        opened,
        more=channels.providers(),
    )
    pages = Verification(
        office,
        assistant.links,
        templates,
        Limit(settings.wrong_codes_per_minute, settings.wrong_codes_per_minute),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await run_in_threadpool(assistant.start_jobs)
        assistant.warm()
        sweeping = asyncio.create_task(sweep(assistant))
        stopping = asyncio.Event()
        reading = asyncio.create_task(read_ahead(assistant.office, stopping))
        try:
            async with channels.running():
                yield
        finally:
            sweeping.cancel()
            stopping.set()
            await reading
            await run_in_threadpool(assistant.stop_jobs)
            await run_in_threadpool(pump.stop)  # last: jobs have turns taken
            pages.close()
            assistant.close()

    async def http_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if request.url.path.startswith("/api/"):
            text = error.text if isinstance(error, Refusal) else " ".join(words_for(error.detail))
            body = {"error": error.detail, "text": text}
            return JSONResponse(body, error.status_code, headers=error.headers)
        zh, en = error.words if isinstance(error, Refusal) else words_for(error.detail)
        heading = (zh.removesuffix("。"), en.removesuffix("."))
        return pages.message(request, heading, ("", ""), error.status_code)

    async def crash(request: Request, error: Exception) -> Response:
        log.error("request failed", exc_info=error)
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": "failed", "text": " ".join(words_for("failed"))}, 500)
        heading = ("出了点问题", "Something went wrong")
        text = ("请过一会儿再试。", "Please try again in a moment.")
        return pages.message(request, heading, text, 500)

    return Starlette(
        routes=[
            *web.routes(
                assistant.reception,
                hub,
                assistant.links,
                assistant.tokens,
                templates,
                sent,
                demo=settings.demo,
            ),
            *pages.routes(),
            *VerifyUploads(pages, Limit(PER_MINUTE, PER_MINUTE)).routes(),
            *Sharing(pages).routes(),
            *channels.routes(),
            *signing_in,
            *Uploads(assistant.reception, assistant.links, templates, opened).routes(),
            *PhotoUploads(assistant.reception, assistant.links, templates, opened).routes(),
            *Checkout(office, assistant.links, templates, opened, channels.payers()).routes(),
            *payment_notices.routes(office),
            *schemas.routes(),
            Route("/health", health(office, assistant.interpreter)),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts(settings)),
            Middleware(SecurityHeaders),
            Middleware(Bodies),
        ],
        exception_handlers={HTTPException: http_error, Exception: crash},
        lifespan=lifespan,
    )


def hosts(settings: Settings) -> list[str]:
    """Under other names a stranger's page could pass for ours."""
    own = urlsplit(settings.base_url).hostname or settings.host
    return sorted({own, settings.host, "127.0.0.1", "localhost"})


def health(office: Office, interpreter: Interpreter) -> Callable[[Request], Awaitable[Response]]:
    """Whether the database answers, and who understands; for whoever watches over the server."""

    def ask() -> None:
        with office.read() as work:
            work.session.scalar(select(literal(1)))

    async def answer(_: Request) -> Response:
        try:
            await run_in_threadpool(ask)
        except Exception:
            log.exception("the database does not answer")
            return JSONResponse({"status": "failed", "database": "unreachable"}, 503)
        understanding = told(interpreter)
        return JSONResponse({"status": "ok", "database": "ok", "understanding": understanding})

    return answer


async def read_ahead(office: Office, stopping: asyncio.Event) -> None:
    """No question on a rule waits until the words of all clauses are laid out: not the first, not
    that after midnight, not that after a notice was published."""
    while not stopping.is_set():
        await run_in_threadpool(read_clauses, office)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READ_AHEAD.total_seconds()):
                await stopping.wait()


def read_clauses(office: Office) -> None:
    """Those that will count when this is called the next time."""
    try:
        with office.read() as work:
            standing = in_force(work, at=work.now + READ_AHEAD).standing
        office.finder.find("收费", standing)
    except Exception:  # whoever asks is told then
        log.exception("the clauses could not be read beforehand")


async def sweep(assistant: Assistant) -> None:
    """Take up what a crash or another process has left."""
    while True:
        try:
            await run_in_threadpool(assistant.reception.sweep)
        except Exception:
            log.exception("the sweep failed")
        await asyncio.sleep(SWEEP_SECONDS)
