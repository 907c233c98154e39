"""Pages on which people show who they are: providers, binding, the exam office's own sign-in."""

import httpx
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend.office import Office
from backend.sealing import Sealer
from bot.hub import Hub
from bot.limits import Limit
from bot.links import Links
from bot.settings import Settings
from bot.signin import demo_pages, exam_pages
from bot.signin.account_pages import AccountPages
from bot.signin.cas import Cas
from bot.signin.demo_pages import DemoPages
from bot.signin.doorway import Doorway
from bot.signin.exam_pages import ExamPages
from bot.signin.oidc import Oidc
from bot.signin.pages import Pages
from bot.signin.provider import Provider
from bot.web.sessions import Sessions


def routes(
    office: Office,
    hub: Hub,
    links: Links,
    templates: Jinja2Templates,
    sealer: Sealer,
    settings: Settings,
    limit: Limit,
    *,
    more: list[Provider] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[Route]:
    """``limit`` is for what one address opens; ``more`` are providers of channels."""
    doorway = Doorway(office, Sessions(office, hub), templates, limit)
    ways = settings.sign_in
    providers: list[Provider] = list(more or [])
    if ways.oidc:
        providers.append(Oidc(ways.oidc, office.clock.now, transport))
    if ways.cas:
        providers.append(Cas(ways.cas, transport))
    own: dict[str, tuple[str, str, str]] = {}
    mine: list[Route] = []
    if ways.exam:
        own["exam"] = exam_pages.TITLES
        mine += ExamPages(doorway, sealer).routes()
    if settings.demo:
        own["demo"] = demo_pages.TITLES
        mine += DemoPages(doorway).routes()
    mine += AccountPages(doorway, links).routes()
    return [*mine, *Pages(doorway, links, providers, own).routes()]
