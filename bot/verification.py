"""Public pages: is this document genuine (T8), and the way from an order to its cashier."""

from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend import credentials, orders
from backend.clock import local_date, local_text
from backend.credentials import Standing
from backend.documents.facts import Coverage, Gpa, Language
from backend.errors import Refused
from backend.models import Order
from backend.offers import Kind
from backend.office import Office
from bot.limits import Limit
from bot.links import Links
from dialogs import refusals
from dialogs.engine.words import Words, _
from dialogs.orders.ordering import STATES
from dialogs.titles import COVERAGES, kind_title
from dialogs.transcripts.revoked import why_words

NAT64 = IPv6Network("64:ff9b::/96")
WAIT = 60  # seconds, said to whoever has tried too many codes
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
DOWNLOAD_OVER = _("网上下载期已过；这不影响文件的效力。")


class Verification:
    """``wrong_codes`` limits the codes that lead nowhere, for each address: it stops guessing."""

    def __init__(
        self, office: Office, links: Links, templates: Jinja2Templates, wrong_codes: Limit
    ) -> None:
        self.office = office
        self.links = links
        self.templates = templates
        self.wrong_codes = wrong_codes

    def routes(self) -> list[Route]:
        return [
            Route("/v", self.form),
            Route("/v/", self.form),
            Route("/v/{code}", self.verdict),
            Route("/checkout/{token}", self.checkout),
        ]

    async def form(self, request: Request) -> Response:
        typed = request.query_params.get("code", "")
        code = credentials.normal_code(typed[:64])
        if len(code) == credentials.CODE_LENGTH:
            return RedirectResponse(f"/v/{code}", 303, headers=HEADERS)
        context = {"code": typed[:64], "error": bool(typed)}
        return self.templates.TemplateResponse(
            request, "verify_form.html", context, headers=HEADERS
        )

    async def verdict(self, request: Request) -> Response:
        code = credentials.normal_code(request.path_params["code"][:64])
        asker = neighbourhood(request.client.host if request.client else "")
        if self.wrong_codes.spent(asker):
            return self.message(
                request,
                ("查询太频繁", "Too many codes"),
                (
                    "这里查了太多不存在的验证码，请过一分钟再试。",
                    "Too many codes that do not exist were tried from here."
                    " Please try again in a minute.",
                ),
                429,
                {"Retry-After": str(WAIT)},
            )
        standing = await run_in_threadpool(self.standing, code)
        if standing is None:
            self.wrong_codes.take(asker)
        context = {
            "verdict": standing.status if standing else "not_found",
            "document": shown(standing) if standing else None,
            "code": grouped(code),
            "checked": local_text(self.office.clock.now()),
            "demo_certificate": not self.office.production,
        }
        return self.templates.TemplateResponse(
            request, "verify.html", context, 200 if standing else 404, headers=HEADERS
        )

    def standing(self, code: str) -> Standing | None:
        with self.office.read() as work:
            return credentials.standing(work.session, code, work.now)

    async def checkout(self, request: Request) -> Response:
        """From the link in the chat to wherever the provider takes the money."""
        number = self.links.read_order(request.path_params["token"], self.office.clock.now())
        order = await run_in_threadpool(self.order, number) if number else None
        if order is None:
            return self.message(
                request,
                ("链接已失效", "This link has expired"),
                (
                    "请回到对话，说“我的订单”重新打开。",
                    "Go back to the chat and say “my orders” to open it again.",
                ),
                404,
            )
        try:
            if order.state not in (orders.State.CONFIRMED, orders.State.PAID):
                raise Refused("order_not_payable", number=order.number)
            url = await run_in_threadpool(self.office.payments.pay_url, order)
        except Refused as refused:
            heading = _("订单：{state}", state=STATES[order.state])
            words = refusals.SENTENCES[refused.code](refused.facts)
            return self.message(
                request,
                (heading.into("zh"), heading.into("en")),
                (words.into("zh"), words.into("en")),
                410,
            )
        return RedirectResponse(url, 303, headers=HEADERS)

    def order(self, number: str) -> Order | None:
        with self.office.read() as work:
            return orders.find(work, number)

    def message(
        self,
        request: Request,
        heading: tuple[str, str],
        text: tuple[str, str],
        status: int,
        headers: dict[str, str] | None = None,
    ) -> Response:
        context: dict[str, Any] = {
            "heading_zh": heading[0],
            "heading_en": heading[1],
            "text_zh": text[0],
            "text_en": text[1],
            "action_url": "/",
            "action_zh": "回到对话",
            "action_en": "Back to the chat",
        }
        return self.templates.TemplateResponse(
            request, "message.html", context, status, headers=HEADERS | (headers or {})
        )


def shown(standing: Standing) -> dict[str, str]:
    kind = _(
        "电子成绩单（{kind}；{coverage}）",
        kind=kind_title(Kind(Language(standing.language), Gpa(standing.gpa))),
        coverage=COVERAGES[Coverage(standing.coverage)],
    )
    over = standing.status == "genuine" and not standing.downloadable
    remark: Words | None = DOWNLOAD_OVER if over else None
    why = why_words(standing.status_why) if standing.status == "revoked" else None
    return {
        "holder": standing.masked_name,
        "kind_zh": kind.into("zh"),
        "kind_en": kind.into("en"),
        "number": standing.number,
        "issued": local_date(standing.issued_at).isoformat(),
        "remark_zh": remark.into("zh") if remark else "",
        "remark_en": remark.into("en") if remark else "",
        "since": local_date(standing.status_since).isoformat(),
        "why_zh": why.into("zh") if why else "",
        "why_en": why.into("en") if why else "",
    }


def neighbourhood(address: str) -> str:
    """An IPv4 address, however it is written, or the /64 network of an IPv6 one, all of which is in
    the same hands. Unlike that, all of IPv4 is in ``::ffff:0:0/96`` and ``64:ff9b::/96`` (RFC 6052).
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    if found in NAT64:
        return str(IPv4Address(int(found) & 0xFFFF_FFFF))
    return str(found.ipv4_mapped or ip_network(f"{found}/64", strict=False))


def grouped(code: str) -> str:
    """In fours, as it is printed."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))
