"""How the payment page is shown, and what it is answered where a script asks instead of a form."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.templating import Jinja2Templates

from backend import qr
from backend.clock import local_text
from backend.payments.opening import Ready
from backend.payments.provider import Way
from bot import checkout_view, checkout_words
from bot.checkout_view import Seen, Stands
from bot.checkout_words import CHECKING, LABELS, STANDS, Headline, Pair, both
from bot.links import Links
from dialogs.engine.words import Speech, Words

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # WeChat Pay wants to see from which site one comes; the address itself is the key to the payment.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
}
GONE = (Stands.EXPIRED, Stands.CANCELLED)


class Pages:
    def __init__(self, links: Links, templates: Jinja2Templates, base: str) -> None:
        """``base`` is the address of this installation, as people reach it."""
        self._links = links
        self._base = base
        self._templates = templates

    def page(
        self,
        request: Request,
        seen: Seen | None,
        ways: frozenset[Way],
        status: int = 200,
        *,
        problem: Pair | None = None,
        checking: bool = False,
    ) -> Response:
        """``ways`` are those in which one can pay here at all; ``checking``: the provider says that
        it is paid, and the payment is not here yet."""
        if seen is None:
            return self.message(request, checkout_words.WRONG_LINK, 404)
        agent = request.headers.get("user-agent", "")
        offered = checkout_view.offered(agent, ways, openid=bool(seen.member))
        if seen.view.stands is Stands.WAITING and not offered:
            words = (elsewhere(ways), seen.office)
            return self.message(request, words, 200 if ways else 503)
        shown = {
            **context(seen, checking=checking),
            **self._choice(request, seen, [] if checking else offered, again=problem is not None),
            "problem": problem,
        }
        status = 410 if seen.view.stands in GONE else status
        return self._templates.TemplateResponse(
            request, "checkout.html", shown, status, headers=HEADERS
        )

    def problem(
        self, request: Request, seen: Seen, ways: frozenset[Way], words: Words, status: int
    ) -> Response:
        """The page once more, with what went wrong; it can be tried again."""
        if wants_json(request):
            return failed(words, status)
        return self.page(request, seen, ways, status, problem=both(words))

    def there_and_back(self, request: Request, link: str) -> str:
        """WeChat on a phone, which leads back here afterwards, paid or not."""
        here = quote(f"{self._base}{request.url.path}", safe="")
        return f"{link}{'&' if '?' in link else '?'}redirect_url={here}"

    def message(self, request: Request, words: tuple[Speech, Speech], status: int) -> Response:
        """Instead of the page."""
        if wants_json(request):
            return failed(words[1], status)
        (heading_zh, heading_en), (text_zh, text_en) = both(words[0]), both(words[1])
        shown = {
            "heading_zh": heading_zh,
            "heading_en": heading_en,
            "text_zh": text_zh,
            "text_en": text_en,
            "action_url": "/",
            "action_zh": "返回对话",
            "action_en": "Back to the chat",
        }
        return self._templates.TemplateResponse(
            request, "message.html", shown, status, headers=HEADERS
        )

    def _choice(
        self, request: Request, seen: Seen, offered: list[Way], *, again: bool
    ) -> dict[str, Any]:
        """What there is to press, to scan and to follow. ``again``: the last press came to nothing."""
        waiting = seen.view.stands is Stands.WAITING
        ready = seen.ready if waiting and offered else None
        in_wechat = checkout_view.in_wechat(request.headers.get("user-agent", ""))
        pressed = [way for way in offered if ready is None or way is not seen.way]
        code = ready is not None and seen.way is Way.NATIVE
        return {
            "ways": [{"way": way, "label": both(LABELS[way])} for way in pressed if waiting],
            "qr": picture(ready) if ready and code else "",
            # WeChat's own codes begin otherwise, and are only scanned.
            "scan_at": ready.link if ready and code and ready.link.startswith("http") else "",
            "h5": self.there_and_back(request, ready.link) if ready and seen.way is Way.H5 else "",
            "ready_until": local_text(ready.until) if ready else "",
            # On a computer there is one way, and nothing but it to be done.
            "at_once": offered == [Way.NATIVE] and seen.way is None and not (again or in_wechat),
            "in_wechat": in_wechat,
            "form_token": self._links.form_mark(request.path_params["token"]),
            "path": request.url.path,
        }


def context(seen: Seen, *, checking: bool) -> dict[str, Any]:
    view = seen.view
    waiting = view.stands is Stands.WAITING
    head = CHECKING if checking and waiting else STANDS.get(view.stands)
    return {
        "state": view.stands,
        "head": head and headline(head),
        "lines": [
            {
                "number": one.number,
                "title": both(one.title),
                "case": both(one.case),
                "state": both(one.state),
                "amount": amount(one.fen),
                "payable": one.payable,
            }
            for one in view.lines
        ],
        "total": amount(view.total_fen),
        "holder": view.holder,
        "until": local_text(view.until) if view.until else "",
    }


def headline(head: Headline) -> dict[str, Any]:
    return {
        "tone": head.tone,
        "icon": head.icon,
        "title": both(head.title),
        "text": both(head.text),
    }


def picture(ready: Ready) -> str:
    """As an address that holds the picture itself: nobody else can ask for it."""
    png, _side = qr.picture(ready.link)
    return f"data:image/png;base64,{b64encode(png).decode()}"


def amount(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def go(request: Request, address: str = "") -> Response:
    """On to another page; to this one, as it stands now, where none is named."""
    address = address or request.url.path
    if wants_json(request):
        return JSONResponse({"go": address}, headers=HEADERS)
    return RedirectResponse(address, 303, headers=HEADERS)


def failed(words: Speech, status: int) -> Response:
    zh, en = both(words)
    return JSONResponse({"problem": {"zh": zh, "en": en}}, status, HEADERS)


def elsewhere(ways: frozenset[Way]) -> Words:
    """Where it can be paid instead of here."""
    if Way.JSAPI in ways:
        return checkout_words.IN_WECHAT_ONLY
    return checkout_words.ON_A_PHONE_ONLY if ways else checkout_words.NO_PAYMENTS


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
