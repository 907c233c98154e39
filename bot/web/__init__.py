"""The web chat: its page, its HTTP interface and its socket (docs/web-protocol.md)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.templating import Jinja2Templates

from bot.hub import Hub
from bot.limits import Limit
from bot.links import Links
from bot.receive import Reception
from bot.tokens import Tokens
from bot.web.events import Events
from bot.web.files import Files
from bot.web.messages import Messages
from bot.web.sessions import COOKIE, Sessions
from bot.web.signing_in import SigningIn


def routes(
    reception: Reception,
    hub: Hub,
    links: Links,
    tokens: Tokens,
    templates: Jinja2Templates,
    limit: Limit,
    *,
    demo: bool,
) -> list[Route | WebSocketRoute]:
    """Everything the page uses; ``limit`` is for what one person sends."""

    async def page(request: Request) -> Response:
        shown = {"demo": demo, "session": COOKIE in request.cookies}
        headers = {"cache-control": "no-store"}  # a copy would not know who has come or gone since
        return templates.TemplateResponse(request, "chat.html", shown, headers=headers)

    office = reception.office
    sessions = Sessions(office, hub)
    messages = Messages(reception, sessions, links, limit)
    return [
        Route("/", page),
        *SigningIn(office, sessions, tokens).routes(demo=demo),
        *messages.routes(),
        *Files(office, links, sessions).routes(),
        *Events(reception, sessions, messages, links, hub).routes(),
    ]
