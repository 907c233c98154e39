"""Public pages: is this document genuine, by its code (T8)."""

import logging
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend import credentials, document_checks
from backend.clock import local_date, local_text
from backend.credentials import Standing
from backend.documents.words import gpa_in_words, grouped
from backend.lookups import Lookups
from backend.office import Office
from backend.verification.inspector import MAX_BYTES
from bot.limits import Limit
from bot.links import Links
from dialogs.revocations.revoked import why_words
from dialogs.verification.report_words import DOWNLOAD_OVER, both, kind_of
from dialogs.verification.verdict_words import BY_CODE, Headline

log = logging.getLogger(__name__)

NAT64 = IPv6Network("64:ff9b::/96")
WAIT = 60  # seconds, said to whoever has tried too many codes
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
CLOSED_TO_ROBOTS = ("/s/", "/share-pin/", "/v/", "/files/", "/checkout/")
ROBOTS = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in CLOSED_TO_ROBOTS)
PAGES_KEPT = 512  # of documents, some kilobytes each
MOST = MAX_BYTES // 1024**2  # megabytes of a file to be verified
TOO_MANY_CODES = (
    ("查询太频繁", "Too many codes"),
    (
        "这里查了太多不存在的验证码，请过一分钟再试。",
        "Too many codes that do not exist were tried from here. Please try again in a minute.",
    ),
)
Words = tuple[str, str]


class Verification:
    """``wrong_codes`` limits the codes that lead nowhere, for each address: it stops guessing."""

    def __init__(
        self,
        office: Office,
        links: Links,
        templates: Jinja2Templates,
        wrong_codes: Limit,
    ) -> None:
        self.office = office
        self.links = links
        self.templates = templates
        self.wrong_codes = wrong_codes
        self.lookups = Lookups(office.database, office.institution, office.clock)
        self.page = templates.get_template("verify.html")
        # Kept by all they show, the minute of asking included: no page can tell of what has been.
        # Codes that lead nowhere are not kept; whoever tries many would push the others out.
        self._page_of = lru_cache(PAGES_KEPT)(self._document_page)

    def close(self) -> None:
        self.lookups.close()

    def routes(self) -> list[Route]:
        return [
            Route("/v/{code}.json", self.as_json, methods=["GET"]),
            Route("/v/{code}", self.verdict, methods=["GET"]),
            Route("/v", self.form, methods=["GET"]),
            Route("/v/", self.form, methods=["GET"]),
            Route("/robots.txt", self.robots),
        ]

    async def form(self, request: Request) -> Response:
        typed = request.query_params.get("code", "")
        code = credentials.normal_code(typed[:64])
        if len(code) == credentials.CODE_LENGTH:
            return RedirectResponse(f"/v/{code}", 303, headers=HEADERS)
        return self.ask(request, typed=typed[:64])

    def ask(
        self,
        request: Request,
        status: int = 200,
        *,
        typed: str = "",
        wrong: Words | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The page that takes a file or a code; ``wrong`` says why the file was not checked."""
        context = {"code": typed, "error": bool(typed), "wrong": wrong, "most": MOST}
        return self.templates.TemplateResponse(
            request, "verify_form.html", context, status, headers=HEADERS | (headers or {})
        )

    async def verdict(self, request: Request) -> Response:
        code = credentials.normal_code(request.path_params["code"][:64])
        asker = asker_of(request)
        if self.wrong_codes.spent(asker):
            headers = {"Retry-After": str(WAIT)}
            return self.message(request, *TOO_MANY_CODES, 429, headers)
        try:
            standing = await self.lookups.standing(code)
        except Exception:  # the database is away: neither genuine nor false
            log.exception("a code could not be looked up")
            return HTMLResponse(self._page(code, "unknown", None, self._minute()), 503, HEADERS)
        if standing is None:
            self.wrong_codes.take(asker)
            return HTMLResponse(self._page(code, "", None, self._minute()), 404, HEADERS)
        return HTMLResponse(self._page_of(standing, self._minute()), 200, HEADERS)

    def _minute(self) -> str:
        return local_text(self.office.clock.now())

    def _document_page(self, standing: Standing, minute: str) -> bytes:
        return self._page(standing.code, standing.status, standing, minute).encode()

    def _page(self, code: str, status: str, standing: Standing | None, minute: str) -> str:
        return self.page.render(
            head=headline_by_code(status),
            document=shown(standing) if standing else None,
            code=code,
            grouped=grouped(code),
            checked=minute,
            demo_certificate=not self.office.production,
            most=MOST,
        )

    async def as_json(self, request: Request) -> Response:
        """For machines: the report (its schema is published) without a file."""
        code = credentials.normal_code(request.path_params["code"][:64])
        asker = asker_of(request)
        if self.wrong_codes.spent(asker):
            body = {"error": "too_many_codes", "text": " ".join(TOO_MANY_CODES[1])}
            return JSONResponse(body, 429, HEADERS | {"Retry-After": str(WAIT)})
        try:
            standing = await self.lookups.standing(code)
        except Exception:
            log.exception("a code could not be looked up")
            unknown = BY_CODE["unknown"].text
            body = {
                "error": "unavailable",
                "text": f"{unknown.into('zh')} {unknown.into('en')}",
            }
            return JSONResponse(body, 503, HEADERS)
        if standing is None:
            self.wrong_codes.take(asker)
        report = document_checks.by_code(standing, code, self.office.clock.now())
        return JSONResponse(report.to_json(), 200 if standing else 404, HEADERS)

    async def robots(self, _request: Request) -> Response:
        return Response(ROBOTS, media_type="text/plain")

    def message(
        self,
        request: Request,
        heading: Words,
        text: Words,
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


@cache
def headline_by_code(status: str) -> dict[str, Any]:
    return shown_headline(BY_CODE["issued" if status == "genuine" else status])


def shown_headline(head: Headline) -> dict[str, Any]:
    """In both languages, as the pages show it."""
    return {
        "tone": head.tone,
        "icon": head.icon,
        "title": (head.title.into("zh"), head.title.into("en")),
        "text": (head.text.into("zh"), head.text.into("en")),
    }


kind_shown = cache(lambda *kind: both(kind_of(*kind)))  # there are as many as there are offers


def shown(standing: Standing) -> dict[str, Any]:
    totals = standing.totals
    over = standing.status == "genuine" and not standing.downloadable
    ended = standing.status in ("superseded", "revoked")
    revoked = standing.status == "revoked"
    return {
        "holder": standing.masked_name,
        "kind": kind_shown(standing.language, standing.gpa, standing.coverage),
        "number": standing.number,
        "issued": local_date(standing.issued_at).isoformat(),
        "totals": standing.totals,
        "gpa": gpa_in_words(totals.gpa, totals.scale) if totals and totals.gpa else "",
        "remark": both(DOWNLOAD_OVER) if over else None,
        "since": local_date(standing.status_since).isoformat() if ended else "",
        "why": both(why_words(standing.status_why)) if revoked else None,
    }


def asker_of(request: Request) -> str:
    return neighbourhood(request.client.host if request.client else "")


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
