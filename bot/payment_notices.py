"""The door at which a payment provider says what it has received or paid back."""

import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend import charges
from backend.office import Office
from backend.payments import settle
from backend.payments.provider import (
    ForgedNotice,
    MalformedNotice,
    Payee,
    PaymentNotice,
    PaymentProvider,
    RefundNotice,
)
from backend.refunds import settle as refunds
from backend.work import Work
from bot.web.incoming import body_of
from bot.web.words import Refusal

LIMIT = 64 * 1024  # bytes
PATH = "/pay/notify/{provider}"
TakeRefund = Callable[[Work, RefundNotice], object]
log = logging.getLogger(__name__)


def routes(office: Office, take_refund: TakeRefund = refunds.take) -> list[Route]:
    """Takes payments and refunds. Only 204 is an acknowledgement; all else makes the provider repeat.

    A payment that nothing asked for is acknowledged too: it is kept, and finance has been told.
    """

    def opened_as(number: str) -> Payee | None:
        with office.read() as work:
            charge = charges.find(work, number)
            return charges.payee_of(charge) if charge is not None else None

    def take(provider: PaymentProvider, request: Request, body: bytes) -> str:
        notice = provider.read_notice(request.headers, body, office.clock.now(), opened_as)
        with office.work() as work:
            if isinstance(notice, PaymentNotice):
                return f"{notice.charge_number} {settle.take(work, notice)}"
            return f"{notice.number} {notice.state}: {take_refund(work, notice)}"

    async def hear(request: Request) -> Response:
        provider = office.payments
        if provider is None or request.path_params["provider"] != provider.name:
            return failed(404, "no such provider")
        try:
            body = await body_of(request, LIMIT)
        except Refusal as refusal:
            return failed(refusal.status_code, "too large")
        try:
            told = await run_in_threadpool(take, provider, request, body)
        except MalformedNotice as error:
            log.warning("malformed notice of %s: %s", provider.name, error.reason)
            return failed(400, "malformed")
        except ForgedNotice as error:
            log.warning("forged notice of %s: %s", provider.name, error.reason)
            return failed(401, "signature")
        except Exception:
            # The money is at the provider and the notice will come again.
            log.exception("a notice of %s could not be settled", provider.name)
            return failed(503, "try again", {"Retry-After": "5"})
        log.info("notice of %s: %s", provider.name, told)
        return Response(status_code=204)

    return [Route(PATH, hear, methods=["POST"])]


def failed(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    """In the form that WeChat Pay asks for; ``why`` tells a stranger nothing."""
    return JSONResponse({"code": "FAIL", "message": why}, status, headers)
