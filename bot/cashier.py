"""The sandbox's cashier page, and the door at which payment notices come in."""

import logging
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend import orders, transcripts
from backend.clock import Clock, local_text
from backend.office import Office
from backend.payments import settle
from backend.payments.provider import ForgedNotice, MalformedNotice, PaymentNotice, PaymentProvider
from backend.payments.sandbox import Charge, ChargeState, SandboxProvider
from backend.payments.settle import Outcome
from backend.work import Work
from bot.web.incoming import body_of, sent_from_here
from bot.web.words import Refusal
from dialogs.engine.words import Words
from dialogs.titles import kind_title

NOTICE_LIMIT = 64 * 1024  # bytes
FORM_LIMIT = 4 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # the address is the key to the charge
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
}
STATUS = {ChargeState.OPEN: 200, ChargeState.PAID: 200, ChargeState.EXPIRED: 410, None: 404}
log = logging.getLogger(__name__)


class Transact(Protocol):
    """Opens a write transaction whose events are announced: ``Office.work``."""

    def __call__(self) -> AbstractContextManager[Work]: ...


KindOf = Callable[[str], Words | None]
"""What kind of document an order is for, by its number; None where that is not known."""


def routes(
    *,
    sandbox: SandboxProvider,
    transact: Transact,
    clock: Clock,
    templates: Jinja2Templates,
    return_url: str = "/",
    kind_of: KindOf = lambda _: None,
) -> list[Route]:
    """The page and the door of the sandbox; mount them only where it is the provider."""
    cashier = Cashier(sandbox, clock, templates, return_url, kind_of)
    return [
        notify_route("/pay/notify/sandbox", sandbox, transact, clock),
        Route("/pay/{token}", cashier.show, methods=["GET"], name="cashier"),
        Route("/pay/{token}", cashier.pay, methods=["POST"]),
    ]


def kind_in(office: Office) -> KindOf:
    """The bank's ledger may know orders that a restored database does not."""

    def kind_of(order_number: str) -> Words | None:
        with office.read() as work:
            order = orders.find(work, order_number)
            if order is None:
                return None
            request = transcripts.request_of(work, orders.application_of(work, order))
            return kind_title(transcripts.kind_of(request))

    return kind_of


def notify_route(path: str, provider: PaymentProvider, transact: Transact, clock: Clock) -> Route:
    """Takes a provider's notices. Only 204 is an acknowledgement; all else makes it try again."""

    def settle_it(notice: PaymentNotice) -> Outcome:
        with transact() as work:
            return settle.take(work, notice)

    async def notify(request: Request) -> Response:
        try:
            body = await body_of(request, NOTICE_LIMIT)
        except Refusal as refusal:
            return Response(status_code=refusal.status_code)
        try:
            notice = provider.read_notice(request.headers, body, clock.now())
            outcome = await run_in_threadpool(settle_it, notice)
        except MalformedNotice as error:
            log.warning("malformed notice for %s: %s", provider.name, error.reason)
            return Response(status_code=400)
        except ForgedNotice as error:
            log.warning("forged notice for %s: %s", provider.name, error.reason)
            return Response(status_code=401)
        except Exception:
            # The money is at the provider and the notice will come again.
            log.exception("a notice of %s could not be settled", provider.name)
            return Response(status_code=503, headers={"Retry-After": "5"})
        log.info("payment for %s: %s", notice.order_number, outcome)
        return Response(status_code=404 if outcome is Outcome.UNKNOWN else 204)

    return Route(path, notify, methods=["POST"])


class Cashier:
    def __init__(
        self,
        sandbox: SandboxProvider,
        clock: Clock,
        templates: Jinja2Templates,
        return_url: str,
        kind_of: KindOf,
    ) -> None:
        self._sandbox = sandbox
        self._clock = clock
        self._kind_of = kind_of
        self._templates = templates
        self._return_url = return_url

    async def show(self, request: Request) -> Response:
        charge = await run_in_threadpool(self._sandbox.charge, request.path_params["token"])
        kind = await run_in_threadpool(self._kind_of, charge.order_number) if charge else None
        return self._page(request, charge, kind)

    async def pay(self, request: Request) -> Response:
        """Pay if it is still to be paid; pressing twice does nothing more."""
        token = request.path_params["token"]
        charge = await run_in_threadpool(self._sandbox.charge, token)
        if charge is None:
            return self._page(request, None, None)
        try:
            form = parse_qs((await body_of(request, FORM_LIMIT)).decode("ascii"))
        except Refusal as refusal:
            return Response(status_code=refusal.status_code, headers=HEADERS)
        except ValueError:
            return Response(status_code=400, headers=HEADERS)
        if not (sent_from_here(request) and _same(form.get("form_token", []), charge.form_token)):
            return Response(status_code=403, headers=HEADERS)
        await run_in_threadpool(self._sandbox.pay, token, self._clock.now())
        return RedirectResponse(f"/pay/{token}", status_code=303, headers=HEADERS)

    def _page(self, request: Request, charge: Charge | None, kind: Words | None) -> Response:
        state = charge.state(self._clock.now()) if charge else None
        return self._templates.TemplateResponse(
            request,
            "cashier.html",
            {
                "order": charge and _shown(charge, state, kind),
                "form_token": charge.form_token if charge else "",
                "return_url": self._return_url,
            },
            status_code=STATUS[state],
            headers=HEADERS,
        )


def _shown(charge: Charge, state: ChargeState | None, kind: Words | None) -> dict[str, str]:
    return {
        "number": charge.order_number,
        "purpose_zh": charge.purpose_zh,
        "purpose_en": charge.purpose_en,
        "kind_zh": kind.into("zh") if kind else "",
        "kind_en": kind.into("en") if kind else "",
        "amount": f"{charge.amount_fen // 100}.{charge.amount_fen % 100:02}",
        "state": str(state),
        "expires": local_text(charge.expires_at),
        "paid_at": local_text(charge.paid_at) if charge.paid_at else "",
    }


def _same(given: list[str], expected: str) -> bool:
    return len(given) == 1 and secrets.compare_digest(given[0].encode(), expected.encode())
