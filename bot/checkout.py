"""The payment page: from the link of an order, or of several, to whoever takes the money (T6, T7).

Looking opens nothing, since chat apps look at links too. A press has the charge opened, always the
same one; then the page looks from time to time whether it is paid. Without scripts all of it works
but paying inside WeChat.
"""

import hmac
import logging
from typing import Protocol
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend.errors import Refused
from backend.office import Office
from backend.payments import asking, opening, together
from backend.payments.provider import AlreadyPaid, ProviderRefused, ProviderUnreachable, Way
from backend.work import Work
from bot import checkout_view, checkout_words
from bot.checkout_page import HEADERS, Pages, go, wants_json
from bot.checkout_view import Seen, Stands, View, way_named
from bot.limits import Limit
from bot.links import Links
from bot.verification import asker_of
from bot.web.incoming import body_of, sent_from_here
from bot.web.words import Refusal
from dialogs import refusals
from dialogs.engine.words import listed, plain

FORM_LIMIT = 4 * 1024  # bytes
LOOKS_PER_MINUTE = 60  # at one payment, by however many browsers
PRESSES_PER_MINUTE = 20
ASKED_PER_MINUTE = 12  # the provider, about one payment
log = logging.getLogger(__name__)


class Payers(Protocol):
    """Who pays inside WeChat or WeCom, as the platform names them."""

    def member(self, work: Work, person_id: int) -> str:
        """Somebody's name there; "" for who is not there."""
        ...

    async def of(self, member: str) -> str:
        """Their openid; "" where it cannot be known now."""
        ...


class Checkout:
    """``opened`` limits what one address may open and press; ``payers`` is None without WeCom."""

    def __init__(
        self,
        office: Office,
        links: Links,
        templates: Jinja2Templates,
        opened: Limit,
        payers: Payers | None = None,
    ) -> None:
        self._office = office
        self._links = links
        self._pages = Pages(links, templates, office.base_url)
        self._opened = opened
        self._payers = payers
        self._looks = Limit(LOOKS_PER_MINUTE, LOOKS_PER_MINUTE)
        self._presses = Limit(PRESSES_PER_MINUTE, PRESSES_PER_MINUTE)
        self._asked = Limit(ASKED_PER_MINUTE, 1)

    def routes(self) -> list[Route]:
        return [
            Route("/checkout/{token}", self.show, methods=["GET"]),
            Route("/checkout/{token}", self.press, methods=["POST"]),
            Route("/checkout/{token}/state", self.state, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        if self._opened.take(asker_of(request)):
            return self._pages.message(request, checkout_words.SLOWLY, 429)
        seen = await self._seen(request)
        if seen and request.query_params:  # whoever comes back from paying, or presses "refresh"
            seen = await self._asked_again(request, seen)
        checking = "checking" in request.query_params
        return self._pages.page(request, seen, self._ways, checking=checking)

    async def state(self, request: Request) -> Response:
        """For the page itself: whether it has changed."""
        if self._looks.take(request.path_params["token"]):
            return JSONResponse({"state": ""}, 429, HEADERS | {"Retry-After": "5"})
        seen = await self._seen(request)
        if seen is None:
            return JSONResponse({"state": "missing"}, 404, HEADERS)
        seen = await self._asked_again(request, seen)
        return JSONResponse({"state": seen.view.stands}, headers=HEADERS)

    async def press(self, request: Request) -> Response:
        """Have the charge opened in one way, and lead there."""
        token = request.path_params["token"]
        if self._opened.take(asker_of(request)) or self._presses.take(token):
            return self._pages.message(request, checkout_words.SLOWLY, 429)
        seen = await self._seen(request)
        way = await self._wanted(request, token)
        if seen is None or way is None:
            wrong = checkout_words.WRONG_LINK if seen is None else checkout_words.FOREIGN
            return self._pages.message(request, wrong, 404 if seen is None else 403)
        if seen.view.stands is not Stands.WAITING:
            return go(request)
        return await self._paying(request, seen, way)

    # --- having it opened -----------------------------------------------------------------------

    async def _paying(self, request: Request, seen: Seen, way: Way) -> Response:
        try:
            return await self._open(request, seen, way)
        except AlreadyPaid:
            return go(request, f"{request.url.path}?checking=1")
        except Refused:  # it has changed this very moment; the page says how
            return go(request)
        except ProviderUnreachable:
            words, status = checkout_words.away(seen.view.until), 503
        except ProviderRefused:
            numbers = listed(*map(plain, seen.view.payable))
            words, status = checkout_words.refused(numbers, seen.office), 502
        return self._pages.problem(request, seen, self._ways, words, status)

    async def _open(self, request: Request, seen: Seen, way: Way) -> Response:
        openid = ""
        if way is Way.JSAPI:
            openid = await self._payers.of(seen.member) if self._payers and seen.member else ""
            way = way if openid else Way.NATIVE
        ready = await run_in_threadpool(
            opening.ready,
            self._office,
            seen.view.payable,
            way,
            payer_ip=request.client.host if request.client else "",
            openid=openid,
        )
        provider = self._office.payments
        if wants_json(request) and way is Way.JSAPI and provider is not None:
            pay = provider.in_wechat(ready.link, self._office.clock.now())
            return JSONResponse({"pay": dict(pay)}, headers=HEADERS)
        if wants_json(request) and way is Way.H5:
            return go(request, self._pages.there_and_back(request, ready.link))
        return go(request, f"{request.url.path}?way={way}")

    async def _wanted(self, request: Request, token: str) -> Way | None:
        """The way that was pressed on our own page; None for anything else."""
        try:
            form = parse_qs((await body_of(request, FORM_LIMIT)).decode("ascii"), max_num_fields=8)
        except (Refusal, ValueError):
            return None
        mark = form.get("form_token", [""])[0].encode()
        ours = hmac.compare_digest(mark, self._links.form_mark(token).encode())
        way = way_named(form.get("way", [""])[0])
        return way if ours and way in self._ways and sent_from_here(request) else None

    # --- looking --------------------------------------------------------------------------------

    @property
    def _ways(self) -> frozenset[Way]:
        provider = self._office.payments
        return provider.ways if provider else frozenset()

    async def _seen(self, request: Request) -> Seen | None:
        """None where the link leads to nothing."""
        return await run_in_threadpool(
            self._look, request.path_params["token"], request.query_params.get("way", "")
        )

    def _look(self, token: str, named: str) -> Seen | None:
        numbers = self._links.read_orders(token, self._office.clock.now())
        provider, way = self._office.payments, way_named(named)
        with self._office.read() as work:
            view = checkout_view.look(work, numbers)
            if view is None:
                return None
            ready = None
            if provider is not None and way is not None:
                ready = checkout_view.shown_already(work, view, way, provider)
            member = self._payers.member(work, view.buyer) if self._payers else ""
            return Seen(view, way, ready, member, refusals.office(work, "finance"))

    async def _asked_again(self, request: Request, seen: Seen) -> Seen:
        """As it stands after the provider has been asked, which is not done too often."""
        payment = together.joined(seen.view.payable)
        if seen.view.stands is not Stands.WAITING or self._asked.take(payment):
            return seen
        if await run_in_threadpool(self._ask, seen.view):
            return await self._seen(request) or seen
        return seen

    def _ask(self, view: View) -> bool:
        with self._office.read() as work:
            numbers = checkout_view.open_charges(work, view)
        for number in numbers:
            try:
                asking.learn(self._office, number)
            except (ProviderUnreachable, ProviderRefused) as error:
                log.info("the provider could not be asked about %s: %s", number, error)
        return bool(numbers)
